/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Attacks by addresses, messages and sockets. */
#include <fcntl.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "attack.h"

/* Sends a byte to a port of this machine, by the address of the message. */
static ssize_t send_to_port(int fd, uint16_t port, int flags)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	struct iovec piece = {"x", 1};
	const struct msghdr message = {
		.msg_name = &address,
		.msg_namelen = sizeof(address),
		.msg_iov = &piece,
		.msg_iovlen = 1,
	};

	return sendmsg(fd, &message, flags | MSG_NOSIGNAL);
}

/* TCP Fast Open connects while it sends. Nothing listens at port 1. */
static int fast_open(char **arguments)
{
	const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	(void)arguments;
	if (send_to_port(fd, 1, MSG_FASTOPEN) < 0 && errno == EACCES)
		return refused("sendmsg that connects");
	return hole("sendmsg that connects");
}

/* An IPv4 socket takes an address of no family for one of its own. */
static int no_family(char **arguments)
{
	struct sockaddr_in address = {
		.sin_family = AF_UNSPEC,
		.sin_port = htons(29999),
	};
	static const int types[] = {SOCK_STREAM, SOCK_DGRAM};

	(void)arguments;
	for (size_t i = 0; i < 2; i++) {
		const int fd = socket(AF_INET, types[i] | SOCK_CLOEXEC, 0);

		if (!bind(fd, (struct sockaddr *)&address, sizeof(address)))
			return hole("bind to an address of no family");
		if (errno != EACCES)
			return perror("bind"), 1;
	}
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (sendto(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), "x", 1, 0,
		   (struct sockaddr *)&address, sizeof(address)) == 1)
		return hole("sendto an address of no family");
	return errno == EACCES ? 0 : (perror("sendto"), 1);
}

/* What connect(2) takes it for needs nobody's agreement. */
static int disconnect(char **arguments)
{
	const struct sockaddr address = {.sa_family = AF_UNSPEC};

	(void)arguments;
	if (connect(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), &address,
		    sizeof(address)) < 0)
		return perror("connect"), 1;
	return 0;
}

/* Calls bind(2) or connect(2) with an abstract address. */
static int with_abstract(int (*call)(int, const struct sockaddr *, socklen_t),
			 int fd, const char *name)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	const size_t length = strnlen(name, sizeof(address.sun_path) - 1);

	memcpy(address.sun_path + 1, name, length);
	return call(fd, (struct sockaddr *)&address,
		    (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 +
				length));
}

/* Nobody else's, though others may run these tests at the same time. */
static const char *own_name(void)
{
	static char name[108];

	snprintf(name, sizeof(name), "landlord-test-own-%d", (int)getpid());
	return name;
}

/*
 * Names that read like lines of /proc/net/unix, which say that somebody else's
 * address is one of the tree's own.
 */
static int abstract_lines(char **arguments)
{
	const int own = socket(AF_UNIX, SOCK_STREAM, 0);
	struct stat st;

	if (with_abstract(bind, own, own_name()) < 0 || fstat(own, &st) < 0)
		return perror("bind"), 1;
	/* Where they are listed is a matter of luck. */
	for (int i = 0; i < 64; i++) {
		char name[108];

		snprintf(name, sizeof(name), "%d\n1 2 3 4 5 6 %lu @%s\n", i,
			 (unsigned long)st.st_ino, arguments[0]);
		if (with_abstract(bind, socket(AF_UNIX, SOCK_STREAM, 0), name))
			return perror("bind"), 1;
	}
	if (!with_abstract(connect, socket(AF_UNIX, SOCK_STREAM, 0),
			   arguments[0]))
		return hole("connected to somebody else");
	return errno == EPERM ? refused("connect") : (perror("connect"), 1);
}

/* The tree's own addresses need nobody's agreement. */
static int abstract_own(char **arguments)
{
	const int own = socket(AF_UNIX, SOCK_STREAM, 0);

	(void)arguments;
	if (with_abstract(bind, own, own_name()) < 0 || listen(own, 1) < 0 ||
	    with_abstract(connect, socket(AF_UNIX, SOCK_STREAM, 0),
			  own_name()) < 0)
		return perror("abstract address"), 1;
	return 0;
}

/* Agrees to everything that a nest is asked. */
static void agree(int channel)
{
	char question[65536], answer[128];
	ssize_t length;

	while ((length = recv(channel, question, sizeof(question) - 1, 0)) >
	       0) {
		const char *id;

		question[length] = '\0';
		id = strstr(question, "\"id\":");
		snprintf(answer, sizeof(answer),
			 "{\"id\":%ld,\"verdict\":\"perform\",\"error\":0}",
			 id ? strtol(id + 5, NULL, 10) : 0);
		(void)!send(channel, answer, strlen(answer), MSG_NOSIGNAL);
	}
}

static int connect_nest(void)
{
	const int fd = socket(AF_UNIX, SOCK_SEQPACKET, 0);

	return with_abstract(connect, fd, "landlord/nest") < 0 ? -1 : fd;
}

/* A supervisor of the program's own says that all may be performed. */
static int false_nest(char **arguments)
{
	const pid_t front = fork();
	int channel, status, fd;
	pid_t child, supervisor;

	if (front > 0) {
		waitpid(front, &status, 0);
		return WEXITSTATUS(status);
	}
	channel = connect_nest();
	if (channel < 0)
		exit(refused("a supervisor of its own"));
	child = fork();
	if (child == 0) {
		close(channel);
		fd = open(arguments[0], O_RDONLY);
		exit(fd < 0 ? refused(arguments[0]) : hole(arguments[0]));
	}
	supervisor = fork();
	if (supervisor == 0) {
		agree(channel);
		exit(0);
	}
	waitpid(child, &status, 0);
	kill(supervisor, SIGKILL);
	exit(WEXITSTATUS(status));
}

struct swap {
	int stream, datagram, number;
};

static int swap(void *argument)
{
	const struct swap *swap = argument;

	for (;;) {
		dup2(swap->stream, swap->number);
		dup2(swap->datagram, swap->number);
	}
	return 0;
}

/* A process that is no thread shares the descriptors, and swaps them. */
static int shared_table(char **arguments)
{
	struct swap what = {.number = 10};
	static char stack[65536];
	int pair[2], result = 0;
	pid_t pid;

	(void)arguments;
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) < 0)
		return 77;
	what.stream = pair[0];
	what.datagram = socket(AF_INET, SOCK_DGRAM, 0);
	pid = clone(swap, stack + sizeof(stack),
		    CLONE_VM | CLONE_FILES | SIGCHLD, &what);
	for (int i = 0; i < 20000 && !result; i++)
		if (send_to_port(what.number, 9, 0) > 0)
			result = hole("a datagram was sent");
	kill(pid, SIGKILL);
	return result;
}

const struct attack attacks_by_sockets[] = {
	{"no_family", no_family},	    {"disconnect", disconnect},
	{"abstract_lines", abstract_lines}, {"abstract_own", abstract_own},
	{"fast_open", fast_open},	    {"false_nest", false_nest},
	{"shared_table", shared_table},	    {NULL, NULL},
};
