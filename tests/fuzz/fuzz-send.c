/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A message of any pieces and control data, read from a program and sent for
 * it: what arrives is what the program had in its pieces, from its beginning,
 * and the credentials with it are those of who sends.
 */
#include <fcntl.h>
#include <sys/un.h>
#include <unistd.h>

#include "fill.h"
#include "operation/message.h"

#define PIECES_MAX 4

static int ends[2]; /* of a pair */

static void open_pair(int type)
{
	const int on = 1;

	FUZZ_CHECK(socketpair(AF_UNIX, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0,
			      ends) == 0);
	FUZZ_CHECK(setsockopt(ends[1], SOL_SOCKET, SO_PASSCRED, &on,
			      sizeof(on)) == 0);
}

static void check_control(struct msghdr *header)
{
	struct ucred who;

	for (struct cmsghdr *at = CMSG_FIRSTHDR(header); at;
	     at = CMSG_NXTHDR(header, at)) {
		if (at->cmsg_type == SCM_CREDENTIALS) {
			memcpy(&who, CMSG_DATA(at), sizeof(who));
			/* Root may name others; whom the input names. */
			FUZZ_CHECK(who.pid == getpid() || geteuid() == 0);
		}
		for (size_t i = 0; at->cmsg_type == SCM_RIGHTS &&
				   i < (at->cmsg_len - CMSG_LEN(0)) / 4;
		     i++) {
			int fd;

			memcpy(&fd, CMSG_DATA(at) + i * sizeof(fd), sizeof(fd));
			close(fd);
		}
	}
}

static void receive(const struct message *message)
{
	static unsigned char bytes[4096];
	static char control[32768];
	struct iovec vector = {bytes, sizeof(bytes)};
	struct msghdr header = {.msg_iov = &vector,
				.msg_iovlen = 1,
				.msg_control = control,
				.msg_controllen = sizeof(control)};
	const ssize_t n = recvmsg(ends[1], &header, MSG_CMSG_CLOEXEC);

	FUZZ_CHECK(n >= 0 && (size_t)n == message->sent);
	FUZZ_CHECK(n == 0 || memcmp(bytes, message->data, (size_t)n) == 0);
	check_control(&header);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const int types[] = {SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET};
	struct input input = {data, size};
	struct iovec pieces[PIECES_MAX] = {0};
	struct msghdr header = {.msg_iov = pieces};
	struct sockaddr_storage address = {0};
	struct message message = {0};
	socklen_t length;
	int type, flags, error;

	type = types[take(&input, 1) % 3];
	flags = (int)take(&input, 4) & ~MSG_OOB;
	length = (socklen_t)(take(&input, 1) % sizeof(address));
	for (size_t i = 0; i < sizeof(address) && i < length; i++)
		((uint8_t *)&address)[i] = (uint8_t)take(&input, 1);
	header.msg_iovlen = take(&input, 1) % (PIECES_MAX + 1);
	for (size_t i = 0; i < header.msg_iovlen; i++) {
		pieces[i].iov_len = take(&input, 1) % (input.size + 1);
		pieces[i].iov_base = (void *)(uintptr_t)input.data;
	}
	header.msg_control = (void *)(uintptr_t)input.data;
	header.msg_controllen = input.size;
	open_pair(type);
	error = take(&input, 1) % 4 == 0
			? message_read_piece(&message, getpid(), pieces, true)
			: message_read(&message, getpid(), &header,
				       type == SOCK_STREAM);
	/* Nothing at all is no message of a stream's. */
	if (!error && (message.length || type != SOCK_STREAM) &&
	    !message_send(&message, ends[0], flags | MSG_DONTWAIT,
			  length ? (struct sockaddr *)&address : NULL, length))
		receive(&message);
	message_finish(&message);
	close(ends[0]);
	close(ends[1]);
	return 0;
}
