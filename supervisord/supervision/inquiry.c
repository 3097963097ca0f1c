/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Inquiries: a question of one domain on its way to a decision.
 */
#include "supervision/inquiry.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "plugin/rules.h"
#include "supervision/grant.h"
#include "supervision/process.h"
#include "supervision/profile.h"
#include "supervision/supervisor.h"

static struct record_domain record_of(const struct inquiry *inquiry)
{
	return (struct record_domain){
		.app = inquiry->domain->app,
		.monitor_pid = inquiry->domain->monitor_pid,
	};
}

/* Writes what became of the question. @decision: may be NULL */
static void note(const struct inquiry *inquiry, const char *event,
		 const char *reason, const struct decision *decision)
{
	const struct record_domain domain = record_of(inquiry);
	struct record *record = inquiry->domain->supervisor->record;
	json_t *fields;

	if (!record)
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
	record_event(record, event, &domain, fields);
}

static void inquiry_free(struct inquiry *inquiry)
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

/* Takes the question back from the plugin that has it. */
static void cancel(struct inquiry *inquiry)
{
	struct supervisor *supervisor = inquiry->domain->supervisor;
	struct plugin *plugin;

	if (inquiry->state != INQUIRY_PUT ||
	    inquiry->plugin >= supervisor->plugins_count)
		return;
	plugin = supervisor->plugins[inquiry->plugin];
	plugin->ops->cancel(plugin, inquiry->id);
}

/* Ends an inquiry: all that wait get the answer. */
static void finish(struct inquiry *inquiry, enum answer answer)
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
	cancel(inquiry);
	inquiry->domain->denied++;
	note(inquiry, "unanswered", "deadline", NULL);
	finish(inquiry, ANSWER_DENY);
}

static int start_timer(struct inquiry *inquiry)
{
	struct domain *domain = inquiry->domain;
	const int seconds = domain->timeout_seconds;

	if (seconds <= 0)
		return 0;
	inquiry->deadline = inquiry->put_at + (int64_t)seconds * 1000;
	inquiry->timer =
		evtimer_new(domain->supervisor->loop, on_deadline, inquiry);
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
	inquiry->id = supervisor_next_id(domain->supervisor);
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

/* Nobody could be asked. */
static void unanswerable(struct inquiry *inquiry)
{
	/* Until the deadline, or until an agent subscribes. */
	if (inquiry->domain->profile->shared->policy.settings.no_agent ==
		    NO_AGENT_WAIT &&
	    inquiry->timer)
		return;
	inquiry->domain->denied++;
	note(inquiry, "unanswered", "no agent", NULL);
	finish(inquiry, ANSWER_DENY);
}

void inquiry_put(struct inquiry *inquiry)
{
	struct domain *domain = inquiry->domain;
	struct supervisor *supervisor = domain->supervisor;
	const struct question question = inquiry_question(inquiry);
	const struct plugin_query query = {
		.question = &question,
		.ruleset = domain->committed,
		.own_agent = domain->own_agent,
	};

	inquiry->state = INQUIRY_PUT;
	for (; inquiry->plugin < supervisor->plugins_count; inquiry->plugin++) {
		struct plugin *plugin = supervisor->plugins[inquiry->plugin];
		struct decision decision = {};

		switch (plugin->ops->decide(plugin, &query, &decision)) {
		case VERDICT_PASS:
			continue;
		case VERDICT_RETRY:
			note(inquiry, "settled", NULL, NULL);
			finish(inquiry, ANSWER_RETRY);
			return;
		case VERDICT_PENDING:
			return;
		case VERDICT_DECIDED:
			inquiry_decide(inquiry, &decision);
			decision_finish(&decision);
			return;
		}
	}
	unanswerable(inquiry);
}

/* Appends the rules that the decision makes for one process. */
static int append_rules(struct inquiry *inquiry, struct rules *ret)
{
	struct rules rules = {};
	int r = decision_rules(&inquiry->decision, &inquiry->request,
			       time(NULL), &rules);

	if (r == 0)
		r = rules_append(ret, &rules);
	rules_finish(&rules);
	return r;
}

/* The rules for everybody who waits: one set, but for lifetime "process". */
static int make_rules(struct inquiry *inquiry, struct rules *ret)
{
	const struct subject subject = inquiry->request.subject;
	int r = 0;

	if (inquiry->decision.lifetime != LIFETIME_PROCESS)
		return append_rules(inquiry, ret);
	for (size_t i = 0; r == 0 && i < inquiry->waiters_count; i++) {
		const struct waiter *waiter = &inquiry->waiters[i];

		if (i > 0 && waiter->pid == waiter[-1].pid &&
		    waiter->pid_start == waiter[-1].pid_start)
			continue;
		inquiry->request.subject.pid = waiter->pid;
		inquiry->request.subject.pid_start = waiter->pid_start;
		r = append_rules(inquiry, ret);
	}
	inquiry->request.subject = subject;
	return r;
}

/* The agent "none" denies because nobody is there: that is no answer. */
static bool by_nobody(const struct decision *decision)
{
	return decision->outcome == OUTCOME_DENY &&
	       decision->lifetime == LIFETIME_ONCE && decision->agent &&
	       (strcmp(decision->agent, "none") == 0 ||
		strncmp(decision->agent, "none (", 6) == 0);
}

/* The end of a decision: only now is it known whether it holds. */
static void conclude(struct inquiry *inquiry, int error)
{
	const struct decision *decision = &inquiry->decision;
	const bool allow = decision->outcome == OUTCOME_ALLOW && !error;
	enum answer answer = ANSWER_DENY;

	if (error)
		log_error("%s: the decision could not be committed: %s",
			  inquiry->domain->app, strerror(-error));
	if (allow)
		answer = decision->lifetime == LIFETIME_ONCE ? ANSWER_ALLOW_ONCE
							     : ANSWER_RETRY;
	if (allow)
		inquiry->domain->granted++;
	else
		inquiry->domain->denied++;
	if (error && decision->outcome == OUTCOME_ALLOW)
		note(inquiry, "unanswered", "commit failed", NULL);
	else if (by_nobody(decision))
		note(inquiry, "unanswered", "no agent", NULL);
	else
		note(inquiry, "decision", NULL, decision);
	finish(inquiry, answer);
}

static bool persists(const struct decision *decision)
{
	return decision->lifetime == LIFETIME_ALWAYS ||
	       decision->lifetime == LIFETIME_UNTIL;
}

static void on_changed(void *userdata, struct domain *domain,
		       const struct rules *rules, int error)
{
	struct inquiry *inquiry = userdata;

	if (error == 0 && persists(&inquiry->decision) &&
	    grant_persist(domain, rules, inquiry->decision.agent) < 0)
		inquiry->decision.lifetime = LIFETIME_SESSION;
	conclude(inquiry, error);
}

void inquiry_decide(struct inquiry *inquiry, const struct decision *decision)
{
	struct domain *domain = inquiry->domain;
	struct rules rules = {};
	int r;

	if (inquiry->state == INQUIRY_COMMITTING)
		return;
	if (process_boottime_ms() - inquiry->put_at < FLOOD_INSTANT_MS)
		flood_refund(&domain->flood);
	if (inquiry->timer)
		evtimer_del(inquiry->timer);
	inquiry->state = INQUIRY_COMMITTING;
	r = decision_copy(&inquiry->decision, decision);
	if (r == 0 && domain->nested && persists(decision))
		inquiry->decision.lifetime = LIFETIME_SESSION;
	if (r < 0 || decision->lifetime == LIFETIME_ONCE) {
		conclude(inquiry, r);
		return;
	}
	r = make_rules(inquiry, &rules);
	if (r == 0 && rules.count == 0) {
		/* A process that is not known cannot be named in a rule. */
		inquiry->decision.lifetime = LIFETIME_ONCE;
		conclude(inquiry, 0);
		return;
	}
	if (r == 0)
		r = domain_change(domain, &rules, persists(&inquiry->decision),
				  on_changed, inquiry);
	rules_finish(&rules);
	/* On success on_changed() ends the inquiry, or has ended it. */
	if (r < 0)
		conclude(inquiry, r);
}

/*
 * Takes out the waiters that the ruleset decides for.
 * Returns: how many; their request ids are in @ret, which has room for all.
 */
static size_t take_decided(struct inquiry *inquiry, uint64_t *ret)
{
	const struct ruleset *ruleset = inquiry->domain->committed;
	size_t kept = 0, taken = 0;

	for (size_t i = 0; i < inquiry->waiters_count; i++) {
		const struct waiter waiter = inquiry->waiters[i];

		if (rules_decide(ruleset, &inquiry->request, waiter.pid,
				 waiter.pid_start))
			ret[taken++] = waiter.request_id;
		else
			inquiry->waiters[kept++] = waiter;
	}
	inquiry->waiters_count = kept;
	return taken;
}

void inquiry_settle(struct inquiry *inquiry)
{
	struct domain *domain = inquiry->domain;
	_cleanup_free_ uint64_t *decided = NULL;
	size_t count;

	if (inquiry->state == INQUIRY_COMMITTING || !domain->committed)
		return;
	decided = calloc(inquiry->waiters_count + 1, sizeof(*decided));
	/* Without memory they wait for their deadline. */
	if (!decided)
		return;
	count = take_decided(inquiry, decided);
	if (inquiry->waiters_count == 0) {
		cancel(inquiry);
		note(inquiry, "settled", NULL, NULL);
		inquiry_free(inquiry);
	} else if (inquiry->state == INQUIRY_HELD) {
		inquiry_put(inquiry);
	}
	for (size_t i = 0; i < count; i++)
		domain->sink->answer(domain->userdata, decided[i],
				     ANSWER_RETRY);
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
	cancel(inquiry);
	note(inquiry, "withdrawn", NULL, NULL);
	inquiry_free(inquiry);
}

void inquiry_drop(struct inquiry *inquiry)
{
	cancel(inquiry);
	inquiry_free(inquiry);
}
