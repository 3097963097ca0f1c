/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Domains: the registered supervisees, each with its rules and generations.
 */
#include "supervision/domain.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/log.h"
#include "supervision/grant.h"
#include "supervision/inquiry.h"
#include "supervision/process.h"
#include "supervision/profile.h"
#include "supervision/strings.h"
#include "supervision/supervisor.h"

/* An expiry is looked at again after that long, whatever the clock does. */
#define EXPIRY_SECONDS_MAX 3600

static struct record_domain record_of(const struct domain *domain)
{
	return (struct record_domain){domain->app, domain->monitor_pid};
}

static void note(const struct domain *domain, const char *event, json_t *fields)
{
	const struct record_domain of = record_of(domain);

	record_event(domain->supervisor->record, event, &of, fields);
}

int domain_rules(const struct domain *domain, struct rules *ret)
{
	const struct change *change;
	struct rules rules = {};
	int r;

	r = rules_append(&rules, &domain->profile->shared->policy.rules);
	if (r == 0)
		r = rules_append(&rules, &domain->profile->grants);
	if (r == 0)
		r = rules_append(&rules, &domain->session);
	if (r == 0)
		r = rules_append(&rules, &domain->provisional);
	TAILQ_FOREACH (change, &domain->changes, link)
		if (r == 0)
			r = rules_append(&rules, &change->rules);
	if (r < 0) {
		rules_finish(&rules);
		return r;
	}
	*ret = rules;
	return 0;
}

/* The session rules that a commit carries, those of its changes included. */
static int session_rules(const struct domain *domain, struct rules *ret)
{
	const struct change *change;
	int r = rules_append(ret, &domain->session);

	TAILQ_FOREACH (change, &domain->changes, link)
		if (r == 0 && !change->provisional)
			r = rules_append(ret, &change->rules);
	return r;
}

static void on_expiry(evutil_socket_t fd, short events, void *userdata)
{
	(void)fd;
	(void)events;
	domain_refresh(userdata);
}

/* Makes the next generation when the first rule of this one expires. */
static void schedule_expiry(struct domain *domain)
{
	const int64_t expiry = ruleset_next_expiry(domain->committed);
	int64_t seconds = expiry - time(NULL);
	struct timeval delay = {};

	if (!domain->expiry)
		return;
	evtimer_del(domain->expiry);
	if (expiry == 0)
		return;
	if (seconds < 0)
		seconds = 0;
	if (seconds > EXPIRY_SECONDS_MAX)
		seconds = EXPIRY_SECONDS_MAX;
	delay.tv_sec = seconds;
	evtimer_add(domain->expiry, &delay);
}

/* Compiles the next generation and hands it to the engine. */
static int start_commit(struct domain *domain)
{
	struct rules rules = {}, session = {};
	struct change *change;
	int r;

	domain->stale = false;
	r = domain_rules(domain, &rules);
	if (r == 0)
		r = session_rules(domain, &session);
	if (r == 0)
		r = ruleset_new(&domain->inflight, &rules,
				domain->generation + 1, time(NULL));
	TAILQ_FOREACH (change, &domain->changes, link)
		change->inflight = true;
	if (r == 0) {
		domain->generation++;
		r = domain->sink->commit(domain->userdata, domain->inflight,
					 &rules, &session);
	}
	rules_finish(&rules);
	rules_finish(&session);
	return r;
}

static void commit(struct domain *domain)
{
	int r;

	if (domain->inflight || domain->settling) {
		domain->stale = true;
		return;
	}
	r = start_commit(domain);
	if (r != -EINPROGRESS)
		domain_committed(domain, r);
}

void domain_refresh(struct domain *domain)
{
	commit(domain);
}

/*
 * Takes the changes that were in flight out of the list, the rules of those
 * that succeeded into the session.
 */
static void take_changes(struct domain *domain, int error,
			 struct change_list *ret)
{
	struct change *change, *next;

	TAILQ_INIT(ret);
	for (change = TAILQ_FIRST(&domain->changes); change; change = next) {
		next = TAILQ_NEXT(change, link);
		if (!change->inflight)
			continue;
		TAILQ_REMOVE(&domain->changes, change, link);
		TAILQ_INSERT_TAIL(ret, change, link);
		/* In force, but not to be kept: take it out again. */
		if (!error &&
		    rules_append(change->provisional ? &domain->provisional
						     : &domain->session,
				 &change->rules) < 0)
			domain->stale = true;
	}
}

static void finish_changes(struct domain *domain, struct change_list *changes,
			   int error)
{
	struct change *change;

	while ((change = TAILQ_FIRST(changes))) {
		TAILQ_REMOVE(changes, change, link);
		change->done(change->userdata, domain, &change->rules, error);
		rules_finish(&change->rules);
		free(change);
	}
}

/* Lets the open questions see the new generation. */
static void settle_inquiries(struct domain *domain)
{
	uint64_t ids[DOMAIN_INQUIRIES_MAX];
	struct inquiry *inquiry;
	size_t count = 0;

	/* Settling one may end others: go by id. */
	TAILQ_FOREACH (inquiry, &domain->inquiries, link)
		if (count < DOMAIN_INQUIRIES_MAX)
			ids[count++] = inquiry->id;
	for (size_t i = 0; i < count; i++)
		TAILQ_FOREACH (inquiry, &domain->inquiries, link)
			if (inquiry->id == ids[i]) {
				inquiry_settle(inquiry);
				break;
			}
}

/* Puts what was asked while the generation changed. */
static void put_held(struct domain *domain)
{
	struct inquiry *inquiry;

	do {
		TAILQ_FOREACH (inquiry, &domain->inquiries, link)
			if (inquiry->state == INQUIRY_HELD)
				break;
		if (inquiry && !domain->inflight)
			inquiry_put(inquiry);
	} while (inquiry && !domain->inflight);
}

/*
 * Compiles what is in force again, for requests that an older generation has
 * judged. Without memory they are put instead. What it lets through too early,
 * as it has just changed, is only asked again.
 */
static void recall_ruleset(struct domain *domain)
{
	struct rules rules = {};

	if (domain->committed || domain->committed_generation == 0)
		return;
	if (domain_rules(domain, &rules) == 0 &&
	    ruleset_new(&domain->committed, &rules,
			domain->committed_generation, time(NULL)) < 0)
		domain->committed = NULL;
	rules_finish(&rules);
}

void domain_committed(struct domain *domain, int error)
{
	struct change_list changes;

	domain->settling = true;
	take_changes(domain, error, &changes);
	if (error) {
		ruleset_unref(domain->inflight);
		log_warning("%s: generation %" PRIu64 " was not committed: %s",
			    domain->app, domain->generation, strerror(-error));
		note(domain, "commit-failed",
		     json_pack("{s:I, s:s}", "generation",
			       (json_int_t)domain->generation, "error",
			       strerror(-error)));
		if (!TAILQ_EMPTY(&domain->inquiries))
			recall_ruleset(domain);
	} else {
		ruleset_unref(domain->committed);
		domain->committed = domain->inflight;
		domain->committed_generation =
			ruleset_generation(domain->committed);
		schedule_expiry(domain);
		note(domain, "commit",
		     json_pack("{s:I}", "generation",
			       (json_int_t)domain->generation));
	}
	domain->inflight = NULL;
	finish_changes(domain, &changes, error);
	settle_inquiries(domain);
	domain->settling = false;
	if (domain->stale)
		commit(domain);
	put_held(domain);
	domain->committed = ruleset_unref(domain->committed);
}

/* Forgets the rules of processes that have ended. */
static void prune_session(struct domain *domain)
{
	size_t kept = 0;

	for (size_t i = 0; i < domain->session.count; i++) {
		struct rule *rule = &domain->session.items[i];

		if (rule->pid && !process_alive(rule->pid, rule->pid_start))
			rule_finish(rule);
		else
			domain->session.items[kept++] = *rule;
	}
	domain->session.count = kept;
}

/* Whether rules compile by themselves, so that they spoil no other change. */
static int check_rules(const struct rules *rules)
{
	struct ruleset *ruleset;
	int r = ruleset_new(&ruleset, rules, 0, time(NULL));

	if (r == 0)
		ruleset_unref(ruleset);
	return r;
}

int domain_change(struct domain *domain, struct rules *rules, bool provisional,
		  change_done_fn done, void *userdata)
{
	struct change *change;
	int r = check_rules(rules);

	if (r == 0)
		r = grant_identify(rules);
	if (r < 0)
		return r;
	if (domain->session.count + rules->count > DOMAIN_SESSION_MAX)
		prune_session(domain);
	if (domain->session.count + rules->count > DOMAIN_SESSION_MAX)
		return -ENOSPC;
	change = calloc(1, sizeof(*change));
	if (!change)
		return -ENOMEM;
	change->rules = *rules;
	*rules = (struct rules){};
	change->provisional = provisional;
	change->done = done;
	change->userdata = userdata;
	TAILQ_INSERT_TAIL(&domain->changes, change, link);
	commit(domain);
	return 0;
}

/* Returns: whether there was one. */
static bool remove_rule(struct rules *rules, const char *id)
{
	const size_t count = rules->count;
	size_t kept = 0;

	for (size_t i = 0; i < count; i++) {
		struct rule *rule = &rules->items[i];

		if (rule->id && strcmp(rule->id, id) == 0)
			rule_finish(rule);
		else
			rules->items[kept++] = *rule;
	}
	rules->count = kept;
	return kept < count;
}

bool domain_forget(struct domain *domain, const char *rule_id)
{
	const bool session = remove_rule(&domain->session, rule_id);

	return remove_rule(&domain->provisional, rule_id) || session;
}

void domain_keep(struct domain *domain, const struct rules *rules)
{
	for (size_t i = 0; i < rules->count; i++)
		remove_rule(&domain->provisional, rules->items[i].id);
	if (rules_append(&domain->session, rules) < 0)
		domain_refresh(domain);
}

/* A question that is denied without being put. */
static int refuse_question(struct domain *domain, const struct request *request,
			   const char *reason)
{
	json_t *fields = request_json(request);

	if (fields) {
		json_object_set_new(fields, "reason", json_string(reason));
		note(domain, "unanswered", fields);
	}
	domain->denied++;
	domain->sink->answer(domain->userdata, request->id, ANSWER_DENY);
	return 0;
}

/* Whether a question may be put. Returns: NULL, or why not. */
static const char *admit(struct domain *domain)
{
	if (domain->inquiries_count >= domain->inquiries_max)
		return "too many questions";
	switch (flood_take(&domain->flood, process_boottime_ms())) {
	case FLOOD_PASS:
		return NULL;
	case FLOOD_BEGINS:
		log_notice("%s asks too much: what it asks is denied until it "
			   "has been quiet for %d seconds; see `landlord "
			   "pending`",
			   domain->app, FLOOD_QUIET_MS / 1000);
		note(domain, "flood", NULL);
		return "flood";
	case FLOOD_DENY:
		break;
	}
	return "flood";
}

int domain_ask(struct domain *domain, const struct request *request)
{
	struct inquiry *inquiry = inquiry_find(domain, request);
	const char *refusal;
	int r;

	domain->asked++;
	if (inquiry)
		return inquiry_join(inquiry, request);
	refusal = admit(domain);
	if (refusal)
		return refuse_question(domain, request, refusal);
	r = inquiry_new(&inquiry, domain, request);
	if (r < 0)
		return r;
	/* What is on its way into force may be the answer. */
	if (domain->inflight || domain->settling)
		return 0;
	if (request->generation < domain->committed_generation)
		recall_ruleset(domain);
	inquiry_put(inquiry);
	domain->committed = ruleset_unref(domain->committed);
	return 0;
}

void domain_withdraw(struct domain *domain, uint64_t request_id)
{
	struct inquiry *inquiry;

	TAILQ_FOREACH (inquiry, &domain->inquiries, link)
		for (size_t i = 0; i < inquiry->waiters_count; i++)
			if (inquiry->waiters[i].request_id == request_id) {
				inquiry_leave(inquiry, request_id);
				return;
			}
}

void domain_refused(struct domain *domain, const struct request *request)
{
	domain->denied++;
	/* A program that tries in a loop must not push all else out. */
	if (flood_take(&domain->refusals, process_boottime_ms()) == FLOOD_PASS)
		note(domain, "refused", request_json(request));
}

static int copy_info(struct domain *domain, const struct domain_info *info)
{
	domain->app = strdup(info->app);
	domain->engine = strdup(info->engine ? info->engine : "");
	domain->command = strings_copy(info->command);
	domain->policy_files = strings_copy(info->policy_files);
	domain->monitor_pid = info->monitor_pid;
	domain->root_pid = info->root_pid;
	if (!domain->app || !domain->engine || !domain->command ||
	    !domain->policy_files)
		return -ENOMEM;
	return 0;
}

static void domain_destroy(struct domain *domain)
{
	struct supervisor *supervisor = domain->supervisor;

	TAILQ_REMOVE(&supervisor->domains, domain, link);
	supervisor->domains_count--;
	supervisor_unlink(supervisor, domain);
	if (domain->expiry)
		event_free(domain->expiry);
	ruleset_unref(domain->committed);
	ruleset_unref(domain->inflight);
	rules_finish(&domain->session);
	rules_finish(&domain->provisional);
	profile_put(domain->profile);
	strings_free(domain->command);
	strings_free(domain->policy_files);
	free(domain->app);
	free(domain->engine);
	free(domain);
}

static struct domain *domain_new(struct supervisor *supervisor,
				 const struct domain_options *options)
{
	struct domain *domain = calloc(1, sizeof(*domain));

	if (!domain)
		return NULL;
	domain->supervisor = supervisor;
	domain->id = supervisor_next_id(supervisor);
	domain->nested = options->nested;
	domain->timeout_seconds = options->timeout_seconds
					  ? options->timeout_seconds
					  : supervisor->timeout_seconds;
	domain->started = time(NULL);
	domain->own_agent = options->own_agent;
	domain->generation = options->generation;
	domain->sink = options->sink;
	domain->userdata = options->userdata;
	TAILQ_INIT(&domain->changes);
	TAILQ_INIT(&domain->inquiries);
	TAILQ_INSERT_TAIL(&supervisor->domains, domain, link);
	supervisor->domains_count++;
	return domain;
}

int domain_first_rules(const struct domain_info *info, struct rules *ret)
{
	struct rule rule = {
		.layer = LAYER_USER,
		.effect = EFFECT_ALLOW,
		.rights = RIGHT_FS_EXECUTE | RIGHT_FS_READ_FILE,
	};
	int r = info->session ? rules_append(ret, info->session) : 0;

	if (r == 0 && info->command_path) {
		r = object_init_path(&rule.object, info->command_path);
		rule.origin = strdup("command line");
		if (r == 0)
			r = rule.origin ? rules_take(ret, &rule) : -ENOMEM;
		rule_finish(&rule);
	}
	return r < 0 ? r : grant_identify(ret);
}

static int refuse(char **error_ret, int error, const char *app)
{
	if (error_ret && !*error_ret &&
	    asprintf(error_ret, "cannot supervise %s: %s", app,
		     strerror(-error)) < 0)
		*error_ret = NULL;
	return error;
}

static void note_start(struct domain *domain)
{
	json_t *command = json_array(), *fields;

	for (char **word = domain->command; *word; word++)
		json_array_append_new(command, json_bytes(*word));
	fields = json_pack("{s:s, s:o}", "engine", domain->engine, "command",
			   command);
	note(domain, "start", fields);
}

static void apply_settings(struct domain *domain)
{
	const struct policy_settings *settings =
		&domain->profile->shared->policy.settings;

	if (domain->timeout_seconds == 0)
		domain->timeout_seconds = settings->timeout;
	domain->inquiries_max = DOMAIN_INQUIRIES_MAX;
	if (settings->max_questions < DOMAIN_INQUIRIES_MAX)
		domain->inquiries_max = (size_t)settings->max_questions;
	flood_init(&domain->flood, settings->max_rate, process_boottime_ms());
	flood_init(&domain->refusals, DOMAIN_REFUSALS_PER_MINUTE,
		   process_boottime_ms());
}

int domain_register(struct supervisor *supervisor,
		    const struct domain_options *options, struct domain **ret,
		    char **error_ret)
{
	const char *app = options->info->app;
	struct domain *enclosing = NULL, *domain;
	char *error = NULL;
	int r;

	r = supervisor_enclosing(supervisor, options->info->monitor_pid,
				 &enclosing);
	if (r < 0)
		return refuse(error_ret, r, app);
	domain = domain_new(supervisor, options);
	if (!domain)
		return refuse(error_ret, -ENOMEM, app);
	domain->nested |= enclosing != NULL;
	r = copy_info(domain, options->info);
	if (r == 0)
		r = supervisor_link(supervisor, domain, enclosing, &error);
	if (r == 0)
		r = profile_get(supervisor, app, options->info->policy_files,
				&domain->profile, &error);
	if (r == 0)
		apply_settings(domain);
	if (r == 0 && options->session)
		r = rules_append(&domain->session, options->session);
	if (r == 0) {
		domain->expiry =
			evtimer_new(supervisor->loop, on_expiry, domain);
		r = domain->expiry ? start_commit(domain) : -ENOMEM;
	}
	if (r < 0 && r != -EINPROGRESS) {
		domain_destroy(domain);
		if (error_ret)
			*error_ret = error;
		else
			free(error);
		return refuse(error_ret, r, app);
	}
	note_start(domain);
	if (r == 0)
		domain_committed(domain, 0);
	*ret = domain;
	return 0;
}

struct domain *domain_unregister(struct domain *domain)
{
	struct change_list changes;
	struct inquiry *inquiry, *next;
	struct change *change;

	if (!domain)
		return NULL;
	for (inquiry = TAILQ_FIRST(&domain->inquiries); inquiry;
	     inquiry = next) {
		next = TAILQ_NEXT(inquiry, link);
		/* The change that carries its rules ends it, below. */
		if (inquiry->state != INQUIRY_COMMITTING)
			inquiry_drop(inquiry);
	}
	domain->settling = true;
	TAILQ_FOREACH (change, &domain->changes, link)
		change->inflight = true;
	take_changes(domain, -ECANCELED, &changes);
	finish_changes(domain, &changes, -ECANCELED);
	note(domain, "end", NULL);
	domain_destroy(domain);
	return NULL;
}
