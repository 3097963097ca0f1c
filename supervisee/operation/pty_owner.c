/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whose a pseudo-terminal is: see pty_owner.h. */
#include "operation/pty_owner.h"

#include <linux/major.h>
#include <sys/ioctl.h>
#include <sys/sysmacros.h>

#include "task/descriptor_search.h"

#define PTMX_MINOR 2 /* of TTYAUX_MAJOR */

bool pty_owner_concerns(const struct stat *st)
{
	struct stat usual;

	return S_ISCHR(st->st_mode) &&
	       major(st->st_rdev) == UNIX98_PTY_SLAVE_MAJOR &&
	       !stat("/dev/pts", &usual) && usual.st_dev == st->st_dev;
}

static bool is_first_end(const struct stat *st, void *number)
{
	(void)number;
	return S_ISCHR(st->st_mode) &&
	       st->st_rdev == makedev(TTYAUX_MAJOR, PTMX_MINOR);
}

static bool is_other_end(int fd, void *number)
{
	unsigned int its;

	return !ioctl(fd, TIOCGPTN, &its) && its == *(unsigned int *)number;
}

bool pty_owner_find(pid_t monitor, const struct stat *st)
{
	unsigned int number = minor(st->st_rdev);
	const struct descriptor_search search = {.may_be = is_first_end,
						 .is = is_other_end,
						 .userdata = &number};

	return descriptor_search(&search, monitor);
}
