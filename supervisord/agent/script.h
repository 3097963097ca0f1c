/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The script agent: answers from a file of JSON Lines, see landlord-script(5).
 *
 *	{"right":"fs.read_file","path":"*.txt","outcome":"allow"}
 *
 * The first line that matches answers; when none does the question is denied
 * once. A line that allows matches when it covers every access of a question
 * (each of its missing rights, each of its objects); a line that denies when
 * it covers any of them: else a rename out of a forbidden directory would slip
 * past the line that forbids it and meet a broader one that allows.
 */
#pragma once

#include "agent/agent.h"
#include "base/clock.h"

/* Bounds; what goes beyond them is an error when the file is loaded. */
#define SCRIPT_BYTES_MAX (4 * 1024 * 1024)
#define SCRIPT_LINE_MAX (64 * 1024)

/*
 * Loads a script.
 * @clock: by which it says how long something is allowed; borrowed
 * @ret_sentence: on failure a sentence that begins "FILE:LINE: " (or "FILE: ")
 *             and says what was expected (free(3)); NULL without memory
 * Returns: 0, -EINVAL for a bad script, or another negative errno. Release
 * with agent_free().
 */
int script_agent_new(struct agent **ret, const char *path,
		     const struct clock *clock, char **ret_sentence);
