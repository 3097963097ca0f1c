/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Strays: processes that have made this one their tracer (PTRACE_TRACEME).
 *
 * A program may so be traced by its parent. Where that is a supervisor of the
 * tree the call is refused (see operation/trace.c); but a parent may end while
 * its child makes the call, and then the supervisor is the parent. Nobody waits
 * for such a child's stops: it is let go at the first one, and what it was sent
 * comes through.
 */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

/*
 * Handles what waitpid(2) said of a process that nobody of us traces.
 * Returns: whether that was a stray's stop.
 */
bool stray_handle(pid_t pid, int status);
