/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Calls about another process, which change how it runs: of oneself, of one's
 * own threads and children, and of others.
 */
#include <fcntl.h>
#include <linux/ioprio.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "outside.h"

/* Linux 6.18's; the C library has no wrapper. */
struct attributes {
	uint32_t size, policy;
	uint64_t flags;
	int32_t nice;
	uint32_t priority;
	uint64_t runtime, deadline, period;
};

#define IDLE IOPRIO_PRIO_VALUE(IOPRIO_CLASS_IDLE, 0)

static long set_attributes(pid_t pid)
{
	const struct attributes attributes = {
		.size = sizeof(attributes),
		.policy = SCHED_BATCH,
		.nice = 6,
	};

	return syscall(SYS_sched_setattr, pid, &attributes, 0);
}

static long set_affinity(pid_t pid)
{
	cpu_set_t all;

	sched_getaffinity(0, sizeof(all), &all);
	return sched_setaffinity(pid, sizeof(all), &all);
}

static long too_large(pid_t pid)
{
	uint32_t bytes[1024] = {0xffff};
	const long result = syscall(SYS_sched_setattr, pid, bytes, 0);

	/* The kernel says how large its own is. */
	if (result < 0 && errno == E2BIG && bytes[0] == 0xffff)
		errno = EBADMSG;
	return result;
}

/* All that changes how a thread runs. */
static void change(pid_t pid)
{
	const struct sched_param none = {0};
	const struct rlimit limit = {100, 200};

	say("sched_setaffinity", set_affinity(pid));
	say("sched_setaffinity, nowhere",
	    syscall(SYS_sched_setaffinity, pid, 0, NULL));
	say("sched_setscheduler", sched_setscheduler(pid, SCHED_BATCH, &none));
	say("sched_setscheduler, unknown", sched_setscheduler(pid, 77, &none));
	say("sched_setparam", sched_setparam(pid, &none));
	say("sched_setparam, nothing", syscall(SYS_sched_setparam, pid, NULL));
	say("sched_setparam, nowhere",
	    syscall(SYS_sched_setparam, pid, (void *)8));
	say("sched_setattr", set_attributes(pid));
	say("sched_setattr, too large", too_large(pid));
	say("setpriority", setpriority(PRIO_PROCESS, (id_t)pid, 7));
	say("ioprio_set",
	    syscall(SYS_ioprio_set, IOPRIO_WHO_PROCESS, pid, IDLE));
	say("prlimit", prlimit(pid, RLIMIT_NOFILE, &limit, NULL));
	printf("has policy %d, nice %d, class %ld\n", sched_getscheduler(pid),
	       getpriority(PRIO_PROCESS, (id_t)pid),
	       syscall(SYS_ioprio_get, IOPRIO_WHO_PROCESS, pid) >> 13);
}

/* Ends with its parent, also one that has ended before this was said. */
static void end_with(pid_t parent)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(0);
}

static pid_t sleeper(void)
{
	const pid_t parent = getpid();
	const pid_t pid = fork();

	if (pid == 0) {
		end_with(parent);
		pause();
		_exit(0);
	}
	return pid;
}

static pid_t thread_number;
static pthread_barrier_t barrier;

static void *sleep_in_thread(void *argument)
{
	thread_number = gettid();
	pthread_barrier_wait(&barrier);
	pause();
	return argument;
}

static pid_t other_thread(void)
{
	pthread_t thread;

	pthread_barrier_init(&barrier, NULL, 2);
	pthread_create(&thread, NULL, sleep_in_thread, NULL);
	pthread_barrier_wait(&barrier);
	return thread_number;
}

/* A child of a child, that is not one's own. */
static pid_t sibling(void)
{
	const pid_t parent = getpid();
	int pipes[2];
	pid_t pid;

	if (pipe(pipes) < 0)
		exit(1);
	pid = fork();
	if (pid == 0) {
		pid = sleeper();
		end_with(parent);
		(void)!write(pipes[1], &pid, sizeof(pid));
		pause();
		_exit(0);
	}
	(void)!read(pipes[0], &pid, sizeof(pid));
	return pid;
}

/* change WHO: of the tree. */
static int change_own(char **arguments)
{
	const char *who = arguments[0];

	if (strcmp(who, "null") == 0)
		change(0);
	else if (strcmp(who, "itself") == 0)
		change(getpid());
	else if (strcmp(who, "thread") == 0)
		change(other_thread());
	else if (strcmp(who, "child") == 0)
		change(sleeper());
	else if (strcmp(who, "sibling") == 0)
		change(sibling());
	else if (strcmp(who, "nobody") == 0)
		change(4194303);
	else if (strcmp(who, "parent") == 0)
		change(getppid());
	else
		change(atoi(who));
	return 0;
}

/*
 * A group of the tree's own, then one's user, and then a stranger's group. Not
 * to be run but supervised: it is about all that the user runs.
 */
static int change_many(char **arguments)
{
	const pid_t stranger = atoi(arguments[0]);
	const pid_t child = sleeper(), other = sleeper();

	setpgid(child, child);
	setpgid(other, child);
	say("group", setpriority(PRIO_PGRP, (id_t)child, 3));
	printf("nice %d and %d, own %d\n",
	       getpriority(PRIO_PROCESS, (id_t)child),
	       getpriority(PRIO_PROCESS, (id_t)other),
	       getpriority(PRIO_PROCESS, 0));
	say("group, I/O",
	    syscall(SYS_ioprio_set, IOPRIO_WHO_PGRP, child, IDLE));
	say("user", setpriority(PRIO_USER, 0, 4));
	say("user, by number", setpriority(PRIO_USER, getuid(), 5));
	say("user, I/O", syscall(SYS_ioprio_set, IOPRIO_WHO_USER, 0, IDLE));
	printf("nice %d and %d, own %d\n",
	       getpriority(PRIO_PROCESS, (id_t)child),
	       getpriority(PRIO_PROCESS, (id_t)other),
	       getpriority(PRIO_PROCESS, 0));
	say("no group", setpriority(PRIO_PGRP, 4194303, 3));
	say("no such kind", setpriority(7, 0, 3));
	say("another's group",
	    setpriority(PRIO_PGRP, (id_t)getpgid(stranger), 6));
	say("another's group, I/O",
	    syscall(SYS_ioprio_set, IOPRIO_WHO_PGRP, getpgid(stranger), IDLE));
	return 0;
}

/* What reads or moves another's memory, and the like. */
static int look_into(char **arguments)
{
	const pid_t pid = atoi(arguments[0]);
	const int pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
	unsigned long nodes = 1;
	void *page = (void *)0x400000;
	struct iovec piece = {page, 4096};
	int status, node = 0;
	size_t length;
	void *head;

	say("migrate_pages",
	    syscall(SYS_migrate_pages, pid, 8, &nodes, &nodes));
	say("move_pages",
	    syscall(SYS_move_pages, pid, 1UL, &page, &node, &status, 0));
	say("process_madvise",
	    syscall(SYS_process_madvise, pidfd, &piece, 1UL, MADV_COLD, 0U));
	say("process_mrelease", syscall(SYS_process_mrelease, pidfd, 0U));
	say("get_robust_list",
	    syscall(SYS_get_robust_list, pid, &head, &length));
	say("kcmp", syscall(SYS_kcmp, getpid(), pid, 0, 0UL, 0UL));
	say("prctl, PR_SCHED_CORE", prctl(PR_SCHED_CORE, 1, pid, 1, 0));
	say("ioctl on a pidfd", syscall(SYS_ioctl, pidfd, 0xff03, 0));
	return 0;
}

const struct part outside_processes[] = {
	{"change", change_own},
	{"many", change_many},
	{"look", look_into},
	{NULL, NULL},
};
