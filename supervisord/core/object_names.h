/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names of the kernel's small numbers: capabilities, namespace types, socket
 * families and types. A number without a name is written in decimal, so that
 * every object has a text that parses back.
 *
 * Parsers return 0 or -EINVAL (*ret untouched).
 */
#pragma once

#include <stdint.h>
#include <stdio.h>

/* Decimal digits only. */
int number_parse(const char *text, int64_t max, int64_t *ret);

void capability_format(FILE *out, int capability);
int capability_parse(const char *text, int *ret);

/* CLONE_NEW* bits, joined with "+". */
void namespaces_format(FILE *out, uint64_t namespaces);
int namespaces_parse(const char *text, uint64_t *ret);

/* FAMILY:TYPE:PROTOCOL, -1 is "*". "*" alone is all three. */
void socket_format(FILE *out, int family, int type, int protocol);
int socket_parse(const char *text, int *ret_family, int *ret_type,
		 int *ret_protocol);

/*
 * A kind of socket can be written with several numbers, such as protocol 0 for
 * TCP or UDP: they become those that the kernel uses. A part that is -1 stays
 * -1.
 */
void socket_normalize(int *family, int *type, int *protocol);
