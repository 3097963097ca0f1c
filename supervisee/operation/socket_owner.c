/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which sockets a tree has: see socket_owner.h. */
#include "operation/socket_owner.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/fd.h"
#include "task/descriptor.h"
#include "task/tree.h"

struct socket_search {
	ino_t inode;
	bool (*test)(int socket, void *userdata);
	void *userdata;
	bool found;
};

static bool is_wanted(const struct socket_search *search, pid_t pid,
		      int directory, const char *name)
{
	_cleanup_fd_ int socket = -1;
	struct stat st;

	if (fstatat(directory, name, &st, 0) || !S_ISSOCK(st.st_mode) ||
	    st.st_ino != search->inode)
		return false;
	socket = descriptor_copy(pid, atoi(name));
	return socket >= 0 && search->test(socket, search->userdata);
}

static void look_into(pid_t pid, void *userdata)
{
	struct socket_search *search = userdata;
	char path[64];
	struct dirent *entry;
	DIR *fds;

	snprintf(path, sizeof(path), "/proc/%d/fd", (int)pid);
	fds = search->found ? NULL : opendir(path);
	while (fds && !search->found && (entry = readdir(fds)))
		search->found =
			is_wanted(search, pid, dirfd(fds), entry->d_name);
	if (fds)
		closedir(fds);
}

bool socket_owner_find(pid_t monitor, ino_t inode,
		       bool (*test)(int socket, void *userdata), void *userdata)
{
	struct socket_search search = {
		.inode = inode, .test = test, .userdata = userdata};

	tree_each(monitor, look_into, &search);
	return search.found;
}
