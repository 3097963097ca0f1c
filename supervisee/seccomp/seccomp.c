// SPDX-License-Identifier: GPL-2.0-or-later
/* The seccomp engine: see engine.h. */
#include "seccomp/seccomp.h"

#include <errno.h>
#include <limits.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/fd.h"
#include "operation/call.h"
#include "operation/ipc_set.h"
#include "operation/operations.h"
#include "path/handle.h"
#include "path/remote.h"
#include "seccomp/course.h"
#include "seccomp/job.h"
#include "seccomp/listener.h"
#include "seccomp/parking.h"
#include "seccomp/perform.h"
#include "seccomp/recall/recall.h"
#include "seccomp/shortage.h"
#include "seccomp/state.h"
#include "seccomp/stray.h"
#include "seccomp/watchdog.h"
#include "task/memory.h"
#include "task/placement.h"
#include "task/setid.h"
#include "task/tree.h"

#define SERVED_MAX 32 /* calls, until it is the turn of other events */

static void on_work_done(void *argument, int result, void *userdata)
{
	struct job *job = argument;

	(void)userdata;
	job->trap.may_wait = false;
	job->then(job, result);
}

/* What the tree is from now on, after a call that changes identity. */
static void learn_identity(struct seccomp *seccomp,
			   const struct seccomp_data *data)
{
	if (data->nr == SYS_userfaultfd) {
		seccomp->pages_held = true;
		return;
	}
	if (data->nr == SYS_setns ||
	    ((data->nr == SYS_unshare || data->nr == SYS_clone) &&
	     (data->args[0] & CLONE_NEWNS)))
		seccomp->own_mounts = true;
	if (data->nr != SYS_clone) {
		seccomp->uniform = seccomp->uniform &&
				   setid_changes_nothing(&seccomp->self, data);
		return;
	}
	if (data->args[0] & CALL_NAMESPACES)
		seccomp->uniform = false;
	if ((data->args[0] & (CLONE_FILES | CLONE_THREAD)) == CLONE_FILES)
		seccomp->shared_tables = true;
}

/*
 * A program makes or takes a Landlock domain of its own. One in which a nested
 * supervisor starts its program is no program's own: the supervisor is asked.
 *
 * The domain is taken by the kernel, which looks at the number again. Who could
 * put another ruleset under it meanwhile, a thread or who else shares the
 * descriptors, could have done so before as well, and have had both of us take
 * that one: nothing is gained.
 */
static int confine(struct job *job)
{
	const struct trap *trap = &job->trap;
	struct seccomp *seccomp = job->seccomp;

	if (trap->data.nr == SYS_landlock_add_rule)
		return confinements_add_rule(seccomp->confinements, trap->tid,
					     &trap->data);
	if (nests_starts(seccomp->nests, trap->tid))
		return 0;
	return confinements_add(seccomp->confinements, trap->tid,
				(int)trap->data.args[0]);
}

static void end_confinement(struct job *job, int error)
{
	if (error || job->trap.data.nr == SYS_landlock_add_rule)
		job_end_error(job, error);
	else
		job_end_native(job);
}

static int gather(struct job *job)
{
	const struct call *call = job->trap.call;
	int step;

	if (call->confines)
		return confine(job);
	step = job_identify(job);
	return step ? step : call->operation->gather(&job->trap);
}

static void fetched(struct job *job, int result);

/*
 * What is looked at first. No page of the asker's is waited for here, where
 * everybody else would wait as well: where one is missing, it is fetched, and
 * then all begins anew.
 */
static void begin(struct job *job)
{
	struct seccomp *seccomp = job->seccomp;
	const bool careful = job->trap.careful;
	int step;

	if (careful) {
		watchdog_wake();
		memory_guard();
	}
	step = gather(job);
	if (careful && memory_unguard(&job->missing)) {
		step = job_fetch(job, fetched);
		if (step)
			job_end_error(job, step);
		return;
	}
	seccomp->datagrams = seccomp->datagrams || job->trap.makes_datagrams;
	/*
	 * What was read may have been another process's. A reply then fails;
	 * everything else looks whether the job is still wanted first.
	 */
	if (job->trap.call->confines)
		end_confinement(job, step);
	else if (step < 0)
		job_end_failed(job, shortage_tell(step));
	else if (step == STEP_NATIVE)
		job_end_failed(job, -EACCES);
	else
		course_begin(job);
}

static void fetched(struct job *job, int result)
{
	const struct seccomp_notif notif = {
		.id = job->trap.id,
		.pid = (uint32_t)job->trap.tid,
		.data = job->trap.data,
	};
	const struct call *call = job->trap.call;
	const unsigned int fetches = job->fetches;
	struct seccomp *seccomp = job->seccomp;

	if (result < 0 && result != -EFAULT) {
		job_end_error(job, result);
		return;
	}
	job_drop(job);
	job = job_new(seccomp, &notif);
	if (!job) {
		listener_reply(seccomp->listener, notif.id, 0, -ENOMEM);
		return;
	}
	job->trap.call = call;
	job->fetches = fetches;
	begin(job);
}

static void serve(struct seccomp *seccomp, const struct seccomp_notif *notif)
{
	const struct call *call = call_find(notif->data.nr);
	struct job *job;

	if (!call || notif->pid == 0) {
		listener_reply(seccomp->listener, notif->id, 0, -ENOSYS);
		return;
	}
	/* Before the kernel runs it: nobody is served by the old belief. */
	if (call->changes_identity)
		learn_identity(seccomp, &notif->data);
	if (!call->operation && !call->confines) {
		listener_continue(seccomp->listener, notif->id);
		return;
	}
	if (stage_expects(seccomp->stages, (pid_t)notif->pid, &notif->data)) {
		listener_continue(seccomp->listener, notif->id);
		return;
	}
	job = job_new(seccomp, notif);
	if (!job) {
		listener_reply(seccomp->listener, notif->id, 0, -ENOMEM);
		return;
	}
	job->trap.call = call;
	begin(job);
}

/*
 * Who has woken us waits on this processor, and gets it back at once when it is
 * answered. Who has asked while we served another runs on a different one, and
 * shall go on there: here it would wait for the other.
 */
static void place(struct seccomp *seccomp, bool apart)
{
	if (seccomp->apart == apart)
		return;
	seccomp->apart = apart;
	listener_tune(seccomp->listener, !apart);
}

/*
 * Who is answered runs at once, and often asks again before we wait for
 * anything: so we look here first, and give the loop a turn now and then.
 */
static void on_readable(evutil_socket_t fd, short what, void *userdata)
{
	struct seccomp *seccomp = userdata;
	struct seccomp_notif notif;
	uint32_t last = 0;
	bool more = true;

	(void)fd;
	(void)what;
	seccomp->serving = true;
	for (unsigned int served = 0; served < SERVED_MAX; served++) {
		more = intake_receive(seccomp, 1);
		if (!seccomp->intake.count)
			break;
		notif = intake_take(&seccomp->intake);
		place(seccomp, served && notif.pid != last);
		last = notif.pid;
		serve(seccomp, &notif);
	}
	seccomp->serving = false;
	place(seccomp, false);
	placement_leave();
	if (seccomp->intake.count) {
		/* In the loop's next turn: what is made active now would have
		 * its turn in this one, again and again, before all others. */
		event_add(seccomp->more, &(const struct timeval){0});
	} else if (!more) {
		event_del(seccomp->readable);
		event_del(seccomp->more);
		seccomp->ended(seccomp->userdata);
	}
}

static int on_commit(void *argument, struct ruleset *ruleset)
{
	struct seccomp *seccomp = argument;

	/* What only allows more takes nothing from the kernel's layer. */
	const bool less = !seccomp->ruleset ||
			  !ruleset_only_adds(ruleset, seccomp->ruleset);

	ruleset_ref(ruleset);
	ruleset_unref(seccomp->ruleset);
	seccomp->ruleset = ruleset;
	if (seccomp->layer && less)
		recall_check(seccomp->recall, seccomp->layer, ruleset);
	return 0;
}

static void on_answer(void *argument, uint64_t request_id, enum answer answer)
{
	struct seccomp *seccomp = argument;
	struct job *job = parking_find(seccomp, request_id);

	if (!job)
		return;
	parking_remove(job);
	switch (answer) {
	case ANSWER_ALLOW_ONCE:
		perform_job(job);
		break;
	case ANSWER_RETRY:
		course_judge(job, true);
		break;
	case ANSWER_DENY:
		job_end_error(job, job->refusal);
		break;
	}
}

const struct decider_events seccomp_events = {
	.commit = on_commit,
	.answer = on_answer,
};

static const struct ruleset *stage_ruleset(void *userdata)
{
	return ((struct seccomp *)userdata)->ruleset;
}

static bool adopt_staged(void *userdata, pid_t tid)
{
	return recall_adopt(((struct seccomp *)userdata)->recall, tid);
}

const struct ruleset *seccomp_ruleset(const struct seccomp *seccomp)
{
	return seccomp->ruleset;
}

int seccomp_new(struct seccomp **ret, struct event_base *loop,
		engine_ended_fn ended, void *userdata)
{
	struct seccomp *seccomp = calloc(1, sizeof(*seccomp));
	int error;

	if (!seccomp)
		return -ENOMEM;
	seccomp->loop = loop;
	seccomp->ended = ended;
	seccomp->userdata = userdata;
	seccomp->listener = -1;
	seccomp->monitor = getpid();
	seccomp->glances = true;
	handle_prepare();
	seccomp->performed = course_performed;
	TAILQ_INIT(&seccomp->parked);
	error = identity_read(&seccomp->self, getpid());
	/* Who has capabilities without being root may lose them with every
	 * execve(2); see "ambient" in capabilities(7). */
	seccomp->uniform = !error && (seccomp->self.permitted == 0 ||
				      seccomp->self.uid == 0);
	if (!error)
		error = stages_new(&seccomp->stages, stage_ruleset,
				   adopt_staged, seccomp);
	if (!error)
		error = recall_new(&seccomp->recall, loop, seccomp->monitor);
	if (!error)
		error = confinements_new(&seccomp->confinements,
					 seccomp->monitor);
	if (!error)
		error = ipc_set_new(&seccomp->ipc, seccomp->monitor);
	if (!error)
		error = remote_new(&seccomp->remote);
	if (!error)
		error = workers_new(&seccomp->workers, loop, on_work_done,
				    seccomp);
	if (!error)
		error = nests_new(&seccomp->nests, loop, seccomp->monitor,
				  course_nest_answered);
	if (!error) {
		seccomp->check = evtimer_new(loop, parking_check, seccomp);
		error = seccomp->check ? 0 : -ENOMEM;
	}
	if (error) {
		seccomp_free(seccomp);
		return error;
	}
	*ret = seccomp;
	return 0;
}

int seccomp_bound(struct seccomp *seccomp, uint64_t taken, uint64_t kept)
{
	struct identity self;
	const int error = identity_read(&self, getpid());

	if (error)
		return error;
	identity_finish(&seccomp->self);
	seccomp->self = self;

	/* What only we keep makes us nobody else. */
	seccomp->self.effective &= ~kept;
	seccomp->self.permitted &= ~kept;
	seccomp->taken = taken;
	return 0;
}

int seccomp_start(struct seccomp *seccomp, struct decider *decider,
		  struct static_layer *layer, int listener)
{
	seccomp->decider = decider;
	seccomp->layer = layer;
	seccomp->listener = listener;
	listener_tune(listener, true);
	seccomp->steady = listener_is_steady();
	/* It may have been made of another ruleset. */
	recall_check(seccomp->recall, layer, seccomp->ruleset);
	seccomp->readable =
		event_new(seccomp->loop, listener, EV_READ | EV_PERSIST,
			  on_readable, seccomp);
	seccomp->more = evtimer_new(seccomp->loop, on_readable, seccomp);
	if (!seccomp->readable || !seccomp->more ||
	    event_add(seccomp->readable, NULL) < 0)
		return -ENOMEM;
	return 0;
}

int seccomp_protect(struct seccomp *seccomp, const char *control_socket)
{
	char canonical[PATH_MAX];

	/* It may not be there yet; its directory may be a link. */
	free(seccomp->control_socket);
	seccomp->control_socket =
		strdup(realpath(control_socket, canonical) ? canonical
							   : control_socket);
	return seccomp->control_socket ? 0 : -ENOMEM;
}

void seccomp_expect_datagrams(struct seccomp *seccomp)
{
	seccomp->datagrams = true;
}

int seccomp_handle_child(struct seccomp *seccomp, pid_t pid, int status)
{
	if (stage_handle(seccomp->stages, pid, status))
		return true;
	if (stage_holds(seccomp->stages, pid))
		return false;
	return recall_handle(seccomp->recall, pid, status) ||
	       stray_handle(pid, status);
}

struct seccomp *seccomp_free(struct seccomp *seccomp)
{
	if (!seccomp)
		return NULL;
	parking_clear(seccomp);
	seccomp->listener = fd_close(seccomp->listener);
	/* Who waits for a file system that is gone goes with the process. */
	if (seccomp->workers && workers_count(seccomp->workers))
		return NULL;
	if (seccomp->readable)
		event_free(seccomp->readable);
	if (seccomp->more)
		event_free(seccomp->more);
	if (seccomp->check)
		event_free(seccomp->check);
	nests_free(seccomp->nests);
	workers_free(seccomp->workers);
	recall_free(seccomp->recall);
	stages_free(seccomp->stages);
	remote_free(seccomp->remote);
	confinements_free(seccomp->confinements);
	ipc_set_free(seccomp->ipc);
	ruleset_unref(seccomp->ruleset);
	identity_finish(&seccomp->self);
	free(seccomp->spare);
	free(seccomp->control_socket);
	free(seccomp);
	return NULL;
}
