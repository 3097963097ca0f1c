/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Attacks on processes out of the tree by their files, groups and numbers. */
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "attack.h"

/* files_of PID: "parent" is who decides. */
static int files_of(char **arguments)
{
	static const char *const write_to[] = {
		"oom_score_adj", "oom_adj",	    "comm",	  "autogroup",
		"timerslack_ns", "coredump_filter", "clear_refs", "mem",
		"loginuid",	 "sched",	    "setgroups",
	};
	static const char *const look_at[] = {
		"environ",  "maps",  "smaps",  "mem",  "auxv", "stack", "io",
		"root/etc", "cwd/.", "ns/mnt", "fd/0", "fd/1", "fd/2",
	};
	char path[PATH_MAX], link[PATH_MAX], byte;
	int found = 0, fd;
	const int pid = strcmp(arguments[0], "parent") ? atoi(arguments[0])
						       : (int)getppid();

	for (size_t i = 0; i < sizeof(write_to) / sizeof(*write_to); i++) {
		snprintf(path, sizeof(path), "/proc/%d/%s", pid, write_to[i]);
		if (open(path, O_WRONLY | O_CLOEXEC) >= 0)
			found |= hole(path);
		snprintf(path, sizeof(path), "/proc/%d/task/%d/%s", pid, pid,
			 write_to[i]);
		if (open(path, O_RDWR | O_CLOEXEC) >= 0)
			found |= hole(path);
	}
	for (size_t i = 0; i < sizeof(look_at) / sizeof(*look_at); i++) {
		snprintf(path, sizeof(path), "/proc/%d/%s", pid, look_at[i]);
		fd = open(path, O_RDONLY | O_CLOEXEC);
		if (fd >= 0 && (read(fd, &byte, 1) > 0 || errno == EISDIR))
			found |= hole(path);
	}
	snprintf(path, sizeof(path), "/proc/%d/exe", pid);
	if (readlink(path, link, sizeof(link)) >= 0)
		found |= hole("exe");
	return found;
}

/* Prints the number and the file of each descriptor but its own. */
static int descriptors(char **arguments)
{
	DIR *directory = opendir("/proc/self/fd");
	struct dirent *entry;
	char path[PATH_MAX];

	(void)arguments;
	if (!directory)
		return 77;
	while ((entry = readdir(directory))) {
		const ssize_t length = readlinkat(
			dirfd(directory), entry->d_name, path, sizeof(path));

		/* Where output goes differs from one to the other. */
		if (length > 0 && atoi(entry->d_name) != dirfd(directory) &&
		    atoi(entry->d_name) != 1)
			printf("%s %.*s\n", entry->d_name, (int)length, path);
	}
	closedir(directory);
	return 0;
}

/* by_pidfd PID: what a descriptor of a process leads to. */
static int by_pidfd(char **arguments)
{
	const pid_t pid =
		strcmp(arguments[0], "parent") ? atoi(arguments[0]) : getppid();
	const int fd = (int)syscall(SYS_pidfd_open, pid, 0);
	const struct iovec piece = {(void *)0x400000, 4096};
	int found = 0;

	if (fd < 0)
		return perror("pidfd_open"), 1;
	/* PIDFD_GET_*_NAMESPACE, as far as there are any. */
	for (unsigned int i = 1; i <= 10; i++)
		if (ioctl(fd, 0xff00 | i, 0) >= 0)
			found |= hole("a namespace of it");
	for (int i = 0; i < 100; i++)
		if (syscall(SYS_pidfd_getfd, fd, i, 0) >= 0)
			found |= hole("pidfd_getfd");
	for (int i = 0; i < 32; i++)
		if (syscall(SYS_process_madvise, fd, &piece, 1, i, 0) >= 0)
			found |= hole("process_madvise");
	if (!syscall(SYS_process_mrelease, fd, 0))
		found |= hole("process_mrelease");
	if (!setns(fd, CLONE_NEWNS) || !setns(fd, CLONE_NEWNET))
		found |= hole("setns");
	for (unsigned int i = 0; i < 4; i++)
		if (!syscall(SYS_pidfd_send_signal, fd, 0, NULL,
			     i ? 1 << (i - 1) : 0))
			found |= hole("pidfd_send_signal");
	return found;
}

/* own_group PID: to all of its group, where there are others in it, too. */
static int own_group(char **arguments)
{
	const pid_t other = atoi(arguments[0]);

	if (getpgid(other) != getpgrp())
		return 77;
	signal(SIGUSR1, SIG_IGN);
	if (kill(0, SIGUSR1) < 0 && errno != EPERM)
		return perror("kill(0)"), 1;
	if (kill(-getpgrp(), SIGUSR1) < 0 && errno != EPERM)
		return perror("kill of a group"), 1;
	return 0; /* who is hit ends: the other is looked at afterwards */
}

/* The kernel takes 32 bits of the command. */
static int high_bits(char **arguments)
{
	static const uint64_t bits[] = {0, UINT64_C(1) << 32,
					UINT64_C(0xffffffff) << 32,
					UINT64_C(1) << 63};
	int found = 0;

	(void)arguments;
	for (size_t i = 0; i < sizeof(bits) / sizeof(*bits); i++) {
		if (!syscall(SYS_ioctl, 0, bits[i] | TIOCSTI, "x") ||
		    errno != EPERM)
			found |= hole("TIOCSTI");
		if (!syscall(SYS_ioctl, 0, bits[i] | TIOCLINUX, "\3") ||
		    errno != EPERM)
			found |= hole("TIOCLINUX");
	}
	return found;
}

static int connect_nest(void)
{
	static const char name[] = "landlord/nest";
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	const int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

	memcpy(address.sun_path + 1, name, sizeof(name) - 1);
	return connect(fd, (struct sockaddr *)&address,
		       sizeof(sa_family_t) + sizeof(name)) < 0
		       ? -1
		       : fd;
}

/* The child of a front that ends; it holds a nest until it is told. */
static pid_t front(int connected, int end)
{
	const pid_t pid = fork();
	char byte;

	if (pid != 0)
		return pid;
	if (fork() == 0) {
		byte = connect_nest() < 0 ? 'n' : 'y';
		(void)!write(connected, &byte, 1);
		(void)!read(end, &byte, 1);
		_exit(0);
	}
	for (;;)
		pause();
}

/*
 * nest_front FILE: a nest whose front has ended, and whose number is somebody
 * else's by now. Says the number, and goes on when standard input says so; it
 * has ended when the nest is gone, and what the supervisor has done about it.
 */
static int nest_front(char **arguments)
{
	int up[2], down[2];
	pid_t pid;
	char byte;

	if (pipe(up) < 0 || pipe(down) < 0)
		return 77;
	pid = front(up[1], down[0]);
	(void)!read(up[0], &byte, 1);
	if (byte != 'y')
		return refused("a nest");
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	printf("%d\n", pid);
	fflush(stdout);
	(void)!read(0, &byte, 1);
	close(up[1]);
	(void)!write(down[1], "x", 1);
	(void)!read(up[0], &byte, 1); /* the nest is gone */
	for (int i = 0; i < 200; i++)
		close(open(arguments[0], O_RDONLY | O_CLOEXEC));
	return 0;
}

const struct attack attacks_on_outsiders[] = {
	{"files_of", files_of},
	{"descriptors", descriptors},
	{"by_pidfd", by_pidfd},
	{"own_group", own_group},
	{"high_bits", high_bits},
	{"nest_front", nest_front},
	{NULL, NULL},
};
