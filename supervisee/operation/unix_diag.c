/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the kernel says of UNIX sockets: see unix_diag.h. */
#include "operation/unix_diag.h"

#include <errno.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <linux/unix_diag.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/fd.h"

#define ANSWER_BYTES 32768

/* As the kernel says it: its own number of a device, and 32 bit of an inode. */
static bool is_file(const struct unix_diag_vfs *said, const struct stat *file)
{
	const uint32_t device =
		(uint32_t)(major(file->st_dev) << 20 | minor(file->st_dev));

	return said->udiag_vfs_dev == device &&
	       said->udiag_vfs_ino == (uint32_t)file->st_ino;
}

/*
 * The inode of the socket, if a message is about the one with this file.
 * Lengths are signed: what RTA_NEXT() takes off may be more than there is.
 */
static ino_t look_at(const struct nlmsghdr *header, const struct stat *file)
{
	const struct unix_diag_msg *message = NLMSG_DATA(header);
	const struct rtattr *attribute = (const struct rtattr *)(message + 1);
	ssize_t room = (ssize_t)header->nlmsg_len -
		       (ssize_t)NLMSG_LENGTH(sizeof(*message));

	for (; RTA_OK(attribute, room); attribute = RTA_NEXT(attribute, room))
		if (attribute->rta_type == UNIX_DIAG_VFS &&
		    RTA_PAYLOAD(attribute) >= sizeof(struct unix_diag_vfs) &&
		    is_file(RTA_DATA(attribute), file))
			return message->udiag_ino;
	return 0;
}

bool unix_diag_read(const void *answer, size_t length, const struct stat *file,
		    ino_t *ret)
{
	const struct nlmsghdr *header = answer;
	ssize_t room = (ssize_t)length;

	for (; NLMSG_OK(header, room); header = NLMSG_NEXT(header, room)) {
		if (header->nlmsg_type != SOCK_DIAG_BY_FAMILY)
			return false;
		*ret = look_at(header, file);
		if (*ret)
			return false;
	}
	return true;
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

/* What comes of others than the kernel is passed over: 0. */
static ssize_t receive(int netlink, void *answer, size_t size)
{
	struct sockaddr_nl sender = {.nl_pid = 1};
	struct iovec vector = {answer, size};
	struct msghdr message = {
		.msg_name = &sender,
		.msg_namelen = sizeof(sender),
		.msg_iov = &vector,
		.msg_iovlen = 1,
	};
	const ssize_t length = recvmsg(netlink, &message, 0);

	if (length < 0)
		return -errno;
	if (message.msg_flags & MSG_TRUNC)
		return -EMSGSIZE;
	return message.msg_namelen == sizeof(sender) && sender.nl_pid == 0
		       ? length
		       : 0;
}

ino_t unix_diag_find(const struct stat *file)
{
	_cleanup_fd_ int netlink =
		socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
	_Alignas(struct nlmsghdr) char answer[ANSWER_BYTES];
	ssize_t length = 0;
	ino_t found = 0;

	if (netlink < 0 || ask(netlink))
		return 0;
	do
		length = receive(netlink, answer, sizeof(answer));
	while (length >= 0 &&
	       unix_diag_read(answer, (size_t)length, file, &found));
	return found;
}
