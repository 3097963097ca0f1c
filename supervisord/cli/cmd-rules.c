/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * landlord rules: the rules of an app, or the grants of all.
 */
#include <stdio.h>
#include <time.h>

#include "base/cleanup.h"
#include "base/escape.h"
#include "cli/arguments.h"
#include "cli/policy_view.h"
#include "plugin/request_json.h"

static void print_rules(const struct rules *rules, json_t *array,
			const char *app)
{
	for (size_t i = 0; i < rules->count; i++) {
		json_t *json;

		if (!array) {
			view_rule_print(&rules->items[i]);
			continue;
		}
		json = view_rule_json(&rules->items[i]);
		json_object_set_new(json, "app", json_bytes(app));
		json_array_append_new(array, json);
	}
}

static int print_grants(void *userdata, const char *app)
{
	_cleanup_(grants_closep) struct grants *grants = NULL;
	_cleanup_free_ char *safe = escape_string(app);
	struct rules rules = {};
	json_t *array = userdata;
	int r = view_grants(app, &grants);

	if (r == 0)
		r = grants_load(grants, time(NULL), &rules, NULL);
	if (r == 0 && !array && rules.count)
		printf("%s:\n", safe ? safe : "");
	if (r == 0)
		print_rules(&rules, array, app);
	rules_finish(&rules);
	return 0;
}

static int run(int argc, char *argv[])
{
	struct arguments arguments;
	struct rules rules = {};
	json_t *array = NULL;
	int r = 0, status;

	if (!arguments_parse(&verb_rules, argc, argv, 0, 0, 1, &arguments,
			     &status))
		return status;
	if (arguments.json)
		array = json_array();
	if (arguments.count == 0)
		view_apps(print_grants, array);
	else
		r = view_rules(arguments.operands[0], &rules);
	if (r == 0 && arguments.count)
		print_rules(&rules, array, arguments.operands[0]);
	rules_finish(&rules);
	if (array)
		view_json_print(array);
	return r < 0 ? cli_fail(&verb_rules, r, NULL) : 0;
}

const struct verb verb_rules = {
	.name = "rules",
	.arguments = "[--json] [APP]",
	.summary = "List the rules of an app, or the grants of all apps",
	.run = run,
};
