/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One thread of a herd: see held_thread.h. */
#include "seccomp/recall/held_thread.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>

#include "base/clock.h"
#include "base/cleanup.h"
#include "seccomp/traced.h"
#include "task/status.h"

void held_thread_forget(struct held_thread *thread)
{
	LIST_REMOVE(thread, link);
	free(thread);
}

void held_thread_stand(struct held_thread *thread, enum stand stand)
{
	if (thread->stand != stand)
		thread->since = clock_monotonic_ms();
	thread->stand = stand;
}

char held_thread_state(pid_t tgid, pid_t tid)
{
	_cleanup_status_ struct status text;
	struct status_stat stat;
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/task/%d/stat", (int)tgid,
		 (int)tid);
	if (status_read_file(&text, path) ||
	    status_parse_stat(text.text, text.length, &stat))
		return 0;
	return stat.state;
}

bool held_thread_is_dead(char state)
{
	return state == 0 || state == 'Z' || state == 'X';
}

static bool stops_job(int signal_number)
{
	return signal_number == SIGSTOP || signal_number == SIGTSTP ||
	       signal_number == SIGTTIN || signal_number == SIGTTOU;
}

/*
 * Calls that wait and, unlike the others, end with EINTR for any stop. Nothing
 * has come of one that does, so that it can be made again.
 */
static bool waits_anew(uint64_t number)
{
	static const uint64_t numbers[] = {
		SYS_epoll_wait,	  SYS_epoll_pwait, SYS_epoll_pwait2,
		SYS_semop,	  SYS_semtimedop,  SYS_rt_sigtimedwait,
		SYS_io_getevents,
	};

	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++)
		if (numbers[i] == number)
			return true;
	return false;
}

/* Whether it goes back to the call that we have interrupted, by itself. */
static bool goes_back(pid_t tid)
{
	struct user_regs_struct regs;
	int64_t result;

	if (ptrace(PTRACE_GETREGS, tid, 0, &regs) < 0 ||
	    (int64_t)regs.orig_rax < 0)
		return false;
	result = (int64_t)regs.rax;
	if (result == -EINTR && waits_anew(regs.orig_rax)) {
		/* The kernel does the rest, as for those below. */
		regs.rax = (unsigned long long)-ERESTARTNOHAND;
		return ptrace(PTRACE_SETREGS, tid, 0, &regs) == 0;
	}
	return traced_goes_back(result);
}

static bool is_entry(pid_t tid)
{
	struct __ptrace_syscall_info info = {0};

	return ptrace(PTRACE_GET_SYSCALL_INFO, tid, sizeof(info), &info) > 0 &&
	       info.op == PTRACE_SYSCALL_INFO_ENTRY &&
	       info.arch == 0xc000003e; /* AUDIT_ARCH_X86_64 */
}

void held_thread_stopped(struct held_thread *thread, int status)
{
	const int event = status >> 16;
	const int signal_number = WSTOPSIG(status);

	if (signal_number == SYSCALL_STOP) {
		held_thread_stand(thread, is_entry(thread->tid)
						  ? STAND_ENTERING
						  : STAND_STOPPED);
	} else if (event == PTRACE_EVENT_STOP) {
		if (stops_job(signal_number)) {
			held_thread_stand(thread, STAND_GROUP);
		} else if (goes_back(thread->tid) && !thread->driven &&
			   !thread->done) {
			thread->driven = true;
			thread->stand = STAND_RUNS;
			thread->since = clock_monotonic_ms();
			ptrace(PTRACE_SYSCALL, thread->tid, 0, 0);
		} else {
			held_thread_stand(thread, STAND_STOPPED);
		}
	} else if (event) {
		/* It has made somebody; a stop has undone our request. */
		ptrace(PTRACE_INTERRUPT, thread->tid, 0, 0);
		ptrace(PTRACE_CONT, thread->tid, 0, 0);
		held_thread_stand(thread, STAND_RUNS);
	} else {
		thread->signal = signal_number;
		held_thread_stand(thread, STAND_STOPPED);
	}
}

bool held_thread_poll(struct held_thread *thread)
{
	siginfo_t info = {0};
	int status;

	if (waitid(P_PID, (id_t)thread->tid, &info,
		   WSTOPPED | WEXITED | WNOHANG | WNOWAIT | __WALL) < 0) {
		held_thread_forget(thread);
		return true;
	}
	if (!info.si_pid)
		return false;
	if (info.si_code != CLD_TRAPPED && info.si_code != CLD_STOPPED) {
		held_thread_forget(
			thread); /* who waits for its end shall see it */
		return true;
	}
	if (waitpid(thread->tid, &status, __WALL | WUNTRACED) == thread->tid)
		held_thread_stopped(thread, status);
	return true;
}

/*
 * To let a thread go interrupts it, as a signal would. So a call that it has
 * just entered is left out, and made again from its own code.
 */
static void step_back(const struct held_thread *thread)
{
	struct user_regs_struct regs;

	if (ptrace(PTRACE_GETREGS, thread->tid, 0, &regs) < 0)
		return;
	regs.rax = regs.orig_rax;
	regs.orig_rax = (unsigned long long)-1;
	regs.rip -= SYSCALL_BYTES;
	ptrace(PTRACE_SETREGS, thread->tid, 0, &regs);
}

static void let_go(struct held_thread *thread)
{
	if (thread->stand == STAND_ENTERING)
		step_back(thread);
	ptrace(PTRACE_DETACH, thread->tid, 0, (void *)(intptr_t)thread->signal);
	held_thread_forget(thread);
}

static void go_on(struct held_thread *thread)
{
	const int signal_number = thread->signal;

	thread->signal = 0;
	held_thread_stand(thread, STAND_RUNS);
	ptrace(PTRACE_SYSCALL, thread->tid, 0, (void *)(intptr_t)signal_number);
}

void held_thread_release(struct held_thread *thread, bool for_good)
{
	if (for_good)
		let_go(thread);
	else if (thread->stand == STAND_GROUP)
		ptrace(PTRACE_LISTEN, thread->tid, 0, 0);
	else
		go_on(thread);
}
