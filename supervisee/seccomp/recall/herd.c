/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The herd: see herd.h. */
#include "seccomp/recall/herd.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/fd.h"
#include "base/log.h"
#include "seccomp/recall/herd_state.h"
#include "seccomp/recall/seizure.h"
#include "task/confinement.h"
#include "task/tree.h"

#define CHASE_MS 5000  /* of our own work, until nobody new comes */
#define SLOW_MS 500    /* until one is waited for no more */
#define GRACE_MS 1000  /* for another tracer */
#define HIDDEN_MS 50   /* a tracer may have let go just now */
#define DRIVE_MS 20    /* to the entry of the call that was interrupted */
#define LOOK_MS 2      /* until it is looked for what one waits for */
#define QUIET_ROUNDS 2 /* that find nobody new */
#define PAUSE_NS 100000

/* What this thread has had of a processor, however many want it. */
static int64_t worked_ms(void)
{
	struct timespec worked;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &worked);
	return (int64_t)worked.tv_sec * 1000 + worked.tv_nsec / 1000000;
}

int herd_new(struct herd **ret, pid_t monitor)
{
	struct herd *herd = calloc(1, sizeof(*herd));

	if (!herd)
		return -ENOMEM;
	for (unsigned int i = 0; i < HERD_BUCKETS; i++)
		LIST_INIT(&herd->buckets[i]);
	herd->monitor = monitor;
	*ret = herd;
	return 0;
}

void herd_each(struct herd *herd,
	       void (*callback)(struct held_thread *thread, void *userdata),
	       void *userdata)
{
	for (unsigned int i = 0; i < HERD_BUCKETS; i++) {
		struct held_thread *thread = LIST_FIRST(&herd->buckets[i]);

		while (thread) {
			struct held_thread *next = LIST_NEXT(thread, link);

			callback(thread, userdata);
			thread = next;
		}
	}
}

static void forget_one(struct held_thread *thread, void *userdata)
{
	(void)userdata;
	held_thread_forget(thread);
}

struct herd *herd_free(struct herd *herd)
{
	if (herd)
		herd_each(herd, forget_one, NULL);
	free(herd);
	return NULL;
}

struct held_thread *herd_find(const struct herd *herd, pid_t tid)
{
	struct held_thread *thread;

	LIST_FOREACH (thread, &herd->buckets[(unsigned int)tid % HERD_BUCKETS],
		      link)
		if (thread->tid == tid)
			break;
	return thread;
}

struct held_thread *herd_add(struct herd *herd, pid_t tid, pid_t tgid,
			     enum stand stand)
{
	struct held_thread *thread = calloc(1, sizeof(*thread));

	if (!thread) {
		/* Not even that: better nobody than one who keeps it. */
		log_warning("process %d is killed: what was revoked cannot be "
			    "taken from it (no memory)",
			    (int)tgid);
		kill(tgid, SIGKILL);
		return NULL;
	}
	thread->tid = tid;
	thread->tgid = tgid;
	thread->stand = stand;
	thread->since = clock_monotonic_ms();
	LIST_INSERT_HEAD(&herd->buckets[(unsigned int)tid % HERD_BUCKETS],
			 thread, link);
	return thread;
}

void herd_mark(struct herd *herd, pid_t tgid)
{
	(void)herd;
	confinement_set_recalled(tgid);
}

struct killing {
	pid_t tgid;
};

static void note_killed(struct held_thread *thread, void *userdata)
{
	const struct killing *killing = userdata;

	if (thread->tgid == killing->tgid)
		thread->killed = true;
}

void herd_kill(struct herd *herd, struct held_thread *thread, const char *why)
{
	const struct killing killing = {.tgid = thread->tgid};
	_cleanup_fd_ int pidfd = (int)syscall(SYS_pidfd_open, thread->tgid, 0);

	if (thread->killed)
		return;
	/* Who is seized keeps its number; of others it is looked at again. */
	if (pidfd < 0 || tree_tgid(thread->tid) != thread->tgid ||
	    !tree_descends(thread->tgid, herd->monitor))
		return;
	if (herd->killed != thread->tgid)
		log_warning("process %d is killed: what was revoked cannot be "
			    "taken from it (%s)",
			    (int)thread->tgid, why);
	herd->killed = thread->tgid;
	syscall(SYS_pidfd_send_signal, pidfd, SIGKILL, NULL, 0);
	herd_each(herd, note_killed, (void *)(uintptr_t)&killing);
}

static void look_at_unmarked(pid_t pid, void *userdata)
{
	struct herd *herd = userdata;

	if (tree_supervised(pid, herd->monitor) &&
	    !confinement_is_recalled(pid))
		herd->unmarked = true;
}

bool herd_has_unmarked(struct herd *herd)
{
	herd->own_filters = tree_filters(herd->monitor);
	herd->unmarked = false;
	tree_each(herd->monitor, look_at_unmarked, herd);
	return herd->unmarked;
}

struct settling {
	bool moved, waits;
	int64_t now;
};

static void settle_one(struct held_thread *thread, void *userdata)
{
	struct settling *settling = userdata;
	int64_t waited;
	char state;

	if (thread->stand != STAND_RUNS && thread->stand != STAND_AWAY)
		return;
	waited = settling->now - thread->since;
	if (held_thread_poll(thread)) {
		settling->moved = true;
		return;
	}
	if (thread->stand == STAND_AWAY || waited < LOOK_MS) {
		settling->waits |= thread->stand == STAND_RUNS;
		return;
	}
	state = held_thread_state(thread->tgid, thread->tid);
	if (held_thread_is_dead(state)) {
		settling->moved = true;
		held_thread_forget(thread);
		return;
	}
	/* Frozen on its way, for one. */
	if (thread->driven && waited > DRIVE_MS)
		ptrace(PTRACE_INTERRUPT, thread->tid, 0, 0);
	/* Or it is busy in the kernel, or has no turn on a slow machine: it
	 * has been told, and makes no instruction more. */
	if (state == 'D' || waited > SLOW_MS)
		held_thread_stand(thread, STAND_AWAY);
	else
		settling->waits = true;
}

static void settle(struct herd *herd)
{
	const struct timespec pause = {.tv_nsec = PAUSE_NS};
	struct settling settling;

	do {
		settling = (struct settling){.now = clock_monotonic_ms()};
		herd_each(herd, settle_one, &settling);
		if (settling.waits && !settling.moved)
			nanosleep(&pause, NULL);
	} while (settling.waits);
}

static void interrupt_one(struct held_thread *thread, void *userdata)
{
	(void)userdata;
	thread->driven = false;
	if (thread->stand >= STAND_REDIRECTED) {
		/* Who traces it now, and whether it is there, is looked at. */
		if (held_thread_is_dead(
			    held_thread_state(thread->tgid, thread->tid)))
			held_thread_forget(thread);
		return;
	}
	if (thread->stand == STAND_RUNS || thread->stand == STAND_GROUP ||
	    thread->stand == STAND_AWAY)
		ptrace(PTRACE_INTERRUPT, thread->tid, 0, 0);
	if (thread->stand == STAND_GROUP) {
		thread->stand = STAND_RUNS;
		thread->since = clock_monotonic_ms();
	}
}

/* Who cannot be held. */
static void end_one(struct held_thread *thread, void *userdata)
{
	struct herd *herd = userdata;
	const int64_t waited = clock_monotonic_ms() - thread->since;

	if (thread->stand == STAND_HIDDEN && waited > HIDDEN_MS)
		herd_kill(herd, thread,
			  "it keeps itself from being traced, or is another "
			  "user's");
	else if (thread->stand == STAND_FOREIGN && waited > GRACE_MS)
		herd_kill(herd, thread, "another process traces it");
}

static void note_left(struct held_thread *thread, void *userdata)
{
	bool *left = userdata;

	if (thread->stand >= STAND_FOREIGN && !thread->killed)
		*left = true;
}

int herd_hold(struct herd *herd)
{
	const int64_t end = worked_ms() + CHASE_MS;
	bool left = false;

	herd->own_filters = tree_filters(herd->monitor);
	herd_each(herd, interrupt_one, NULL);
	for (int quiet = 0; quiet < QUIET_ROUNDS && worked_ms() < end;) {
		seizure_round(herd);
		settle(herd);
		quiet = herd->found ? 0 : quiet + 1;
	}
	if (herd->found) {
		log_warning("processes are killed that are created faster than "
			    "they can be stopped: what was revoked cannot be "
			    "taken from them");
		seizure_kill_rest(herd);
		return -EAGAIN;
	}
	herd_each(herd, end_one, herd);
	herd_each(herd, note_left, &left);
	return left ? -EAGAIN : 0;
}

static void release_one(struct held_thread *thread, void *userdata)
{
	(void)userdata;
	switch (thread->stand) {
	case STAND_STOPPED:
	case STAND_ENTERING:
	case STAND_GROUP:
		held_thread_release(thread, thread->done || thread->killed);
		break;
	case STAND_RUNS:
	case STAND_AWAY: /* it stops by itself */
		break;
	case STAND_REDIRECTED:
		if (thread->done)
			held_thread_forget(thread);
		break;
	case STAND_FOREIGN:
	case STAND_HIDDEN:
		if (thread->done || thread->killed)
			held_thread_forget(thread);
		break;
	}
}

void herd_release(struct herd *herd)
{
	herd_each(herd, release_one, NULL);
}

static void count_left(struct held_thread *thread, void *userdata)
{
	unsigned int *left = userdata;

	*left += !thread->done && !thread->killed;
}

unsigned int herd_left(const struct herd *herd)
{
	unsigned int left = 0;

	herd_each((struct herd *)(uintptr_t)herd, count_left, &left);
	return left;
}

/* Somebody new, whom the seizure of its maker has seized. */
static struct held_thread *welcome(struct herd *herd, pid_t tid, int status)
{
	struct held_thread *thread;
	const pid_t tgid = tree_tgid(tid);

	if (status >> 16 != PTRACE_EVENT_STOP || tgid <= 0)
		return NULL;
	thread = herd_add(herd, tid, tgid, STAND_RUNS);
	if (thread)
		thread->done = confinement_is_recalled(tgid);
	return thread;
}

bool herd_handle(struct herd *herd, pid_t tid, int status, bool *ret_ready)
{
	struct held_thread *thread = herd_find(herd, tid);
	enum stand stand;

	*ret_ready = false;
	if (!WIFSTOPPED(status)) {
		if (thread && !WIFCONTINUED(status))
			held_thread_forget(thread);
		return false;
	}
	if (!thread)
		thread = welcome(herd, tid, status);
	if (!thread || thread->stand >= STAND_REDIRECTED)
		return false;
	held_thread_stopped(thread, status);
	stand = thread->stand;
	if (stand == STAND_ENTERING && !thread->done)
		*ret_ready = true;
	else if (stand == STAND_ENTERING || stand == STAND_STOPPED ||
		 stand == STAND_GROUP)
		held_thread_release(thread, thread->done);
	/* Who watches a whole process that is stopped is told. */
	return stand != STAND_GROUP;
}

bool herd_adopt(struct herd *herd, pid_t tid)
{
	struct held_thread *thread = herd_find(herd, tid);
	const pid_t tgid = tree_tgid(tid);

	if (tgid <= 0 || confinement_is_recalled(tgid))
		return false;
	if (!thread)
		thread = herd_add(herd, tid, tgid, STAND_RUNS);
	if (!thread)
		return false;
	ptrace(PTRACE_SETOPTIONS, tid, 0, HELD_THREAD_OPTIONS);
	ptrace(PTRACE_INTERRUPT, tid, 0, 0);
	ptrace(PTRACE_CONT, tid, 0, 0);
	held_thread_stand(thread, STAND_RUNS);
	thread->done = thread->driven = false;
	return true;
}
