/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The dialog's connection: questions come from the daemon through whoever
 * started it, and answers go back.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "agent/agent.h"

struct link;

struct link_events {
	/* A question; valid during the call. */
	void (*asked)(void *userdata, const struct question *question);
	/* No answer is wanted any more. */
	void (*withdrawn)(void *userdata, uint64_t question_id);
	/*
	 * Whether allowing a question counts from here; @reached and @others
	 * name what stands against it, and who else might press its buttons.
	 */
	void (*judged)(void *userdata, uint64_t question_id, bool allowed,
		       const char *reached, const char *others);
	/* An answer was taken, or was not: then @error says why. */
	void (*decided)(void *userdata, uint64_t question_id,
			const char *error);
	/* The connection has ended, and so does the dialog. */
	void (*closed)(void *userdata);
};

/*
 * @fd: owned from then on
 * Returns: 0 or a negative errno.
 */
int link_new(struct link **ret, int fd, const struct link_events *events,
	     void *userdata);

/* Takes NULL; always returns NULL. */
struct link *link_free(struct link *link);

/* Answers; events.decided will say. Returns: 0 or a negative errno. */
int link_decide(struct link *link, uint64_t question_id,
		const struct decision *decision);

/* Asks whether it may be allowed; events.judged will say. */
int link_judge(struct link *link, uint64_t question_id);

/* Says that the dialog hangs on this UNIX socket, too. */
int link_hang_on(struct link *link, const char *path);
