/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Abstract UNIX addresses: see abstract.h. */
#include "operation/abstract.h"

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "operation/socket_owner.h"

#ifndef SO_NETNS_COOKIE
#define SO_NETNS_COOKIE 71
#endif

ino_t abstract_look_up(FILE *table, const char *name, size_t length)
{
	char *line = NULL;
	size_t room = 0;
	ino_t found = 0;

	while (!found && getline(&line, &room, table) > 0) {
		unsigned long inode;
		int at = 0;

		line[strcspn(line, "\n")] = '\0';
		if (sscanf(line, "%*s %*s %*s %*s %*s %*s %lu @%n", &inode,
			   &at) == 1 &&
		    at && strlen(line + at) == length &&
		    memcmp(line + at, name, length) == 0)
			found = inode;
	}
	free(line);
	return found;
}

static ino_t find_inode(const char *name, size_t length, pid_t tid)
{
	char path[64];
	FILE *table;
	ino_t found;

	snprintf(path, sizeof(path), "/proc/%d/net/unix", (int)tid);
	table = fopen(path, "re");
	if (!table)
		return 0;
	found = abstract_look_up(table, name, length);
	fclose(table);
	return found;
}

struct abstract_search {
	const char *name;
	size_t length;
	int target; /* the socket that is to be connected */
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
static bool is_bound(int socket, void *userdata)
{
	const struct abstract_search *search = userdata;
	const size_t head = offsetof(struct sockaddr_un, sun_path);
	struct sockaddr_un address;
	socklen_t size = sizeof(address);

	return !getsockname(socket, (struct sockaddr *)&address, &size) &&
	       address.sun_family == AF_UNIX &&
	       size == head + 1 + search->length && !address.sun_path[0] &&
	       memcmp(address.sun_path + 1, search->name, search->length) ==
		       0 &&
	       same_network(socket, search->target);
}

bool abstract_is_within(const char *name, size_t length,
			const struct notif *notif)
{
	struct abstract_search search = {
		.name = name,
		.length = length,
		.target = notif->fd,
	};
	ino_t inode;

	if (memchr(name, '\0', length))
		return false;
	inode = find_inode(name, length, notif->tid);
	return inode &&
	       socket_owner_find(notif->monitor, inode, is_bound, &search);
}
