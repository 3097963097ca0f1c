/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Doors: other processes, and what a process is. */
#include "sidedoor.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

/* Not to be looked into: the supervisor must not wave it through. */
int door_undumpable(const char *file)
{
	prctl(PR_SET_DUMPABLE, 0);
	return door_open(file);
}

int door_vfork(const char *file)
{
	int status;
	const pid_t pid = vfork();

	if (pid == 0) {
		const int fd = open(file, O_RDONLY);
		char byte;

		_exit(fd >= 0 && read(fd, &byte, 1) == 1 && byte == 'F');
	}
	waitpid(pid, &status, 0);
	printf("%s: vfork\n", status ? "open" : "shut");
	return status ? 1 : 0;
}

static pid_t parent_of(pid_t pid)
{
	char path[64];
	int parent = 0;
	FILE *stat;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	stat = fopen(path, "re");
	if (stat && fscanf(stat, "%*d (%*[^)]) %*c %d", &parent) != 1)
		parent = 0;
	if (stat)
		fclose(stat);
	return parent;
}

static int try_supervisor(pid_t parent)
{
	char bytes[64];
	struct iovec local = {bytes, sizeof(bytes)};
	struct iovec remote = {(void *)0x400000, sizeof(bytes)};
	int found = 0, fd;

	if (ptrace(PTRACE_SEIZE, parent, 0, 0) == 0)
		found |= printf("open: ptrace\n") > 0;
	if (process_vm_readv(parent, &local, 1, &remote, 1, 0) > 0 ||
	    errno == EFAULT)
		found |= printf("open: process_vm_readv\n") > 0;
	if (process_vm_writev(parent, &local, 1, &remote, 1, 0) > 0 ||
	    errno == EFAULT)
		found |= printf("open: process_vm_writev\n") > 0;
	fd = (int)syscall(SYS_pidfd_open, parent, 0);
	if (fd >= 0 && syscall(SYS_pidfd_getfd, fd, 0, 0) >= 0)
		found |= printf("open: pidfd_getfd\n") > 0;
	if (kill(parent, 0) == 0)
		found |= printf("open: kill\n") > 0;
	snprintf(bytes, sizeof(bytes), "/proc/%d/mem", parent);
	if (open(bytes, O_RDWR) >= 0)
		found |= printf("open: /proc/PID/mem\n") > 0;
	return found;
}

/* The supervisor itself and what is above it: our parent, and its. */
int door_supervisor(const char *file)
{
	pid_t pid = getppid();
	int found = 0;

	(void)file;
	for (int i = 0; i < 3 && pid > 1; i++, pid = parent_of(pid))
		found |= try_supervisor(pid);
	return found ? 1 : shut("supervisor");
}

/* A second listener would take the questions away from the first. */
int door_listener(const char *file)
{
	(void)file;
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	if (syscall(SYS_seccomp, 1, 8, NULL) < 0 && errno == EFAULT)
		return shut("a second listener needs a filter");
	return shut("seccomp");
}

/* Execution of what nobody judged: a file that has no name. */
int door_memfd(const char *file)
{
	char self[PATH_MAX];
	const ssize_t length = readlink("/proc/self/exe", self, PATH_MAX - 1);
	const int memory = memfd_create("door", 0);
	const int exe = open("/proc/self/exe", O_RDONLY);
	char *const argv[] = {(char *)"door", (char *)"open", (char *)file,
			      NULL};
	char *const envp[] = {NULL};
	char bytes[4096];
	ssize_t n;

	if (length < 0 || memory < 0)
		return 77;
	while ((n = read(exe, bytes, sizeof(bytes))) > 0)
		if (write(memory, bytes, (size_t)n) != n)
			return 77;
	/* Whether it may run or not, it must not read more than others. */
	execveat(memory, "", argv, envp, AT_EMPTY_PATH);
	return shut("execveat of a memfd");
}

/* A signal handler that interrupts the open asks the same, not less. */
static void on_alarm(int number)
{
	(void)number;
}

int door_signals(const char *file)
{
	struct sigaction action = {.sa_handler = on_alarm};
	int i;

	sigaction(SIGALRM, &action, NULL);
	for (i = 0; i < 200; i++) {
		int fd;

		ualarm(200, 200);
		fd = open(file, O_RDONLY | O_CLOEXEC);
		ualarm(0, 0);
		if (fd >= 0)
			return look("signals", fd);
	}
	return shut("signals");
}
