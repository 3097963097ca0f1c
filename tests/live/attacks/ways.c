/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Attacks by the less common ways to connect and to send. */
#include <fcntl.h>
#include <limits.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "attack.h"

#ifndef IPPROTO_MPTCP
#define IPPROTO_MPTCP 262
#endif

#define PORT 1 /* where nobody listens */

static const struct sockaddr_in v4 = {
	.sin_family = AF_INET,
	.sin_port = PORT << 8,
};

/* ::ffff:127.0.0.1 */
static const struct sockaddr_in6 mapped = {
	.sin6_family = AF_INET6,
	.sin6_port = PORT << 8,
	.sin6_addr.s6_addr = {[10] = 0xff, 0xff, 127, 0, 0, 1},
};

static const struct way {
	const char *name;
	int family, type, protocol, flags;
	bool connects;
} ways[] = {
	{"mptcp", AF_INET, SOCK_STREAM, IPPROTO_MPTCP, 0, true},
	{"mptcp, fast open", AF_INET, SOCK_STREAM, IPPROTO_MPTCP, MSG_FASTOPEN,
	 false},
	{"tcp, fast open", AF_INET, SOCK_STREAM, 0, MSG_FASTOPEN, false},
	{"tcp, mapped", AF_INET6, SOCK_STREAM, 0, 0, true},
	{"tcp, mapped, fast open", AF_INET6, SOCK_STREAM, 0, MSG_FASTOPEN,
	 false},
	{"mptcp, mapped", AF_INET6, SOCK_STREAM, IPPROTO_MPTCP, 0, true},
	{"udp, mapped", AF_INET6, SOCK_DGRAM, 0, 0, true},
	{"udp, mapped, sent", AF_INET6, SOCK_DGRAM, 0, 0, false},
	{"udplite", AF_INET, SOCK_DGRAM, IPPROTO_UDPLITE, 0, true},
	{"udplite, sent", AF_INET, SOCK_DGRAM, IPPROTO_UDPLITE, 0, false},
	{"udplite, mapped, sent", AF_INET6, SOCK_DGRAM, IPPROTO_UDPLITE, 0,
	 false},
};

static long go(const struct way *way, int fd, bool several)
{
	const bool four = way->family == AF_INET;
	const void *address = four ? (const void *)&v4 : (const void *)&mapped;
	const socklen_t length = four ? sizeof(v4) : sizeof(mapped);
	struct iovec piece = {(char[]){"x"}, 1};
	struct mmsghdr message = {
		.msg_hdr = {.msg_name = (void *)address,
			    .msg_namelen = length,
			    .msg_iov = &piece,
			    .msg_iovlen = 1},
	};

	if (way->connects)
		return connect(fd, address, length);
	if (several)
		return sendmmsg(fd, &message, 1, way->flags | MSG_NOSIGNAL);
	return sendto(fd, "x", 1, way->flags | MSG_NOSIGNAL, address, length);
}

/* far [native]: "native" is where it is not refused. */
static int far(char **arguments)
{
	const bool native = arguments[0] != NULL;
	int found = 0;

	for (size_t i = 0; i < 2 * sizeof(ways) / sizeof(*ways); i++) {
		const struct way *way = &ways[i / 2];
		const int fd = socket(way->family, way->type | SOCK_CLOEXEC,
				      way->protocol);
		const bool failed = fd < 0 || go(way, fd, i % 2) < 0;
		const int error = errno;

		close(fd);
		if (fd < 0 && error == EPROTONOSUPPORT)
			continue; /* not in this kernel */
		if ((failed && error == EACCES) == !native)
			continue;
		printf("%s: %s\n", way->name, failed ? strerror(error) : "ok");
		found = 1;
	}
	return found;
}

static int connect_to(const char *path, int type)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	const int fd = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);
	int result;

	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	result = type == SOCK_DGRAM ? (int)sendto(fd, "x", 1, 0,
						  (struct sockaddr *)&address,
						  sizeof(address))
				    : connect(fd, (struct sockaddr *)&address,
					      sizeof(address));
	close(fd);
	return result;
}

static int reached(const char *what, const char *path)
{
	if (connect_to(path, SOCK_STREAM) >= 0)
		return hole(what);
	if (errno == EPROTOTYPE || connect_to(path, SOCK_DGRAM) >= 0)
		return hole(what);
	return refused(what);
}

/*
 * peer: somebody listens at private/s, which is denied; in the directory "open"
 * beside it all is allowed. Names are short enough for an address.
 */
static int peer(char **arguments)
{
	char path[108];
	int found = 0, fd;

	(void)arguments;
	found |= reached("itself", "private/s");
	found |= reached("..", "open/../private/s");
	found |= reached("cwd", "/proc/self/cwd/private/s");
	if (!symlink("../private/s", "open/l"))
		found |= reached("symbolic link", "open/l");
	if (!symlink("../private", "open/d"))
		found |= reached("symbolic link above", "open/d/s");
	fd = open("private/s", O_PATH | O_CLOEXEC);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	found |= reached("descriptor", path);
	fd = open("private", O_PATH | O_DIRECTORY | O_CLOEXEC);
	snprintf(path, sizeof(path), "/proc/self/fd/%d/s", fd);
	found |= reached("descriptor above", path);
	if (!link("private/s", "open/h"))
		found |= reached("hard link", "open/h");
	if (!rename("private/s", "open/m"))
		found |= reached("moved", "open/m");
	if (!rename("private", "open/p"))
		found |= reached("moved above", "open/p/s");
	if (!chdir("private"))
		found |= reached("there", "s");
	return found;
}

const struct attack attacks_by_ways[] = {
	{"far", far},
	{"peer", peer},
	{NULL, NULL},
};
