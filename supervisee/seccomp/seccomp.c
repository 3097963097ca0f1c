/* SPDX-License-Identifier: GPL-2.0-or-later */
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
#include "base/landlock.h"
#include "base/log.h"
#include "engine/creations.h"
#include "operation/calls.h"
#include "operation/ipc_set.h"
#include "operation/operations.h"
#include "operation/socket.h"
#include "path/opath.h"
#include "path/remote.h"
#include "seccomp/coverage.h"
#include "seccomp/exhaustion.h"
#include "seccomp/filter/filter.h"
#include "seccomp/job.h"
#include "seccomp/life.h"
#include "seccomp/listener.h"
#include "seccomp/recall/recall.h"
#include "seccomp/receive.h"
#include "seccomp/state.h"
#include "seccomp/stray.h"
#include "seccomp/targets.h"
#include "task/affinity.h"
#include "task/setid.h"
#include "task/tree.h"

#define SERVED_MAX 32 /* calls, until it is the turn of other events */

static void on_work_done(void *argument, int result, void *userdata)
{
	struct job *job = argument;

	(void)userdata;
	job->notif.may_wait = false;
	job->notif.source = &job->seccomp->source;
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
		seccomp->tree.shared_tables = true;
}

static void serve(struct seccomp *seccomp, const struct seccomp_notif *received)
{
	const struct call *call = call_find(received->data.nr);
	struct job *job;

	if (!call || received->pid == 0) {
		listener_reply(seccomp->listener, received->id, 0, -ENOSYS);
		return;
	}
	/* Before the kernel runs it: nobody is served by the old belief. */
	if (call->changes_identity)
		learn_identity(seccomp, &received->data);
	if (!call->operation && !call->confines) {
		listener_continue(seccomp->listener, received->id);
		return;
	}
	if (exec_redirect_expects(seccomp->redirects, (pid_t)received->pid,
				  &received->data)) {
		listener_continue(seccomp->listener, received->id);
		return;
	}
	job = job_new(seccomp, received, call);
	if (job)
		life_begin(job);
	else
		listener_reply(
			seccomp->listener, received->id, 0,
			exhaustion_report(&seccomp->exhaustion, -ENOMEM));
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
	struct seccomp_notif received;
	uint32_t last = 0;
	bool more = true;

	(void)fd;
	(void)what;
	seccomp->serving = true;
	for (unsigned int served = 0; served < SERVED_MAX; served++) {
		more = receive(seccomp, 1);
		if (!seccomp->recv_queue.count)
			break;
		received = recv_queue_take(&seccomp->recv_queue);
		place(seccomp, served && received.pid != last);
		last = received.pid;
		serve(seccomp, &received);
	}
	seccomp->serving = false;
	place(seccomp, false);
	affinity_leave();
	if (seccomp->recv_queue.count) {
		/* In the loop's next turn: what is made active now would have
		 * its turn in this one, again and again, before all others. */
		event_add(seccomp->more, &(const struct timeval){0});
	} else if (!more) {
		event_del(seccomp->readable);
		event_del(seccomp->more);
		seccomp->host->ended(seccomp->host->userdata);
	}
}

static int on_commit(void *argument, struct ruleset *ruleset)
{
	struct seccomp *seccomp = argument;
	/* What only allows more takes nothing from the kernel's layer. */
	const bool less = !seccomp->engine.ruleset ||
			  !ruleset_only_adds(ruleset, seccomp->engine.ruleset);

	engine_keep(&seccomp->engine, ruleset);
	if (seccomp->layer && less)
		recall_check(seccomp->recall, seccomp->layer, ruleset);
	return 0;
}

static void on_answer(void *argument, uint64_t request_id, enum answer answer)
{
	struct seccomp *seccomp = argument;
	struct pending *pending = pending_find(&seccomp->pending, request_id);

	if (!pending)
		return;
	pending_remove(&seccomp->pending, pending);
	life_answered((struct job *)pending, answer);
}

static const struct ruleset *redirect_ruleset(void *userdata)
{
	return ((struct seccomp *)userdata)->engine.ruleset;
}

static bool adopt_redirected(void *userdata, pid_t tid)
{
	return recall_adopt(((struct seccomp *)userdata)->recall, tid);
}

static int protect(struct seccomp *seccomp, const char *control_socket)
{
	char canonical[PATH_MAX];

	/* It may not be there yet; its directory may be a link. */
	seccomp->tree.control_socket =
		strdup(realpath(control_socket, canonical) ? canonical
							   : control_socket);
	return seccomp->tree.control_socket ? 0 : -ENOMEM;
}

/* What may be somebody else in the tree than this process is. */
static int learn_self(struct seccomp *seccomp)
{
	const int error = identity_read(&seccomp->self, getpid());

	/* Who has capabilities without being root may lose them with every
	 * execve(2); see "ambient" in capabilities(7). */
	seccomp->uniform = !error && (seccomp->self.permitted == 0 ||
				      seccomp->self.uid == 0);
	return error;
}

static int make_parts(struct seccomp *seccomp)
{
	struct event_base *loop = seccomp->host->loop;
	int error = exec_redirects_new(&seccomp->redirects, redirect_ruleset,
				       adopt_redirected, seccomp);

	if (!error)
		error = recall_new(&seccomp->recall, loop, seccomp->monitor);
	if (!error)
		error = confinements_new(&seccomp->confinements,
					 seccomp->monitor);
	if (!error)
		error = ipc_set_new(&seccomp->tree.ipc, seccomp->monitor);
	if (!error)
		error = creations_new(&seccomp->creations);
	if (!error)
		error = remote_new(&seccomp->remote);
	if (!error)
		error = workers_new(&seccomp->workers, loop, on_work_done,
				    seccomp);
	if (!error)
		error = nests_new(&seccomp->nests, loop, seccomp->monitor,
				  life_nest_answered);
	if (!error) {
		seccomp->sweep = evtimer_new(loop, targets_check, seccomp);
		error = seccomp->sweep ? 0 : -ENOMEM;
	}
	return error;
}

static void seccomp_free(struct engine *engine);

static int seccomp_new(struct engine **ret, const struct engine_host *host)
{
	struct seccomp *seccomp = calloc(1, sizeof(*seccomp));
	int error;

	if (!seccomp)
		return -ENOMEM;
	seccomp->engine.ops = &engine_seccomp;
	seccomp->host = host;
	seccomp->exhaustion.clock = host->clock;
	seccomp->listener = -1;
	seccomp->monitor = getpid();
	seccomp->looks_up_fast = true;
	opath_prepare();
	pending_init(&seccomp->pending,
		     host->beside ? PENDING_EVEN : PENDING_ALL);
	error = learn_self(seccomp);
	if (!error)
		error = make_parts(seccomp);
	if (!error)
		error = sandbox_init(&seccomp->sandbox, host->beside, false);
	if (!error)
		error = protect(seccomp, host->control_socket);
	if (error) {
		seccomp_free(&seccomp->engine);
		return error;
	}
	*ret = &seccomp->engine;
	return 0;
}

static int seccomp_probe(const char **ret_why)
{
	if (landlock_abi() < 0) {
		*ret_why = "the kernel has no Landlock: nothing can be run";
		return -ENOSYS;
	}
	*ret_why = "this kernel's Landlock has no supervisors";
	return 0;
}

static const char *seccomp_library(const struct engine *engine)
{
	return ((const struct seccomp *)engine)->sandbox.library;
}

/* What only we keep makes us nobody else. */
static int forget_taken(struct seccomp *seccomp)
{
	struct identity self;
	const int error = identity_read(&self, getpid());

	if (error) {
		log_error("cannot take capabilities from the program: %s",
			  strerror(-error));
		return error;
	}
	identity_finish(&seccomp->self);
	seccomp->self = self;
	seccomp->self.effective &= ~seccomp->sandbox.kept;
	seccomp->self.permitted &= ~seccomp->sandbox.kept;
	return 0;
}

/*
 * Whether a datagram socket is among what a program is handed, or may come
 * through that: true when in doubt.
 */
static bool brings_datagrams(const struct launch *launch)
{
	bool found = launch->more_fds;

	for (int fd = 0; fd < 3; fd++)
		found = found || socket_brings_datagrams(fd);
	for (size_t i = 0; i < launch->fds_count; i++)
		found = found || socket_brings_datagrams(launch->fds[i]);
	return found;
}

static int seccomp_prepare(struct engine *engine, const struct launch *launch)
{
	struct seccomp *seccomp = (struct seccomp *)engine;
	int error;

	seccomp->sandbox.every = launch->every;
	error = sandbox_prepare(&seccomp->sandbox, engine->ruleset);
	seccomp->tree.datagrams = brings_datagrams(launch);
	if (error)
		return error;
	seccomp->tree.taken = seccomp->sandbox.taken;
	seccomp->tree.held = static_layer_held(seccomp->sandbox.layer);
	seccomp->tree.open_devices =
		static_layer_opens_devices(seccomp->sandbox.layer);
	return seccomp->tree.taken ? forget_taken(seccomp) : 0;
}

static int seccomp_enter(struct engine *engine, int *ret_fd)
{
	const struct seccomp *seccomp = (const struct seccomp *)engine;
	const enum filter_kind kind = seccomp->host->beside ? FILTER_BESIDE
				      : sandbox_passes_marked(&seccomp->sandbox)
					      ? FILTER_MARKED
					      : FILTER_PLAIN;
	const int error = sandbox_enter(&seccomp->sandbox);
	int listener;

	if (error)
		return error;
	listener = listener_install(filter_of_tree(kind));
	if (listener < 0)
		return listener;
	*ret_fd = listener;
	return 0;
}

static const char *seccomp_explain(int error)
{
	return error == -EBUSY
		       ? "this program is itself supervised by something that "
			 "uses a seccomp listener, which the kernel allows "
			 "only once"
		       : NULL;
}

static int seccomp_start(struct engine *engine, struct decider *decider, int fd)
{
	struct seccomp *seccomp = (struct seccomp *)engine;
	struct event_base *loop = seccomp->host->loop;

	seccomp->decider = decider;
	seccomp->layer = seccomp->sandbox.layer;
	seccomp->listener = fd;
	listener_tune(fd, true);
	seccomp->steady = listener_is_steady();
	/* It may have been made of another ruleset. */
	recall_check(seccomp->recall, seccomp->layer, engine->ruleset);
	seccomp->readable =
		event_new(loop, fd, EV_READ | EV_PERSIST, on_readable, seccomp);
	seccomp->more = evtimer_new(loop, on_readable, seccomp);
	if (!seccomp->readable || !seccomp->more ||
	    event_add(seccomp->readable, NULL) < 0)
		return -ENOMEM;
	return 0;
}

static bool seccomp_child(struct engine *engine, pid_t pid, int status)
{
	struct seccomp *seccomp = (struct seccomp *)engine;

	if (exec_redirect_handle(seccomp->redirects, pid, status))
		return true;
	if (exec_redirect_holds(seccomp->redirects, pid))
		return false;
	return recall_handle(seccomp->recall, pid, status) ||
	       stray_handle(pid, status);
}

static void seccomp_free(struct engine *engine)
{
	struct seccomp *seccomp = (struct seccomp *)engine;

	targets_deny(seccomp);
	seccomp->listener = fd_close(seccomp->listener);
	/* Who waits for a file system that is gone goes with the process. */
	if (seccomp->workers && workers_count(seccomp->workers))
		return;
	if (seccomp->readable)
		event_free(seccomp->readable);
	if (seccomp->more)
		event_free(seccomp->more);
	if (seccomp->sweep)
		event_free(seccomp->sweep);
	nests_free(seccomp->nests);
	workers_free(seccomp->workers);
	recall_free(seccomp->recall);
	exec_redirects_free(seccomp->redirects);
	creations_free(seccomp->creations);
	remote_free(seccomp->remote);
	confinements_free(seccomp->confinements);
	ipc_set_free(seccomp->tree.ipc);
	sandbox_finish(&seccomp->sandbox);
	ruleset_unref(engine->ruleset);
	identity_finish(&seccomp->self);
	thread_source_close(&seccomp->source);
	free(seccomp->spare);
	free((char *)seccomp->tree.control_socket);
	free(seccomp);
}

const struct engine_ops engine_seccomp = {
	.name = "seccomp",
	.sees_end = true,
	.probe = seccomp_probe,
	.new = seccomp_new,
	.events = {.commit = on_commit, .answer = on_answer},
	.library = seccomp_library,
	.prepare = seccomp_prepare,
	.enter = seccomp_enter,
	.explain = seccomp_explain,
	.start = seccomp_start,
	.child = seccomp_child,
	.coverage = coverage_rows,
	.calls = coverage_calls,
	.free = seccomp_free,
};
