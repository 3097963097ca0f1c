/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Attacks by the names of files and by what is done with them. */
#include <fcntl.h>
#include <linux/openat2.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "attack.h"
#include "seccomp/marker.h"

#ifndef AT_EXECVE_CHECK
#define AT_EXECVE_CHECK 0x10000
#endif

/* A rule about a name must not be lost with the name. */
static int rename_away(char **arguments)
{
	int fd;

	if (rename(arguments[0], arguments[1]) < 0)
		return refused("rename");
	fd = open(arguments[1], O_RDONLY);
	return fd < 0 ? refused("open") : hole("renamed, and read");
}

static int link_away(char **arguments)
{
	int fd;

	if (link(arguments[0], arguments[1]) < 0)
		return refused("link");
	fd = open(arguments[1], O_RDONLY);
	return fd < 0 ? refused("open") : hole("linked, and read");
}

/* Asking whether a file could be executed does not execute it. */
static int execute_check(char **arguments)
{
	char *const argv[] = {arguments[0], NULL};
	char *const envp[] = {NULL};

	if (syscall(SYS_execveat, AT_FDCWD, arguments[0], argv, envp,
		    AT_EXECVE_CHECK) < 0 &&
	    errno == EINVAL)
		return 77;
	return 0;
}

static int open_path(char **arguments)
{
	struct open_how how = {.flags = O_PATH | O_CLOEXEC};
	struct {
		struct open_how how;
		char rest[40];
	} big = {.how = {.flags = O_RDONLY}};

	/* The kernel would read the flags again: see turns(). */
	if (syscall(SYS_openat2, AT_FDCWD, arguments[0], &how, sizeof(how)) >=
		    0 ||
	    errno != ENOSYS)
		return perror("openat2 O_PATH"), 1;
	if (syscall(SYS_openat2, AT_FDCWD, arguments[0], &big, sizeof(big)) < 0)
		return perror("openat2 of a later structure"), 1;
	big.rest[39] = 1;
	if (syscall(SYS_openat2, AT_FDCWD, arguments[0], &big, sizeof(big)) >=
		    0 ||
	    errno != E2BIG)
		return perror("openat2 of an unknown structure"), 1;
	how.flags = UINT64_C(1) << 40;
	if (syscall(SYS_openat2, AT_FDCWD, arguments[0], &how, sizeof(how)) >=
		    0 ||
	    errno != EINVAL)
		return perror("openat2 of an unknown flag"), 1;
	return 0;
}

/* A granted execve that fails leaves nothing open. */
static int failed_exec(char **arguments)
{
	char *const argv[] = {arguments[0], NULL};
	const int before = dup(0);
	int after;

	close(before);
	execv(arguments[0], argv);
	if (errno != ENOEXEC)
		return perror("execve"), 1;
	after = dup(0);
	return after == before ? 0 : hole("a descriptor was left");
}

/* No free descriptor: then nothing is created either. */
static int no_descriptor(char **arguments)
{
	while (open("/dev/null", O_RDONLY) >= 0)
		;
	if (open(arguments[0], O_CREAT | O_WRONLY, 0600) >= 0 ||
	    errno != EMFILE)
		return hole("a descriptor beyond the limit");
	return access(arguments[0], F_OK) ? 0 : hole("a file was left");
}

/* neither FORBIDDEN: opened for neither reading nor writing. */
static int neither(char **arguments)
{
	const struct open_how how = {.flags = O_ACCMODE};
	const char *file = arguments[0];
	int found = 0;

	for (int i = 0; i < 2; i++) {
		const uint64_t marker = i ? MARKER : 0;

		if (syscall(SYS_open, file, O_ACCMODE, 0, 0, 0, marker) >= 0)
			found |= hole("open");
		if (syscall(SYS_openat, AT_FDCWD, file, O_ACCMODE | O_CREAT,
			    0600, 0, marker) >= 0)
			found |= hole("openat");
		if (syscall(SYS_openat2, AT_FDCWD, file, &how, sizeof(how), 0,
			    marker) >= 0)
			found |= hole("openat2");
	}
	return found ? 1 : refused("to open it for neither");
}

static volatile int turning = 1;

static void *turn(void *argument)
{
	volatile uint64_t *const flags = argument;
	const uint64_t first = *flags;

	while (turning) {
		*flags = first;
		*flags = O_ACCMODE;
	}
	return NULL;
}

/* Whether flags that become others were taken for what they are by then. */
static bool was_turned(int fd, uint64_t asked)
{
	const int got = fd < 0 ? -1 : fcntl(fd, F_GETFL);

	return got >= 0 && (got & O_ACCMODE) == O_ACCMODE &&
	       (asked & O_ACCMODE) != O_ACCMODE;
}

/*
 * turns OPEN: a file that may be read is opened for neither, since the flags of
 * openat2(2) are others by the time that the kernel reads them.
 */
static int turns(char **arguments)
{
	static const uint64_t flags[] = {O_RDONLY, O_PATH,
					 O_RDONLY | O_NONBLOCK};
	bool found = false;

	for (size_t i = 0; i < 3; i++) {
		struct open_how how = {.flags = flags[i]};
		pthread_t thread;

		turning = 1;
		if (pthread_create(&thread, NULL, turn, &how.flags))
			return perror("pthread_create"), 1;
		for (int tries = 0; tries < 20000 && !found; tries++) {
			const int fd =
				(int)syscall(SYS_openat2, AT_FDCWD,
					     arguments[0], &how, sizeof(how));

			found = was_turned(fd, flags[i]);
			close(fd);
		}
		turning = 0;
		pthread_join(thread, NULL);
	}
	return found ? hole("opened for neither") : refused("to turn it");
}

/* lease OWN: who opens the file next would wait. */
static int lease(char **arguments)
{
	const int fd = open(arguments[0], O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return perror("open"), 1;
	for (int i = 0; i < 2; i++)
		if (!syscall(SYS_fcntl, fd, (uint64_t)i << 32 | F_SETLEASE,
			     F_WRLCK) ||
		    !syscall(SYS_fcntl, fd, F_SETLEASE, F_RDLCK))
			return hole("a lease");
	return errno == EINVAL ? refused("a lease") : (perror("lease"), 1);
}

const struct attack attacks_by_files[] = {
	{"rename_away", rename_away},
	{"link_away", link_away},
	{"execute_check", execute_check},
	{"open_path", open_path},
	{"failed_exec", failed_exec},
	{"no_descriptor", no_descriptor},
	{"neither", neither},
	{"turns", turns},
	{"lease", lease},
	{NULL, NULL},
};
