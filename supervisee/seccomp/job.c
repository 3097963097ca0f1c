/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Jobs: see job.h. */
#include "seccomp/job.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/fd.h"
#include "landlock/layer.h"
#include "path/remote.h"
#include "seccomp/listener.h"
#include "seccomp/state.h"
#include "seccomp/sweep.h"
#include "task/affinity.h"
#include "task/memory.h"
#include "task/namespaces.h"
#include "task/tree.h"

#define FETCHES_MAX 32 /* pages that one call waits for */

#ifndef PIDFD_THREAD
#define PIDFD_THREAD O_EXCL
#endif

static void init(struct job *job, struct seccomp *seccomp,
		 const struct seccomp_notif *received, const struct call *call)
{
	struct notif *notif = &job->notif;

	job->seccomp = seccomp;
	job->state = JOB_NEW;
	job->own_identity = true;
	job->identity = (struct identity){0};
	job->process = PROCESS_NONE;
	job->pending.request_id = 0;
	job->pending.refusal = -EACCES;
	job->races = 0;
	job->nests = 0;
	job->acting = 0;
	job->nest_performs = false;
	job->remote = false;
	job->handed_out = false;
	job->makes_since = 0;
	job->own_terminal = false;
	job->futile = 0;
	job->missing = 0;
	notif_init(notif);
	notif->id = received->id;
	notif->tid = (pid_t)received->pid;
	notif->data = received->data;
	notif->call = call;
	notif->tree = &seccomp->tree;
	notif->source = &seccomp->source;
	notif->monitor = nests_domain(seccomp->nests, notif->tid);
	notif->careful = !remote_is_absent(seccomp->remote) ||
			 seccomp->own_mounts || seccomp->pages_held;
	notif->may_look_up_fast = seccomp->looks_up_fast &&
				  !seccomp->own_mounts &&
				  remote_is_absent(seccomp->remote) &&
				  !nests_matter(seccomp->nests);
}

struct job *job_new(struct seccomp *seccomp,
		    const struct seccomp_notif *received,
		    const struct call *call)
{
	struct job *job = seccomp->spare;

	seccomp->spare = NULL;
	if (!job)
		job = malloc(sizeof(*job));
	if (!job)
		return NULL;
	job->fetches = 0;
	init(job, seccomp, received, call);
	return job;
}

static void release(struct job *job)
{
	notif_release(&job->notif);
	identity_finish(&job->identity);
}

void job_renew(struct job *job)
{
	const struct seccomp_notif received = {
		.id = job->notif.id,
		.pid = (uint32_t)job->notif.tid,
		.data = job->notif.data,
	};
	const struct call *call = job->notif.call;

	release(job);
	init(job, job->seccomp, &received, call);
}

#define AFTER(state) (1u << (state))

void job_enter(struct job *job, enum job_state state)
{
	/* From which states each can be entered. */
	static const unsigned int former[] = {
		[JOB_GATHERS] = AFTER(JOB_NEW),
		[JOB_RESOLVES] = AFTER(JOB_GATHERS) | AFTER(JOB_RESOLVES) |
				 AFTER(JOB_JUDGED) | AFTER(JOB_PERFORMS),
		[JOB_JUDGED] = AFTER(JOB_RESOLVES) | AFTER(JOB_PENDS),
		[JOB_PENDS] = AFTER(JOB_JUDGED) | AFTER(JOB_PENDS),
		[JOB_PERFORMS] = AFTER(JOB_JUDGED) | AFTER(JOB_PENDS),
		[JOB_ENDED] = ~AFTER(JOB_ENDED),
	};

	assert(former[state] & AFTER(job->state));
	(void)former;
	job->state = state;
}

#define SLOW_NS 25000  /* an idle processor had to be woken */
#define HELD_TIMES 256 /* until one step is tried again */

static int hand_over_at_once(const struct job *job, uint32_t flags)
{
	struct seccomp *seccomp = job->seccomp;
	const int64_t start = clock_monotonic_ns();
	const int error = listener_reply_fd(seccomp->listener, job->notif.id,
					    job->notif.result_fd, flags);

	if (clock_monotonic_ns() - start > SLOW_NS)
		seccomp->holds = HELD_TIMES;
	return error;
}

/*
 * Whether it shows who else has it open when the program closes it: by a lock
 * that goes on, a file that cannot be executed, or a pipe that does not end.
 */
static bool shows_others(const struct notif *notif)
{
	return (notif->flags & O_ACCMODE) != O_RDONLY ||
	       notif->flags & O_CREAT || S_ISFIFO(notif->pins[0].stat.st_mode);
}

/*
 * The program goes on when nobody but it has the descriptor: what is handed over
 * with the reply we would close too late. Where a signal could end the call in
 * between that would leave it a descriptor that it does not know of.
 */
static int hand_over_alone(struct job *job, uint32_t flags)
{
	struct notif *notif = &job->notif;
	const int listener = job->seccomp->listener;
	struct affinity affinity;
	const bool held = affinity_hold(&affinity, notif->tid);
	const int number =
		listener_add_fd(listener, notif->id, notif->result_fd, flags);

	if (held)
		affinity_release(&affinity);
	if (number < 0)
		return number;
	notif->result_fd = fd_close(notif->result_fd);
	return listener_reply(listener, notif->id, number, 0);
}

/*
 * In one step, or, where that has been slow and both can be kept on one
 * processor meanwhile, in two: the kernel then hands it over with the reply.
 */
static int hand_over(struct job *job)
{
	const struct notif *notif = &job->notif;
	struct seccomp *seccomp = job->seccomp;
	const int listener = seccomp->listener;
	const uint32_t flags = (uint32_t)notif->flags & O_CLOEXEC;
	struct affinity affinity;
	int number;

	if (seccomp->steady && shows_others(notif))
		return hand_over_alone(job, flags);
	if (!seccomp->steady || !seccomp->holds ||
	    !affinity_hold(&affinity, notif->tid))
		return hand_over_at_once(job, flags);
	seccomp->holds--;
	number = listener_add_fd(listener, notif->id, notif->result_fd, flags);
	affinity_release(&affinity);
	return number < 0 ? number
			  : listener_reply(listener, notif->id, number, 0);
}

/* What is handed out beforehand. Returns: 0 or a negative errno. */
static int hand_out(struct job *job, enum end end)
{
	const struct notif *notif = &job->notif;
	const int number = (int)notif->data.args[0];
	uint32_t flags = (uint32_t)notif->flags & O_CLOEXEC;
	int error;

	switch (end) {
	case END_FD:
		error = hand_over(job);
		if (!job->seccomp->serving)
			affinity_leave();
		return error;
	case END_CONNECTED:
		flags = O_CLOEXEC;
		/* fallthrough */
	case END_REPLACED:
		return listener_exchange_fd(job->seccomp->listener, notif->id,
					    notif->result_fd, number, flags);
	default:
		return 0;
	}
}

void job_end(struct job *job, enum end end, int error)
{
	const int listener = job->seccomp->listener;
	struct seccomp *seccomp = job->seccomp;
	const struct notif *notif = &job->notif;
	const int lost = hand_out(job, end);

	job_enter(job, JOB_ENDED);
	if (lost) {
		/* Who has gone cannot be given anything. */
		if (end != END_FD || lost != -ENOENT)
			listener_reply(listener, notif->id, 0, lost);
	} else if (end == END_NATIVE || end == END_REPLACED) {
		listener_continue(listener, notif->id);
	} else if (end == END_ERROR) {
		listener_reply(listener, notif->id, 0, error);
	} else if (end == END_VALUE || end == END_CONNECTED) {
		listener_reply(listener, notif->id, notif->value, 0);
	}
	release(job);
	if (seccomp->spare)
		free(job);
	else
		seccomp->spare = job;
}

void job_end_early(struct job *job, int error)
{
	if (job->notif.exact ||
	    job->notif.exposed & ~static_layer_held(job->seccomp->layer))
		job_end(job, END_ERROR, error);
	else
		job_end(job, END_NATIVE, 0);
}

void job_pend(struct job *job)
{
	job_enter(job, JOB_PENDS);
	pending_add(&job->seccomp->pending, &job->pending);
	sweep_arm(job->seccomp);
}

void job_raise(const struct job *job)
{
	const struct notif *notif = &job->notif;
	_cleanup_fd_ int pidfd =
		(int)syscall(SYS_pidfd_open, notif->tid, PIDFD_THREAD);
	const pid_t tgid = tree_tgid(notif->tid);

	/* It still waits, and so it is what has been opened. */
	if (job_unwanted(job))
		return;
	if (pidfd >= 0)
		syscall(SYS_pidfd_send_signal, pidfd, notif->raises, NULL, 0);
	else if (tgid > 0) /* before Linux 6.9: at least in its process */
		syscall(SYS_tgkill, tgid, notif->tid, notif->raises);
}

int job_wait(struct job *job, int (*step)(void *job),
	     void (*then)(struct job *job, int result))
{
	int error;

	job->then = then;
	job->notif.may_wait = true;
	job->notif.source = NULL;
	error = workers_run(job->seccomp->workers, step, job,
			    tree_tgid(job->notif.tid));
	if (error) {
		job->notif.may_wait = false;
		job->notif.source = &job->seccomp->source;
	} else {
		sweep_arm(job->seccomp);
	}
	return error;
}

static int fetch_step(void *argument)
{
	const struct job *job = argument;
	char byte;

	return memory_read(job->notif.tid, job->missing, &byte, 1);
}

int job_fetch(struct job *job, void (*then)(struct job *job, int result))
{
	/* One that goes away again and again is somebody's game. */
	if (++job->fetches > FETCHES_MAX)
		return -EFAULT;
	return job_wait(job, fetch_step, then);
}

int job_as_target(struct job *job, int (*step)(void *job))
{
	const struct notif *notif = &job->notif;

	if (job->own_identity && !notif->use_extra)
		return step(job);
	return identity_run(&job->seccomp->self,
			    job->own_identity ? &job->seccomp->self
					      : &job->identity,
			    notif->tid, notif->use_extra ? &notif->extra : NULL,
			    &job->acting, step, job);
}

/* What the target has given up by itself holds for what is done for it. */
static int confine(struct job *job)
{
	struct notif *notif = &job->notif;
	const int count = confinements_of(job->seccomp->confinements,
					  notif->tid, job->rulesets);

	if (count <= 0)
		return count;
	notif->extra.rulesets = job->rulesets;
	notif->extra.rulesets_count = (size_t)count;
	notif->use_extra = true;
	return 0;
}

struct process_id job_process(struct job *job)
{
	if (!job->process.pid)
		job->process = tree_process(job->notif.tid);
	return job->process;
}

int job_identify(struct job *job)
{
	int error = confine(job);

	if (error)
		return error;
	if (job->seccomp->uniform)
		return 0;
	error = identity_read(&job->identity, job->notif.tid);
	if (error)
		return error;
	job->own_identity = identity_equal(&job->seccomp->self, &job->identity);
	job->notif.foreign_root = namespaces_other_root(job->notif.tid);
	job->notif.foreign_pids = namespaces_other_pids(job->notif.tid);
	/* Others may find other things, where they look. */
	job->notif.may_look_up_fast = job->notif.may_look_up_fast &&
				      job->own_identity &&
				      !job->notif.foreign_root;
	return 0;
}

bool job_unwanted(const struct job *job)
{
	return !listener_valid(job->seccomp->listener, job->notif.id);
}
