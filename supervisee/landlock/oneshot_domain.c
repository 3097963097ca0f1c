/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fences: see oneshot_domain.h. */
#include "landlock/oneshot_domain.h"

#include <errno.h>
#include <sys/prctl.h>

#include "base/landlock.h"

int oneshot_domain_new(rights_t fenced)
{
	return landlock_ruleset_new(fenced & RIGHTS_FS, 0, 0);
}

int oneshot_domain_allow(int oneshot, int directory, rights_t rights)
{
	return landlock_allow_beneath(oneshot, directory, rights & RIGHTS_FS);
}

int oneshot_domain_enter(int oneshot)
{
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return -errno;
	return landlock_enter(oneshot);
}
