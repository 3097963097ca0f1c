/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * micro OPERATION COUNT DIRECTORY [THREADS]
 * micro serve DIRECTORY
 *
 * Times an operation again and again in DIRECTORY, and prints, of all threads
 * together: median, 99th percentile (ns) and operations a second. `serve`
 * makes what there is to connect to, prints "PORT" and serves until its input
 * ends.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define WARM_UP 20 /* operations that are not counted */
#define THREADS_MAX 64

struct operation {
	const char *name;
	/* @index: never twice the same in one thread. Returns: 0 or -1. */
	int (*run)(int thread, long index);
};

static int open_close(int thread, long index)
{
	const int fd = open("file", O_RDONLY | O_CLOEXEC);

	(void)thread;
	(void)index;
	return fd < 0 ? -1 : close(fd);
}

/* Another file each time: nothing that was answered once answers it. */
static int open_other(int thread, long index)
{
	char name[64];
	int fd;

	snprintf(name, sizeof(name), "many/%d.%ld", thread, index);
	fd = open(name, O_RDONLY | O_CLOEXEC);
	return fd < 0 ? -1 : close(fd);
}

static int mkdir_rmdir(int thread, long index)
{
	char name[32];

	(void)index;
	snprintf(name, sizeof(name), "made.%d", thread);
	return mkdir(name, 0700) ? -1 : rmdir(name);
}

static int rename_file(int thread, long index)
{
	static const char *const names[] = {"here", "there"};

	(void)thread;
	return rename(names[index % 2], names[(index + 1) % 2]);
}

static int chmod_file(int thread, long index)
{
	(void)thread;
	return chmod("file", index % 2 ? 0644 : 0640);
}

static int utime_file(int thread, long index)
{
	(void)thread;
	(void)index;
	return utimensat(AT_FDCWD, "file", NULL, 0);
}

static int connect_to(int family, const void *address, socklen_t length)
{
	const int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	const int result = connect(fd, address, length);

	return close(fd) || result ? -1 : 0;
}

static int connect_unix(int thread, long index)
{
	static const struct sockaddr_un address = {.sun_family = AF_UNIX,
						   .sun_path = "socket"};

	(void)thread;
	(void)index;
	return connect_to(AF_UNIX, &address, sizeof(address));
}

static int connect_tcp(int thread, long index)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
		.sin_port = htons((uint16_t)atoi(getenv("BENCH_PORT"))),
	};

	(void)thread;
	(void)index;
	return connect_to(AF_INET, &address, sizeof(address));
}

/* To a socket of its own: a datagram could go anywhere, so it is looked at. */
static int send_datagram(int thread, long index)
{
	static _Thread_local int pair[2];
	struct iovec piece = {"x", 1};
	const struct msghdr message = {.msg_iov = &piece, .msg_iovlen = 1};

	(void)thread;
	(void)index;
	if (!pair[1] && socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, pair))
		return -1;
	return sendmsg(pair[0], &message, 0) == 1 &&
			       recv(pair[1], &(char){0}, 1, 0) == 1
		       ? 0
		       : -1;
}

static int exec_true(int thread, long index)
{
	char *argv[] = {"true", NULL};
	int status;
	pid_t pid;

	(void)thread;
	(void)index;
	if (posix_spawn(&pid, "./true", NULL, NULL, argv, environ) ||
	    waitpid(pid, &status, 0) < 0)
		return -1;
	return status ? -1 : 0;
}

static const struct operation operations[] = {
	{"open", open_close},	 {"ask", open_other},	 {"mkdir", mkdir_rmdir},
	{"rename", rename_file}, {"unix", connect_unix}, {"tcp", connect_tcp},
	{"send", send_datagram}, {"exec", exec_true},	 {"chmod", chmod_file},
	{"utime", utime_file},
};

static const struct operation *operation;
static long count;
static int64_t *samples; /* count for each thread */

static int64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * INT64_C(1000000000) + time.tv_nsec;
}

static void *measure(void *argument)
{
	const int thread = (int)(intptr_t)argument;

	for (long i = -WARM_UP; i < count; i++) {
		const int64_t start = now();

		/* An even number of warm-ups keeps pairs in order. */
		if (operation->run(thread, i + WARM_UP)) {
			perror(operation->name);
			exit(1);
		}
		if (i >= 0)
			samples[thread * count + i] = now() - start;
	}
	return NULL;
}

static int compare(const void *a, const void *b)
{
	const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static int run(int threads)
{
	pthread_t others[THREADS_MAX];
	const long all = threads * count;
	int64_t elapsed;

	samples = calloc((size_t)all, sizeof(*samples));
	if (!samples)
		return 1;
	elapsed = now();
	for (int i = 0; i < threads; i++)
		if (pthread_create(&others[i], NULL, measure,
				   (void *)(intptr_t)i))
			return 1;
	for (int i = 0; i < threads; i++)
		pthread_join(others[i], NULL);
	elapsed = now() - elapsed;
	qsort(samples, (size_t)all, sizeof(*samples), compare);
	printf("%lld %lld %.0f\n", (long long)samples[all / 2],
	       (long long)samples[all * 99 / 100],
	       (double)(threads * (count + WARM_UP)) * 1e9 / (double)elapsed);
	return 0;
}

static int listen_at(int family, const void *address, socklen_t length)
{
	const int fd =
		socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (bind(fd, address, length) || listen(fd, 1024)) {
		perror("serve");
		exit(1);
	}
	return fd;
}

static int serve(void)
{
	const struct sockaddr_un path = {.sun_family = AF_UNIX,
					 .sun_path = "socket"};
	struct sockaddr_in port = {.sin_family = AF_INET,
				   .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t length = sizeof(port);
	struct pollfd fds[] = {
		{.fd = STDIN_FILENO, .events = POLLIN},
		{.fd = listen_at(AF_UNIX, &path, sizeof(path)),
		 .events = POLLIN},
		{.fd = listen_at(AF_INET, &port, sizeof(port)),
		 .events = POLLIN},
	};

	getsockname(fds[2].fd, (struct sockaddr *)&port, &length);
	printf("%d\n", ntohs(port.sin_port));
	fflush(stdout);
	while (poll(fds, 3, -1) > 0 && !fds[0].revents)
		for (int i = 1; i < 3; i++)
			while (fds[i].revents &&
			       !close(accept(fds[i].fd, NULL, NULL)))
				;
	return 0;
}

int main(int argc, char **argv)
{
	const int threads = argc > 4 ? atoi(argv[4]) : 1;

	if (argc == 3 && strcmp(argv[1], "serve") == 0 && !chdir(argv[2]))
		return serve();
	if (argc < 4 || threads < 1 || threads > THREADS_MAX ||
	    chdir(argv[3])) {
		fprintf(stderr, "micro: expected OPERATION COUNT DIRECTORY "
				"[THREADS]\n");
		return 2;
	}
	count = atol(argv[2]);
	for (size_t i = 0; i < sizeof(operations) / sizeof(operations[0]); i++)
		if (strcmp(operations[i].name, argv[1]) == 0)
			operation = &operations[i];
	return operation && count > 0 ? run(threads) : 2;
}
