/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a tree has open: see descriptor_search.h. */
#include "task/descriptor_search.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/fd.h"
#include "task/descriptor.h"
#include "task/tree.h"

struct progress {
	const struct descriptor_search *search;
	bool found;
};

static bool leads_to_it(const struct descriptor_search *search, pid_t pid,
			int directory, const char *name)
{
	_cleanup_fd_ int fd = -1;
	struct stat st;

	if (fstatat(directory, name, &st, 0) ||
	    !search->may_be(&st, search->userdata))
		return false;
	fd = descriptor_copy(pid, atoi(name));
	return fd >= 0 && search->is(fd, search->userdata);
}

static void look_into(pid_t pid, void *userdata)
{
	struct progress *progress = userdata;
	char path[64];
	struct dirent *entry;
	DIR *fds;

	snprintf(path, sizeof(path), "/proc/%d/fd", (int)pid);
	fds = progress->found ? NULL : opendir(path);
	while (fds && !progress->found && (entry = readdir(fds)))
		progress->found = leads_to_it(progress->search, pid, dirfd(fds),
					      entry->d_name);
	if (fds)
		closedir(fds);
}

bool descriptor_search(const struct descriptor_search *search, pid_t monitor)
{
	struct progress progress = {.search = search};

	tree_each(monitor, look_into, &progress);
	return progress.found;
}
