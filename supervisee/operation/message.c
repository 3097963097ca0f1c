/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A message of sendmsg(2): see message.h. */
#include "operation/message.h"

#include <errno.h>
#include <limits.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/fd.h"
#include "task/descriptor.h"
#include "task/memory.h"

#define DATA_BYTES_MAX (1024 * 1024)
#define CONTROL_BYTES_MAX (64 * 1024)

static int add_piece(struct message *message, pid_t tid,
		     const struct iovec *piece, bool any_part)
{
	const size_t room = DATA_BYTES_MAX - message->length;
	size_t length = piece->iov_len;
	unsigned char *data;
	int error;

	if (length > room && !any_part)
		return -EMSGSIZE;
	if (length > room)
		length = room;
	data = realloc(message->data, message->length + length + 1);
	if (!data)
		return -ENOMEM;
	message->data = data;
	error = memory_read(tid, (uint64_t)(uintptr_t)piece->iov_base,
			    data + message->length, length);
	if (!error)
		message->length += length;
	return error;
}

int message_read_piece(struct message *ret, pid_t tid,
		       const struct iovec *piece, bool any_part)
{
	ret->credentials.tid = tid;
	return add_piece(ret, tid, piece, any_part);
}

/* Reads the pieces of a message into one. */
static int read_data(struct message *message, pid_t tid,
		     const struct msghdr *header, bool any_part)
{
	struct iovec *pieces;
	int error;

	if (header->msg_iovlen > IOV_MAX)
		return -EMSGSIZE;
	pieces = calloc(header->msg_iovlen + 1, sizeof(*pieces));
	if (!pieces)
		return -ENOMEM;
	error = memory_read(tid, (uint64_t)(uintptr_t)header->msg_iov, pieces,
			    header->msg_iovlen * sizeof(*pieces));
	for (size_t i = 0; !error && i < header->msg_iovlen; i++)
		error = add_piece(message, tid, &pieces[i], any_part);
	free(pieces);
	return error;
}

/* The descriptors are the thread's: the same numbers mean others here. */
static int copy_fds(struct message *message, pid_t tid, struct cmsghdr *control)
{
	const size_t count = (control->cmsg_len - CMSG_LEN(0)) / sizeof(int);
	int fd;

	if (message->fds_count + count > MESSAGE_FDS_MAX)
		return -EINVAL;
	for (size_t i = 0; i < count; i++) {
		unsigned char *at = CMSG_DATA(control) + i * sizeof(fd);

		memcpy(&fd, at, sizeof(fd));
		fd = descriptor_copy(tid, fd);
		if (fd < 0)
			return fd;
		memcpy(at, &fd, sizeof(fd));
		message->fds[message->fds_count++] = fd;
	}
	return 0;
}

/* By way of somebody else: options that are refused to sockets, too. */
static bool routes(const struct cmsghdr *control)
{
	if (control->cmsg_level == IPPROTO_IP)
		return control->cmsg_type == IP_RETOPTS;
	return control->cmsg_level == IPPROTO_IPV6 &&
	       (control->cmsg_type == IPV6_RTHDR ||
		control->cmsg_type == IPV6_2292RTHDR);
}

static int read_control(struct message *message, pid_t tid,
			const struct msghdr *header)
{
	struct msghdr view = {0};
	int error;

	if (header->msg_controllen > CONTROL_BYTES_MAX)
		return -ENOBUFS;
	message->control = calloc(1, header->msg_controllen + 1);
	if (!message->control)
		return -ENOMEM;
	error = memory_read(tid, (uint64_t)(uintptr_t)header->msg_control,
			    message->control, header->msg_controllen);
	if (error)
		return error;
	message->control_length = header->msg_controllen;
	view.msg_control = message->control;
	view.msg_controllen = message->control_length;
	for (struct cmsghdr *at = CMSG_FIRSTHDR(&view); !error && at;
	     at = CMSG_NXTHDR(&view, at)) {
		const size_t room =
			message->control_length -
			(size_t)((unsigned char *)at - message->control);

		if (at->cmsg_len < CMSG_LEN(0) || at->cmsg_len > room)
			return -EINVAL;
		if (routes(at))
			return -EPERM;
		if (at->cmsg_level != SOL_SOCKET)
			continue;
		if (at->cmsg_type == SCM_RIGHTS)
			error = copy_fds(message, tid, at);
		else if (at->cmsg_type == SCM_CREDENTIALS)
			error = credentials_note(
				&message->credentials, at,
				(size_t)(CMSG_DATA(at) - message->control));
	}
	return error;
}

int message_read(struct message *ret, pid_t tid, const struct msghdr *header,
		 bool any_part)
{
	int error = read_data(ret, tid, header, any_part);

	ret->credentials.tid = tid;
	if (!error && header->msg_control && header->msg_controllen)
		error = read_control(ret, tid, header);
	return error;
}

/* The kernel would go on reading memory that is not the program's. */
static bool reads_later(int socket, int flags)
{
	int enabled = 1;
	socklen_t size = sizeof(enabled);

	return (flags & MSG_ZEROCOPY) &&
	       !getsockopt(socket, SOL_SOCKET, SO_ZEROCOPY, &enabled, &size) &&
	       enabled;
}

int message_send(struct message *message, int socket, int flags,
		 const struct sockaddr *address, socklen_t address_length)
{
	struct iovec piece = {message->data ? message->data + message->sent
					    : NULL,
			      message->length - message->sent};
	const struct msghdr header = {
		.msg_name = (void *)(uintptr_t)address,
		.msg_namelen = address ? address_length : 0,
		.msg_iov = &piece,
		.msg_iovlen = 1,
		.msg_control =
			message->control_length ? message->control : NULL,
		.msg_controllen = message->control_length,
	};
	ssize_t sent;

	if (reads_later(socket, flags))
		return -ENOBUFS; /* as where no more memory can be pinned */
	sent = credentials_send(&message->credentials, socket, &header,
				flags | MSG_NOSIGNAL);
	if (sent < 0)
		return (int)sent;
	message->sent += (size_t)sent;
	message->control_length = 0; /* it went with the first part */
	return 0;
}

void message_finish(struct message *message)
{
	for (size_t i = 0; i < message->fds_count; i++)
		fd_close(message->fds[i]);
	free(message->data);
	free(message->control);
	*message = (struct message){0};
}
