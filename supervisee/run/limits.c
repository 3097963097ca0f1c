/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Limits: see limits.h. */
#include "run/limits.h"

static void raise_one(int resource, struct rlimit *ret)
{
	struct rlimit limit;

	if (getrlimit(resource, ret) < 0)
		return;
	limit = *ret;
	limit.rlim_cur = limit.rlim_max;
	(void)setrlimit(resource, &limit);
}

void limits_raise(struct limits *ret)
{
	*ret = (struct limits){
		.files = {RLIM_INFINITY, RLIM_INFINITY},
		.processes = {RLIM_INFINITY, RLIM_INFINITY},
	};
	raise_one(RLIMIT_NOFILE, &ret->files);
	raise_one(RLIMIT_NPROC, &ret->processes);
}

void limits_restore(const struct limits *limits)
{
	(void)setrlimit(RLIMIT_NOFILE, &limits->files);
	(void)setrlimit(RLIMIT_NPROC, &limits->processes);
}
