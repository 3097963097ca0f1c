/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The limit to the size of files: see file_size_limit.h. */
#include "task/file_size_limit.h"

#include "task/resource_limit.h"

int file_size_limit(pid_t tid, int64_t *ret)
{
	struct rlimit limit;
	const int error = resource_limit(tid, RLIMIT_FSIZE, &limit);

	if (error)
		return error;
	*ret = limit.rlim_cur == RLIM_INFINITY ? -1 : (int64_t)limit.rlim_cur;
	return 0;
}
