/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * landlord rules: the rules of an app, or the grants of all.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/quote.h"
#include "cli/arguments.h"
#include "cli/policy_view.h"
#include "cli/rule_table.h"
#include "plugin/request_json.h"

/* What is printed, or collected. */
struct rule_list {
	json_t *array; /* NULL: it is printed */
	size_t count;
	int error; /* of what could not be listed */
};

static void add_rules(struct rule_list *list, const struct rules *rules,
		      const char *app)
{
	const bool begun = list->count > 0;

	list->count += rules->count;
	for (size_t i = 0; list->array && i < rules->count; i++) {
		json_t *json = view_rule_json(&rules->items[i]);

		json_object_set_new(json, "app", json_bytes(app));
		json_array_append_new(list->array, json);
	}
	if (!list->array && rules->count) {
		_cleanup_free_ char *safe = quote_word(app);

		printf("%s%s:\n", begun ? "\n" : "", safe ? safe : "");
		rule_table_print(rules);
	}
}

/* What is wrong with one app's is told, and the others are listed. */
static int add_grants(void *userdata, const char *app)
{
	struct rule_list *list = userdata;
	struct rules rules = {0};
	const int error = view_kept(app, &rules);

	if (error)
		list->error = error;
	if (!error || error == -EBADMSG)
		add_rules(list, &rules, app);
	rules_finish(&rules);
	return error == -ENOMEM ? error : 0;
}

static int is_app(void *userdata, const char *app)
{
	return strcmp(app, userdata) == 0;
}

/* Whoever has mistyped a name sees the rules that hold for all. */
static void note_unknown(char *app)
{
	_cleanup_free_ char *safe = quote_word(app);
	struct file_errors errors = {0};
	const bool known = view_apps(is_app, app) > 0 ||
			   view_policy_apps(is_app, app, &errors) > 0;

	file_errors_finish(&errors);
	if (!known)
		fprintf(stderr,
			"There are no rules for %s itself: these hold for "
			"every app.\n",
			safe ? safe : "it");
}

static void drop_guards(struct rules *rules)
{
	size_t kept = 0;

	for (size_t i = 0; i < rules->count; i++)
		if (rules->items[i].effect == EFFECT_GUARD)
			rule_finish(&rules->items[i]);
		else
			rules->items[kept++] = rules->items[i];
	rules->count = kept;
}

static int run(int argc, char *argv[])
{
	struct arguments arguments;
	struct rules rules = {0};
	struct rule_list list = {0};
	int error = 0, status;

	if (!arguments_parse(&verb_rules, argc, argv, 0, 0, 1, &arguments,
			     &status))
		return status;
	if (arguments.json)
		list.array = json_array();
	if (arguments.count == 0)
		error = view_apps(add_grants, &list);
	else
		error = view_rules(arguments.operands[0], &rules);
	/* The same hundred for every app; "landlord why" names them. */
	if (!error && !arguments.json)
		drop_guards(&rules);
	if (!error && arguments.count)
		note_unknown(arguments.operands[0]);
	if (!error)
		rule_list_sort(&rules);
	if (!error && arguments.count)
		add_rules(&list, &rules, arguments.operands[0]);
	rules_finish(&rules);
	if (arguments.json)
		view_json_print(list.array);
	else if (!error && !list.count && !list.error)
		cli_note("Nothing has been allowed or denied for longer than a "
			 "session; \"landlord rules APP\" lists what files "
			 "say.");
	if (!error)
		error = list.error;
	return error ? cli_fail(&verb_rules, error, NULL) : 0;
}

const struct verb verb_rules = {
	.name = "rules",
	.arguments = "[--json] [APP]",
	.summary = "List the rules of an app, or the grants of all apps",
	.details = DETAILS_APP,
	.run = run,
};
