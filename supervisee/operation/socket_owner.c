/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which sockets a tree has: see socket_owner.h. */
#include "operation/socket_owner.h"

#include <sys/stat.h>

#include "task/descriptor_search.h"

struct wanted {
	ino_t inode;
	bool (*test)(int socket, void *userdata);
	void *userdata;
};

static bool may_be_wanted(const struct stat *st, void *userdata)
{
	const struct wanted *wanted = userdata;

	return S_ISSOCK(st->st_mode) && st->st_ino == wanted->inode;
}

static bool is_wanted(int socket, void *userdata)
{
	const struct wanted *wanted = userdata;

	return wanted->test(socket, wanted->userdata);
}

bool socket_owner_find(pid_t monitor, ino_t inode,
		       bool (*test)(int socket, void *userdata), void *userdata)
{
	struct wanted wanted = {
		.inode = inode, .test = test, .userdata = userdata};
	const struct descriptor_search search = {
		.may_be = may_be_wanted, .is = is_wanted, .userdata = &wanted};

	return descriptor_search(&search, monitor);
}
