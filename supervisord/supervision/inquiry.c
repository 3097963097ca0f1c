/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Inquiries: a question of one domain on its way to a decision.
 */
#include "supervision/inquiry.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "supervision/audit_log.h"
#include "supervision/wakeup.h"

void inquiry_note(const struct inquiry *inquiry, const char *event,
		  const char *reason, const struct decision *decision)
{
	json_t *fields;

	if (!inquiry->domain->registry->audit_log)
		return;
	fields = request_json(&inquiry->request);
	if (!fields)
		return;
	json_object_set_new(fields, "question",
			    json_integer((json_int_t)inquiry->id));
	json_object_set_new(fields, "waiting",
			    json_integer((json_int_t)inquiry->waiters_count));
	if (reason)
		json_object_set_new(fields, "reason", json_string(reason));
	if (decision)
		audit_log_decision(fields, decision);
	domain_note(inquiry->domain, event, fields);
}

void inquiry_tell(const struct inquiry *inquiry,
		  const struct decision *decision, enum undecided undecided)
{
	const struct domain *domain = inquiry->domain;

	for (size_t i = 0;
	     domain->events->decided && i < inquiry->waiters_count; i++)
		domain->events->decided(domain->engine,
					inquiry->waiters[i].request_id,
					decision, undecided);
}

void waiter_finish(struct waiter *waiter)
{
	if (waiter->request)
		request_finish(waiter->request);
	free(waiter->request);
	waiter->request = NULL;
}

void inquiry_free(struct inquiry *inquiry)
{
	struct domain *domain = inquiry->domain;

	for (size_t i = 0; i < inquiry->waiters_count; i++)
		waiter_finish(&inquiry->waiters[i]);
	TAILQ_REMOVE(&domain->inquiries, inquiry, link);
	domain->inquiries_count--;
	request_finish(&inquiry->request);
	decision_finish(&inquiry->decision);
	free(inquiry->waiters);
	free(inquiry);
}

void inquiry_cancel(struct inquiry *inquiry)
{
	if (inquiry->state == INQUIRY_PUT)
		plugin_chain_cancel(&inquiry->domain->registry->chain,
				    inquiry->plugin, inquiry->id);
}

void inquiry_finish(struct inquiry *inquiry, enum answer answer)
{
	struct domain *domain = inquiry->domain;
	struct waiter *waiters = inquiry->waiters;
	const size_t count = inquiry->waiters_count;

	/* An answer may make the engine ask anew: be done before. */
	inquiry->waiters = NULL;
	inquiry->waiters_count = 0;
	inquiry_free(inquiry);
	for (size_t i = 0; i < count; i++) {
		waiter_finish(&waiters[i]);
		domain->events->answer(domain->engine, waiters[i].request_id,
				       answer);
	}
	free(waiters);
}

/* Returns: one whose deadline has passed, or NULL. */
static struct inquiry *find_late(const struct registry *registry, int64_t now)
{
	struct inquiry *inquiry;
	struct domain *domain;

	TAILQ_FOREACH (domain, &registry->domains, link)
		TAILQ_FOREACH (inquiry, &domain->inquiries, link)
			if (inquiry->deadline && inquiry->deadline <= now &&
			    !inquiry_is_decided(inquiry))
				return inquiry;
	return NULL;
}

/* Denies for want of an answer. */
static void end_late(struct inquiry *inquiry)
{
	inquiry_cancel(inquiry);
	inquiry->domain->denied++;
	inquiry_note(inquiry, "unanswered", "deadline", NULL);
	inquiry_tell(inquiry, NULL, UNDECIDED_LATE);
	inquiry_finish(inquiry, ANSWER_DENY);
}

void inquiries_expire(struct registry *registry)
{
	struct inquiry *inquiry;
	struct domain *domain;

	while ((inquiry = find_late(registry, clock_boot(registry->clock))))
		end_late(inquiry);
	TAILQ_FOREACH (domain, &registry->domains, link)
		TAILQ_FOREACH (inquiry, &domain->inquiries, link)
			if (inquiry->deadline && !inquiry_is_decided(inquiry))
				wakeup_advance(registry->deadline,
					       inquiry->deadline);
}

static void set_deadline(struct inquiry *inquiry)
{
	const struct domain *domain = inquiry->domain;
	const int64_t seconds = domain->timeout_seconds;

	if (seconds <= 0)
		return;
	inquiry->deadline = inquiry->put_at + seconds * 1000;
	wakeup_advance(domain->registry->deadline, inquiry->deadline);
}

/* How long an agent may take to come. */
#define AWAIT_MS 10000

void inquiry_await(struct inquiry *inquiry, bool awaits)
{
	const struct domain *domain = inquiry->domain;
	const int64_t now = clock_boot(domain->registry->clock);
	const int64_t seconds = domain->timeout_seconds;

	if (inquiry->awaits == awaits)
		return;
	inquiry->awaits = awaits;
	inquiry->deadline = seconds > 0 ? now + seconds * 1000 : 0;
	if (awaits &&
	    (!inquiry->deadline || inquiry->deadline > now + AWAIT_MS))
		inquiry->deadline = now + AWAIT_MS;
	if (inquiry->deadline)
		wakeup_advance(domain->registry->deadline, inquiry->deadline);
}

void inquiry_postpone(struct inquiry *inquiry)
{
	const struct domain *domain = inquiry->domain;
	const int64_t last = inquiry->put_at + INQUIRY_POSTPONED_MAX_MS;
	int64_t deadline = clock_boot(domain->registry->clock) +
			   domain->timeout_seconds * INT64_C(1000);

	if (deadline > last)
		deadline = last;
	/* The wakeup that is set comes too early, and looks for the next. */
	if (!inquiry->deadline || deadline <= inquiry->deadline)
		return;
	inquiry->deadline = deadline;
	for (size_t i = 0;
	     domain->events->postponed && i < inquiry->waiters_count; i++)
		domain->events->postponed(domain->engine,
					  inquiry->waiters[i].request_id,
					  deadline);
}

int inquiry_stop(const struct inquiry *inquiry, const char *by)
{
	const struct domain *domain = inquiry->domain;

	if (!domain->events->stop)
		return -EOPNOTSUPP;
	inquiry_note(inquiry, "stopped", by, NULL);
	domain->events->stop(domain->engine);
	return 0;
}

/* Takes the request over, also after a failure. */
static int open_inquiry(struct inquiry **ret, struct domain *domain,
			struct request *request)
{
	struct inquiry *inquiry = calloc(1, sizeof(*inquiry));

	if (!inquiry) {
		request_finish(request);
		return -ENOMEM;
	}
	inquiry->domain = domain;
	inquiry->id = registry_next_id(domain->registry);
	inquiry->put_at = clock_boot(domain->registry->clock);
	inquiry->asked_at = clock_wall(domain->registry->clock);
	inquiry->request = *request;
	TAILQ_INSERT_TAIL(&domain->inquiries, inquiry, link);
	domain->inquiries_count++;
	set_deadline(inquiry);
	*ret = inquiry;
	return 0;
}

int inquiry_new(struct inquiry **ret, struct domain *domain,
		const struct request *request)
{
	struct request copy;
	int error = request_copy(&copy, request);

	if (!error)
		error = open_inquiry(ret, domain, &copy);
	if (error)
		return error;
	error = inquiry_join(*ret, request);
	if (error)
		inquiry_free(*ret);
	return error;
}

/* Whether a waiter is of the process whose request is shown. */
static bool is_shown(const struct inquiry *inquiry, const struct waiter *waiter)
{
	const struct subject *subject = &inquiry->request.subject;

	if (waiter->request_id == inquiry->request.id)
		return true;
	return waiter->process.pid > 0 &&
	       process_is(waiter->process, subject_process(subject));
}

static int make_room(struct inquiry *inquiry)
{
	const size_t allocated = inquiry->waiters_allocated * 2 + 1;
	struct waiter *waiters;

	if (inquiry->waiters_count < inquiry->waiters_allocated)
		return 0;
	waiters = reallocarray(inquiry->waiters, allocated, sizeof(*waiters));
	if (!waiters)
		return -ENOMEM;
	inquiry->waiters = waiters;
	inquiry->waiters_allocated = allocated;
	return 0;
}

/* What the waiter asks is kept if it may have to be shown by itself. */
static int keep_request(const struct inquiry *inquiry, struct waiter *waiter,
			const struct request *request)
{
	if (is_shown(inquiry, waiter))
		return 0;
	waiter->request = malloc(sizeof(*waiter->request));
	if (!waiter->request)
		return -ENOMEM;
	if (request_copy(waiter->request, request) == 0)
		return 0;
	free(waiter->request);
	waiter->request = NULL;
	return -ENOMEM;
}

int inquiry_join(struct inquiry *inquiry, const struct request *request)
{
	struct waiter waiter = {
		.request_id = request->id,
		.process = subject_process(&request->subject),
	};
	int error;

	if (inquiry->waiters_count == DOMAIN_WAITERS_MAX)
		return -ENOSPC;
	error = make_room(inquiry);
	if (!error)
		error = keep_request(inquiry, &waiter, request);
	if (!error)
		inquiry->waiters[inquiry->waiters_count++] = waiter;
	return error;
}

/* Moves the waiters that are not shown to another inquiry, with room there. */
static void move_others(struct inquiry *inquiry, struct inquiry *to)
{
	size_t kept = 0;

	for (size_t i = 0; i < inquiry->waiters_count; i++) {
		const struct waiter waiter = inquiry->waiters[i];

		if (is_shown(inquiry, &waiter))
			inquiry->waiters[kept++] = waiter;
		else
			to->waiters[to->waiters_count++] = waiter;
	}
	inquiry->waiters_count = kept;
}

int inquiry_split(struct inquiry *inquiry)
{
	const struct waiter *first = NULL;
	struct inquiry *rest;
	struct request request;
	int error;

	for (size_t i = 0; !first && i < inquiry->waiters_count; i++)
		if (!is_shown(inquiry, &inquiry->waiters[i]))
			first = &inquiry->waiters[i];
	if (!first)
		return 0;
	error = request_copy(&request, first->request);
	if (!error)
		error = open_inquiry(&rest, inquiry->domain, &request);
	if (error)
		return error;
	rest->waiters = calloc(inquiry->waiters_count, sizeof(*rest->waiters));
	if (!rest->waiters) {
		inquiry_free(rest);
		return -ENOMEM;
	}
	rest->waiters_allocated = inquiry->waiters_count;
	move_others(inquiry, rest);
	return 0;
}

struct inquiry *inquiry_find(struct domain *domain,
			     const struct request *request)
{
	struct inquiry *inquiry;

	/*
	 * One that is being committed takes nobody in: rules for one process
	 * have been made for those that waited then.
	 */
	TAILQ_FOREACH (inquiry, &domain->inquiries, link)
		if (!inquiry_is_decided(inquiry) &&
		    request_same_question(&inquiry->request, request))
			return inquiry;
	return NULL;
}

struct inquiry *inquiry_by_id(const struct registry *registry, uint64_t id)
{
	struct inquiry *inquiry;
	struct domain *domain;

	TAILQ_FOREACH (domain, &registry->domains, link)
		TAILQ_FOREACH (inquiry, &domain->inquiries, link)
			if (inquiry->id == id)
				return inquiry;
	return NULL;
}

/* As struct question has it. Of what is nested nothing is kept. */
static int64_t kept_most(const struct domain *domain)
{
	const int max = domain->profile->shared->policy.settings.max_lifetime;

	if (domain->nested || max == 0)
		return -1;
	return max == INT_MAX ? 0 : max;
}

struct question inquiry_question(const struct inquiry *inquiry)
{
	const struct domain *const domain = inquiry->domain;

	return (struct question){
		.id = inquiry->id,
		.app = inquiry->domain->app,
		.supervisor = "landlord",
		.request = &inquiry->request,
		.waiting = inquiry->waiters_count,
		.deadline = inquiry->deadline,
		.kept_most = kept_most(domain),
		.terse = domain->profile->shared->policy.settings.terse,
	};
}

void inquiry_leave(struct inquiry *inquiry, uint64_t request_id)
{
	size_t kept = 0;

	for (size_t i = 0; i < inquiry->waiters_count; i++)
		if (inquiry->waiters[i].request_id != request_id)
			inquiry->waiters[kept++] = inquiry->waiters[i];
		else
			waiter_finish(&inquiry->waiters[i]);
	inquiry->waiters_count = kept;
	/* What a person has decided is committed, whoever has gone. */
	if (kept > 0 || inquiry_is_decided(inquiry))
		return;
	inquiry_cancel(inquiry);
	inquiry_note(inquiry, "withdrawn", NULL, NULL);
	inquiry_free(inquiry);
}

void inquiry_drop(struct inquiry *inquiry)
{
	inquiry_cancel(inquiry);
	inquiry_free(inquiry);
}
