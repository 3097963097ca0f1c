/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The recording of a run: to a file (--record), or live to whoever started it
 * (--events-fd); see trace/recorder.h.
 */
#pragma once

#include <event2/event.h>

#include "run/run_options.h"
#include "trace/recorder.h"

struct recording;

/*
 * Opens what the options name. The program cannot change the file.
 * @ret: NULL when nothing is to be recorded
 * @engine: name of it
 * Returns: 0, or a negative errno after one line that says what is wrong.
 */
int recording_new(struct recording **ret, struct event_base *loop,
		  const struct run_options *options, const char *engine);

/* Takes NULL, and then returns it; it is the decider's once that wraps it. */
struct recorder *recording_recorder(const struct recording *recording);

/* The program began, and ended. They take NULL, and then do nothing. */
void recording_started(struct recording *recording, pid_t pid, const char *path,
		       const char *const *command);
void recording_ended(struct recording *recording, int status);

/* All have ended: tells of them, before the recorder is freed. Takes NULL. */
void recording_settle(struct recording *recording);

/* After the recorder was freed. Takes NULL; always returns NULL. */
struct recording *recording_free(struct recording *recording);
