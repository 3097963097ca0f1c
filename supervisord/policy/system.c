/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who the system belongs to: see system.h. */
#include "policy/system.h"

#include <linux/magic.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <sys/vfs.h>

uid_t system_owner(void)
{
	static bool known;
	static uid_t owner;
	struct statfs fs;
	struct stat status;

	if (known)
		return owner;
	/* It is the system's whoever has mounted it. */
	if (statfs("/proc", &fs) < 0 || fs.f_type != PROC_SUPER_MAGIC ||
	    stat("/proc", &status) < 0)
		return 0;
	owner = status.st_uid;
	known = true;
	return owner;
}
