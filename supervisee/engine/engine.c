// SPDX-License-Identifier: GPL-2.0-or-later
/* The seccomp engine: see engine.h. */
#include "engine/engine.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/fd.h"
#include "engine/job.h"
#include "engine/judge.h"
#include "engine/parking.h"
#include "engine/perform.h"
#include "engine/recall.h"
#include "engine/shortage.h"
#include "engine/state.h"
#include "operation/call.h"
#include "operation/operations.h"
#include "path/handle.h"
#include "path/remote.h"
#include "seccomp/listener.h"
#include "task/tree.h"

#define RACES_MAX 16 /* how often names may change under one call */

static void decide(struct job *job, bool final);
static void resolve_and_decide(struct job *job);

static int resolve_step(void *argument)
{
	struct job *job = argument;

	return job->trap.call->operation->resolve(&job->trap);
}

static int check_step(void *argument)
{
	const struct job *job = argument;
	const struct operation *operation = job->trap.call->operation;

	return operation->check ? operation->check(&job->trap) : 0;
}

/* Whether the paths that are judged are those of what is pinned. */
static bool are_named(const struct job *job)
{
	return !job->engine->own_mounts || (pin_is_named(&job->trap.pins[0]) &&
					    pin_is_named(&job->trap.pins[1]));
}

/* Resolves, again when names have changed meanwhile. */
static int resolve_as_asker(void *argument)
{
	struct job *job = argument;
	const struct operation *operation = job->trap.call->operation;
	int step;

	while ((step = job_as_asker(job, resolve_step)) == STEP_AGAIN) {
		trap_forget(&job->trap);
		if (++job->races > RACES_MAX)
			return trap_fail(&job->trap, -EACCES);
	}
	if ((step == STEP_JUDGE || step == STEP_PERFORM) && !are_named(job))
		return -EACCES;
	/* Nor shall anybody else wait while this is found out. */
	if (step >= 0 && job->remote && operation->check)
		job->futile = job_as_asker(job, check_step);
	return step;
}

static void resolved(struct job *job, int step);

static void resolve_waiting(struct job *job)
{
	const int error = job_wait(job, resolve_as_asker, resolved);

	if (error)
		job_end_error(job, error);
}

static void resolved(struct job *job, int step)
{
	if (step == STEP_WAIT) {
		trap_forget(&job->trap);
		resolve_waiting(job);
	} else if (step < 0) {
		job_end_failed(job, shortage_tell(step));
	} else if (step == STEP_NATIVE) {
		job_end_failed(job, -EACCES);
	} else {
		decide(job, false);
	}
}

/* Whether one of the trap's paths, or its descriptor, may make us wait. */
static bool is_remote(const struct job *job)
{
	const struct trap *trap = &job->trap;
	const struct remote *remote = job->engine->remote;
	bool found = trap->socket >= 0 && remote_is_fd(remote, trap->socket);

	for (unsigned int i = 0; !found && i < 2; i++)
		found = trap->views[i].tid &&
			remote_may_block(remote, &trap->views[i],
					 trap->paths[i]);
	return found;
}

static void resolve_and_decide(struct job *job)
{
	job->remote = is_remote(job);
	if (job->remote)
		resolve_waiting(job);
	else
		resolved(job, resolve_as_asker(job));
}

static void performed(struct job *job, int result)
{
	if (result == STEP_AGAIN && ++job->races <= RACES_MAX) {
		trap_forget(&job->trap);
		/* Other objects: nobody has agreed to these. */
		job->nests = 0;
		job->nest_performs = false;
		resolve_and_decide(job);
	} else if (result == STEP_AGAIN) {
		job_end_error(job, -EACCES);
	} else if (result < 0) {
		job_end_error(job, shortage_tell(result));
	} else if (job->trap.replaces) {
		job_end_replaced(job);
	} else if (job->trap.result_fd >= 0) {
		job_end_fd(job);
	} else {
		job_end_value(job);
	}
}

static void on_work_done(void *argument, int result, void *userdata)
{
	struct job *job = argument;

	(void)userdata;
	job->trap.may_wait = false;
	job->then(job, result);
}

/* A supervisor of this tree's own becomes one of a nest. */
static void add_nest(struct job *job)
{
	const struct trap *trap = &job->trap;
	const int listener = job->engine->listener;
	int fd = -1;
	int error = nests_add(job->engine->nests, trap->tid, &fd);

	if (!error)
		error = listener_exchange_fd(listener, trap->id, fd,
					     (int)trap->data.args[0],
					     O_CLOEXEC);
	fd_close(fd);
	if (error)
		job_end_error(job, error);
	else
		job_end_value(job);
}

/*
 * Whether a job is worth putting to somebody: it would not fail anyway, and
 * what was read of the asker was the asker's. Ends the job if not.
 */
static bool worth_asking(struct job *job)
{
	int error;

	if (job_unwanted(job)) {
		job_drop(job);
		return false;
	}
	error = job->remote ? job->futile : job_as_asker(job, check_step);
	if (error)
		job_end_failed(job, error);
	return !error;
}

/* Puts a job to the nests that it comes from. Returns: whether it waits. */
static bool ask_nests(struct job *job)
{
	struct engine *engine = job->engine;
	int asked;

	if (!nests_matter(engine->nests))
		return false;
	if (!worth_asking(job))
		return true;
	if (!job->nests)
		job->nests_gone = nests_gone(engine->nests);
	if (job->nests_gone != nests_gone(engine->nests))
		asked = -EACCES;
	else
		asked = nests_ask(engine->nests, &job->trap, job->nests, job);
	if (asked < 0) {
		job_end_error(job, asked);
		return true;
	}
	if (asked)
		parking_add(job);
	return asked;
}

static void on_nest_answer(void *argument, enum verdict verdict, int error)
{
	struct job *job = argument;

	parking_remove(job);
	if (verdict == VERDICT_DENY) {
		job_end_error(job, error);
		return;
	}
	job->nests++;
	job->nest_performs = job->nest_performs || verdict != VERDICT_NATIVE;
	if (!ask_nests(job))
		decide(job, false);
}

/*
 * Whether a glance is worth it says the last relative path: one that is not
 * the kernel's to answer is looked at twice.
 */
static void learn_glance(struct engine *engine, const struct trap *trap,
			 enum verdict verdict)
{
	if (trap->call->operation->glances && trap->paths[0][0] != '/')
		engine->glances = verdict == VERDICT_NATIVE;
}

/* What was glanced at is not the kernel's to answer: look with care. */
static void settle(struct job *job)
{
	int error;

	trap_forget(&job->trap);
	error = trap_settle(&job->trap);
	if (error)
		job_end_failed(job, error);
	else
		resolve_and_decide(job);
}

/*
 * @final: it was asked about already; what is not allowed now is denied
 */
static void decide(struct job *job, bool final)
{
	struct engine *engine = job->engine;
	struct verdict_detail detail;
	enum verdict verdict;
	pid_t pid;

	if (job->trap.nests) {
		if (worth_asking(job))
			add_nest(job);
		return;
	}
	if (job->trap.needs_count == 0) {
		perform_job(job);
		return;
	}
	if (!final && !job->nests && !job->trap.impossible && ask_nests(job))
		return;
	/* Rules for one process are rare: who asks matters only then. */
	pid = ruleset_has_process_rules(engine->ruleset)
		      ? tree_tgid(job->trap.tid)
		      : 0;
	verdict = judge(engine->ruleset, engine->layer, &job->trap,
			pid > 0 ? pid : 0, pid > 0 ? tree_start(pid) : 0,
			&detail);
	learn_glance(engine, &job->trap, verdict);
	if (job->trap.glanced && verdict != VERDICT_NATIVE) {
		settle(job);
		return;
	}
	switch (verdict) {
	case VERDICT_NATIVE:
		if (!job->nest_performs)
			job_end_native(job);
		else if (job->trap.native_only)
			job_end_error(job, -EACCES);
		else
			perform_job(job);
		break;
	case VERDICT_PERFORM:
		perform_job(job);
		break;
	case VERDICT_ASK:
		if (final)
			job_end_error(job, detail.error);
		else if (worth_asking(job))
			parking_ask(job, &detail);
		break;
	case VERDICT_DENY:
		if (final || worth_asking(job))
			parking_refuse(job, &detail);
		break;
	}
}

/* What the tree is from now on, after a call that changes identity. */
static void learn_identity(struct engine *engine,
			   const struct seccomp_data *data)
{
	if (data->nr == SYS_setns ||
	    ((data->nr == SYS_unshare || data->nr == SYS_clone) &&
	     (data->args[0] & CLONE_NEWNS)))
		engine->own_mounts = true;
	if (data->nr != SYS_clone) {
		engine->uniform = false;
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
 */
static void confine(struct engine *engine, const struct seccomp_notif *notif)
{
	const pid_t tid = (pid_t)notif->pid;
	const int fd = (int)notif->data.args[0];
	int error = 0;

	if (notif->data.nr == SYS_landlock_add_rule)
		error = confinements_use(engine->confinements, tid, fd) ? -EPERM
									: 0;
	else if (!nests_starts(engine->nests, tid))
		error = confinements_add(engine->confinements, tid, fd);
	if (error)
		listener_reply(engine->listener, notif->id, 0, error);
	else
		listener_continue(engine->listener, notif->id);
}

static void serve(struct engine *engine, const struct seccomp_notif *notif)
{
	const struct call *call = call_find(notif->data.nr);
	struct job *job;
	int step;

	if (!call || notif->pid == 0) {
		listener_reply(engine->listener, notif->id, 0, -ENOSYS);
		return;
	}
	/* Before the kernel runs it: nobody is served by the old belief. */
	if (call->changes_identity)
		learn_identity(engine, &notif->data);
	if (call->confines) {
		confine(engine, notif);
		return;
	}
	if (!call->operation) {
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
	step = job_identify(job);
	if (!step)
		step = call->operation->gather(&job->trap);
	engine->datagrams = engine->datagrams || job->trap.makes_datagrams;
	/*
	 * What was read may have been another process's. A reply then fails;
	 * everything else looks whether the job is still wanted first.
	 */
	if (step < 0)
		job_end_failed(job, shortage_tell(step));
	else if (step == STEP_NATIVE)
		job_end_failed(job, -EACCES);
	else
		resolve_and_decide(job);
}

/*
 * Receives all that there is. Until a call has been received any signal with a
 * handler interrupts it, also one that natively never is; afterwards only a
 * fatal one does. So receiving comes before serving.
 * Returns: whether there will be more, ever.
 */
static bool receive_all(struct engine *engine)
{
	/* The loop does not tell "hung up" from "readable". */
	struct pollfd polls[] = {
		{.fd = engine->listener, .events = POLLIN},
		{.fd = remote_fd(engine->remote), .events = POLLPRI},
	};
	union notification notification;

	while (engine->received_count < RECEIVED_MAX &&
	       poll(polls, ARRAY_SIZE(polls), 0) > 0) {
		const unsigned int last =
			engine->received_first + engine->received_count;

		if (polls[1].revents)
			remote_update(engine->remote);
		if (!polls[0].revents)
			break;
		if (!(polls[0].revents & POLLIN))
			return false;
		if (listener_receive(engine->listener, &notification))
			continue;
		engine->received[last % RECEIVED_MAX] = notification.notif;
		engine->received_count++;
	}
	return true;
}

static void on_readable(evutil_socket_t fd, short what, void *userdata)
{
	struct engine *engine = userdata;
	const bool more = receive_all(engine);
	struct seccomp_notif notif;

	(void)fd;
	(void)what;
	if (engine->received_count) {
		notif = engine->received[engine->received_first];
		engine->received_first =
			(engine->received_first + 1) % RECEIVED_MAX;
		engine->received_count--;
		serve(engine, &notif);
		if (engine->received_count)
			event_active(engine->readable, EV_READ, 0);
	} else if (!more) {
		event_del(engine->readable);
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
		decide(job, true);
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
	engine->performed = performed;
	TAILQ_INIT(&engine->parked);
	error = identity_read(&engine->self, getpid());
	/* Who has capabilities without being root may lose them with every
	 * execve(2); see "ambient" in capabilities(7). */
	engine->uniform = !error && (engine->self.permitted == 0 ||
				     engine->self.uid == 0);
	if (!error)
		error = stages_new(&engine->stages, stage_ruleset, engine);
	if (!error)
		error = recall_new(&engine->recall, loop, engine->monitor);
	if (!error)
		error = confinements_new(&engine->confinements,
					 engine->monitor);
	if (!error)
		error = remote_new(&engine->remote);
	if (!error)
		error = workers_new(&engine->workers, loop, on_work_done,
				    engine);
	if (!error)
		error = nests_new(&engine->nests, loop, engine->monitor,
				  on_nest_answer);
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
	const int error = identity_read(&engine->self, getpid());

	/* What only we keep makes us nobody else. */
	engine->self.effective &= ~kept;
	engine->self.permitted &= ~kept;
	engine->taken = taken;
	return error;
}

int engine_start(struct engine *engine, struct decider *decider,
		 struct static_layer *layer, int listener)
{
	engine->decider = decider;
	engine->layer = layer;
	engine->listener = listener;
	listener_tune(listener);
	engine->steady = listener_is_steady();
	/* It may have been made of another ruleset. */
	recall_check(engine->recall, layer, engine->ruleset);
	engine->readable = event_new(engine->loop, listener,
				     EV_READ | EV_PERSIST, on_readable, engine);
	if (!engine->readable || event_add(engine->readable, NULL) < 0)
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
	return stage_handle(engine->stages, pid, status) ||
	       recall_handle(engine->recall, pid, status);
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
	if (engine->check)
		event_free(engine->check);
	nests_free(engine->nests);
	workers_free(engine->workers);
	recall_free(engine->recall);
	stages_free(engine->stages);
	remote_free(engine->remote);
	confinements_free(engine->confinements);
	ruleset_unref(engine->ruleset);
	free(engine->spare);
	free(engine->control_socket);
	free(engine);
	return NULL;
}
