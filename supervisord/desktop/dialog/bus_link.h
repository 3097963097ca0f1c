/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The dialog's connection: questions come from the daemon through whoever
 * started it, and answers go back.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "agent/agent.h"

struct bus_link;

struct bus_link_events {
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
	/* A question waits until then, in CLOCK_BOOTTIME milliseconds. */
	void (*postponed)(void *userdata, uint64_t question_id,
			  int64_t deadline);
	/* What became of an answer; a sentence, valid during the call. */
	void (*told)(void *userdata, const char *sentence);
	/* The connection has ended, and so does the dialog. */
	void (*closed)(void *userdata);
};

/*
 * @fd: owned from then on
 * Returns: 0 or a negative errno.
 */
int bus_link_new(struct bus_link **ret, int fd,
		 const struct bus_link_events *events, void *userdata);

/* Takes NULL; always returns NULL. */
struct bus_link *bus_link_free(struct bus_link *link);

/* Answers; events.decided will say. Returns: 0 or a negative errno. */
int bus_link_decide(struct bus_link *link, uint64_t question_id,
		    const struct decision *decision);

/*
 * Gives an app rules, after all, for a question that nobody has answered;
 * events.decided will say.
 * @persist: they are kept
 */
int bus_link_add_rules(struct bus_link *link, uint64_t question_id,
		       const char *app, const struct rules *rules,
		       bool persist);

/* Somebody is at a question; events.postponed will say. */
int bus_link_postpone(struct bus_link *link, uint64_t question_id);

/* Has the program that asks stopped; events.decided tells of a failure. */
int bus_link_stop(struct bus_link *link, uint64_t question_id);

/* Asks whether it may be allowed; events.judged will say. */
int bus_link_judge(struct bus_link *link, uint64_t question_id);

/* Has the manager show an app. */
int bus_link_show_past(struct bus_link *link, const char *app);

/* Says that the dialog hangs on this UNIX socket, too. */
int bus_link_hang_on(struct bus_link *link, const char *path);
