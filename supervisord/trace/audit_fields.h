/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Fields of an audit record: "name=value name="text" name=68657861".
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Finds a field. The value is not copied: it ends at a blank, or with its
 * quote.
 * @record: NUL-terminated
 * Returns: the value, NULL when there is no such field.
 */
const char *audit_field(const char *record, const char *name,
			size_t *ret_length);

/* A number, decimal or, with @base 16, hexadecimal. Returns: whether it is. */
bool audit_number(const char *record, const char *name, int base,
		  uint64_t *ret);

/*
 * A text: in quotes, or in hexadecimal digits when it has odd bytes.
 * @ret: a new string (free(3)); NULL when there is no such field
 * @ret_length: may be NULL; then bytes of zero are not taken
 * Returns: 0, -EINVAL, -ENOMEM.
 */
int audit_text(const char *record, const char *name, char **ret,
	       size_t *ret_length);
