/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The recording of a domain while it runs: see domain_recording.h. */
#include "supervision/domain_recording.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/landlock.h"
#include "supervision/ask.h"
#include "supervision/commit.h"
#include "supervision/exits.h"
#include "supervision/process.h"
#include "trace/recorder.h"

struct domain_recording {
	struct decider inner; /* the domain, for the recorder; first member */
	struct domain *domain;
	struct decider *outer; /* the recorder, for the engine */
	struct recorder *recorder;
	struct exits *exits;
	struct domain_recording_options options;
	/* The domain's, while it is recorded. */
	const struct decider_events *events;
	void *engine;
};

/* --- The domain as a decider ------------------------------------- */

static struct domain *domain_of(struct decider *decider)
{
	return ((struct domain_recording *)decider)->domain;
}

static int inner_ask(struct decider *decider, const struct request *request)
{
	return domain_ask(domain_of(decider), request);
}

static void inner_withdraw(struct decider *decider, uint64_t request_id)
{
	domain_withdraw(domain_of(decider), request_id);
}

static void inner_refused(struct decider *decider,
			  const struct request *request, const char *reason)
{
	domain_refused(domain_of(decider), request, reason);
}

/* It is unwrapped, never freed: the domain goes on. */
static const struct decider_ops inner_ops = {
	.ask = inner_ask,
	.withdraw = inner_withdraw,
	.refused = inner_refused,
};

/* --- From the engine --------------------------------------------- */

int domain_recorded_ask(struct domain *domain, const struct request *request)
{
	struct decider *outer;

	if (!domain->recording)
		return domain_ask(domain, request);
	outer = domain->recording->outer;
	return outer->ops->ask(outer, request);
}

void domain_recorded_withdraw(struct domain *domain, uint64_t request_id)
{
	struct decider *outer;

	if (!domain->recording) {
		domain_withdraw(domain, request_id);
		return;
	}
	outer = domain->recording->outer;
	outer->ops->withdraw(outer, request_id);
}

void domain_recorded_refused(struct domain *domain,
			     const struct request *request, const char *reason)
{
	struct decider *outer;

	if (!domain->recording) {
		domain_refused(domain, request, reason);
		return;
	}
	outer = domain->recording->outer;
	outer->ops->refused(outer, request, reason);
}

void domain_recorded_executes(struct domain *domain,
			      const struct request *request)
{
	struct decider *outer =
		domain->recording ? domain->recording->outer : NULL;

	if (outer)
		outer->ops->executes(outer, request);
}

void domain_recorded_committed(struct domain *domain, int error)
{
	/* Before what comes of it. */
	if (domain->recording)
		recorder_committed(domain->recording->recorder, error);
	domain_committed(domain, error);
}

/* --- Its life ---------------------------------------------------- */

static void on_met(void *userdata, struct process_id process)
{
	exits_watch(((struct domain_recording *)userdata)->exits, process);
}

static void on_exit_of(void *userdata, struct process_id process, int status)
{
	recorder_exited(((struct domain_recording *)userdata)->recorder,
			process, status);
}

static int make_recorder(struct domain_recording *recording)
{
	const struct domain *domain = recording->domain;
	struct trace_writer *writer;
	struct utsname names;
	const struct trace_header header = {
		.kernel = uname(&names) == 0 ? names.release : NULL,
		.engine = domain->engine_name,
		.abi = landlock_abi(),
		.app = domain->app,
		.home = getenv("HOME"),
		.uid = getuid(),
	};
	int error = recorder_new(&recording->recorder, &header, DOMAIN_SESSION,
				 domain->registry->clock);

	if (error)
		return error;
	error = trace_writer_sink(&writer, &recording->options.sink);
	if (error)
		return error;
	recorder_add(recording->recorder, writer);
	return exits_new(&recording->exits, domain->registry->loop, on_exit_of,
			 recording);
}

/* The recorder takes the engine's place for the domain, and the reverse. */
static void step_between(struct domain_recording *recording)
{
	const struct recorder_host host = {.met = on_met,
					   .userdata = recording};
	struct domain *domain = recording->domain;

	recording->events = domain->events;
	recording->engine = domain->engine;
	recorder_serve(recording->recorder, &host);
	recorder_listen(recording->recorder, domain->events, domain->engine);
	recording->outer =
		recorder_wrap(recording->recorder, &recording->inner);
	domain->events = &recorder_events;
	domain->engine = recording->recorder;
	domain->recording = recording;
}

static void join_requests(const struct domain_recording *recording)
{
	struct inquiry *inquiry;

	TAILQ_FOREACH (inquiry, &recording->domain->inquiries, link)
		for (size_t i = 0; i < inquiry->waiters_count; i++) {
			const struct waiter *waiter = &inquiry->waiters[i];
			struct request request = waiter->request
							 ? *waiter->request
							 : inquiry->request;

			request.id = waiter->request_id;
			recorder_join_request(recording->recorder, &request);
		}
}

static void follow(const struct domain_recording *recording, bool wanted)
{
	if (recording->events->follow)
		recording->events->follow(recording->engine, wanted);
}

int domain_recording_new(struct domain_recording **ret, struct domain *domain,
			 const struct domain_recording_options *options)
{
	struct domain_recording *recording;
	int error;

	if (domain->recording)
		return -EBUSY;
	recording = calloc(1, sizeof(*recording));
	if (!recording)
		return -ENOMEM;
	recording->inner.ops = &inner_ops;
	recording->domain = domain;
	recording->options = *options;
	error = make_recorder(recording);
	if (error) {
		domain_recording_free(recording);
		return error;
	}
	step_between(recording);
	recorder_join(recording->recorder, domain->committed, domain->inflight);
	join_requests(recording);
	follow(recording, true);
	*ret = recording;
	return 0;
}

static void finish(struct domain_recording *recording)
{
	/* Tells of who has ended: before the last line. */
	exits_free(recording->exits);
	if (recording->outer) {
		recording->domain->events = recording->events;
		recording->domain->engine = recording->engine;
		recording->domain->recording = NULL;
		recorder_unwrap(recording->outer);
	} else {
		recorder_free(recording->recorder);
	}
	free(recording);
}

struct domain_recording *
domain_recording_free(struct domain_recording *recording)
{
	if (!recording)
		return NULL;
	if (recording->outer)
		follow(recording, false);
	finish(recording);
	return NULL;
}

void domain_recording_end(struct domain *domain)
{
	struct domain_recording *recording = domain->recording;
	struct domain_recording_options options;

	if (!recording)
		return;
	options = recording->options;
	/* Its engine may have gone: it is told nothing any more. */
	finish(recording);
	options.ended(options.userdata);
}
