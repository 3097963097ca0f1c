// SPDX-License-Identifier: GPL-2.0-or-later
/* Fences: see fence.h. */
#include "landlock/fence.h"

#include <errno.h>
#include <linux/landlock.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

int fence_new(rights_t fenced)
{
	const struct landlock_ruleset_attr attr = {
		.handled_access_fs = fenced & RIGHTS_FS,
	};
	const long fd = syscall(SYS_landlock_create_ruleset, &attr,
				sizeof(attr.handled_access_fs), 0);

	return fd < 0 ? -errno : (int)fd;
}

int fence_allow(int fence, int directory, rights_t rights)
{
	const struct landlock_path_beneath_attr rule = {
		.allowed_access = rights & RIGHTS_FS,
		.parent_fd = directory,
	};

	return syscall(SYS_landlock_add_rule, fence, LANDLOCK_RULE_PATH_BENEATH,
		       &rule, 0) < 0
		       ? -errno
		       : 0;
}

int fence_enter(int fence)
{
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ||
	    syscall(SYS_landlock_restrict_self, fence, 0) < 0)
		return -errno;
	return 0;
}
