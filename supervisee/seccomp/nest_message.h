/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What an outer supervisor and one inside its tree say to each other: one JSON
 * object a SOCK_SEQPACKET message.
 *
 *	outer: {"id":7,"tid":4711,"operation":"openat","needs":[...],...}
 *	inner: {"id":7,"verdict":"native"|"perform"|"deny","error":13}
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "engine/accesses.h"
#include "seccomp/action.h"

#define NEST_MESSAGE_BYTES 65536

/* What the outer one asks. */
struct nest_question {
	uint64_t id;
	pid_t tid;	   /* that made the call, and waits for the outer one */
	char *operation;   /* name of the system call */
	bool in_registers; /* as of the notification */
	struct accesses accesses;
};

/* Returns: a new string (free(3)), NULL without memory. */
char *nest_message_ask(const struct nest_question *question);

/*
 * Parses a question.
 * @ret: owns its operation and its objects until nest_question_finish(); when
 * it is not understood its id is set if that is known, so that it can be
 * denied, else 0
 * Returns: 0 or -EBADMSG, -ENOMEM.
 */
int nest_message_parse_ask(const char *text, size_t length,
			   struct nest_question *ret);
void nest_question_finish(struct nest_question *question);

/* @action: anything but ACTION_ASK */
char *nest_message_reply(uint64_t id, enum action action, int error);
int nest_message_parse_reply(const char *text, size_t length, uint64_t *ret_id,
			     enum action *ret_action, int *ret_error);
