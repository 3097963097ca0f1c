/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Programs that have to wait, and others that must not wait with them.
 *
 *	stalls hold FILE   (not supervised) takes a lease on FILE, says so, says
 *		when somebody wants the file, and lets go when it is told to
 *	stalls with VERB FILE   (supervised) one process does VERB (exec, open,
 *		truncate) with FILE; as soon as the holder says that it is being
 *		waited for, another opens files, and only then tells the holder
 *	stalls beside FILE   (supervised) the same with nobody to wait for: says
 *		how many files were opened until FILE has been executed
 *	stalls stopped FILE   (supervised) stops processes on their way into
 *		FILE and continues them
 *
 * Descriptor 3 is what the holder says, 4 what it is told.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define OPENS 1000
#define STOPS 200

enum { SAYS = 3, TOLD = 4 };

static int complain(const char *what)
{
	printf("%s: %s\n", what, strerror(errno));
	return 1;
}

static int hold(const char *file)
{
	const int fd = open(file, O_RDONLY);
	sigset_t wanted;
	char byte;
	int number;

	sigemptyset(&wanted);
	sigaddset(&wanted, SIGIO);
	sigprocmask(SIG_BLOCK, &wanted, NULL);
	if (fd < 0 || fcntl(fd, F_SETLEASE, F_WRLCK) < 0)
		return complain("lease");
	if (write(SAYS, "h", 1) != 1 || sigwait(&wanted, &number) ||
	    write(SAYS, "w", 1) != 1 || read(TOLD, &byte, 1) != 1)
		return complain("hold");
	return fcntl(fd, F_SETLEASE, F_UNLCK) < 0 ? complain("unlease") : 0;
}

static int act(const char *verb, const char *file)
{
	int fd;

	if (strcmp(verb, "exec") == 0) {
		execl(file, file, "done", NULL);
		return complain("exec");
	}
	/* Without a marker, as below. */
	if (strcmp(verb, "truncate") == 0)
		return syscall(SYS_truncate, file, 1, 0, 0, 0, 0) < 0
			       ? complain("truncate")
			       : 0;
	fd = (int)syscall(SYS_openat, AT_FDCWD, file, O_RDONLY, 0, 0);
	if (fd < 0)
		return complain("open");
	/* The lease has kept it waiting, not made it a file of another kind. */
	return fcntl(fd, F_GETFL) & O_NONBLOCK ? complain("flags") : 0;
}

static int open_one(void)
{
	/* Without a marker: the supervisor is asked each time. */
	const int fd = (int)syscall(SYS_openat, AT_FDCWD, "/etc/passwd",
				    O_RDONLY | O_CLOEXEC, 0, 0);

	if (fd < 0)
		return complain("/etc/passwd");
	close(fd);
	return 0;
}

static int ended(pid_t child)
{
	int status;

	if (waitpid(child, &status, 0) < 0)
		return complain("wait");
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

static int with(const char *verb, const char *file)
{
	pid_t child;
	char byte;

	if (read(SAYS, &byte, 1) != 1 || byte != 'h')
		return complain("nobody holds it");
	child = fork();
	if (child == 0)
		_exit(act(verb, file));
	if (read(SAYS, &byte, 1) != 1 || byte != 'w')
		return complain("nobody waits");
	for (int i = 0; i < OPENS; i++)
		if (open_one())
			return 1;
	if (waitpid(child, NULL, WNOHANG) != 0) {
		printf("%s has not waited\n", verb);
		return 1;
	}
	if (write(TOLD, "x", 1) != 1)
		return complain("tell");
	return ended(child);
}

static int beside(const char *file)
{
	unsigned long opens = 0;
	int status;
	const pid_t child = fork();

	if (child == 0)
		_exit(act("exec", file));
	while (waitpid(child, &status, WNOHANG) == 0) {
		if (open_one())
			return 1;
		opens++;
	}
	printf("%lu opens\n", opens);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

/* At ever later moments on its way into the file. */
static int stop_one(const char *file, int delay)
{
	const pid_t child = fork();
	int status;

	if (child == 0)
		_exit(act("exec", file));
	for (volatile int i = 0; i < delay * 1000; i++)
		;
	kill(child, SIGSTOP);
	if (waitpid(child, &status, WUNTRACED) < 0)
		return complain("wait");
	if (WIFEXITED(status))
		return WEXITSTATUS(status);
	if (!WIFSTOPPED(status) || WSTOPSIG(status) != SIGSTOP) {
		printf("status %#x instead of a stop\n", status);
		return 1;
	}
	/* Stopped is stopped: it does not get there. */
	for (int i = 0; i < 20; i++)
		if (open_one())
			return 1;
	if (waitpid(child, &status, WNOHANG) != 0) {
		printf("it goes on while it is stopped\n");
		return 1;
	}
	kill(child, SIGCONT);
	return ended(child);
}

static int stopped(const char *file)
{
	for (int i = 0; i < STOPS; i++)
		if (stop_one(file, i * 8))
			return 1;
	return 0;
}

int main(int argc, char **argv)
{
	setvbuf(stdout, NULL, _IONBF, 0);
	if (argc == 3 && strcmp(argv[1], "hold") == 0)
		return hold(argv[2]);
	if (argc == 4 && strcmp(argv[1], "with") == 0)
		return with(argv[2], argv[3]);
	if (argc == 3 && strcmp(argv[1], "beside") == 0)
		return beside(argv[2]);
	if (argc == 3 && strcmp(argv[1], "stopped") == 0)
		return stopped(argv[2]);
	fprintf(stderr, "stalls: see the top of its source\n");
	return 2;
}
