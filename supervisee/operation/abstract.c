// SPDX-License-Identifier: GPL-2.0-or-later
/* Abstract UNIX addresses: see abstract.h. */
#include "operation/abstract.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "task/tree.h"

/* The inode of the socket bound to a name, as proc_net_unix(5) says; 0: none */
static ino_t find_inode(const char *name, size_t length, pid_t tid)
{
	char path[64], *line = NULL;
	size_t room = 0;
	ino_t found = 0;
	FILE *table;

	snprintf(path, sizeof(path), "/proc/%d/net/unix", (int)tid);
	table = fopen(path, "re");
	if (!table)
		return 0;
	while (!found && getline(&line, &room, table) > 0) {
		unsigned long inode;
		int at = 0;

		line[strcspn(line, "\n")] = '\0';
		if (sscanf(line, "%*s %*s %*s %*s %*s %*s %lu @%n", &inode,
			   &at) == 1 &&
		    at && strlen(line + at) == length &&
		    !memcmp(line + at, name, length))
			found = inode;
	}
	free(line);
	fclose(table);
	return found;
}

static bool has_socket(pid_t pid, ino_t inode)
{
	char path[64];
	struct dirent *entry;
	bool found = false;
	DIR *fds;

	snprintf(path, sizeof(path), "/proc/%d/fd", (int)pid);
	fds = opendir(path);
	while (fds && !found && (entry = readdir(fds))) {
		struct stat st;

		found = !fstatat(dirfd(fds), entry->d_name, &st, 0) &&
			S_ISSOCK(st.st_mode) && st.st_ino == inode;
	}
	if (fds)
		closedir(fds);
	return found;
}

struct search {
	ino_t inode;
	bool found;
};

static void look_into(pid_t pid, void *userdata)
{
	struct search *search = userdata;

	search->found = search->found || has_socket(pid, search->inode);
}

bool abstract_is_within(const char *name, size_t length, pid_t tid,
			pid_t monitor)
{
	struct search search = {0};

	if (memchr(name, '\0', length))
		return false;
	search.inode = find_inode(name, length, tid);
	if (search.inode)
		tree_each(monitor, look_into, &search);
	return search.found;
}
