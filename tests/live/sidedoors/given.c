/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Doors: descriptors that others give. */
#include "sidedoor.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

/* Descriptor 9 is the directory, given from outside. */
int door_given(const char *file)
{
	char directory[PATH_MAX];
	const char *name = split(file, directory);
	int found;

	if (fcntl(9, F_GETFD) < 0)
		return 77;
	found = look("given directory", openat(9, name, O_RDONLY));
	found |= look_at("given, in proc", "/proc/self/fd/9/%s", name);
	if (!linkat(9, name, 9, "other", 0))
		found |= look("given, linked", openat(9, "other", O_RDONLY));
	if (!renameat(9, name, 9, "other"))
		found |= look("given, moved", openat(9, "other", O_RDONLY));
	if (fchdir(9))
		return found | shut("fchdir");
	return found | look("given, gone to", open(name, O_RDONLY));
}

/* What only names the file, sent from one process of the tree to another. */
int door_sent(const char *file)
{
	union {
		struct cmsghdr header;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control = {0};
	char byte = 'x';
	struct iovec piece = {&byte, 1};
	struct msghdr message = {.msg_iov = &piece,
				 .msg_iovlen = 1,
				 .msg_control = &control,
				 .msg_controllen = sizeof(control)};
	int pair[2], fd = -1;
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair))
		return 77;
	pid = fork();
	if (pid == 0) {
		fd = open(file, O_PATH);
		control.header.cmsg_len = CMSG_LEN(sizeof(fd));
		control.header.cmsg_level = SOL_SOCKET;
		control.header.cmsg_type = SCM_RIGHTS;
		memcpy(CMSG_DATA(&control.header), &fd, sizeof(fd));
		_exit(sendmsg(pair[0], &message, 0) < 0);
	}
	waitpid(pid, NULL, 0);
	if (recvmsg(pair[1], &message, MSG_DONTWAIT) < 0)
		return shut("sendmsg");
	memcpy(&fd, CMSG_DATA(&control.header), sizeof(fd));
	return look("sent", fd) |
	       look_at("sent, in proc", "/proc/self/fd/%d", fd);
}
