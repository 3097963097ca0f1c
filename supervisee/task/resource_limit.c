/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Resource limits of supervised threads: see resource_limit.h. */
#include "task/resource_limit.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"

#define NAME_BYTES 26 /* of the first column */

static const char *name_of(int resource)
{
	switch (resource) {
	case RLIMIT_FSIZE:
		return "Max file size ";
	case RLIMIT_LOCKS:
		return "Max file locks ";
	case RLIMIT_MSGQUEUE:
		return "Max msgqueue size ";
	case RLIMIT_NOFILE:
		return "Max open files ";
	default:
		return NULL;
	}
}

static bool parse_value(const char *word, rlim_t *ret)
{
	uint64_t value;

	if (strcmp(word, "unlimited") == 0) {
		*ret = RLIM_INFINITY;
		return true;
	}
	if (sscanf(word, "%" SCNu64, &value) != 1)
		return false;
	*ret = value;
	return true;
}

bool resource_limit_parse(const char *line, struct rlimit *ret)
{
	char soft[32], hard[32];

	return strlen(line) > NAME_BYTES &&
	       sscanf(line + NAME_BYTES - 1, "%31s %31s", soft, hard) == 2 &&
	       parse_value(soft, &ret->rlim_cur) &&
	       parse_value(hard, &ret->rlim_max);
}

static int read_proc(pid_t tid, const char *name, struct rlimit *ret)
{
	char path[64], line[256];
	bool found = false;
	FILE *limits;

	snprintf(path, sizeof(path), "/proc/%d/limits", (int)tid);
	limits = fopen(path, "re");
	if (!limits)
		return errno == ENOENT ? -ESRCH : -errno;
	while (!found && fgets(line, sizeof(line), limits))
		found = strncmp(line, name, strlen(name)) == 0 &&
			resource_limit_parse(line, ret);
	fclose(limits);
	return found ? 0 : -ESRCH;
}

int resource_limit(pid_t tid, int resource, struct rlimit *ret)
{
	const char *name = name_of(resource);

	if (prlimit(tid, (__rlimit_resource_t)resource, NULL, ret) == 0)
		return 0;
	return errno == EPERM && name ? read_proc(tid, name, ret) : -errno;
}
