/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A program that answers for a run (--agent exec:PROGRAM): it is asked and
 * answers over its standard input and output, as whoever is at the other end of
 * --questions-fd.
 *
 * It is a child of the front process, beside what supervises, and not below it:
 * so it is none of those that it answers for, and is not supervised itself. It
 * is to end when its input does.
 */
#pragma once

/*
 * Starts it, with none of our descriptors but standard error.
 * @name: a path, or a name that is looked for in PATH
 * @ret_path: its path, canonical; owned by the caller
 * @ret_fd: the socket to it (O_CLOEXEC)
 * Returns: 0, or a negative errno after one line that says what is wrong.
 */
int agent_program_start(const char *name, char **ret_path, int *ret_fd);
