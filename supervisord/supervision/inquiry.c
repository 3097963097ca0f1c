/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Inquiries: a question of one domain on its way to a decision.
 */
#include "supervision/inquiry.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "supervision/process.h"
#include "supervision/record.h"

void inquiry_note(const struct inquiry *inquiry, const char *event,
		  const char *reason, const struct decision *decision)
{
	json_t *fields;

	if (!inquiry->domain->registry->record)
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
		record_decision(fields, decision);
	domain_note(inquiry->domain, event, fields);
}

void inquiry_free(struct inquiry *inquiry)
{
	struct domain *domain = inquiry->domain;

	TAILQ_REMOVE(&domain->inquiries, inquiry, link);
	domain->inquiries_count--;
	if (inquiry->timer)
		event_free(inquiry->timer);
	request_finish(&inquiry->request);
	decision_finish(&inquiry->decision);
	free(inquiry->waiters);
	free(inquiry);
}

void inquiry_cancel(struct inquiry *inquiry)
{
	if (inquiry->state == INQUIRY_PUT)
		chain_cancel(&inquiry->domain->registry->chain, inquiry->plugin,
			     inquiry->id);
}

void inquiry_finish(struct inquiry *inquiry, enum answer answer)
{
	struct domain *domain = inquiry->domain;
	struct waiter *waiters = inquiry->waiters;
	const size_t count = inquiry->waiters_count;

	/* An answer may make the engine ask anew: be done before. */
	inquiry->waiters = NULL;
	inquiry_free(inquiry);
	for (size_t i = 0; i < count; i++)
		domain->sink->answer(domain->userdata, waiters[i].request_id,
				     answer);
	free(waiters);
}

static void on_deadline(evutil_socket_t fd, short events, void *userdata)
{
	struct inquiry *inquiry = userdata;

	(void)fd;
	(void)events;
	inquiry_cancel(inquiry);
	inquiry->domain->denied++;
	inquiry_note(inquiry, "unanswered", "deadline", NULL);
	inquiry_finish(inquiry, ANSWER_DENY);
}

static int start_timer(struct inquiry *inquiry)
{
	struct domain *domain = inquiry->domain;
	const int seconds = domain->timeout_seconds;

	if (seconds <= 0)
		return 0;
	inquiry->deadline = inquiry->put_at + (int64_t)seconds * 1000;
	inquiry->timer =
		evtimer_new(domain->registry->loop, on_deadline, inquiry);
	if (!inquiry->timer ||
	    evtimer_add(inquiry->timer, &(struct timeval){.tv_sec = seconds}))
		return -ENOMEM;
	return 0;
}

int inquiry_new(struct inquiry **ret, struct domain *domain,
		const struct request *request)
{
	struct inquiry *inquiry = calloc(1, sizeof(*inquiry));

	if (!inquiry)
		return -ENOMEM;
	inquiry->domain = domain;
	inquiry->id = registry_next_id(domain->registry);
	inquiry->put_at = process_boottime_ms();
	inquiry->asked_at = time(NULL);
	TAILQ_INSERT_TAIL(&domain->inquiries, inquiry, link);
	domain->inquiries_count++;
	if (request_copy(&inquiry->request, request) < 0 ||
	    inquiry_join(inquiry, request) < 0 || start_timer(inquiry) < 0) {
		inquiry_free(inquiry);
		return -ENOMEM;
	}
	*ret = inquiry;
	return 0;
}

int inquiry_join(struct inquiry *inquiry, const struct request *request)
{
	if (inquiry->waiters_count == DOMAIN_WAITERS_MAX)
		return -ENOSPC;
	if (inquiry->waiters_count == inquiry->waiters_allocated) {
		const size_t allocated = inquiry->waiters_allocated * 2 + 1;
		struct waiter *waiters = reallocarray(
			inquiry->waiters, allocated, sizeof(*waiters));

		if (!waiters)
			return -ENOMEM;
		inquiry->waiters = waiters;
		inquiry->waiters_allocated = allocated;
	}
	inquiry->waiters[inquiry->waiters_count++] = (struct waiter){
		.request_id = request->id,
		.pid = request->subject.pid,
		.pid_start = request->subject.pid_start,
	};
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
		if (inquiry->state != INQUIRY_COMMITTING &&
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

struct question inquiry_question(const struct inquiry *inquiry)
{
	return (struct question){
		.id = inquiry->id,
		.app = inquiry->domain->app,
		.supervisor = "landlord",
		.request = &inquiry->request,
		.waiting = inquiry->waiters_count,
		.deadline = inquiry->deadline,
	};
}

void inquiry_leave(struct inquiry *inquiry, uint64_t request_id)
{
	size_t kept = 0;

	for (size_t i = 0; i < inquiry->waiters_count; i++)
		if (inquiry->waiters[i].request_id != request_id)
			inquiry->waiters[kept++] = inquiry->waiters[i];
	inquiry->waiters_count = kept;
	/* What a person has decided is committed, whoever has gone. */
	if (kept > 0 || inquiry->state == INQUIRY_COMMITTING)
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
