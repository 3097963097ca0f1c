// SPDX-License-Identifier: GPL-2.0-or-later
/* Abstract UNIX addresses: see abstract.h. */
#include "operation/abstract.h"

#include <dirent.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/fd.h"
#include "task/descriptor.h"
#include "task/tree.h"

#ifndef SO_NETNS_COOKIE
#define SO_NETNS_COOKIE 71
#endif

/*
 * The inode of the socket that is bound to a name, as proc_net_unix(5) says; 0:
 * none. A hint only: the text shows names as they are, line ends too, so that
 * one name can look like a line about another.
 */
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

struct search {
	const char *name;
	size_t length;
	int asker; /* the socket that is to be connected */
	ino_t inode;
	bool found;
};

static bool same_network(int a, int b)
{
	uint64_t cookie_a, cookie_b;
	socklen_t size_a = sizeof(cookie_a), size_b = sizeof(cookie_b);

	return !getsockopt(a, SOL_SOCKET, SO_NETNS_COOKIE, &cookie_a,
			   &size_a) &&
	       !getsockopt(b, SOL_SOCKET, SO_NETNS_COOKIE, &cookie_b,
			   &size_b) &&
	       cookie_a == cookie_b;
}

/* Whether a socket is bound to the name, and meant by it. */
static bool is_bound(const struct search *search, int socket)
{
	const size_t head = offsetof(struct sockaddr_un, sun_path);
	struct sockaddr_un address;
	socklen_t size = sizeof(address);

	return !getsockname(socket, (struct sockaddr *)&address, &size) &&
	       address.sun_family == AF_UNIX &&
	       size == head + 1 + search->length && !address.sun_path[0] &&
	       !memcmp(address.sun_path + 1, search->name, search->length) &&
	       same_network(socket, search->asker);
}

static bool is_wanted(const struct search *search, pid_t pid, int directory,
		      const char *name)
{
	_cleanup_fd_ int socket = -1;
	struct stat st;

	if (fstatat(directory, name, &st, 0) || !S_ISSOCK(st.st_mode) ||
	    st.st_ino != search->inode)
		return false;
	socket = descriptor_copy(pid, atoi(name));
	return socket >= 0 && is_bound(search, socket);
}

static void look_into(pid_t pid, void *userdata)
{
	struct search *search = userdata;
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

bool abstract_is_within(const char *name, size_t length,
			const struct trap *trap)
{
	struct search search = {
		.name = name,
		.length = length,
		.asker = trap->socket,
	};

	if (memchr(name, '\0', length))
		return false;
	search.inode = find_inode(name, length, trap->tid);
	if (search.inode)
		tree_each(trap->monitor, look_into, &search);
	return search.found;
}
