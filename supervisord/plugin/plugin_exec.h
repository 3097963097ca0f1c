/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Policy plugins that are programs, and so may be scripts. The helper is
 * started with the first question and reads one JSON object a line:
 *
 *	{"ask":7,"app":"...","pid":1,"exe":"...","operation":"openat",
 *	 "accesses":[{"rights":"fs.read_file","object":"/..."}]}
 *	{"cancel":7}
 *
 * (each on one line) and writes one for each question, in any order:
 *
 *	{"id":7,"answer":"allow:session"}
 *	{"id":7,"answer":"pass"}
 *
 * The answer is as --answer of landlord-run(1). A helper that ends, or writes
 * what is not understood, passes on what it has open; it is started again, not
 * more often than once a second.
 */
#pragma once

#include <event2/event.h>

#include "plugin/backend.h"

/*
 * @ret_sentence: on failure a sentence (free(3)), may be NULL
 * Returns: 0, or a negative errno.
 */
int exec_plugin_new(struct plugin **ret, struct event_base *loop,
		    const char *program, char **ret_sentence);
