/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Borrowing a held thread: see borrow.h. */
#include "seccomp/recall/borrow.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>

#include "base/clock.h"
#include "seccomp/recall/held_thread.h"
#include "seccomp/traced.h"

#define SYSCALL_INSTRUCTION 0x050f
#define STOPS_MAX 64	 /* others than ours, on the way */
#define CALL_MS 2000	 /* that a thread may stay in a call */
#define STARVED_MS 30000 /* and that it may go without a processor */
#define LOOK_MS 10
#define PAUSE_NS 50000
#define ADDRESS_MAX (UINT64_C(1) << 56)

/*
 * How much of the time that has passed the thread has spent in its call. On a
 * busy machine it may just not have had a turn, or we have not.
 */
static int64_t time_in_call(pid_t tid, int64_t passed)
{
	if (held_thread_state(tid, tid) == 'R')
		return 0;
	return passed < LOOK_MS ? passed : LOOK_MS;
}

/* Its next stop. Returns: 0, -ESRCH or -ETIME. */
static int wait_stop(pid_t tid, int *ret_status)
{
	const struct timespec pause = {.tv_nsec = PAUSE_NS};
	int64_t now = clock_monotonic_ms(), last = now, in_call = 0;
	const int64_t end = now + STARVED_MS;
	siginfo_t info;

	do {
		info.si_pid = 0;
		/* Its end is for who waits for it. */
		if (waitid(P_PID, (id_t)tid, &info,
			   WSTOPPED | WEXITED | WNOHANG | WNOWAIT | __WALL) < 0)
			return errno == EINTR ? -ETIME : -ESRCH;
		if (info.si_pid && info.si_code != CLD_TRAPPED &&
		    info.si_code != CLD_STOPPED)
			return -ESRCH;
		if (info.si_pid)
			return waitpid(tid, ret_status, __WALL) == tid ? 0
								       : -ESRCH;
		nanosleep(&pause, NULL);
		now = clock_monotonic_ms();
		if (now > last)
			in_call += time_in_call(tid, now - last);
		last = now;
	} while (in_call < CALL_MS && now < end);
	return -ETIME;
}

/* Goes on to the next entry or exit of a system call. */
static int advance(struct borrowed *borrowed)
{
	for (int stops = 0; stops < STOPS_MAX; stops++) {
		int status, error;

		if (ptrace(PTRACE_SYSCALL, borrowed->tid, 0, 0) < 0)
			return -ESRCH;
		error = wait_stop(borrowed->tid, &status);
		if (error)
			return error;
		if (WSTOPSIG(status) == SYSCALL_STOP)
			return 0;
		/* One that cannot be held back, such as SIGSTOP. */
		if (!(status >> 16))
			borrowed->signal = WSTOPSIG(status);
	}
	return -ETIME;
}

static int set_registers(const struct borrowed *borrowed, long number,
			 const uint64_t arguments[3])
{
	struct user_regs_struct regs = borrowed->original;

	regs.orig_rax = (unsigned long long)-1; /* nothing to be restarted */
	regs.rip = borrowed->site;
	regs.rax = (unsigned long long)number;
	if (arguments) {
		regs.rdi = arguments[0];
		regs.rsi = arguments[1];
		regs.rdx = arguments[2];
		/* Of mmap(2); the others have three. */
		regs.r10 = MAP_PRIVATE | MAP_ANONYMOUS;
		regs.r8 = (unsigned long long)-1;
		regs.r9 = 0;
	}
	return ptrace(PTRACE_SETREGS, borrowed->tid, 0, &regs) < 0 ? -errno : 0;
}

int borrow_begin(struct borrowed *ret, pid_t tid)
{
	const uint64_t all = ~UINT64_C(0);
	struct user_regs_struct regs;
	long code;

	*ret = (struct borrowed){.tid = tid};
	if (ptrace(PTRACE_GETREGS, tid, 0, &ret->original) < 0 ||
	    ptrace(PTRACE_GETSIGMASK, tid, sizeof(ret->signals),
		   &ret->signals) < 0)
		return -errno;
	ret->site = ret->original.rip - SYSCALL_BYTES;
	errno = 0;
	code = ptrace(PTRACE_PEEKTEXT, tid, ret->site, 0);
	if (errno || (code & 0xffff) != SYSCALL_INSTRUCTION)
		return errno == ESRCH ? -ESRCH : -ENOEXEC;
	/* The kernel leaves out the call that it has entered. */
	regs = ret->original;
	regs.orig_rax = (unsigned long long)-1;
	if (ptrace(PTRACE_SETSIGMASK, tid, sizeof(all), &all) < 0 ||
	    ptrace(PTRACE_SETREGS, tid, 0, &regs) < 0)
		return -errno;
	return advance(ret);
}

int borrow_call(struct borrowed *borrowed, long number,
		const uint64_t arguments[3], int64_t *ret_value)
{
	struct user_regs_struct regs;
	int error = set_registers(borrowed, number, arguments);

	if (!error)
		error = advance(borrowed);
	if (error)
		return error;
	/* It must have entered what we asked for, and nothing else. */
	if (ptrace(PTRACE_GETREGS, borrowed->tid, 0, &regs) < 0)
		return -errno;
	if (regs.orig_rax != (unsigned long long)number ||
	    regs.rdx != arguments[2])
		return -ENOEXEC;
	error = advance(borrowed);
	if (error)
		return error;
	if (ptrace(PTRACE_GETREGS, borrowed->tid, 0, &regs) < 0)
		return -errno;
	*ret_value = (int64_t)regs.rax;
	return 0;
}

int borrow_map(struct borrowed *borrowed, size_t size, uint64_t *ret_place)
{
	const uint64_t arguments[3] = {0, size, PROT_READ};
	int64_t value = 0;
	const int error = borrow_call(borrowed, SYS_mmap, arguments, &value);

	if (error)
		return error;
	if (value <= 0 || (uint64_t)value >= ADDRESS_MAX)
		return value < 0 && value > -4096 ? (int)value : -EPROTO;
	*ret_place = (uint64_t)value;
	return 0;
}

int borrow_write(const struct borrowed *borrowed, uint64_t place,
		 const void *bytes, size_t size)
{
	for (size_t i = 0; i < size; i += sizeof(long)) {
		long word = 0;

		memcpy(&word, (const char *)bytes + i,
		       size - i < sizeof(word) ? size - i : sizeof(word));
		if (ptrace(PTRACE_POKEDATA, borrowed->tid, place + i, word) < 0)
			return -errno;
	}
	return 0;
}

int borrow_end(struct borrowed *borrowed)
{
	int error = set_registers(borrowed, (long)borrowed->original.orig_rax,
				  NULL);

	if (ptrace(PTRACE_SETSIGMASK, borrowed->tid, sizeof(borrowed->signals),
		   &borrowed->signals) < 0)
		error = -errno;
	return error;
}
