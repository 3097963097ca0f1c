/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What an outer supervisor and one inside its tree say to each other: one JSON
 * object a SOCK_SEQPACKET message.
 *
 *	outer: {"id":7,"tid":4711,"operation":"openat","needs":[...],...}
 *	inner: {"id":7,"verdict":"native"|"perform"|"deny","error":13}
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "operation/trap.h"
#include "seccomp/judge.h"

#define NEST_MESSAGE_BYTES 65536

/* Returns: a new string (free(3)), NULL without memory. */
char *nest_message_ask(uint64_t id, const struct trap *trap);

/*
 * Parses a question into a trap; the objects of its needs are owned by it
 * (nest_message_finish()).
 * @ret_id: set also when the rest is not understood, so that it can be denied;
 * else 0
 * @ret_operation: owned by the caller
 * Returns: 0 or -EBADMSG, -ENOMEM.
 */
int nest_message_parse_ask(const char *text, size_t length, uint64_t *ret_id,
			   struct trap *ret, char **ret_operation);
void nest_message_finish(struct trap *trap);

char *nest_message_reply(uint64_t id, enum verdict verdict, int error);
int nest_message_parse_reply(const char *text, size_t length, uint64_t *ret_id,
			     enum verdict *ret_verdict, int *ret_error);
