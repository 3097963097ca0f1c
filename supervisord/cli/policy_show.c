/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * landlord policy show: which rules decide something for an app, which do not
 * and why, and its settings.
 */
#include <errno.h>
#include <getopt.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/cleanup.h"
#include "cli/arguments.h"
#include "cli/policy_place.h"
#include "cli/policy_probe.h"
#include "cli/policy_verbs.h"
#include "cli/policy_view.h"
#include "cli/rule_table.h"

struct policy_show {
	struct policy_place place;
	bool json;
	struct policy policy;
	struct ruleset *ruleset;
	struct rules effective;
	json_t *rules, *overruled; /* NULL: they are printed */
	bool told;
};

static const struct option long_options[] = {
	{"policy", required_argument, NULL, 'p'},
	{"layer", required_argument, NULL, 'l'},
	{"only", no_argument, NULL, 'o'},
	{"json", no_argument, NULL, 'j'},
	{"help", no_argument, NULL, 'h'},
	{},
};

static bool take(void *userdata, int option)
{
	struct policy_show *const show = userdata;

	switch (option) {
	case 'p':
		show->place.path = optarg;
		return true;
	case 'l':
		return policy_place_layer(optarg, &show->place.layer);
	case 'o':
		show->place.only = true;
		return true;
	case 'j':
		show->json = true;
		return true;
	default:
		return false;
	}
}

static bool is_same(const struct rule *a, const struct rule *b)
{
	return a && a->layer == b->layer && a->effect == b->effect &&
	       a->beneath == b->beneath &&
	       object_equal(&a->object, &b->object) &&
	       strcmp(a->origin ? a->origin : "", b->origin ? b->origin : "") ==
		       0;
}

/*
 * The rights for which a rule decides about its object, or about what is
 * beneath it.
 * @ret_other: what decides for one of the others; borrowed, may be NULL
 */
static rights_t rights_in_effect(const struct policy_show *show,
				 const struct rule *rule,
				 const struct rule **ret_other)
{
	struct object beneath = {0}, sample = {0};
	const struct object *points[] = {&rule->object, NULL};
	rights_t right, effective = 0;

	*ret_other = NULL;
	if (rule->object.type == OBJECT_PATTERN &&
	    policy_probe_pattern(&sample, &rule->object) == 0)
		points[0] = &sample;
	if (rule->beneath && policy_probe_beneath(&beneath, points[0]) == 0)
		points[1] = &beneath;
	RIGHTS_FOREACH (right, rule->rights) {
		for (size_t i = 0; i < 2 && points[i]; i++) {
			const struct rule *const why = ruleset_why(
				show->ruleset, points[i], right, PROCESS_NONE);

			if (is_same(why, rule))
				effective |= right;
			else if (!(effective & right))
				*ret_other = why;
		}
	}
	object_finish(&beneath);
	object_finish(&sample);
	return effective;
}

static void tell_overruled(struct policy_show *show, const struct rule *rule,
			   const struct rule *other)
{
	_cleanup_free_ char *text = rule_describe(rule);
	_cleanup_free_ char *by = other ? rule_describe(other) : NULL;

	if (show->overruled) {
		json_t *json = view_rule_json(rule);

		if (other)
			json_object_set_new(json, "by", view_rule_json(other));
		json_array_append_new(show->overruled, json);
		return;
	}
	if (!show->told)
		printf("\nOverruled:\n");
	show->told = true;
	printf("  %s %s\n    by %s %s\n", effect_name(rule->effect),
	       text ? text : "", other ? effect_name(other->effect) : "",
	       by ? by : "nothing that is known");
}

/* Sorts a rule into those that decide something, and the others. */
static int sort_rule(struct policy_show *show, const struct rule *rule,
		     bool overruled)
{
	const struct rule *other;
	const rights_t rights = rights_in_effect(show, rule, &other);
	struct rule part;
	int error;

	if (overruled && (rule->rights & ~rights)) {
		struct rule left = *rule;

		left.rights &= ~rights;
		tell_overruled(show, &left, other);
	}
	if (overruled || !rights)
		return 0;
	error = rule_copy(&part, rule);
	if (error)
		return error;
	part.rights = rights;
	error = rules_take(&show->effective, &part);
	if (error)
		rule_finish(&part);
	return error;
}

/* What is the same for every app, and built in, is not listed for a person. */
static int sort_rules(struct policy_show *show, bool overruled)
{
	const struct rules *const rules = &show->policy.rules;
	int error = 0;

	for (size_t i = 0; i < rules->count && !error; i++)
		if ((show->json && !overruled) ||
		    rules->items[i].effect != EFFECT_GUARD)
			error = sort_rule(show, &rules->items[i], overruled);
	return error;
}

static const char *from(enum layer layer)
{
	return layer == LAYERS_ ? "default" : layer_name(layer);
}

static void show_settings(const struct policy_show *show)
{
	const struct policy_settings *const settings = &show->policy.settings;
	const struct policy_settings_from *const origin = &show->policy.from;

	printf("\nSettings:\n");
	printf("  timeout        %d seconds  (%s)\n", settings->timeout,
	       from(origin->timeout));
	printf("  no-agent       %s  (%s)\n",
	       settings->no_agent == NO_AGENT_WAIT ? "wait" : "deny",
	       from(origin->no_agent));
	printf("  max-questions  %d  (%s)\n", settings->max_questions,
	       from(origin->max_questions));
	printf("  max-rate       %d  (%s)\n", settings->max_rate,
	       from(origin->max_rate));
	printf("  max-lifetime   ");
	if (settings->max_lifetime == INT_MAX)
		printf("always");
	else if (settings->max_lifetime == 0)
		printf("session");
	else
		printf("%d seconds", settings->max_lifetime);
	printf("  (%s)\n", from(origin->max_lifetime));
	printf("  answers        %s  (%s)\n", answers_name(settings->answers),
	       from(origin->answers));
	printf("  prompt         %s  (%s)\n",
	       settings->terse ? "short" : "full", from(origin->terse));
}

static void add_number(json_t *json, const char *name, int value,
		       enum layer layer)
{
	json_object_set_new(
		json, name,
		json_pack("{s:o, s:s}", "value",
			  value < 0 ? json_null() : json_integer(value), "from",
			  from(layer)));
}

static void add_text(json_t *json, const char *name, const char *value,
		     enum layer layer)
{
	json_object_set_new(
		json, name,
		json_pack("{s:s, s:s}", "value", value, "from", from(layer)));
}

static json_t *settings_json(const struct policy_show *show)
{
	const struct policy_settings *const settings = &show->policy.settings;
	const struct policy_settings_from *const origin = &show->policy.from;

	json_t *json = json_object();

	add_number(json, "timeout", settings->timeout, origin->timeout);
	add_text(json, "no-agent",
		 settings->no_agent == NO_AGENT_WAIT ? "wait" : "deny",
		 origin->no_agent);
	add_number(json, "max-questions", settings->max_questions,
		   origin->max_questions);
	add_number(json, "max-rate", settings->max_rate, origin->max_rate);
	/* In seconds; null: for ever. */
	add_number(json, "max-lifetime",
		   settings->max_lifetime == INT_MAX ? -1
						     : settings->max_lifetime,
		   origin->max_lifetime);
	add_text(json, "answers", answers_name(settings->answers),
		 origin->answers);
	add_text(json, "prompt", settings->terse ? "short" : "full",
		 origin->terse);
	return json;
}

static int show_all(struct policy_show *show)
{
	int error = sort_rules(show, false);

	if (error)
		return error;
	error = rule_list_sort(&show->effective);
	if (error)
		return error;
	if (!show->json) {
		rule_table_print(&show->effective);
		error = sort_rules(show, true);
		show_settings(show);
		return error;
	}
	show->rules = json_array();
	show->overruled = json_array();
	for (size_t i = 0; i < show->effective.count; i++)
		json_array_append_new(
			show->rules, view_rule_json(&show->effective.items[i]));
	error = sort_rules(show, true);
	view_json_print(json_pack("{s:o, s:o, s:o}", "rules", show->rules,
				  "overruled", show->overruled, "settings",
				  settings_json(show)));
	return error;
}

static int run(int argc, char *argv[])
{
	static const struct arguments_options options = {":jh", long_options,
							 take};
	struct policy_show show = {
		.place = {.layer = LAYER_USER, .grants = true}};
	int status, error;

	if (!arguments_take(&verb_policy_show, argc, argv, &options, &show,
			    &status))
		return status;
	if (optind + 1 != argc)
		return arguments_expected(&verb_policy_show, "one APP");
	error = policy_place_load(&show.place, argv[optind], &show.policy);
	policy_place_finish(&show.place);
	if (error)
		return cli_fail(&verb_policy_show, error, NULL), POLICY_FAILED;
	error = ruleset_new(&show.ruleset, &show.policy.rules, 0, time(NULL));
	if (!error)
		error = show_all(&show);
	ruleset_unref(show.ruleset);
	rules_finish(&show.effective);
	policy_finish(&show.policy);
	return error ? cli_fail(&verb_policy_show, error, NULL) : 0;
}

const struct verb verb_policy_show = {
	.name = "policy show",
	.arguments = "[--json] [--policy PLACE] [--layer LAYER] [--only] APP",
	.summary = "List the rules that decide for an app, and those that "
		   "others overrule",
	.details = DETAILS_APP DETAILS_PLACE,
	.run = run,
};
