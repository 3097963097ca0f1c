/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The leader of the program's session when it has a pty of its own: without a
 * parent in its session the program could not be stopped by ^Z (its process
 * group would be an orphaned one). It outlives the program: what that leaves
 * behind keeps its terminal, in the background, as it would a shell's.
 */
#pragma once

#include <sys/types.h>

/* What the leader reports: waitpid(2)'s status of the program. */
struct session_report {
	pid_t pid;
	int status;
};

/*
 * Becomes the leader of a new session on a terminal, forks, and never returns
 * in the leader, which reports the program's states until that ends, and stays
 * until the other end of @report_fd is closed.
 * @tty_fd: the terminal
 * @report_fd: a socket to which struct session_report are written
 * Returns: in the program only: 0, or a negative errno.
 */
int session_lead(int tty_fd, int report_fd);
