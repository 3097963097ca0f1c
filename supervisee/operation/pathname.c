// SPDX-License-Identifier: GPL-2.0-or-later
/* UNIX sockets that have a path: see pathname.h. */
#include "operation/pathname.h"

#include <errno.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <linux/unix_diag.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/fd.h"
#include "operation/holder.h"

#define ANSWER_BYTES 32768

/* As the kernel says it: its own number of a device, and 32 bit of an inode. */
static bool is_file(const struct unix_diag_vfs *file, const struct stat *st)
{
	const uint32_t device =
		(uint32_t)(major(st->st_dev) << 20 | minor(st->st_dev));

	return file->udiag_vfs_dev == device &&
	       file->udiag_vfs_ino == (uint32_t)st->st_ino;
}

/* The inode of the socket, if a message is about the one with this file. */
static ino_t look_at(const struct nlmsghdr *header, const struct stat *st)
{
	const struct unix_diag_msg *message = NLMSG_DATA(header);
	const struct rtattr *attribute = (const struct rtattr *)(message + 1);
	size_t room = header->nlmsg_len - NLMSG_LENGTH(sizeof(*message));

	for (; RTA_OK(attribute, room); attribute = RTA_NEXT(attribute, room))
		if (attribute->rta_type == UNIX_DIAG_VFS &&
		    RTA_PAYLOAD(attribute) >= sizeof(struct unix_diag_vfs) &&
		    is_file(RTA_DATA(attribute), st))
			return message->udiag_ino;
	return 0;
}

static int ask(int netlink)
{
	const struct {
		struct nlmsghdr header;
		struct unix_diag_req body;
	} request = {
		.header = {.nlmsg_len = sizeof(request),
			   .nlmsg_type = SOCK_DIAG_BY_FAMILY,
			   .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP},
		/* Not what has been accepted, which has the same file. */
		.body = {.sdiag_family = AF_UNIX,
			 .udiag_states = 1U << TCP_LISTEN | 1U << TCP_CLOSE,
			 .udiag_show = UDIAG_SHOW_VFS},
	};

	return send(netlink, &request, sizeof(request), 0) < 0 ? -errno : 0;
}

/* The inode of the socket whose file this is; 0: none that is known. */
static ino_t find_socket(const struct stat *st)
{
	_cleanup_fd_ int netlink =
		socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
	_Alignas(struct nlmsghdr) char answer[ANSWER_BYTES];
	ssize_t length;
	ino_t found = 0;

	if (netlink < 0 || ask(netlink))
		return 0;
	while (!found &&
	       (length = recv(netlink, answer, sizeof(answer), 0)) > 0) {
		const struct nlmsghdr *header = (struct nlmsghdr *)answer;

		for (; !found && NLMSG_OK(header, (size_t)length);
		     header = NLMSG_NEXT(header, length)) {
			if (header->nlmsg_type != SOCK_DIAG_BY_FAMILY)
				return 0;
			found = look_at(header, st);
		}
	}
	return found;
}

/* It has said what file it is bound to. */
static bool is_unix(int socket, void *userdata)
{
	int domain = 0;
	socklen_t size = sizeof(domain);

	(void)userdata;
	return !getsockopt(socket, SOL_SOCKET, SO_DOMAIN, &domain, &size) &&
	       domain == AF_UNIX;
}

bool pathname_is_within(const struct trap *trap, const struct pin *pin)
{
	const ino_t inode = find_socket(&pin->stat);

	return inode && holder_find(trap->monitor, inode, is_unix, NULL);
}
