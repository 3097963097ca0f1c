/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * timers COUNT: makes so many calls that no signal interrupts natively, while a
 * handler that was installed without SA_RESTART is called a thousand times a
 * second. Prints how many of each kind have failed with EINTR, if any.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

static volatile sig_atomic_t signals;

static struct {
	const char *name;
	long count;
} interrupted[16];

static void on_signal(int number)
{
	(void)number;
	signals++;
}

/* Returns: @result. */
static int call(int kind, const char *name, int result)
{
	interrupted[kind].name = name;
	if (result < 0 && errno == EINTR)
		interrupted[kind].count++;
	return result;
}

static void open_and_close(int kind, const char *name, int flags)
{
	const int fd = call(kind, name, open("file", flags, 0644));

	if (fd >= 0)
		close(fd);
}

/* Returns: how many calls it was. */
static int round_of_calls(pid_t child)
{
	int fd;

	call(0, "mkdir", mkdir("directory", 0755));
	call(1, "rmdir", rmdir("directory"));
	open_and_close(2, "open exclusively", O_CREAT | O_EXCL | O_WRONLY);
	open_and_close(3, "open", O_RDONLY);
	open_and_close(4, "open to write", O_CREAT | O_RDWR | O_TRUNC);
	call(5, "chmod", chmod("file", 0600));
	call(6, "truncate", truncate("file", 7));
	call(7, "rename", rename("file", "renamed"));
	call(8, "link", link("renamed", "linked"));
	call(9, "unlink", unlink("renamed") || unlink("linked") ? -1 : 0);
	call(10, "symlink", symlink("target", "symlink"));
	call(11, "unlink a link", unlink("symlink"));
	call(12, "kill", kill(child, 0));
	fd = call(13, "socket", socket(AF_UNIX, SOCK_STREAM, 0));
	if (fd >= 0)
		close(fd);
	return 15;
}

int main(int argc, char **argv)
{
	const struct sigaction action = {.sa_handler = on_signal};
	const struct itimerval often = {{0, 1000}, {0, 1000}}, never = {0};
	const long count = argc == 2 ? atol(argv[1]) : 0;
	const pid_t child = fork();
	long failed = 0;

	if (child == 0) {
		pause();
		_exit(0);
	}
	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &often, NULL);
	for (long made = 0; made < count;)
		made += round_of_calls(child);
	setitimer(ITIMER_REAL, &never, NULL);
	kill(child, SIGKILL);
	for (size_t i = 0; i < sizeof(interrupted) / sizeof(*interrupted);
	     i++) {
		failed += interrupted[i].count;
		if (interrupted[i].count)
			printf("%s: %ld\n", interrupted[i].name,
			       interrupted[i].count);
	}
	fprintf(stderr, "%ld calls, %ld signals, %ld interrupted\n", count,
		(long)signals, failed);
	return failed || !signals;
}
