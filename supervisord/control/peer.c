/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Peers: the process at the other end of a UNIX socket.
 */
#include "control/peer.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/fd.h"

#ifndef SO_PEERPIDFD
#define SO_PEERPIDFD 77 /* Linux 6.5 */
#endif

static int hold(struct peer *ret, const struct ucred *who, int pidfd)
{
	/* 0: a process that cannot be seen from here cannot be checked. */
	if (who->pid <= 0) {
		fd_close(pidfd);
		return -ESRCH;
	}
	if (pidfd < 0)
		pidfd = (int)syscall(SYS_pidfd_open, who->pid, 0);
	if (pidfd < 0)
		return -errno;
	*ret = (struct peer){who->pid, who->uid, pidfd};
	if (peer_alive(ret))
		return 0;
	peer_finish(ret);
	return -ESRCH;
}

/*
 * Without SO_PEERPIDFD the pidfd is opened now: should the process have ended
 * and its number been given away in between, it is the wrong one's. Whoever
 * believes bytes of the socket therefore asks the kernel who wrote them, too.
 */
int peer_identify(int fd, struct peer *ret)
{
	struct ucred who;
	socklen_t size = sizeof(who);
	int pidfd = -1;

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &size) < 0)
		return -errno;
	size = sizeof(pidfd);
	if (getsockopt(fd, SOL_SOCKET, SO_PEERPIDFD, &pidfd, &size) < 0) {
		if (errno == EINVAL || errno == ESRCH)
			return -ESRCH;
		if (errno != ENOPROTOOPT)
			return -errno;
		pidfd = -1;
	}
	return hold(ret, &who, pidfd);
}

int peer_of_next_byte(int fd, struct peer *ret)
{
	/* No room for descriptors: none is taken. */
	union {
		struct cmsghdr header;
		char bytes[CMSG_SPACE(sizeof(struct ucred))];
	} control;
	char byte;
	struct iovec vector = {&byte, 1};
	struct msghdr message = {
		.msg_iov = &vector,
		.msg_iovlen = 1,
		.msg_control = control.bytes,
		.msg_controllen = sizeof(control.bytes),
	};
	const ssize_t n = recvmsg(fd, &message,
				  MSG_PEEK | MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
	struct cmsghdr *c;
	struct ucred who;

	if (n <= 0)
		return n < 0 ? -errno : -ECONNRESET;
	c = CMSG_FIRSTHDR(&message);
	if (!c || c->cmsg_level != SOL_SOCKET ||
	    c->cmsg_type != SCM_CREDENTIALS ||
	    c->cmsg_len != CMSG_LEN(sizeof(who)))
		return -ESRCH;
	memcpy(&who, CMSG_DATA(c), sizeof(who));
	return hold(ret, &who, -1);
}

bool peer_alive(const struct peer *peer)
{
	struct pollfd pollfd = {.fd = peer->pidfd, .events = POLLIN};

	return poll(&pollfd, 1, 0) == 0;
}

void peer_finish(struct peer *peer)
{
	fd_close(peer->pidfd);
	*peer = (struct peer)PEER_INIT;
}
