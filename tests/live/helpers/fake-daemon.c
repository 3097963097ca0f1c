/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What would like to be taken for the daemon:
 *
 *	fake-daemon listen SOCKET	binds it and listens
 *	fake-daemon give SOCKET COMMAND...
 *			binds it, listens, and executes COMMAND with the
 *			listening socket as its standard input
 *	fake-daemon take		accepts on its standard input
 *
 * Says "ready", and greets whoever connects as a D-Bus server does.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static int listen_at(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	const int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	if (fd < 0 ||
	    bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0 ||
	    listen(fd, 8) < 0) {
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
		return -1;
	}
	return fd;
}

static int serve(int listener)
{
	static const char greeting[] =
		"OK 0123456789abcdef0123456789abcdef\r\n";
	char byte;
	int fd;

	puts("ready");
	fflush(stdout);
	while ((fd = accept(listener, NULL, NULL)) >= 0) {
		while (recv(fd, &byte, 1, 0) == 1)
			if (byte == '\n')
				send(fd, greeting, sizeof(greeting) - 1,
				     MSG_NOSIGNAL);
		close(fd);
	}
	return 1;
}

int main(int argc, char *argv[])
{
	const char *how = argc > 1 ? argv[1] : "";
	int fd = STDIN_FILENO;

	if (argc > 2 && strcmp(how, "take") != 0)
		fd = listen_at(argv[2]);
	if (fd < 0)
		return 1;
	if (strcmp(how, "give") == 0 && argc > 3) {
		dup2(fd, STDIN_FILENO);
		execvp(argv[3], argv + 3);
		return 127;
	}
	return serve(fd);
}
