/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Objects that records of the kernel name by numbers, with the same fields in
 * audit records and in trace events.
 */
#pragma once

#include <stdbool.h>

#include "core/object.h"

/*
 * Whether what was denied is nothing that a rule could allow: who is in a
 * domain mounts nothing.
 */
bool import_beyond_rules(const char *record);

/* All of these: @record: its fields. Returns: 0 or -EINVAL. */
int import_namespace(const char *record, struct object *ret);
int import_capability(const char *record, struct object *ret);

/* @type: the name of the field that has the socket's type */
int import_socket(const char *record, const char *type, struct object *ret);
