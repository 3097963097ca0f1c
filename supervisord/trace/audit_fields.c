/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "trace/audit_fields.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* auditd(8) puts another one before what it adds of its own. */
#define SEPARATORS " \x1d"

static bool is_separator(char c)
{
	return c == ' ' || c == '\x1d';
}

const char *audit_field(const char *record, const char *name,
			size_t *ret_length)
{
	const size_t length = strlen(name);
	const char *at = record;

	for (; (at = strstr(at, name)); at++) {
		if ((at > record && !is_separator(at[-1])) || at[length] != '=')
			continue;
		at += length + 1;
		*ret_length = strcspn(at, SEPARATORS);
		if (*at == '"') {
			const char *end = strchr(at + 1, '"');

			*ret_length = end ? (size_t)(end - at) + 1 : strlen(at);
		}
		return at;
	}
	return NULL;
}

bool audit_number(const char *record, const char *name, int base, uint64_t *ret)
{
	size_t length;
	const char *value = audit_field(record, name, &length);
	uint64_t number;
	char *end;

	if (!value || length == 0 || *value == '-' || *value == '+')
		return false;
	errno = 0;
	number = strtoull(value, &end, base);
	if (errno || end != value + length)
		return false;
	*ret = number;
	return true;
}

static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Returns: 0 or -EINVAL. @ret has room. */
static int decode_hex(const char *value, size_t length, char *ret)
{
	if (length % 2)
		return -EINVAL;
	for (size_t i = 0; i < length; i += 2) {
		const int high = digit(value[i]), low = digit(value[i + 1]);

		if (high < 0 || low < 0)
			return -EINVAL;
		*ret++ = (char)(high << 4 | low);
	}
	return 0;
}

int audit_text(const char *record, const char *name, char **ret,
	       size_t *ret_length)
{
	size_t length;
	const char *value = audit_field(record, name, &length);
	const bool quoted = value && *value == '"';
	char *text;
	int error = 0;

	*ret = NULL;
	if (!value)
		return 0;
	if (quoted && (length < 2 || value[length - 1] != '"'))
		return -EINVAL;
	text = calloc(1, length + 1);
	if (!text)
		return -ENOMEM;
	if (quoted)
		memcpy(text, value + 1, length - 2);
	else
		error = decode_hex(value, length, text);
	length = quoted ? length - 2 : length / 2;
	if (!error && !ret_length && memchr(text, '\0', length))
		error = -EINVAL;
	if (error) {
		free(text);
		return error;
	}
	if (ret_length)
		*ret_length = length;
	*ret = text;
	return 0;
}
