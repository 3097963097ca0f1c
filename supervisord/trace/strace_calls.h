/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which rights the calls that strace(1) prints have needed.
 */
#pragma once

#include "core/request.h"
#include "trace/strace_line.h"

/* What is known of the process that makes a call. */
struct strace_process {
	pid_t pid;
	char *exe;	 /* "" when it is not known; owned */
	char *directory; /* that it works in; NULL: not known; owned */
	/* Descriptors of sockets, by their number: what socket(2) made. */
	unsigned char sockets[256];
	char *call; /* that is not finished; NULL: none; owned */
};

/*
 * Names the objects of a call and the rights that it has used.
 * @ret: zeroed; gets the accesses; request_finish() in any case
 * @ret_problem: static storage
 * Returns: 0, also for a call that has used none; -EINVAL: it is not known what
 *          it was about; -ENOMEM.
 */
int strace_call_accesses(const struct strace_line *line,
			 struct strace_process *process, struct request *ret,
			 const char **ret_problem);
