// SPDX-License-Identifier: GPL-2.0-or-later
/* Fences: see fence.h. */
#include "landlock/fence.h"

#include <errno.h>
#include <sys/prctl.h>

#include "base/landlock.h"

int fence_new(rights_t fenced)
{
	return landlock_ruleset_new(fenced & RIGHTS_FS, 0, 0);
}

int fence_allow(int fence, int directory, rights_t rights)
{
	return landlock_allow_beneath(fence, directory, rights & RIGHTS_FS);
}

int fence_enter(int fence)
{
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return -errno;
	return landlock_enter(fence);
}
