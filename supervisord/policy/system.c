// SPDX-License-Identifier: GPL-2.0-or-later
/* Who the system belongs to: see system.h. */
#include "policy/system.h"

#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>

uid_t system_owner(void)
{
	struct statfs fs;
	struct stat status;

	/* It is the system's whoever has mounted it. */
	if (statfs("/proc", &fs) < 0 || fs.f_type != PROC_SUPER_MAGIC ||
	    stat("/proc", &status) < 0)
		return 0;
	return status.st_uid;
}
