/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whom a message to a UNIX socket is from, SCM_CREDENTIALS of unix(7).
 *
 * credentials receive PATH COMMAND...: runs a command that sends to a path, and
 * says of each message whether it names its sender.
 * credentials send PATH [UID]: sends, as somebody else if UID is given.
 */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

/* In a message: as who it is sent, and how. */
struct note {
	pid_t pid;
	char how[28];
};

union control {
	struct cmsghdr header;
	char space[CMSG_SPACE(sizeof(struct ucred))];
};

static int open_socket(const char *path, struct sockaddr_un *ret)
{
	*ret = (struct sockaddr_un){.sun_family = AF_UNIX};
	snprintf(ret->sun_path, sizeof(ret->sun_path), "%s", path);
	return socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
}

static int receive_one(int fd)
{
	union control control;
	struct note note;
	struct iovec piece = {&note, sizeof(note)};
	struct msghdr header = {.msg_iov = &piece,
				.msg_iovlen = 1,
				.msg_control = &control,
				.msg_controllen = sizeof(control)};
	struct ucred named;

	if (recvmsg(fd, &header, 0) != sizeof(note) || !CMSG_FIRSTHDR(&header))
		return 1;
	memcpy(&named, CMSG_DATA(CMSG_FIRSTHDR(&header)), sizeof(named));
	printf("%s: user %u group %u, %s\n", note.how, named.uid, named.gid,
	       named.pid == note.pid ? "its own process" : "another process");
	return strcmp(note.how, "end") == 0;
}

static int receive(const char *path, char **command)
{
	struct sockaddr_un address;
	const int fd = open_socket(path, &address), enable = 1;
	int status;
	pid_t pid;

	if (bind(fd, (const struct sockaddr *)&address, sizeof(address)) ||
	    chmod(path, 0666) ||
	    setsockopt(fd, SOL_SOCKET, SO_PASSCRED, &enable, sizeof(enable)))
		return perror(path), 1;
	pid = fork();
	if (pid == 0) {
		execvp(command[0], command);
		_exit(127);
	}
	while (!receive_one(fd))
		;
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

/* @pid: whom to name; 0: nobody */
static void send_one(int fd, const struct sockaddr_un *address, const char *how,
		     pid_t pid)
{
	struct note note = {.pid = getpid()};
	struct iovec piece = {&note, sizeof(note)};
	union control control = {
		.header = {
			.cmsg_len = CMSG_LEN(sizeof(struct ucred)),
			.cmsg_level = SOL_SOCKET,
			.cmsg_type = SCM_CREDENTIALS,
		}};
	const struct ucred named = {pid, getuid(), getgid()};
	struct msghdr header = {.msg_name = (void *)(uintptr_t)address,
				.msg_namelen = sizeof(*address),
				.msg_iov = &piece,
				.msg_iovlen = 1};

	snprintf(note.how, sizeof(note.how), "%s", how);
	memcpy(CMSG_DATA(&control.header), &named, sizeof(named));
	if (pid) {
		header.msg_control = &control;
		header.msg_controllen = sizeof(control);
	}
	if (sendmsg(fd, &header, 0) < 0)
		printf("%s: %s\n", how, strerrorname_np(errno));
}

static int send_all(const char *path, const char *uid)
{
	struct sockaddr_un address;
	const int fd = open_socket(path, &address);
	const struct note note = {.pid = getpid(), .how = "sendto"};

	if (uid && (setgid((gid_t)atoi(uid)) || setuid((uid_t)atoi(uid))))
		return perror(uid), 1;
	if (sendto(fd, &note, sizeof(note), 0,
		   (const struct sockaddr *)&address, sizeof(address)) < 0)
		printf("sendto: %s\n", strerrorname_np(errno));
	send_one(fd, &address, "sendmsg", 0);
	send_one(fd, &address, "itself", getpid());
	send_one(fd, &address, "another", 1);
	send_one(fd, &address, "parent", getppid());
	send_one(fd, &address, "end", 0);
	return 0;
}

int main(int argc, char **argv)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (argc > 3 && strcmp(argv[1], "receive") == 0)
		return receive(argv[2], argv + 3);
	if ((argc == 3 || argc == 4) && strcmp(argv[1], "send") == 0)
		return send_all(argv[2], argv[3]);
	fprintf(stderr, "credentials: expected receive or send\n");
	return 2;
}
