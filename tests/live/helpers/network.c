/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * network ports: binds, connects and sends in each family; a line for each.
 * network serve PATH COMMAND...: listens at a path, runs a command that
 * connects there, and says who it was.
 * network connect PATH: connects to a path.
 * network both PATH: listens and connects in one tree.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

union address {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
	struct sockaddr_un path;
};

static void say(const char *name, int family, long result)
{
	printf("%s %s %s\n", family == AF_INET ? "ipv4" : "ipv6", name,
	       result < 0 ? strerrorname_np(errno) : "ok");
}

static socklen_t loopback(union address *ret, int family, uint16_t port)
{
	memset(ret, 0, sizeof(*ret));
	ret->any.sa_family = (sa_family_t)family;
	if (family == AF_INET) {
		ret->v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
		ret->v4.sin_port = htons(port);
		return sizeof(ret->v4);
	}
	ret->v6.sin6_addr = in6addr_loopback;
	ret->v6.sin6_port = htons(port);
	return sizeof(ret->v6);
}

static void try_family(int family)
{
	const struct sockaddr nothing = {.sa_family = AF_UNSPEC};
	union address address;
	socklen_t size = loopback(&address, family, 0);
	int tcp = socket(family, SOCK_STREAM, 0);
	const int udp = socket(family, SOCK_DGRAM, 0);

	say("bind tcp 0", family, bind(tcp, &address.any, size));
	say("bind udp 0", family, bind(udp, &address.any, size));
	close(tcp);
	tcp = socket(family, SOCK_STREAM, 0);
	size = loopback(&address, family, 1);
	say("connect tcp", family, connect(tcp, &address.any, size));
	say("fast open", family,
	    sendto(tcp, "x", 1, MSG_FASTOPEN | MSG_NOSIGNAL, &address.any,
		   size));
	say("connect tcp 0", family,
	    connect(tcp, &address.any, loopback(&address, family, 0)));
	say("disconnect tcp", family, connect(tcp, &nothing, sizeof(nothing)));
	size = loopback(&address, family, 9);
	say("send udp", family, sendto(udp, "x", 1, 0, &address.any, size));
	say("connect udp", family, connect(udp, &address.any, size));
	say("disconnect udp", family, connect(udp, &nothing, sizeof(nothing)));
	close(tcp);
	close(udp);
}

static int ports(void)
{
	try_family(AF_INET);
	try_family(AF_INET6);
	return 0;
}

static int path_socket(const char *path, union address *ret)
{
	memset(ret, 0, sizeof(*ret));
	ret->path.sun_family = AF_UNIX;
	snprintf(ret->path.sun_path, sizeof(ret->path.sun_path), "%s", path);
	return socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
}

static int listen_at(const char *path)
{
	union address address;
	const int fd = path_socket(path, &address);

	if (bind(fd, &address.any, sizeof(address.path)) || listen(fd, 1)) {
		perror(path);
		exit(1);
	}
	return fd;
}

/* @stay: until the server has seen who it is */
static int connect_to(const char *path, bool stay)
{
	char byte;
	union address address;
	const int fd = path_socket(path, &address);

	if (connect(fd, &address.any, sizeof(address.path)))
		return printf("%s\n", strerrorname_np(errno)), 1;
	puts("connected");
	return stay && read(fd, &byte, 1) != 0;
}

/* What a server that looks at the cgroup of its client finds. */
static void print_cgroup(pid_t pid)
{
	char path[64], line[512];
	FILE *cgroup;

	snprintf(path, sizeof(path), "/proc/%d/cgroup", pid);
	cgroup = fopen(path, "re");
	while (cgroup && fgets(line, sizeof(line), cgroup))
		fputs(line, stdout);
	if (cgroup)
		fclose(cgroup);
}

static int serve(const char *path, char **command)
{
	const int fd = listen_at(path);
	struct ucred peer;
	socklen_t size = sizeof(peer);
	int client, status;
	pid_t pid;

	pid = fork();
	if (pid == 0) {
		execvp(command[0], command);
		_exit(127);
	}
	client = accept(fd, NULL, NULL);
	if (client < 0 ||
	    getsockopt(client, SOL_SOCKET, SO_PEERCRED, &peer, &size))
		return 1;
	printf("user %u group %u\n", peer.uid, peer.gid);
	print_cgroup(peer.pid);
	close(client);
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

static int both(const char *path)
{
	listen_at(path);
	return connect_to(path, false);
}

int main(int argc, char **argv)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (argc == 2 && strcmp(argv[1], "ports") == 0)
		return ports();
	if (argc > 3 && strcmp(argv[1], "serve") == 0)
		return serve(argv[2], argv + 3);
	if (argc == 3 && strcmp(argv[1], "connect") == 0)
		return connect_to(argv[2], true);
	if (argc == 3 && strcmp(argv[1], "both") == 0)
		return both(argv[2]);
	fprintf(stderr, "network: expected ports, serve, connect or both\n");
	return 2;
}
