/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a caller records: all programs of an app that run, and those that are
 * started before the last of them ends, as the lines of one trace, which wait here until they are fetched.
 *
 * A caller that does not fetch them holds nobody up: when too much waits, lines
 * are lost, and an entry "lost" says how many.
 */
#pragma once

#include <systemd/sd-bus.h>

#include "control/caller.h"

#define RECORD_WAITING_MAX (8 * 1024 * 1024) /* bytes that are not fetched */

struct record_session;

/*
 * Begins to record the domains of an app, and those that come.
 * @ret_count: how many there are now
 * Returns: 0; -ENOENT: there is none; -EBUSY: somebody else records one of
 * them; or another negative errno.
 */
int record_session_new(struct record_session **ret, struct caller *caller,
		       const char *app, unsigned int *ret_count);

#define CANNOT_GUARD "the program could write to that file"

/*
 * Keeps the programs from the file that is written, and replies to a call with
 * how many there are when they are.
 * @app: as above
 * @file: absolute
 * Returns: 0, or a negative errno.
 */
int record_session_guard(struct record_session *session, const char *app,
			 const char *file, sd_bus_message *call);

/*
 * Replies to a call with the lines that wait, and whether there may be more:
 * now, or as soon as there is something. A call that still waits is replied to.
 * Returns: as an sd-bus handler.
 */
int record_session_fetch(struct record_session *session, sd_bus_message *call);

/* Records no more; the last lines are to be fetched. */
void record_session_stop(struct record_session *session);

/* Takes NULL; always returns NULL. */
struct record_session *record_session_free(struct record_session *session);
