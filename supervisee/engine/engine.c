// SPDX-License-Identifier: GPL-2.0-or-later
/* The seccomp engine: see engine.h. */
#include "engine/engine.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/log.h"
#include "engine/stage.h"
#include "engine/judge.h"
#include "engine/nest.h"
#include "engine/worker.h"
#include "operation/call.h"
#include "operation/operations.h"
#include "seccomp/listener.h"
#include "task/identity.h"
#include "task/subject.h"
#include "task/tree.h"

#define BURST 32	/* notifications served before other events */
#define PARKED_MAX 1024 /* open requests of one tree */
#define RACES_MAX 16	/* how often names may change under one call */
#define CHECK_MS 100	/* how soon a dead asker is noticed */

/* A trap with what the engine has to remember of it. */
struct job {
	LIST_ENTRY(job) entry; /* of parked, while it waits */
	struct engine *engine;
	struct trap trap;
	bool own_identity;
	struct identity identity;
	uint64_t request_id; /* of the decider; 0: was not asked */
	int races;
	unsigned int nests; /* nested supervisors that have agreed */
	bool nest_performs; /* one of them allows beyond its static layer */
};

struct engine {
	struct event_base *loop;
	engine_ended_fn ended;
	void *userdata;

	struct decider *decider;
	struct ruleset *ruleset;
	struct static_layer *layer;
	int listener;
	struct event *readable, *check;

	bool datagrams; /* the tree may have datagram sockets */
	pid_t monitor;	/* this process */
	char *control_socket;
	struct identity self;
	bool uniform; /* nobody in the tree has changed identity */
	struct stages *stages;
	struct workers *workers;
	struct nests *nests;
	LIST_HEAD(, job) parked;
	unsigned int parked_count;
	uint64_t last_request;
	struct job *spare; /* the last one freed, for the next one */
};

static void decide(struct job *job, bool final);

static struct job *job_new(struct engine *engine,
			   const struct seccomp_notif *notif)
{
	struct job *job = engine->spare;

	engine->spare = NULL;
	if (!job)
		job = malloc(sizeof(*job));
	if (!job)
		return NULL;
	job->engine = engine;
	job->own_identity = true;
	job->request_id = 0;
	job->races = 0;
	job->nests = 0;
	job->nest_performs = false;
	trap_init(&job->trap);
	job->trap.id = notif->id;
	job->trap.tid = (pid_t)notif->pid;
	job->trap.data = notif->data;
	job->trap.monitor = engine->monitor;
	job->trap.kernel_scopes =
		static_layer_held(engine->layer) & RIGHT_SCOPE_SIGNAL;
	job->trap.kernel_ioctl =
		static_layer_held(engine->layer) & RIGHT_FS_IOCTL_DEV;
	job->trap.datagrams = engine->datagrams;
	job->trap.control_socket = engine->control_socket;
	return job;
}

static void job_free(struct job *job)
{
	struct engine *engine = job->engine;

	trap_release(&job->trap);
	if (engine->spare)
		free(job);
	else
		engine->spare = job;
}

/* The four ways in which a job ends. */

static void end_native(struct job *job)
{
	listener_continue(job->engine->listener, job->trap.id);
	job_free(job);
}

static void end_error(struct job *job, int error)
{
	listener_reply(job->engine->listener, job->trap.id, 0, error);
	job_free(job);
}

static void end_value(struct job *job)
{
	listener_reply(job->engine->listener, job->trap.id, job->trap.value, 0);
	job_free(job);
}

static void end_fd(struct job *job)
{
	const struct trap *trap = &job->trap;
	const int error = listener_reply_fd(job->engine->listener, trap->id,
					    trap->result_fd,
					    (uint32_t)trap->flags & O_CLOEXEC);

	if (error && error != -ENOENT)
		end_error(job, error);
	else
		job_free(job);
}

/*
 * A call that fails before anything is decided: where the kernel would check
 * every right again, it may find the error itself, in all detail.
 */
static void end_failed(struct job *job, int error)
{
	if (job->trap.exposed & ~static_layer_held(job->engine->layer))
		end_error(job, error);
	else
		end_native(job);
}

static int as_asker(struct job *job, int (*step)(void *job))
{
	const struct trap *trap = &job->trap;

	if (job->own_identity && !trap->use_extra)
		return step(job);
	return identity_run(
		&job->engine->self,
		job->own_identity ? &job->engine->self : &job->identity,
		trap->tid, trap->use_extra ? &trap->extra : NULL, step, job);
}

static int resolve_step(void *argument)
{
	struct job *job = argument;

	return job->trap.call->operation->resolve(&job->trap);
}

static int perform_step(void *argument)
{
	struct job *job = argument;
	const struct operation *operation = job->trap.call->operation;
	mode_t former = 0;
	int result;

	if (operation->uses_umask)
		former = umask(job->trap.umask);
	result = operation->perform(&job->trap);
	if (operation->uses_umask)
		umask(former);
	return result;
}

static int perform_as_asker(void *argument)
{
	return as_asker(argument, perform_step);
}

/* Resolves (again, when names have changed) and decides. */
static void resolve_and_decide(struct job *job)
{
	int step;

	while ((step = as_asker(job, resolve_step)) == STEP_AGAIN) {
		if (++job->races > RACES_MAX) {
			end_error(job, -EACCES);
			return;
		}
		trap_forget(&job->trap);
	}
	if (step < 0)
		end_failed(job, step);
	else if (step == STEP_NATIVE)
		end_failed(job, -EACCES);
	else
		decide(job, false);
}

static void finish_perform(struct job *job, int result)
{
	if (result == STEP_AGAIN && ++job->races <= RACES_MAX) {
		trap_forget(&job->trap);
		resolve_and_decide(job);
	} else if (result == STEP_AGAIN) {
		end_error(job, -EACCES);
	} else if (result < 0) {
		end_error(job, result);
	} else if (job->trap.result_fd >= 0) {
		end_fd(job);
	} else {
		end_value(job);
	}
}

static void on_work_done(void *argument, int result, void *userdata)
{
	(void)userdata;
	finish_perform(argument, result);
}

static void run_staged(struct job *job)
{
	struct engine *engine = job->engine;
	struct trap *trap = &job->trap;
	const int error = stage_begin(engine->stages, engine->listener,
				      trap->id, trap->tid, &trap->data,
				      trap->private, trap->paths[0]);

	if (error == -EPERM)
		log_warning("process %d is being traced and so cannot be given "
			    "%s to execute",
			    (int)trap->tid, trap->pins[0].path);
	/* A thread that is steered never sees this error. */
	end_error(job, error ? -EACCES : -EINTR);
}

static void run_perform(struct job *job)
{
	const struct operation *operation = job->trap.call->operation;

	if (operation->staged) {
		run_staged(job);
		return;
	}
	if (operation->uses_umask) {
		const int mask = identity_umask(job->trap.tid);

		if (mask < 0) {
			end_error(job, mask == -ESRCH ? mask : -EACCES);
			return;
		}
		job->trap.umask = (mode_t)mask;
	}
	if (!listener_valid(job->engine->listener, job->trap.id)) {
		job_free(job);
		return;
	}
	if (operation->blocks && operation->blocks(&job->trap)) {
		const int error = workers_run(job->engine->workers,
					      perform_as_asker, job);

		if (error)
			end_error(job, error);
		return;
	}
	finish_perform(job, perform_as_asker(job));
}

static int make_request(const struct job *job,
			const struct verdict_detail *detail,
			struct request *ret)
{
	int error;

	*ret = (struct request){
		.id = job->request_id,
		.generation = ruleset_generation(job->engine->ruleset),
	};
	error = subject_read(&ret->subject, job->trap.tid,
			     job->engine->monitor);
	ret->operation = strdup(job->trap.call->name);
	for (size_t i = 0; !error && i < detail->missing_count; i++) {
		struct access *access = &ret->accesses[ret->accesses_count++];

		error = object_copy(&access->object,
				    &detail->missing[i].object);
		access->missing = detail->missing[i].rights;
	}
	return ret->operation ? error : -ENOMEM;
}

static void watch_askers(struct engine *engine)
{
	const struct timeval interval = {.tv_usec = CHECK_MS * 1000};

	if ((engine->parked_count || workers_count(engine->workers)) &&
	    !evtimer_pending(engine->check, NULL))
		evtimer_add(engine->check, &interval);
}

static void park(struct job *job)
{
	struct engine *engine = job->engine;

	LIST_INSERT_HEAD(&engine->parked, job, entry);
	engine->parked_count++;
	watch_askers(engine);
}

static void unpark(struct job *job)
{
	LIST_REMOVE(job, entry);
	job->engine->parked_count--;
}

static void ask(struct job *job, const struct verdict_detail *detail)
{
	struct engine *engine = job->engine;
	const int refusal = detail->error;
	struct request request;
	int error;

	if (engine->parked_count >= PARKED_MAX) {
		end_error(job, refusal);
		return;
	}
	job->request_id = ++engine->last_request;
	error = make_request(job, detail, &request);
	/* Parked before it is asked: the answer may come at once. */
	job->trap.value = refusal;
	park(job);
	if (!error)
		error = engine->decider->ops->ask(engine->decider, &request);
	if (error) {
		unpark(job);
		end_error(job, refusal);
	}
	request_finish(&request);
}

static void refuse(struct job *job, const struct verdict_detail *detail)
{
	const struct decider_ops *ops = job->engine->decider->ops;
	struct request request;

	if (ops->refused && !job->request_id) {
		if (!make_request(job, detail, &request))
			ops->refused(job->engine->decider, &request);
		request_finish(&request);
	}
	end_error(job, detail->error);
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
		end_error(job, error);
	else
		end_value(job);
}

/* Puts a job to the nests that it comes from. Returns: whether it waits. */
static bool ask_nests(struct job *job)
{
	struct engine *engine = job->engine;
	int asked;

	if (!nests_matter(engine->nests))
		return false;
	asked = nests_ask(engine->nests, &job->trap, job->nests, job);
	if (asked < 0) {
		end_error(job, asked);
		return true;
	}
	if (asked)
		park(job);
	return asked;
}

static void on_nest_answer(void *argument, enum verdict verdict, int error)
{
	struct job *job = argument;

	unpark(job);
	if (verdict == VERDICT_DENY) {
		end_error(job, error);
		return;
	}
	job->nests++;
	job->nest_performs = job->nest_performs || verdict != VERDICT_NATIVE;
	if (!ask_nests(job))
		decide(job, false);
}

/*
 * @final: it was asked about already; what is not allowed now is denied
 */
static void decide(struct job *job, bool final)
{
	struct engine *engine = job->engine;
	struct verdict_detail detail;
	pid_t pid;

	if (job->trap.nests) {
		add_nest(job);
		return;
	}
	if (job->trap.needs_count == 0) {
		run_perform(job);
		return;
	}
	if (!final && !job->nests && ask_nests(job))
		return;
	/* Rules for one process are rare: who asks matters only then. */
	pid = ruleset_has_process_rules(engine->ruleset)
		      ? tree_tgid(job->trap.tid)
		      : 0;
	switch (judge(engine->ruleset, engine->layer, &job->trap,
		      pid > 0 ? pid : 0, pid > 0 ? tree_start(pid) : 0,
		      &detail)) {
	case VERDICT_NATIVE:
		if (job->nest_performs)
			run_perform(job);
		else
			end_native(job);
		break;
	case VERDICT_PERFORM:
		run_perform(job);
		break;
	case VERDICT_ASK:
		if (final)
			end_error(job, detail.error);
		else
			ask(job, &detail);
		break;
	case VERDICT_DENY:
		refuse(job, &detail);
		break;
	}
}

/* Whether a thread has another root directory than we have. */
static bool has_foreign_root(pid_t tid)
{
	char link[64];
	struct statx ours, theirs;
	const unsigned int mask = STATX_INO | STATX_MNT_ID;

	snprintf(link, sizeof(link), "/proc/%d/root", (int)tid);
	return statx(AT_FDCWD, "/", 0, mask, &ours) < 0 ||
	       statx(AT_FDCWD, link, 0, mask, &theirs) < 0 ||
	       ours.stx_ino != theirs.stx_ino ||
	       ours.stx_mnt_id != theirs.stx_mnt_id;
}

static int read_identity(struct job *job)
{
	int error;

	if (job->engine->uniform)
		return 0;
	error = identity_read(&job->identity, job->trap.tid);
	if (error)
		return error;
	job->own_identity = identity_equal(&job->engine->self, &job->identity);
	job->trap.foreign_root = has_foreign_root(job->trap.tid);
	return 0;
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
	if (call->kind == CALL_IDENTITY) {
		engine->uniform = false;
		listener_continue(engine->listener, notif->id);
		return;
	}
	if (call->kind == CALL_DATAGRAM) {
		engine->datagrams = true;
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
	job->trap.foreign_root = false;
	step = read_identity(job);
	if (!step)
		step = call->operation->gather(&job->trap);
	if (!listener_valid(engine->listener, notif->id)) {
		/* What was read may have been another process's. */
		job_free(job);
		return;
	}
	if (step < 0)
		end_failed(job, step);
	else if (step == STEP_NATIVE)
		end_failed(job, -EACCES);
	else
		resolve_and_decide(job);
}

static void on_readable(evutil_socket_t fd, short what, void *userdata)
{
	struct engine *engine = userdata;
	union notification notification;

	(void)what;
	for (int i = 0; i < BURST; i++) {
		struct pollfd poller = {.fd = fd, .events = POLLIN};

		if (poll(&poller, 1, 0) <= 0)
			return;
		if (poller.revents & POLLIN) {
			if (!listener_receive(fd, &notification))
				serve(engine, &notification.notif);
		} else {
			event_del(engine->readable);
			engine->ended(engine->userdata);
			return;
		}
	}
}

static int job_unwanted(void *argument, void *userdata)
{
	const struct job *job = argument;

	(void)userdata;
	return !listener_valid(job->engine->listener, job->trap.id);
}

static void on_check(evutil_socket_t fd, short what, void *userdata)
{
	struct engine *engine = userdata;
	struct job *job, *next;

	(void)fd;
	(void)what;
	for (job = LIST_FIRST(&engine->parked); job; job = next) {
		next = LIST_NEXT(job, entry);
		if (!job_unwanted(job, NULL))
			continue;
		unpark(job);
		if (job->request_id)
			engine->decider->ops->withdraw(engine->decider,
						       job->request_id);
		nests_forget(engine->nests, job);
		job_free(job);
	}
	workers_interrupt(engine->workers, job_unwanted);
	watch_askers(engine);
}

static int on_commit(void *argument, struct ruleset *ruleset)
{
	struct engine *engine = argument;

	if (engine->layer)
		static_layer_check(engine->layer, ruleset);
	ruleset_ref(ruleset);
	ruleset_unref(engine->ruleset);
	engine->ruleset = ruleset;
	return 0;
}

static void on_answer(void *argument, uint64_t request_id, enum answer answer)
{
	struct engine *engine = argument;
	struct job *job;

	LIST_FOREACH(job, &engine->parked, entry)
	if (job->request_id == request_id)
		break;
	if (!job)
		return;
	unpark(job);
	switch (answer) {
	case ANSWER_ALLOW_ONCE:
		job->trap.value = 0;
		run_perform(job);
		break;
	case ANSWER_RETRY:
		job->trap.value = 0;
		decide(job, true);
		break;
	case ANSWER_DENY:
		end_error(job, (int)job->trap.value);
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
	engine->uniform = true;
	LIST_INIT(&engine->parked);
	error = identity_read(&engine->self, getpid());
	if (!error)
		error = stages_new(&engine->stages, stage_ruleset, engine);
	if (!error)
		error = workers_new(&engine->workers, loop, on_work_done,
				    engine);
	if (!error)
		error = nests_new(&engine->nests, loop, engine->monitor,
				  on_nest_answer);
	if (!error) {
		engine->check = evtimer_new(loop, on_check, engine);
		error = engine->check ? 0 : -ENOMEM;
	}
	if (error) {
		engine_free(engine);
		return error;
	}
	*ret = engine;
	return 0;
}

int engine_start(struct engine *engine, struct decider *decider,
		 struct static_layer *layer, int listener)
{
	engine->decider = decider;
	engine->layer = layer;
	engine->listener = listener;
	listener_tune(listener);
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

int engine_handle_child(struct engine *engine, pid_t pid, int status)
{
	return stage_handle(engine->stages, pid, status);
}

struct engine *engine_free(struct engine *engine)
{
	struct job *job;

	if (!engine)
		return NULL;
	while ((job = LIST_FIRST(&engine->parked))) {
		unpark(job);
		end_error(job, (int)job->trap.value);
	}
	if (engine->readable)
		event_free(engine->readable);
	if (engine->check)
		event_free(engine->check);
	nests_free(engine->nests);
	workers_free(engine->workers);
	stages_free(engine->stages);
	fd_close(engine->listener);
	ruleset_unref(engine->ruleset);
	free(engine->spare);
	free(engine->control_socket);
	free(engine);
	return NULL;
}
