/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Strays: see stray.h. */
#include "seccomp/stray.h"

#include <signal.h>
#include <stdint.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include "task/tree.h"

bool stray_handle(pid_t pid, int status)
{
	intptr_t signal_number;

	if (!WIFSTOPPED(status) || tree_tracer(pid) != getpid())
		return false;
	/* What tells a tracer of an execve(2) is meant for nobody else. */
	signal_number = status >> 16 || WSTOPSIG(status) == SIGTRAP
				? 0
				: WSTOPSIG(status);
	return ptrace(PTRACE_DETACH, pid, 0, (void *)signal_number) == 0;
}
