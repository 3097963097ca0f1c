/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The landlock engine: see supervised.h. */
#include "supervised/supervised.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/fd.h"
#include "base/landlock_supervisor.h"
#include "base/log.h"
#include "landlock/rights.h"
#include "nested/nested.h"
#include "path/remote.h"
#include "path/ward.h"
#include "seccomp/seccomp.h"
#include "supervised/committed.h"
#include "supervised/denial.h"
#include "supervised/once.h"
#include "supervised/pending_denial.h"
#include "supervised/supervised_state.h"

#define SERVED_MAX 32	  /* events, until it is the turn of others */
#define EVENT_BYTES 16384 /* two names, two paths, and what belongs to them */

/* What the kernel asks about, so that nobody else has to. */
#define ASKED (RIGHTS_FS | RIGHTS_NET | RIGHT_SCOPE_PATHNAME_UNIX_SOCKET)

/* And what it keeps in the domain besides, without asking. */
#define SCOPED (LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET | LANDLOCK_SCOPE_SIGNAL)

/* Something above what rules refuse was moved, or something mounted. */
static void look_at_names(struct supervised *supervised, bool mounts)
{
	if (mounts)
		remote_update(supervised->remote);
	if (wards_look(supervised->wards, mounts))
		committed_check(supervised->committed,
				supervised->engine.ruleset, supervised->wards);
}

/* Takes the next event. Returns: whether there was one. */
static bool serve(struct supervised *supervised, bool *ret_more)
{
	static _Alignas(8) char buffer[EVENT_BYTES];
	struct pollfd polls[] = {
		{.fd = remote_fd(supervised->remote), .events = POLLPRI},
		{.fd = wards_fd(supervised->wards), .events = POLLIN},
	};
	const int error = landlock_event_receive(supervised->events, buffer,
						 sizeof(buffer));
	struct denial denial;

	*ret_more = error != -EPIPE;
	if (error)
		return false;
	/* After the event: what it is about was there before it. */
	if (poll(polls, ARRAY_SIZE(polls), 0) > 0)
		look_at_names(supervised, polls[0].revents);
	if (denial_parse(&denial, buffer, sizeof(buffer))) {
		landlock_event_answer(
			supervised->events,
			((const struct landlock_event *)buffer)->cookie,
			LANDLOCK_ANSWER_DENY);
		return true;
	}
	if (denial.lost && !supervised->told_lost) {
		supervised->told_lost = true;
		log_warning("too many requests at once: %u accesses were "
			    "denied without asking",
			    denial.lost);
	}
	if (denial.flags & LANDLOCK_EVENT_NOTIFY_ONLY)
		denial_finish(&denial);
	else
		pending_denial_begin(supervised, &denial);
	return true;
}

static void on_readable(evutil_socket_t fd, short what, void *userdata)
{
	struct supervised *supervised = userdata;
	bool more = true;

	(void)fd;
	(void)what;
	for (unsigned int i = 0; i < SERVED_MAX; i++)
		if (!serve(supervised, &more))
			break;
	if (!more) {
		event_del(supervised->readable);
		supervised->host->ended(supervised->host->userdata);
	}
}

static void on_rest_ended(void *userdata)
{
	const struct supervised *supervised = userdata;

	supervised->host->ended(supervised->host->userdata);
}

static void on_rest_lost(void *userdata)
{
	const struct supervised *supervised = userdata;

	supervised->host->lost(supervised->host->userdata);
}

static int on_commit(void *argument, struct ruleset *ruleset)
{
	struct supervised *supervised = argument;
	/* What only allows more takes nothing from the kernel's rules. */
	const bool less =
		!supervised->engine.ruleset ||
		!ruleset_only_adds(ruleset, supervised->engine.ruleset);
	int error = 0;

	if (supervised->wards)
		error = wards_set(supervised->wards, ruleset);
	if (!error && less)
		error = committed_check(supervised->committed, ruleset,
					supervised->wards);
	if (error)
		return error;
	engine_keep(&supervised->engine, ruleset);
	return supervised->rest->ops->events.commit(supervised->rest, ruleset);
}

static void on_answer(void *argument, uint64_t request_id, enum answer answer)
{
	struct supervised *supervised = argument;

	if (!pending_denial_answered(supervised, request_id, answer))
		supervised->rest->ops->events.answer(supervised->rest,
						     request_id, answer);
}

static int make_domain(struct supervised *supervised)
{
	const struct landlock_ruleset_attr attr = {
		.handled_access_fs = RIGHTS_FS,
		.handled_access_net = landlock_net_of_rights(RIGHTS_NET),
		.scoped = SCOPED,
	};

	supervised->supervisor = landlock_supervisor_new(&attr);
	if (supervised->supervisor < 0)
		return supervised->supervisor;
	supervised->supervisee =
		landlock_supervisee_new(supervised->supervisor, 1);
	return supervised->supervisee < 0 ? supervised->supervisee : 0;
}

static int make_rest(struct supervised *supervised,
		     const struct engine_ops *ops)
{
	const struct engine_host *host = supervised->host;

	supervised->beside = (struct engine_beside){
		.asked = ASKED,
		.held = ASKED | RIGHT_SCOPE_ABSTRACT_UNIX_SOCKET |
			RIGHT_SCOPE_SIGNAL,
		.domain = supervised->supervisee,
	};
	supervised->rest_host = (struct engine_host){
		.loop = host->loop,
		.clock = host->clock,
		.control_socket = host->control_socket,
		.beside = &supervised->beside,
		.ended = on_rest_ended,
		.lost = on_rest_lost,
		.userdata = supervised,
	};
	return ops->new (&supervised->rest, &supervised->rest_host);
}

static int protect(struct supervised *supervised)
{
	const char *path = supervised->host->control_socket;
	char canonical[PATH_MAX];

	/* It may not be there yet; its directory may be a link. */
	supervised->control_socket =
		strdup(realpath(path, canonical) ? canonical : path);
	return supervised->control_socket ? 0 : -ENOMEM;
}

/* Where an older kernel is to be tried (see sandbox.c) there is none. */
static int probe(void)
{
	return getenv("LANDLORD_LANDLOCK_ABI") ? -EOPNOTSUPP
					       : landlock_supervisor_probe();
}

static void supervised_free(struct engine *engine);

/* @rest: of what the kernel does not ask about */
static int make(struct engine **ret, const struct engine_host *host,
		const struct engine_ops *ops, const struct engine_ops *rest)
{
	struct supervised *supervised;
	int error;

	if (probe())
		return -ENOENT;
	supervised = calloc(1, sizeof(*supervised));
	if (!supervised)
		return -ENOMEM;
	supervised->engine.ops = ops;
	supervised->host = host;
	supervised->supervisor = supervised->supervisee = -1;
	supervised->events = -1;
	supervised->monitor = getpid();
	pending_init(&supervised->pending, PENDING_ODD);
	error = make_domain(supervised);
	if (!error)
		error = committed_new(&supervised->committed,
				      supervised->supervisor);
	if (!error)
		error = once_new(&supervised->once);
	if (!error)
		error = remote_new(&supervised->remote);
	if (!error)
		error = protect(supervised);
	if (!error)
		error = make_rest(supervised, rest);
	if (error) {
		supervised_free(&supervised->engine);
		return error;
	}
	*ret = &supervised->engine;
	return 0;
}

static int supervised_new(struct engine **ret, const struct engine_host *host)
{
	return make(ret, host, &engine_landlock, &engine_seccomp);
}

static int nested_new(struct engine **ret, const struct engine_host *host)
{
	return make(ret, host, &engine_landlock_nested, &engine_nested);
}

static int supervised_probe(const char **ret_why)
{
	const int error = probe();

	*ret_why = error ? "this kernel's Landlock has no supervisors"
			 : "this kernel's Landlock has supervisors: it asks "
			   "about files and ports itself";
	return error;
}

static int supervised_prepare(struct engine *engine,
			      const struct launch *launch)
{
	struct supervised *supervised = (struct supervised *)engine;
	const int error = wards_new(&supervised->wards, engine->ruleset);

	if (error) {
		log_error("cannot find what the rules refuse: %s",
			  strerror(-error));
		return error;
	}
	return supervised->rest->ops->prepare(supervised->rest, launch);
}

/* The rest enters the domain as well: it knows what comes before and after. */
static int supervised_enter(struct engine *engine, int *ret_fd)
{
	struct supervised *supervised = (struct supervised *)engine;

	supervised->supervisor = fd_close(supervised->supervisor);
	return supervised->rest->ops->enter(supervised->rest, ret_fd);
}

static const char *supervised_explain(int error)
{
	switch (error) {
	case -EDEADLK:
		return "the program would be supervised by itself";
	case -ESTALE:
		return "its Landlock domain has been entered before";
	case -EPERM:
		return "the kernel does not let the program enter its Landlock "
		       "domain, which is not beneath that of this process";
	case -E2BIG:
		return "there are too many Landlock domains within each other";
	default:
		return engine_seccomp.explain(error);
	}
}

/*
 * Only now somebody can be asked, and the descriptor for that is nobody's but
 * ours: while another one has it, nothing is denied when we are gone.
 */
static int supervised_start(struct engine *engine, struct decider *decider,
			    int fd)
{
	struct supervised *supervised = (struct supervised *)engine;

	supervised->decider = decider;
	supervised->supervisee = fd_close(supervised->supervisee);
	supervised->events = landlock_events_open(supervised->supervisor);
	if (supervised->events < 0) {
		fd_close(fd);
		return supervised->events;
	}
	supervised->readable =
		event_new(supervised->host->loop, supervised->events,
			  EV_READ | EV_PERSIST, on_readable, supervised);
	if (!supervised->readable ||
	    event_add(supervised->readable, NULL) < 0) {
		fd_close(fd);
		return -ENOMEM;
	}
	return supervised->rest->ops->start(supervised->rest, decider, fd);
}

static bool supervised_child(struct engine *engine, pid_t pid, int status)
{
	const struct supervised *supervised = (const struct supervised *)engine;

	return supervised->rest->ops->child(supervised->rest, pid, status);
}

static void supervised_free(struct engine *engine)
{
	struct supervised *supervised = (struct supervised *)engine;

	pending_denial_deny(supervised);
	if (supervised->readable)
		event_free(supervised->readable);
	fd_close(supervised->events);
	engine_free(supervised->rest);
	fd_close(supervised->supervisee);
	fd_close(supervised->supervisor);
	committed_free(supervised->committed);
	wards_free(supervised->wards);
	remote_free(supervised->remote);
	once_free(supervised->once);
	ruleset_unref(engine->ruleset);
	free(supervised->control_socket);
	free(supervised);
}

/* Of both: the one beside them does what differs. */
#define STEPS                                                     \
	.events = {.commit = on_commit, .answer = on_answer},     \
	.prepare = supervised_prepare, .enter = supervised_enter, \
	.explain = supervised_explain, .start = supervised_start, \
	.child = supervised_child, .free = supervised_free

const struct engine_ops engine_landlock = {
	.name = "landlock",
	.sees_end = true,
	.probe = supervised_probe,
	.new = supervised_new,
	STEPS,
};

/* Whoever runs the program looks for its end: the outer filter does not tell.
 */
const struct engine_ops engine_landlock_nested = {
	.name = "landlock",
	.nested = true,
	.new = nested_new,
	STEPS,
};
