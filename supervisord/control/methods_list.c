/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Methods of the command line: what there is, and changes of it.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "control/errors.h"
#include "control/methods.h"
#include "control/server.h"
#include "control/try.h"
#include "control/wire.h"
#include "supervision/granting.h"
#include "supervision/inquiry.h"

#define PROTOCOL_VERSION 2

METHOD(method_ping)
{
	struct caller *caller = userdata;
	struct supervisor *supervisor = caller->supervisor;

	(void)error;
	return sd_bus_reply_method_return(
		m, "sxuu", LANDLORD_VERSION, (int64_t)getpid(),
		(uint32_t)PROTOCOL_VERSION,
		(uint32_t)prompt_plugin_agents(supervisor->prompt));
}

static int append_domain(sd_bus_message *m, const struct domain *domain)
{
	const uint64_t generation = domain->committed_generation;

	TRY(sd_bus_message_open_container(m, 'r', "tayaaysxxbxttttt"));
	TRY(sd_bus_message_append(m, "t", domain->id));
	TRY(wire_append_bytes(m, domain->app));
	TRY(wire_append_strings(m, (const char *const *)domain->command));
	TRY(sd_bus_message_append(
		m, "sxxbxttttt", domain->engine_name,
		(int64_t)domain->monitor_pid, (int64_t)domain->root_pid,
		(int)domain->nested, domain->started, generation,
		(uint64_t)domain->inquiries_count, domain->asked,
		domain->granted, domain->denied));
	return sd_bus_message_close_container(m);
}

METHOD(method_list_domains)
{
	struct caller *caller = userdata;
	_cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
	struct domain *domain;

	TRY(refuse_inside(caller, error));
	TRY(sd_bus_message_new_method_return(m, &reply));
	TRY(sd_bus_message_open_container(reply, 'a', BUS_DOMAIN));
	TAILQ_FOREACH (domain, &caller->supervisor->registry.domains, link)
		TRY(append_domain(reply, domain));
	TRY(sd_bus_message_close_container(reply));
	TRY(caller->send(caller, reply));
	return 1;
}

static int append_question(sd_bus_message *m, const struct inquiry *inquiry)
{
	TRY(sd_bus_message_open_container(m, 'r', "taytux" BUS_REQUEST));
	TRY(sd_bus_message_append(m, "t", inquiry->id));
	TRY(wire_append_bytes(m, inquiry->domain->app));
	TRY(sd_bus_message_append(m, "tux", inquiry->domain->id,
				  (uint32_t)inquiry->waiters_count,
				  inquiry->asked_at));
	TRY(wire_append_request(m, &inquiry->request));
	return sd_bus_message_close_container(m);
}

METHOD(method_list_questions)
{
	struct caller *caller = userdata;
	_cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
	struct inquiry *inquiry;
	struct domain *domain;

	TRY(refuse_inside(caller, error));
	TRY(sd_bus_message_new_method_return(m, &reply));
	TRY(sd_bus_message_open_container(reply, 'a', BUS_QUESTION));
	TAILQ_FOREACH (domain, &caller->supervisor->registry.domains, link)
		TAILQ_FOREACH (inquiry, &domain->inquiries, link)
			TRY(append_question(reply, inquiry));
	TRY(sd_bus_message_close_container(reply));
	TRY(caller->send(caller, reply));
	return 1;
}

/* A list of rules that is being written, each with its domain's id. */
struct listing {
	sd_bus_message *m;
	uint64_t domain;
};

static int append_session_rule(void *userdata, const struct rule *rule)
{
	const struct listing *listing = userdata;
	sd_bus_message *m = listing->m;

	TRY(sd_bus_message_open_container(m, 'r', "t" BUS_RULE));
	TRY(sd_bus_message_append(m, "t", listing->domain));
	TRY(wire_append_rule(m, rule));
	TRY(sd_bus_message_close_container(m));
	return 0;
}

static int append_session(sd_bus_message *m, const struct domain *domain)
{
	struct listing listing = {m, domain->id};

	return rulebook_each(domain->session, rulebook_version(domain->session),
			     append_session_rule, &listing);
}

METHOD(method_list_rules)
{
	struct caller *caller = userdata;
	_cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
	_cleanup_free_ char *app = NULL;
	struct domain *domain;

	TRY(refuse_inside(caller, error));
	TRY(wire_read_bytes(m, &app));
	TRY(sd_bus_message_new_method_return(m, &reply));
	TRY(sd_bus_message_open_container(reply, 'a', "(t" BUS_RULE ")"));
	TAILQ_FOREACH (domain, &caller->supervisor->registry.domains, link)
		if (!app[0] || strcmp(app, domain->app) == 0)
			TRY(append_session(reply, domain));
	TRY(sd_bus_message_close_container(reply));
	TRY(caller->send(caller, reply));
	return 1;
}

/* A change on its way into the domains, whose caller waits for the reply. */
struct pending_reply {
	const struct callers *callers;
	uint64_t caller_id; /* who may have gone meanwhile */
	sd_bus_message *call;
	bool counts; /* the reply says how many domains it is in force in */
};

static struct pending_reply *pending_new(struct caller *caller,
					 sd_bus_message *m, bool counts)
{
	struct pending_reply *pending = calloc(1, sizeof(*pending));

	if (pending)
		*pending = (struct pending_reply){
			.callers = caller->callers,
			.caller_id = caller->id,
			.call = sd_bus_message_ref(m),
			.counts = counts,
		};
	return pending;
}

/* Takes NULL. */
static void pending_free(struct pending_reply *pending)
{
	if (pending)
		sd_bus_message_unref(pending->call);
	free(pending);
}

static int reply_granted(const struct pending_reply *pending, int error,
			 size_t committed, sd_bus_message **ret)
{
	sd_bus_error failure = SD_BUS_ERROR_NULL;
	int result;

	if (error) {
		bus_fail(&failure, error == -ENOENT ? -EIO : error, NULL);
		result = sd_bus_message_new_method_error(pending->call, ret,
							 &failure);
		sd_bus_error_free(&failure);
		return result;
	}
	result = sd_bus_message_new_method_return(pending->call, ret);
	if (result >= 0 && pending->counts)
		result = sd_bus_message_append(*ret, "u", (uint32_t)committed);
	return result;
}

static void on_granted(void *userdata, int error, size_t committed)
{
	struct pending_reply *pending = userdata;
	_cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
	struct caller *caller =
		callers_find(pending->callers, pending->caller_id);

	if (caller && reply_granted(pending, error, committed, &reply) >= 0)
		caller->send(caller, reply);
	pending_free(pending);
}

/* Rules that a person adds are the user's, whatever the message says. */
static int set_origin(struct caller *caller, struct rules *rules)
{
	for (size_t i = 0; i < rules->count; i++) {
		struct rule *rule = &rules->items[i];

		rule->layer = LAYER_USER;
		if (rule->pid)
			return -EINVAL;
		if (rule->origin[0])
			continue;
		free(rule->origin);
		if (asprintf(&rule->origin, "command line (pid %d)",
			     caller->pid) < 0) {
			rule->origin = NULL;
			return -ENOMEM;
		}
	}
	return rules->count ? 0 : -EINVAL;
}

/* Whether a program of an app can move what a caller hangs on. */
static bool is_moved_by(const struct caller *caller, const char *app)
{
	const struct registry *registry = &caller->supervisor->registry;
	const struct domain *domain;

	TAILQ_FOREACH (domain, &registry->domains, link)
		if ((domain->reached & caller->levers) &&
		    strcmp(domain->app, app) == 0)
			return true;
	return false;
}

/*
 * Whether a caller may give an app rules: who has a program that can move what
 * the caller hangs on is not to be given anything from there.
 */
static int check_levers(const struct caller *caller, const char *app,
			const struct rules *rules, sd_bus_error *error)
{
	bool allows = false;

	for (size_t i = 0; i < rules->count; i++)
		allows |= rules->items[i].effect != EFFECT_DENY;
	if (!allows || !is_moved_by(caller, app))
		return 0;
	return bus_fail(error, -EDEADLK,
			"a program of this app may reach what this process "
			"hangs on, and could give itself rules: use `landlord "
			"allow' on a terminal elsewhere");
}

/* For windows that have rules changed by other means than this connection. */
METHOD(method_may_change)
{
	struct caller *caller = userdata;
	_cleanup_free_ char *app = NULL;

	TRY(refuse_inside(caller, error));
	TRY(wire_read_bytes(m, &app));
	return sd_bus_reply_method_return(m, "b",
					  (int)!is_moved_by(caller, app));
}

METHOD(method_add_rules)
{
	struct caller *caller = userdata;
	struct pending_reply *pending;
	_cleanup_free_ char *app = NULL;
	struct rules rules = {0};
	int persist, result = refuse_inside(caller, error);

	if (result < 0)
		return result;
	result = wire_read_bytes(m, &app);
	if (result >= 0 && !app[0])
		result = -EINVAL;
	if (result >= 0)
		result = wire_read_rules(m, &rules);
	if (result >= 0)
		result = sd_bus_message_read(m, "b", &persist);
	if (result >= 0)
		result = set_origin(caller, &rules);
	if (result >= 0 && check_levers(caller, app, &rules, error) < 0) {
		rules_finish(&rules);
		return -EDEADLK;
	}
	pending = result < 0 ? NULL : pending_new(caller, m, true);
	if (pending)
		result = grant_add(&caller->supervisor->registry, app, &rules,
				   persist, on_granted, pending);
	else if (result >= 0)
		result = -ENOMEM;
	rules_finish(&rules);
	if (result < 0)
		pending_free(pending);
	return result < 0 ? bus_fail(error, result, NULL) : 1;
}

METHOD(method_revoke)
{
	struct caller *caller = userdata;
	_cleanup_free_ char *app = NULL, *rule = NULL;
	struct pending_reply *pending;
	int result = refuse_inside(caller, error);

	if (result < 0)
		return result;
	result = wire_read_bytes(m, &app);
	if (result >= 0)
		result = wire_read_bytes(m, &rule);
	pending = result < 0 ? NULL : pending_new(caller, m, false);
	if (pending)
		result = grant_revoke(&caller->supervisor->registry, app, rule,
				      on_granted, pending);
	else if (result >= 0)
		result = -ENOMEM;
	if (result < 0)
		pending_free(pending);
	if (result == -ENOENT)
		return bus_fail(error, result, "there is no such grant");
	return result < 0 ? bus_fail(error, result, NULL) : 1;
}

METHOD(method_reload)
{
	struct caller *caller = userdata;
	int result = refuse_inside(caller, error);

	if (result < 0)
		return result;
	supervisor_reload(caller->supervisor);
	return sd_bus_reply_method_return(m, "");
}
