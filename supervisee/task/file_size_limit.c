// SPDX-License-Identifier: GPL-2.0-or-later
/* A limit of a supervised thread: see file_size_limit.h. */
#include "task/file_size_limit.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/resource.h>

/* As /proc/TID/limits says, to everybody. */
static int read_file_size(pid_t tid, int64_t *ret)
{
	char path[64], line[256];
	FILE *limits;

	snprintf(path, sizeof(path), "/proc/%d/limits", (int)tid);
	limits = fopen(path, "re");
	if (!limits)
		return -errno;
	*ret = -1;
	while (fgets(line, sizeof(line), limits))
		if (sscanf(line, "Max file size %" SCNd64, ret) == 1)
			break;
	fclose(limits);
	return 0;
}

int file_size_limit(pid_t tid, int64_t *ret)
{
	struct rlimit limit;

	if (prlimit(tid, RLIMIT_FSIZE, NULL, &limit) < 0)
		/* A thread that has changed its user hides from that. */
		return errno == EPERM ? read_file_size(tid, ret) : -errno;
	*ret = limit.rlim_cur == RLIM_INFINITY ? -1 : (int64_t)limit.rlim_cur;
	return 0;
}
