/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The recording of a run: to a file (--record), or live to whoever started it
 * (--events-fd); see trace/recorder.h.
 */
#pragma once

#include <event2/event.h>

#include "run/options.h"
#include "trace/recorder.h"

/*
 * Opens what the options name. The program cannot change the file.
 * @ret: NULL when nothing is to be recorded
 * Returns: 0, or a negative errno after one line that says what is wrong.
 */
int recording_new(struct recorder **ret, struct event_base *loop,
		  const struct run_options *options, const char *app);
