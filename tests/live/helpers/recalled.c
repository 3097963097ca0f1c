/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * recalled MODE FILE [NUMBER]
 *
 * Opens FILE with the marker that lets calls pass the supervisor, in every kind
 * of thread and process; says "yes" when all could. Then FILE is expected to be
 * revoked. Says "no" when none can any more, or "killed" where that is what a
 * revocation has to come to for one of its processes; tells who still could.
 */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "seccomp/marker.h"

#define STACK_BYTES (64 * 1024)
#define THREADS_MAX 1024

static const char *file;
static int number = 8;
/* Shared by all processes. */
static struct shared {
	atomic_int able, unable;
	atomic_bool over;
} * shared;

static bool can(void)
{
	const int fd = (int)syscall(SYS_openat, AT_FDCWD, file, O_RDONLY, 0, 0,
				    MARKER);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

static void say(const char *what)
{
	(void)!write(1, what, strlen(what));
	(void)!write(1, "\n", 1);
}

/* Until it cannot any more. */
static void try_on(void)
{
	if (can())
		atomic_fetch_add(&shared->able, 1);
	while (can())
		poll(NULL, 0, number > 16 ? 5 : 0);
	atomic_fetch_add(&shared->unable, 1);
}

static void *try_in_thread(void *unused)
{
	try_on();
	return unused;
}

static void wait_for(atomic_int *count, int wanted)
{
	while (atomic_load(count) < wanted)
		poll(NULL, 0, 2);
}

static void all_able(int wanted)
{
	wait_for(&shared->able, wanted);
	say("yes");
}

static int all_unable(int wanted)
{
	wait_for(&shared->unable, wanted);
	if (can()) {
		say("the first one still can");
		return 1;
	}
	say("no");
	return 0;
}

/* Tells how a child has ended: as expected for one that is killed? */
static int end_of(pid_t pid, bool killed)
{
	int status;

	if (waitpid(pid, &status, 0) != pid)
		return 1;
	if (killed) {
		if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGKILL)
			return 1;
		say("killed");
		return 0;
	}
	return status != 0;
}

static int threads(void)
{
	pthread_t ids[THREADS_MAX];

	for (int i = 0; i < number; i++)
		if (pthread_create(&ids[i], NULL, try_in_thread, NULL))
			return 2;
	all_able(number);
	for (int i = 0; i < number; i++)
		pthread_join(ids[i], NULL);
	return all_unable(number);
}

static int install(const struct sock_filter *filter, unsigned short length)
{
	const struct sock_fprog program = {
		length, (struct sock_filter *)(uintptr_t)filter};

	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
	       syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program);
}

/* A filter that says of a call what it likes; of the others, that they may. */
static int answer_call(unsigned int call, unsigned int answer)
{
	const struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			 offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, call, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, answer),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};

	return install(filter, 4);
}

static int with_filter(unsigned int call, unsigned int answer)
{
	const pid_t pid = fork();

	if (pid == 0) {
		if (answer_call(call, answer))
			_exit(2);
		try_on();
		_exit(3);
	}
	all_able(1);
	return end_of(pid, true);
}

static int fake(void)
{
	return with_filter(SYS_seccomp, SECCOMP_RET_ERRNO | 0);
}

static int fake_map(void)
{
	return with_filter(SYS_mmap, SECCOMP_RET_ERRNO | 0);
}

static int refuse(void)
{
	return with_filter(SYS_seccomp, SECCOMP_RET_ERRNO | EPERM);
}

static int trap(void)
{
	const pid_t pid = fork();
	int status;

	if (pid == 0) {
		if (answer_call(SYS_seccomp, SECCOMP_RET_TRAP))
			_exit(2);
		try_on();
		_exit(3);
	}
	all_able(1);
	if (waitpid(pid, &status, 0) != pid || !WIFSIGNALED(status))
		return 1;
	say("killed");
	return 0;
}

/* Each thread with as many filters as the others, but another one. */
static void *try_apart(void *argument)
{
	if (answer_call(SYS_swapoff,
			SECCOMP_RET_ERRNO | (unsigned int)(intptr_t)argument))
		abort();
	try_on();
	return NULL;
}

static int apart(void)
{
	pthread_t ids[THREADS_MAX];

	for (int i = 0; i < number; i++)
		pthread_create(&ids[i], NULL, try_apart,
			       (void *)(intptr_t)(i + 1));
	all_able(number);
	for (int i = 0; i < number; i++)
		pthread_join(ids[i], NULL);
	return all_unable(number);
}

static int try_as_process(void *unused)
{
	(void)unused;
	try_on();
	_exit(0);
}

/* Processes that share memory, and are no threads of each other. */
static int memory(void)
{
	pid_t pids[8];
	int result = 0;

	for (int i = 0; i < 8; i++) {
		char *stack = mmap(NULL, STACK_BYTES, PROT_READ | PROT_WRITE,
				   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		pids[i] = clone(try_as_process, stack + STACK_BYTES,
				CLONE_VM | SIGCHLD, NULL);
	}
	all_able(8);
	for (int i = 0; i < 8; i++)
		result |= end_of(pids[i], false);
	return result | all_unable(8);
}

/* The parent is in vfork(2), where nothing reaches it, until the child ends. */
static int in_vfork(void)
{
	const pid_t pid = vfork();

	if (pid == 0) {
		atomic_fetch_add(&shared->able, 1);
		say("yes");
		while (can())
			;
		_exit(0);
	}
	if (can()) {
		say("the parent still can");
		return 1;
	}
	say("no");
	return end_of(pid, false);
}

/* Threads and processes that come and go, each with one attempt. */
static void *go_on(void *unused)
{
	pthread_t next;

	if (!can()) {
		atomic_fetch_add(&shared->unable, 1);
		return unused;
	}
	atomic_fetch_add(&shared->able, 1);
	while (pthread_create(&next, NULL, go_on, NULL))
		sched_yield();
	pthread_detach(next);
	return unused;
}

static void chain(void)
{
	for (;;) {
		if (!can())
			break;
		atomic_fetch_add(&shared->able, 1);
		if (fork() > 0)
			_exit(0);
	}
	atomic_fetch_add(&shared->unable, 1);
	_exit(0);
}

static int chains(void)
{
	for (int i = 0; i < 4; i++) {
		pthread_t first;
		const pid_t pid = fork();

		if (pid == 0)
			chain();
		waitpid(pid, NULL, 0);
		pthread_create(&first, NULL, go_on, NULL);
		pthread_detach(first);
	}
	all_able(200);
	return all_unable(8);
}

/* Stopped meanwhile; what it is told later makes it go on. */
static int stopped(void)
{
	const pid_t pid = fork();
	int status;

	if (pid == 0) {
		if (!can())
			_exit(2);
		raise(SIGSTOP);
		_exit(can());
	}
	waitpid(pid, &status, WUNTRACED);
	all_able(0);
	while (can())
		;
	kill(pid, SIGCONT);
	return end_of(pid, false) | all_unable(0);
}

/* Traced by its parent, as by a debugger. */
static int traced(void)
{
	const pid_t pid = fork();
	int status;

	if (pid == 0) {
		if (ptrace(PTRACE_TRACEME, 0, 0, 0))
			_exit(2);
		raise(SIGSTOP);
		while (can())
			;
		_exit(0);
	}
	waitpid(pid, &status, 0);
	if (!WIFSTOPPED(status) || WSTOPSIG(status) != SIGSTOP)
		return 1;
	all_able(0);
	return end_of(pid, true) | all_unable(0);
}

static int other_user(void)
{
	const pid_t pid = fork();

	if (pid == 0) {
		if (setgroups(0, NULL) || setgid(65534) || setuid(65534))
			_exit(2);
		try_on();
		_exit(0);
	}
	all_able(1);
	return end_of(pid, false) | all_unable(1);
}

/* Another user again and again, with a thread that comes along. */
static int switching(void)
{
	const pid_t pid = fork();

	if (pid == 0) {
		pthread_t other;
		bool could = true;

		pthread_create(&other, NULL, try_in_thread, NULL);
		while (could) {
			if (seteuid(65534))
				_exit(2);
			could = can();
			if (seteuid(0))
				_exit(3);
		}
		pthread_join(other, NULL);
		_exit(can() ? 4 : 0);
	}
	all_able(1);
	return end_of(pid, false) | all_unable(1);
}

static void *go_alone(void *unused)
{
	const struct timespec pause = {.tv_nsec = 1000000};

	/* The first one is gone when it is a zombie. */
	while (!atomic_load(&shared->over))
		nanosleep(&pause, NULL);
	try_on();
	exit(can() ? 1 : 0);
	return unused;
}

static int without_first(void)
{
	const pid_t pid = fork();

	if (pid == 0) {
		pthread_t other;

		pthread_create(&other, NULL, go_alone, NULL);
		atomic_store(&shared->over, true);
		pthread_exit(NULL);
	}
	all_able(1);
	return end_of(pid, false) | all_unable(1);
}

static int zombie(void)
{
	const pid_t pid = fork();

	if (pid == 0)
		_exit(0);
	all_able(0);
	while (can())
		;
	return end_of(pid, false) | all_unable(0);
}

static int groups(void)
{
	gid_t *list = calloc((size_t)number, sizeof(*list));

	for (int i = 0; i < number; i++)
		list[i] = 100000 + (gid_t)i;
	if (setgroups((size_t)number, list))
		return 2;
	free(list);
	number = 8;
	return threads();
}

static int hidden(void)
{
	const pid_t pid = fork();

	if (pid == 0) {
		prctl(PR_SET_DUMPABLE, 0);
		try_on();
		_exit(0);
	}
	all_able(1);
	if (geteuid())
		return end_of(pid, true);
	return end_of(pid, false) | all_unable(1);
}

/*
 * Looks for the filter in its own stack, and changes it there. What is below
 * the stack pointer of a thread is where one would put it.
 */
static atomic_uintptr_t below;

static void *rewrite(void *unused)
{
	while (!atomic_load(&shared->over)) {
		const uintptr_t top = atomic_load(&below) & ~(uintptr_t)15;

		for (uintptr_t at = top - 4096; top && at < top; at += 8) {
			volatile struct sock_filter *filter = (void *)(at + 16);

			if (*(volatile uint64_t *)(at + 8) != at + 16)
				continue;
			filter->code = BPF_RET | BPF_K;
			filter->k = SECCOMP_RET_ALLOW;
		}
	}
	return unused;
}

static int rewritten(void)
{
	pthread_t other;
	char here;

	atomic_store(&below, (uintptr_t)&here - 512);
	pthread_create(&other, NULL, rewrite, NULL);
	all_able(0);
	while (can())
		;
	for (int i = 0; i < 100; i++)
		if (can())
			return 1;
	atomic_store(&shared->over, true);
	pthread_join(other, NULL);
	return all_unable(0);
}

/* In the kernel, where only somebody who opens the other end reaches it. */
static int waiting(void)
{
	const pid_t pid = fork();

	if (pid == 0) {
		_exit(open("fifo", O_RDONLY) < 0 || can());
	}
	all_able(0);
	while (can())
		;
	if (open("fifo", O_WRONLY) < 0)
		return 1;
	return end_of(pid, false) | all_unable(0);
}

static void *in_poll(void *argument)
{
	const struct timespec pause = {.tv_sec = 3};
	struct epoll_event event;
	char byte;
	int *ends = argument;
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR2);
	if (atomic_fetch_add(&shared->able, 1) == 0 &&
	    epoll_wait(ends[2], &event, 1, -1) != 1)
		say("epoll_wait was interrupted");
	else if (nanosleep(&pause, NULL))
		say("nanosleep was interrupted");
	else if (sigtimedwait(&set, NULL, &(struct timespec){.tv_sec = 1}) >=
			 0 ||
		 errno != EAGAIN)
		say("sigtimedwait was interrupted");
	else if (read(ends[0], &byte, 1) != 1)
		say("read was interrupted");
	atomic_fetch_add(&shared->unable, 1);
	return NULL;
}

/* What waits meanwhile goes on waiting, as natively. */
static int undisturbed(void)
{
	struct epoll_event event = {.events = EPOLLIN};
	pthread_t ids[3];
	int ends[3];

	if (pipe(ends))
		return 2;
	ends[2] = epoll_create1(0);
	epoll_ctl(ends[2], EPOLL_CTL_ADD, ends[0], &event);
	for (int i = 0; i < 3; i++)
		pthread_create(&ids[i], NULL, in_poll, ends);
	wait_for(&shared->able, 3);
	poll(NULL, 0, 20);
	say("yes");
	while (can())
		;
	(void)!write(ends[1], "xyz", 3);
	for (int i = 0; i < 3; i++)
		pthread_join(ids[i], NULL);
	return all_unable(3);
}

static const struct mode {
	const char *name;
	int (*run)(void);
} modes[] = {
	{"threads", threads},
	{"fake", fake},
	{"fake_map", fake_map},
	{"refuse", refuse},
	{"trap", trap},
	{"apart", apart},
	{"memory", memory},
	{"vfork", in_vfork},
	{"chains", chains},
	{"stopped", stopped},
	{"traced", traced},
	{"other_user", other_user},
	{"leader", without_first},
	{"zombie", zombie},
	{"switching", switching},
	{"groups", groups},
	{"hidden", hidden},
	{"rewritten", rewritten},
	{"waiting", waiting},
	{"undisturbed", undisturbed},
};

int main(int argc, char **argv)
{
	if (argc < 3)
		return 2;
	file = argv[2];
	if (argc > 3)
		number = atoi(argv[3]);
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED || number > 70000)
		return 2;
	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++)
		if (strcmp(argv[1], modes[i].name) == 0)
			return modes[i].run();
	return 2;
}
