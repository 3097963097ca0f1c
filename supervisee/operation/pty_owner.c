/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whose a pseudo-terminal is: see pty_owner.h. */
#include "operation/pty_owner.h"

#include <dirent.h>
#include <linux/major.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/sysmacros.h>

#include "base/fd.h"
#include "task/descriptor.h"
#include "task/tree.h"

#define PTMX_MINOR 2 /* of TTYAUX_MAJOR */

struct pty_search {
	unsigned int number;
	bool found;
};

bool pty_owner_concerns(const struct stat *st)
{
	struct stat usual;

	return S_ISCHR(st->st_mode) &&
	       major(st->st_rdev) == UNIX98_PTY_SLAVE_MAJOR &&
	       !stat("/dev/pts", &usual) && usual.st_dev == st->st_dev;
}

static bool is_other_end(const struct pty_search *search, pid_t pid,
			 int directory, const char *name)
{
	_cleanup_fd_ int fd = -1;
	unsigned int number;
	struct stat st;

	if (fstatat(directory, name, &st, 0) || !S_ISCHR(st.st_mode) ||
	    st.st_rdev != makedev(TTYAUX_MAJOR, PTMX_MINOR))
		return false;
	fd = descriptor_copy(pid, atoi(name));
	return fd >= 0 && !ioctl(fd, TIOCGPTN, &number) &&
	       number == search->number;
}

static void look_into(pid_t pid, void *userdata)
{
	struct pty_search *search = userdata;
	char path[64];
	struct dirent *entry;
	DIR *fds;

	snprintf(path, sizeof(path), "/proc/%d/fd", (int)pid);
	fds = search->found ? NULL : opendir(path);
	while (fds && !search->found && (entry = readdir(fds)))
		search->found =
			is_other_end(search, pid, dirfd(fds), entry->d_name);
	if (fds)
		closedir(fds);
}

bool pty_owner_find(pid_t monitor, const struct stat *st)
{
	struct pty_search search = {.number = minor(st->st_rdev)};

	tree_each(monitor, look_into, &search);
	return search.found;
}
