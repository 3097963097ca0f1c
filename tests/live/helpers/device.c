/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * device hold COMMAND [ARGUMENT]...: makes a terminal, and runs a command with
 * its name as one more argument.
 *
 * device use NAME: opens a device and tries to control it, in each way that a
 * program has; prints a line for each.
 *
 * device race NAME FORBIDDEN: controls a terminal, whose descriptor another
 * thread exchanges meanwhile; tells if it was the forbidden one, which has 77
 * rows, that was controlled.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

static void say(const char *name, long result)
{
	printf("%s %s\n", name, result < 0 ? strerrorname_np(errno) : "ok");
	fflush(stdout);
}

static int hold(char **command, int count)
{
	const int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	char **arguments = calloc((size_t)count + 2, sizeof(*arguments));
	const struct winsize size = {.ws_row = 77};
	int status;
	pid_t pid;

	if (master < 0 || grantpt(master) || unlockpt(master) || !arguments ||
	    ioctl(master, TIOCSWINSZ, &size))
		return 77;
	for (int i = 0; i < count; i++)
		arguments[i] = command[i];
	arguments[count] = ptsname(master);
	pid = fork();
	if (pid == 0) {
		execvp(arguments[0], arguments);
		_exit(127);
	}
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

static int use(const char *name)
{
	const int fd = open(name, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	/* Bits of the register that the kernel does not look at. */
	const unsigned long high = 1UL << 32;
	struct winsize size;
	struct termios settings;
	char bytes[64];

	say("open", fd);
	if (fd < 0)
		return 0;
	say("exempt", ioctl(fd, FIGETBSZ, bytes));
	say("close-on-exec", ioctl(fd, FIOCLEX));
	say("library", ioctl(fd, TIOCGWINSZ, &size));
	say("inside-library", tcgetattr(fd, &settings));
	say("raw", syscall(SYS_ioctl, fd, TIOCGWINSZ, &size));
	say("raw-high", syscall(SYS_ioctl, fd, TIOCGWINSZ | high, &size));
	say("type", syscall(SYS_ioctl, fd, TIOCSTI | high, "x"));
	say("copy", ioctl(dup(fd), TIOCGWINSZ, &size));
	printf("flags %d %d\n", fcntl(fd, F_GETFD),
	       fcntl(fd, F_GETFL) & (O_ACCMODE | O_NONBLOCK));
	return 0;
}

static int device, other;

static void *exchange(void *unused)
{
	for (;;) {
		dup2(other, device);
		pthread_testcancel();
	}
	return unused;
}

/* What is controlled by then is not the terminal that was agreed to. */
static int race(const char *name, const char *forbidden)
{
	const int fd = open(name, O_RDWR | O_NOCTTY);
	struct winsize size;
	pthread_t thread;
	int found = 0;

	other = open(forbidden, O_RDWR | O_NOCTTY);
	device = dup(fd);
	if (fd < 0 || other < 0 || device < 0)
		return 2;
	pthread_create(&thread, NULL, exchange, NULL);
	for (int i = 0; i < 2000 && !found; i++) {
		dup2(fd, device);
		memset(&size, 0, sizeof(size));
		found = !syscall(SYS_ioctl, device, TIOCGWINSZ, &size) &&
			size.ws_row == 77;
	}
	pthread_cancel(thread);
	pthread_join(thread, NULL);
	printf("%s\n", found ? "controlled" : "kept");
	return found;
}

int main(int argc, char **argv)
{
	if (argc > 2 && strcmp(argv[1], "hold") == 0)
		return hold(argv + 2, argc - 2);
	if (argc == 3 && strcmp(argv[1], "use") == 0)
		return use(argv[2]);
	if (argc == 4 && strcmp(argv[1], "race") == 0)
		return race(argv[2], argv[3]);
	fprintf(stderr, "device: expected hold, use or race\n");
	return 2;
}
