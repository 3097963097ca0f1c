/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The name of a redirected program, so that ps(1) and pgrep(1) find it by the
 * name of the file that it was executed as, not by that of its sealed copy or
 * of its interpreter.
 */
#pragma once

#include <sys/types.h>

/*
 * Lets a process that is stopped by ptrace(2), with PTRACE_O_TRACESYSGOOD,
 * make one prctl(PR_SET_NAME) and stop again, its registers as they were.
 * @path: whose last part is the name
 * Returns: 0; -ESRCH when the process has ended; another negative errno: the
 * name is what it was.
 */
int exec_comm_set(pid_t pid, const char *path);
