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
static void learn_identity(struct engine *engine,
			   const struct seccomp_data *data)
{
	if (data->nr == SYS_userfaultfd) {
		engine->pages_held = true;
		return;
	}
	if (data->nr == SYS_setns ||
	    ((data->nr == SYS_unshare || data->nr == SYS_clone) &&
	     (data->args[0] & CLONE_NEWNS)))
		engine->own_mounts = true;
	if (data->nr != SYS_clone) {
		engine->uniform = engine->uniform &&
				  setid_changes_nothing(&engine->self, data);
		return;
	}
	if (data->args[0] & CALL_NAMESPACES)
		engine->uniform = false;
	if ((data->args[0] & (CLONE_FILES | CLONE_THREAD)) == CLONE_FILES)
		engine->shared_tables = true;
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
	struct engine *engine = job->engine;

	if (trap->data.nr == SYS_landlock_add_rule)
		return confinements_add_rule(engine->confinements, trap->tid,
					     &trap->data);
	if (nests_starts(engine->nests, trap->tid))
		return 0;
	return confinements_add(engine->confinements, trap->tid,
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
	struct engine *engine = job->engine;
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
	engine->datagrams = engine->datagrams || job->trap.makes_datagrams;
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
	struct engine *engine = job->engine;

	if (result < 0 && result != -EFAULT) {
		job_end_error(job, result);
		return;
	}
	job_drop(job);
	job = job_new(engine, &notif);
	if (!job) {
		listener_reply(engine->listener, notif.id, 0, -ENOMEM);
		return;
	}
	job->trap.call = call;
	job->fetches = fetches;
	begin(job);
}

static void serve(struct engine *engine, const struct seccomp_notif *notif)
{
	const struct call *call = call_find(notif->data.nr);
	struct job *job;

	if (!call || notif->pid == 0) {
		listener_reply(engine->listener, notif->id, 0, -ENOSYS);
		return;
	}
	/* Before the kernel runs it: nobody is served by the old belief. */
	if (call->changes_identity)
		learn_identity(engine, &notif->data);
	if (!call->operation && !call->confines) {
		listener_continue(engine->listener, notif->id);
		return;
	}
	if (stage_expects(engine->stages, (pid_t)notif->pid, &notif->data)) {
		listener_continue(engine->listener, notif->id);
		return;
	}
	job = job_new(engine, notif);
	if (!job) {
		listener_reply(engine->listener, notif->id, 0, -ENOMEM);
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
static void place(struct engine *engine, bool apart)
{
	if (engine->apart == apart)
		return;
	engine->apart = apart;
	listener_tune(engine->listener, !apart);
}

/*
 * Who is answered runs at once, and often asks again before we wait for
 * anything: so we look here first, and give the loop a turn now and then.
 */
static void on_readable(evutil_socket_t fd, short what, void *userdata)
{
	struct engine *engine = userdata;
	struct seccomp_notif notif;
	uint32_t last = 0;
	bool more = true;

	(void)fd;
	(void)what;
	engine->serving = true;
	for (unsigned int served = 0; served < SERVED_MAX; served++) {
		more = intake_receive(engine, 1);
		if (!engine->intake.count)
			break;
		notif = intake_take(&engine->intake);
		place(engine, served && notif.pid != last);
		last = notif.pid;
		serve(engine, &notif);
	}
	engine->serving = false;
	place(engine, false);
	placement_leave();
	if (engine->intake.count) {
		/* In the loop's next turn: what is made active now would have
		 * its turn in this one, again and again, before all others. */
		event_add(engine->more, &(const struct timeval){0});
	} else if (!more) {
		event_del(engine->readable);
		event_del(engine->more);
		engine->ended(engine->userdata);
	}
}

static int on_commit(void *argument, struct ruleset *ruleset)
{
	struct engine *engine = argument;

	ruleset_ref(ruleset);
	ruleset_unref(engine->ruleset);
	engine->ruleset = ruleset;
	if (engine->layer)
		recall_check(engine->recall, engine->layer, ruleset);
	return 0;
}

static void on_answer(void *argument, uint64_t request_id, enum answer answer)
{
	struct engine *engine = argument;
	struct job *job = parking_find(engine, request_id);

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

const struct decider_events engine_events = {
	.commit = on_commit,
	.answer = on_answer,
};

static const struct ruleset *stage_ruleset(void *userdata)
{
	return ((struct engine *)userdata)->ruleset;
}

static bool adopt_staged(void *userdata, pid_t tid)
{
	return recall_adopt(((struct engine *)userdata)->recall, tid);
}

const struct ruleset *engine_ruleset(const struct engine *engine)
{
	return engine->ruleset;
}

int engine_new(struct engine **ret, struct event_base *loop,
	       engine_ended_fn ended, void *userdata)
{
	struct engine *engine = calloc(1, sizeof(*engine));
	int error;

	if (!engine)
		return -ENOMEM;
	engine->loop = loop;
	engine->ended = ended;
	engine->userdata = userdata;
	engine->listener = -1;
	engine->monitor = getpid();
	engine->glances = true;
	handle_prepare();
	engine->performed = course_performed;
	TAILQ_INIT(&engine->parked);
	error = identity_read(&engine->self, getpid());
	/* Who has capabilities without being root may lose them with every
	 * execve(2); see "ambient" in capabilities(7). */
	engine->uniform = !error && (engine->self.permitted == 0 ||
				     engine->self.uid == 0);
	if (!error)
		error = stages_new(&engine->stages, stage_ruleset, adopt_staged,
				   engine);
	if (!error)
		error = recall_new(&engine->recall, loop, engine->monitor);
	if (!error)
		error = confinements_new(&engine->confinements,
					 engine->monitor);
	if (!error)
		error = ipc_set_new(&engine->ipc, engine->monitor);
	if (!error)
		error = remote_new(&engine->remote);
	if (!error)
		error = workers_new(&engine->workers, loop, on_work_done,
				    engine);
	if (!error)
		error = nests_new(&engine->nests, loop, engine->monitor,
				  course_nest_answered);
	if (!error) {
		engine->check = evtimer_new(loop, parking_check, engine);
		error = engine->check ? 0 : -ENOMEM;
	}
	if (error) {
		engine_free(engine);
		return error;
	}
	*ret = engine;
	return 0;
}

int engine_bound(struct engine *engine, uint64_t taken, uint64_t kept)
{
	struct identity self;
	const int error = identity_read(&self, getpid());

	if (error)
		return error;
	identity_finish(&engine->self);
	engine->self = self;

	/* What only we keep makes us nobody else. */
	engine->self.effective &= ~kept;
	engine->self.permitted &= ~kept;
	engine->taken = taken;
	return 0;
}

int engine_start(struct engine *engine, struct decider *decider,
		 struct static_layer *layer, int listener)
{
	engine->decider = decider;
	engine->layer = layer;
	engine->listener = listener;
	listener_tune(listener, true);
	engine->steady = listener_is_steady();
	/* It may have been made of another ruleset. */
	recall_check(engine->recall, layer, engine->ruleset);
	engine->readable = event_new(engine->loop, listener,
				     EV_READ | EV_PERSIST, on_readable, engine);
	engine->more = evtimer_new(engine->loop, on_readable, engine);
	if (!engine->readable || !engine->more ||
	    event_add(engine->readable, NULL) < 0)
		return -ENOMEM;
	return 0;
}

int engine_protect(struct engine *engine, const char *control_socket)
{
	char canonical[PATH_MAX];

	/* It may not be there yet; its directory may be a link. */
	free(engine->control_socket);
	engine->control_socket =
		strdup(realpath(control_socket, canonical) ? canonical
							   : control_socket);
	return engine->control_socket ? 0 : -ENOMEM;
}

void engine_expect_datagrams(struct engine *engine)
{
	engine->datagrams = true;
}

int engine_handle_child(struct engine *engine, pid_t pid, int status)
{
	if (stage_handle(engine->stages, pid, status))
		return true;
	if (stage_holds(engine->stages, pid))
		return false;
	return recall_handle(engine->recall, pid, status) ||
	       stray_handle(pid, status);
}

struct engine *engine_free(struct engine *engine)
{
	if (!engine)
		return NULL;
	parking_clear(engine);
	engine->listener = fd_close(engine->listener);
	/* Who waits for a file system that is gone goes with the process. */
	if (engine->workers && workers_count(engine->workers))
		return NULL;
	if (engine->readable)
		event_free(engine->readable);
	if (engine->more)
		event_free(engine->more);
	if (engine->check)
		event_free(engine->check);
	nests_free(engine->nests);
	workers_free(engine->workers);
	recall_free(engine->recall);
	stages_free(engine->stages);
	remote_free(engine->remote);
	confinements_free(engine->confinements);
	ipc_set_free(engine->ipc);
	ruleset_unref(engine->ruleset);
	identity_finish(&engine->self);
	free(engine->spare);
	free(engine->control_socket);
	free(engine);
	return NULL;
}
