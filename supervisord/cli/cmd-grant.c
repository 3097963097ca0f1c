/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * landlord allow, landlord deny: rules of the user's, in force before the
 * command returns.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "base/quote.h"
#include "base/text.h"
#include "base/timestamp.h"
#include "cli/arguments.h"
#include "cli/policy_view.h"
#include "control/client.h"
#include "control/try.h"
#include "control/wire.h"
#include "core/decision.h"
#include "policy/host.h"

/* What is to be granted, and for how long. */
struct wish {
	const struct verb *verb;
	const char *app;
	struct rules rules;
	bool persist;
	uint32_t committed; /* running programs it is in force in */
};

static int parse_lifetime(const struct verb *verb, const char *text,
			  struct wish *wish, int64_t *ret_expires)
{
	struct decision decision = {0};
	char answer[64];
	const char *expected = NULL;
	int error;

	snprintf(answer, sizeof(answer), "allow:%s", text ? text : "always");
	error = decision_parse(answer, time(NULL), &decision, &expected);
	if (error || (decision.lifetime != LIFETIME_ALWAYS &&
		      decision.lifetime != LIFETIME_UNTIL &&
		      decision.lifetime != LIFETIME_SESSION)) {
		decision_finish(&decision);
		return arguments_expected(
			verb, "--lifetime always, session, or a time such as "
			      "30s, 10m, 2h, 7d");
	}
	wish->persist = decision.lifetime != LIFETIME_SESSION;
	*ret_expires = decision.until;
	decision_finish(&decision);
	return 0;
}

static int by_daemon(sd_bus *bus, struct wish *wish, char **sentence)
{
	_cleanup_(sd_bus_message_unrefp) sd_bus_message *call = NULL,
							*reply = NULL;

	TRY(client_call_new(bus, "AddRules", &call));
	TRY(wire_append_bytes(call, wish->app));
	TRY(wire_append_rules(call, &wish->rules));
	TRY(sd_bus_message_append(call, "b", (int)wish->persist));
	TRY(client_call(bus, call, &reply, sentence));
	TRY(sd_bus_message_read(reply, "u", &wish->committed));
	return 0;
}

/* Programs that run without a daemon follow the file of grants. */
static int by_file(struct wish *wish, char **sentence)
{
	_cleanup_(grants_closep) struct grants *grants = NULL;
	int error;

	if (!wish->persist) {
		*sentence = strdup("no daemon runs (landlordd), so there is "
				   "no session to grant it for");
		return -ENOENT;
	}
	error = view_grants(wish->app, &grants);
	return error ? error
		     : grants_add(grants, &wish->rules, "command line",
				  time(NULL));
}

/* A rule may be outranked: say so rather than leave it to be wondered at. */
static void check_effect(const struct wish *wish)
{
	_cleanup_(ruleset_unrefp) struct ruleset *ruleset = NULL;
	const struct rule *rule = &wish->rules.items[0];
	struct judgement judgement;

	if (view_ruleset(wish->app, &ruleset) < 0)
		return;
	judgement = ruleset_judge(ruleset, &rule->object, rule->rights,
				  PROCESS_NONE);
	if ((rule->effect == EFFECT_ALLOW ? judgement.allowed
					  : judgement.denied) != rule->rights)
		fprintf(stderr,
			"landlord %s: a stronger rule still decides some of "
			"it; landlord why says which\n",
			wish->verb->name);
}

/* The rule that is kept, by which it can be taken back; NULL: none. */
static const struct rule *find_kept(const struct rules *kept,
				    const struct rule *rule)
{
	for (size_t i = 0; i < kept->count; i++)
		if (kept->items[i].effect == rule->effect &&
		    kept->items[i].beneath == rule->beneath &&
		    kept->items[i].expires == rule->expires &&
		    object_equal(&kept->items[i].object, &rule->object))
			return &kept->items[i];
	return NULL;
}

/* "until the programs of it end", or how to take it back. */
static void tell_how_long(const struct wish *wish, const char *app)
{
	struct rules kept = {0};
	const struct rule *found = NULL;

	if (!wish->persist) {
		printf(", until the programs that run now have ended.\n");
		return;
	}
	if (view_kept(wish->app, &kept) == 0)
		found = find_kept(&kept, &wish->rules.items[0]);
	if (found && found->id)
		printf(".\n\"landlord revoke %s %s\" takes it back.\n", app,
		       found->id);
	else
		printf(".\n");
	rules_finish(&kept);
}

/* "192.0.2.1:443 and [2001:db8::1]:443". */
static char *objects_text(const struct rules *rules)
{
	char *text = NULL;
	size_t size = 0;
	FILE *const out = open_memstream(&text, &size);

	for (size_t i = 0; out && i < rules->count; i++) {
		_cleanup_free_ char *object =
			object_format(&rules->items[i].object);
		_cleanup_free_ char *safe = object ? quote_word(object) : NULL;

		fprintf(out, "%s%s",
			i == 0			? ""
			: i + 1 == rules->count ? " and "
						: ", ",
			safe ? safe : "?");
	}
	text_finish(out, &text);
	return text;
}

/* What has been done, and in how many programs it is in force. */
static void tell(const struct wish *wish)
{
	const struct rule *rule = &wish->rules.items[0];
	_cleanup_free_ char *app = quote_word(wish->app);
	_cleanup_free_ char *rights = rights_describe(rule->rights);
	_cleanup_free_ char *safe = objects_text(&wish->rules);
	_cleanup_free_ char *until =
		rule->expires ? time_format(rule->expires) : NULL;

	if (!app || !rights || !safe)
		return;
	printf("%s %s %s %s%s", app,
	       rule->effect == EFFECT_ALLOW ? "may" : "may not", rights, safe,
	       rule->beneath ? " and what is beneath it" : "");
	if (until)
		printf(" until %s", until);
	if (wish->committed)
		printf(", in %u running program%s too", wish->committed,
		       wish->committed == 1 ? "" : "s");
	tell_how_long(wish, app);
}

static void print_json(const struct wish *wish)
{
	json_t *rules = json_array();

	for (size_t i = 0; i < wish->rules.count; i++)
		json_array_append_new(rules,
				      view_rule_json(&wish->rules.items[i]));
	view_json_print(json_pack("{s:o, s:o, s:i}", "rule",
				  view_rule_json(&wish->rules.items[0]),
				  "rules", rules, "committed",
				  (int)wish->committed));
}

static int grant(struct wish *wish, bool json)
{
	_cleanup_(sd_bus_close_unrefp) sd_bus *bus = NULL;
	_cleanup_free_ char *sentence = NULL;
	int result = client_open(&bus);

	if (result == 0)
		result = by_daemon(bus, wish, &sentence);
	else if (result == -ENOENT || result == -ECONNREFUSED)
		result = by_file(wish, &sentence);
	if (result < 0)
		return cli_fail(wish->verb, result,
				sentence ? sentence : client_why(result));
	if (wish->persist)
		check_effect(wish);
	if (!json)
		tell(wish);
	else
		print_json(wish);
	return 0;
}

/* Adds a rule like another about each address that a host has now. */
static int take_host(struct wish *wish, const char *host,
		     const struct rule *like)
{
	struct object objects[HOST_ADDRESSES_MAX];
	const char *reason = "it has no address";
	_cleanup_free_ char *sentence = NULL;
	size_t count = 0;
	int error = host_look_up(host, objects, &count, &reason);

	if (error == -EINVAL)
		return arguments_expected(wish->verb, "HOST:PORT");
	for (size_t i = 0; !error && i < count; i++) {
		struct rule rule = *like;

		rule.object = objects[i];
		error = rules_take(&wish->rules, &rule);
	}
	if (error == -ENOENT && asprintf(&sentence, "%s: %s", host, reason) < 0)
		sentence = NULL;
	return error ? cli_fail(wish->verb, error, sentence) : 0;
}

static int parse_access(const struct wish *wish, const char *right,
			const char *object, struct rule *ret)
{
	return arguments_access(wish->verb, right, object, &ret->rights,
				&ret->object, &ret->beneath);
}

static int take_object(struct wish *wish, const char *right, const char *object,
		       struct rule *like)
{
	int status;

	if (host_is_named(object)) {
		/* What is right for a port is right for one of an address. */
		status = parse_access(wish, right, "1", like);
		if (status)
			return status;
		if (like->object.type == OBJECT_PORT)
			return take_host(wish, object, like);
		object_finish(&like->object);
	}
	status = parse_access(wish, right, object, like);
	if (status)
		return status;
	if (rules_take(&wish->rules, like) < 0) {
		rule_finish(like);
		return cli_fail(wish->verb, -ENOMEM, NULL);
	}
	return 0;
}

static int run(const struct verb *verb, enum effect effect, int argc,
	       char *argv[])
{
	struct rule rule = {.layer = LAYER_USER, .effect = effect};
	struct wish wish = {.verb = verb};
	struct arguments arguments;
	int status;

	if (!arguments_parse(verb, argc, argv, ACCEPT_LIFETIME, 3, 3,
			     &arguments, &status))
		return status;
	wish.app = arguments.operands[0];
	if (!wish.app[0])
		return arguments_expected(verb, "the name of an app");
	status = parse_lifetime(verb, arguments.lifetime, &wish, &rule.expires);
	if (status == 0)
		status = take_object(&wish, arguments.operands[1],
				     arguments.operands[2], &rule);
	if (status == 0)
		status = grant(&wish, arguments.json);
	rules_finish(&wish.rules);
	return status;
}

static int run_allow(int argc, char *argv[])
{
	return run(&verb_allow, EFFECT_ALLOW, argc, argv);
}

static int run_deny(int argc, char *argv[])
{
	return run(&verb_deny, EFFECT_DENY, argc, argv);
}

#define GRANT_ARGUMENTS "[--json] [--lifetime LIFETIME] APP RIGHT OBJECT"
#define GRANT_DETAILS                                                       \
	DETAILS_ACCESS                                                      \
	"  --lifetime LIFETIME\n"                                           \
	"          always (the default), session, or a time such as 30s,\n" \
	"          10m, 2h, 7d\n"

const struct verb verb_allow = {
	.name = "allow",
	.arguments = GRANT_ARGUMENTS,
	.summary = "Allow an app something, now and from now on",
	.details = GRANT_DETAILS,
	.run = run_allow,
};

const struct verb verb_deny = {
	.name = "deny",
	.arguments = GRANT_ARGUMENTS,
	.summary = "Deny an app something, now and from now on",
	.details = GRANT_DETAILS,
	.run = run_deny,
};
