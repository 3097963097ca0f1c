/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Datagram sockets that a program has not made itself, and what it sends.
 *
 *	datagrams give COMMAND...
 *		(not supervised) runs COMMAND with a datagram socket as
 *		descriptor 3
 *	datagrams hand PATH COMMAND...
 *		(not supervised) sends one to whoever connects to PATH while
 *		COMMAND runs
 *	datagrams inherited
 *		(supervised) sends from descriptor 3 to a port
 *	datagrams received PATH
 *		(supervised) has one sent, and sends from it
 *	datagrams stream
 *		(supervised) sends more at once than a socket holds,
 *		descriptors with it, while another thread is there
 *
 * Exit status 0: as it must be; 1: not so.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#define STREAM_BYTES (3 * 512 * 1024)

static int complain(const char *what)
{
	printf("%s: %s\n", what, strerror(errno));
	return 1;
}

static int run(char **command)
{
	int status;
	const pid_t child = fork();

	if (child == 0) {
		execvp(command[0], command);
		_exit(complain(command[0]));
	}
	if (waitpid(child, &status, 0) < 0)
		return complain("wait");
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

static int give(char **command)
{
	const int fd = socket(AF_INET, SOCK_DGRAM, 0);

	if (fd < 0 || dup2(fd, 3) < 0)
		return complain("socket");
	return run(command);
}

/* Room for one descriptor. */
union control {
	struct cmsghdr header;
	char bytes[CMSG_SPACE(sizeof(int))];
};

static int send_fd(int to, int fd, const void *bytes, size_t length)
{
	union control control = {0};
	struct iovec piece = {(void *)(uintptr_t)bytes, length};
	struct msghdr message = {
		.msg_iov = &piece,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control),
	};

	control.header.cmsg_level = SOL_SOCKET;
	control.header.cmsg_type = SCM_RIGHTS;
	control.header.cmsg_len = CMSG_LEN(sizeof(fd));
	memcpy(CMSG_DATA(&control.header), &fd, sizeof(fd));
	return (int)sendmsg(to, &message, MSG_NOSIGNAL);
}

static int receive_fd(int from)
{
	union control control;
	char byte;
	struct iovec piece = {&byte, 1};
	struct msghdr message = {
		.msg_iov = &piece,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control),
	};
	int fd = -1;

	if (recvmsg(from, &message, 0) == 1 && CMSG_FIRSTHDR(&message))
		memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof(fd));
	return fd;
}

static int make_address(struct sockaddr_un *address, const char *path)
{
	*address = (struct sockaddr_un){.sun_family = AF_UNIX};
	if (strlen(path) >= sizeof(address->sun_path))
		return complain(path);
	strcpy(address->sun_path, path);
	return 0;
}

static int hand(const char *path, char **command)
{
	const int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct sockaddr_un address;
	pid_t server;
	int status;

	if (make_address(&address, path) ||
	    bind(listener, (struct sockaddr *)&address, sizeof(address)) ||
	    listen(listener, 1))
		return complain("bind");
	server = fork();
	if (server == 0) {
		const int fd = socket(AF_INET, SOCK_DGRAM, 0);
		const int peer = accept(listener, NULL, NULL);

		_exit(send_fd(peer, fd, "x", 1) == 1 ? 0 : complain("send"));
	}
	status = run(command);
	waitpid(server, NULL, 0);
	return status;
}

/* From a socket of others to a port that no rule allows. */
static int try(int fd)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_port = htons(9),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	struct iovec piece = {"x", 1};
	const struct msghdr message = {
		.msg_name = &address,
		.msg_namelen = sizeof(address),
		.msg_iov = &piece,
		.msg_iovlen = 1,
	};
	struct mmsghdr messages = {.msg_hdr = message};

	if (sendmsg(fd, &message, 0) != -1 || errno != EACCES)
		return complain("a datagram was sent");
	if (sendmmsg(fd, &messages, 1, 0) != -1 || errno != EACCES)
		return complain("datagrams were sent");
	return 0;
}

static int received(const char *path)
{
	const int peer = socket(AF_UNIX, SOCK_STREAM, 0);
	struct sockaddr_un address;
	int fd;

	if (make_address(&address, path) ||
	    connect(peer, (struct sockaddr *)&address, sizeof(address)))
		return complain("connect");
	fd = receive_fd(peer);
	return fd < 0 ? complain("receive") : try(fd);
}

struct reading {
	int fd;
	size_t length;
	unsigned int sum;
};

static void *read_all(void *argument)
{
	struct reading *reading = argument;
	unsigned char bytes[4096];
	ssize_t length;

	while ((length = read(reading->fd, bytes, sizeof(bytes))) > 0) {
		for (ssize_t i = 0; i < length; i++)
			reading->sum = reading->sum * 31 + bytes[i];
		reading->length += (size_t)length;
	}
	return NULL;
}

static int compare(int pair[2], const unsigned char *bytes)
{
	struct reading reading = {.fd = pair[1]};
	size_t sent = 0;
	unsigned int sum = 0;
	pthread_t reader;

	pthread_create(&reader, NULL, read_all, &reading);
	while (sent < STREAM_BYTES) {
		struct iovec pieces[2] = {
			{(void *)(uintptr_t)(bytes + sent), 1},
			{(void *)(uintptr_t)(bytes + sent + 1),
			 STREAM_BYTES - sent - 1},
		};
		const struct msghdr message = {.msg_iov = pieces,
					       .msg_iovlen = 2};
		const ssize_t part = sendmsg(pair[0], &message, 0);

		if (part <= 0)
			return complain("sendmsg");
		sent += (size_t)part;
	}
	shutdown(pair[0], SHUT_WR);
	pthread_join(reader, NULL);
	for (size_t i = 0; i < STREAM_BYTES; i++)
		sum = sum * 31 + bytes[i];
	if (reading.length != STREAM_BYTES || reading.sum != sum) {
		printf("%zu bytes came\n", reading.length);
		return 1;
	}
	return 0;
}

static void *idle(void *unused)
{
	(void)unused;
	pause();
	return NULL;
}

static int stream(void)
{
	unsigned char *bytes = malloc(STREAM_BYTES);
	struct stat sent, came;
	pthread_t other;
	int pair[2], fd;

	/* Anything could come through such a one. */
	if (!bytes || socket(AF_UNIX, SOCK_STREAM, 0) < 0 ||
	    socketpair(AF_UNIX, SOCK_STREAM, 0, pair))
		return complain("socket");
	pthread_create(&other, NULL, idle, NULL);
	for (size_t i = 0; i < STREAM_BYTES; i++)
		bytes[i] = (unsigned char)(i * 7 / 5);
	if (send_fd(pair[0], 2, "x", 1) != 1)
		return complain("descriptor");
	fd = receive_fd(pair[1]);
	if (fstat(2, &sent) || fstat(fd, &came) || sent.st_ino != came.st_ino)
		return complain("another descriptor");
	return compare(pair, bytes);
}

int main(int argc, char **argv)
{
	setvbuf(stdout, NULL, _IONBF, 0);
	if (argc > 2 && strcmp(argv[1], "give") == 0)
		return give(argv + 2);
	if (argc > 3 && strcmp(argv[1], "hand") == 0)
		return hand(argv[2], argv + 3);
	if (argc == 2 && strcmp(argv[1], "inherited") == 0)
		return try(3);
	if (argc == 3 && strcmp(argv[1], "received") == 0)
		return received(argv[2]);
	if (argc == 2 && strcmp(argv[1], "stream") == 0)
		return stream();
	fprintf(stderr, "datagrams: see the top of its source\n");
	return 2;
}
