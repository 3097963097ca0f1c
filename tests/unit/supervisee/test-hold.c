/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Held numbers stay with whom they were looked at. */
#include <check.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include "task/hold.h"
#include "task/tree.h"
#include "unit.h"

static pid_t sleeper(void)
{
	pid_t pid;

	/* Check's own handler would end the whole group of the test. */
	signal(SIGTERM, SIG_DFL);
	pid = fork();
	ck_assert_int_ge(pid, 0);
	while (pid == 0)
		pause();
	return pid;
}

static void end(pid_t pid)
{
	ck_assert_int_eq(kill(pid, SIGKILL), 0);
	ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
	ck_assert_int_lt(tree_tgid(pid), 0);
}

/* A process whose parent writes a byte when it has ended. */
static pid_t anothers_child(int told[2])
{
	pid_t pid;

	ck_assert_int_eq(pipe(told), 0);
	if (fork() == 0) {
		pid = sleeper();
		(void)!write(told[1], &pid, sizeof(pid));
		waitpid(pid, NULL, 0);
		(void)!write(told[1], "x", 1);
		_exit(0);
	}
	ck_assert_int_eq(read(told[0], &pid, sizeof(pid)), sizeof(pid));
	return pid;
}

/* Its parent is told nothing, and so cannot give its number free. */
START_TEST(the_dead_keep_their_number)
{
	struct hold *hold = NULL;
	struct pollfd news = {.events = POLLIN};
	int told[2];
	pid_t pid = anothers_child(told);
	char byte;

	news.fd = told[0];
	ck_assert_int_eq(hold_new(&hold, &pid, 1), 0);
	ck_assert_int_gt(pid, 0);
	ck_assert_int_eq(kill(pid, SIGKILL), 0);
	/* It is dead when its tracer could reap it. */
	ck_assert_int_eq(waitid(P_PID, (id_t)pid, &(siginfo_t){0},
				WEXITED | WNOWAIT | __WALL),
			 0);
	ck_assert_int_eq(poll(&news, 1, 50), 0);
	ck_assert_int_eq(kill(pid, 0), 0);
	ck_assert_ptr_null(hold_free(hold));
	ck_assert_int_eq(read(told[0], &byte, 1), 1);
	ck_assert_int_lt(kill(pid, 0), 0);
}
END_TEST

/* Whoever was held is nobody's tracee, and goes on. */
START_TEST(nothing_is_left_behind)
{
	pid_t tids[16], held[16];
	struct hold *hold = NULL;

	for (int i = 0; i < 16; i++)
		tids[i] = sleeper();
	for (int round = 0; round < 50; round++) {
		for (int i = 0; i < 16; i++)
			held[i] = tids[i];
		ck_assert_int_eq(hold_new(&hold, held, 16), 0);
		for (int i = 0; i < 16; i++) {
			ck_assert_int_eq(held[i], tids[i]);
			ck_assert_int_gt(tree_tracer(tids[i]), 0);
		}
		hold = hold_free(hold);
		for (int i = 0; i < 16; i++)
			ck_assert_int_eq(tree_tracer(tids[i]), 0);
	}
	for (int i = 0; i < 16; i++)
		end(tids[i]);
}
END_TEST

START_TEST(nobody_is_not_held)
{
	struct hold *hold = NULL;
	pid_t tids[] = {sleeper(), 0, sleeper(), getpid()};
	const pid_t dead = tids[0], living = tids[2];

	end(dead);
	ck_assert_int_eq(hold_new(&hold, tids, 4), 0);
	ck_assert_int_eq(tids[0], 0);
	ck_assert_int_eq(tids[1], 0);
	ck_assert_int_eq(tids[2], living);
	/* One's own threads cannot be traced. */
	ck_assert_int_eq(tids[3], 0);
	hold_free(hold);
	end(living);
	ck_assert_ptr_null(hold_free(NULL));
}
END_TEST

/* A signal that arrives meanwhile is not lost. */
START_TEST(signals_arrive)
{
	struct hold *hold = NULL;
	pid_t pid = sleeper();
	int status;

	ck_assert_int_eq(hold_new(&hold, &pid, 1), 0);
	ck_assert_int_gt(pid, 0);
	ck_assert_int_eq(kill(pid, SIGTERM), 0);
	hold_free(hold);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert(WIFSIGNALED(status));
	ck_assert_int_eq(WTERMSIG(status), SIGTERM);
}
END_TEST

static int pipes[2];

static void *tell_and_sleep(void *argument)
{
	const pid_t tid = gettid();

	ck_assert_int_eq(write(pipes[1], &tid, sizeof(tid)), sizeof(tid));
	for (;;)
		pause();
	return argument;
}

static void execute_when_told(void)
{
	pthread_t thread;
	char byte;

	pthread_create(&thread, NULL, tell_and_sleep, NULL);
	(void)!read(pipes[0], &byte, 1);
	execl("/bin/sleep", "sleep", "60", (char *)NULL);
	_exit(1);
}

/* Until its other thread is reaped, which only its tracer, we, can do. */
static pid_t stuck_in_exec(pid_t *ret_thread)
{
	int back[2];
	pid_t pid;

	ck_assert_int_eq(pipe(pipes), 0);
	ck_assert_int_eq(pipe(back), 0);
	pid = fork();
	ck_assert_int_ge(pid, 0);
	if (pid == 0) {
		dup2(back[0], pipes[0]);
		execute_when_told();
	}
	ck_assert_int_eq(read(pipes[0], ret_thread, sizeof(pid)), sizeof(pid));
	ck_assert_int_eq(ptrace(PTRACE_SEIZE, *ret_thread, NULL, NULL), 0);
	ck_assert_int_eq(write(back[1], "x", 1), 1);
	/* It is dead when there is something to reap. */
	ck_assert_int_eq(waitid(P_PID, (id_t)*ret_thread, &(siginfo_t){0},
				WEXITED | WNOWAIT | __WALL),
			 0);
	return pid;
}

/* Who cannot be held now keeps nobody waiting, however often it is tried. */
START_TEST(loading_keeps_nobody_waiting)
{
	struct hold *hold = NULL;
	pid_t thread, held, pid = stuck_in_exec(&thread);

	for (int i = 0; i < 100; i++) {
		held = pid;
		ck_assert_int_eq(hold_new(&hold, &held, 1), -EAGAIN);
		ck_assert_ptr_null(hold);
	}
	ck_assert_int_eq(waitpid(thread, NULL, __WALL), thread);
	/* Those that were given up end, and then there is room for others. */
	do {
		held = pid;
	} while (hold_new(&hold, &held, 1) == -EAGAIN);
	hold_free(hold);
	end(pid);
}
END_TEST

UNIT_MAIN("hold", the_dead_keep_their_number, nothing_is_left_behind,
	  nobody_is_not_held, signals_arrive, loading_keeps_nobody_waiting);
