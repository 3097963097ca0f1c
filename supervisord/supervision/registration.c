/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How a domain begins and ends.
 */
#include "supervision/registration.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "plugin/request_json.h"
#include "store/usage.h"
#include "supervision/arrivals.h"
#include "supervision/commit.h"
#include "supervision/domain_recording.h"
#include "supervision/inquiry.h"
#include "supervision/process.h"
#include "supervision/wait_graph.h"

static int refuse(char **ret_sentence, int error, const char *app)
{
	if (ret_sentence && !*ret_sentence &&
	    asprintf(ret_sentence, "cannot supervise %s: %s", app,
		     strerror(-error)) < 0)
		*ret_sentence = NULL;
	return error;
}

static void note_start(struct domain *domain)
{
	json_t *command = json_array(), *fields;

	for (char **word = domain->command; *word; word++)
		json_array_append_new(command, json_bytes(*word));
	fields = json_pack("{s:s, s:o}", "engine", domain->engine_name,
			   "command", command);
	domain_note(domain, "start", fields);
}

static void apply_settings(struct domain *domain)
{
	const int64_t now = clock_boot(domain->registry->clock);
	const struct policy_settings *settings =
		&domain->profile->shared->policy.settings;

	if (domain->timeout_seconds == 0)
		domain->timeout_seconds = settings->timeout;
	domain->inquiries_max = DOMAIN_INQUIRIES_MAX;
	if (settings->max_questions < DOMAIN_INQUIRIES_MAX)
		domain->inquiries_max = (size_t)settings->max_questions;
	ratelimit_init(&domain->ratelimit, settings->max_rate, now);
	ratelimit_init(&domain->refusals, DOMAIN_REFUSALS_PER_MINUTE, now);
}

static void destroy(struct domain *domain)
{
	wait_graph_remove_domain(domain->registry->wait_graph, domain);
	domain_free(domain);
}

/*
 * Makes a domain ready, up to its first commit.
 * Returns: as domain_start(); @ret_sentence may have been set.
 */
static int open_domain(struct domain *domain,
		       const struct domain_options *options,
		       struct domain *enclosing, char **ret_sentence)
{
	struct registry *registry = domain->registry;
	int result;

	domain->nested |= enclosing != NULL;
	result = wait_graph_add_domain(registry->wait_graph, domain, enclosing,
				       ret_sentence);
	if (result == 0)
		result = profile_get(&registry->profiles, domain->app,
				     (const char *const *)domain->policy_files,
				     (const char *const *)domain->variables,
				     &domain->profile, ret_sentence);
	if (result == 0)
		apply_settings(domain);
	if (result == 0 && options->session)
		result = rulebook_append(domain->session, options->session);
	if (result == 0)
		result = arrivals_begin(domain);
	return result < 0 ? result : domain_start(domain);
}

void domain_complain(const struct domain *domain)
{
	char **complaints = domain->profile->complaints;

	if (!domain->events->tell)
		return;
	for (size_t i = 0; complaints && complaints[i]; i++)
		domain->events->tell(domain->engine, complaints[i]);
}

/* Somebody who was started to answer, and may not, should know why. */
static void tell_who_answers(const struct domain *domain)
{
	static const char *const others[] = {
		[ANSWERS_DESKTOP] = "only who has subscribed at the daemon",
		[ANSWERS_HELPER] = "only programs that decide",
		[ANSWERS_NOBODY] = "nobody",
	};
	const enum answers answers =
		domain->profile->shared->policy.settings.answers;
	_cleanup_free_ char *sentence = NULL;

	if (!domain->own_agent ||
	    strcmp(domain->own_agent->ops->name, "none") == 0 ||
	    answers == ANSWERS_ANYBODY || answers == ANSWERS_TERMINAL)
		return;
	if (asprintf(&sentence, "%s: by the policy %s answers (answers)",
		     domain->app, others[answers]) < 0)
		sentence = NULL;
	if (!sentence)
		return;
	log_notice("%s", sentence);
	if (domain->events->tell)
		domain->events->tell(domain->engine, sentence);
}

int domain_register(struct registry *registry,
		    const struct domain_options *options, struct domain **ret,
		    char **ret_sentence)
{
	const char *app = options->info->app;
	struct domain *enclosing = NULL, *domain;
	_cleanup_free_ char *sentence = NULL;
	int error;

	error = domain_enclosing(registry, options->info->monitor_pid,
				 &enclosing);
	if (!error)
		error = domain_new(&domain, registry, options);
	if (error)
		return refuse(ret_sentence, error, app);
	error = open_domain(domain, options, enclosing, &sentence);
	if (error && error != -EINPROGRESS) {
		destroy(domain);
		if (ret_sentence) {
			*ret_sentence = sentence;
			sentence = NULL;
		}
		return refuse(ret_sentence, error, app);
	}
	note_start(domain);
	/* Where nothing can be kept, nothing has to be known of its use. */
	if (!registry->past && registry->places.grants_dir &&
	    domain->profile->store)
		usage_note(registry->places.grants_dir, app);
	domain_complain(domain);
	tell_who_answers(domain);
	if (!error)
		domain_committed(domain, 0);
	arrivals_registered(domain);
	*ret = domain;
	return 0;
}

struct domain *domain_unregister(struct domain *domain)
{
	struct inquiry *inquiry, *next;

	if (!domain)
		return NULL;
	for (inquiry = TAILQ_FIRST(&domain->inquiries); inquiry;
	     inquiry = next) {
		next = TAILQ_NEXT(inquiry, link);
		/* The change that carries its rules ends it, below. */
		if (inquiry->state != INQUIRY_COMMITTING)
			inquiry_drop(inquiry);
	}
	domain_cancel_changes(domain);
	domain_recording_end(domain);
	domain_note(domain, "end", NULL);
	destroy(domain);
	return NULL;
}
