/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * landlord why: which rule decides, and where it comes from.
 */
#include <stdio.h>

#include "base/cleanup.h"
#include "cli/arguments.h"
#include "cli/policy_view.h"
#include "cli/rule_table.h"

static void print_header(void)
{
	printf("%-20s  %-7s  %-6s  %s\n", "RIGHT", "VERDICT", "FROM", "RULE");
}

static void print_why(const struct rule *rule, rights_t right)
{
	_cleanup_free_ char *text = rule ? rule_describe(rule) : NULL;

	printf("%-20s  %-7s  %-6s  %s\n",
	       right_name(right) ? right_name(right) : "?",
	       rule ? effect_name(rule->effect) : "ask",
	       rule ? layer_name(rule->layer) : "-",
	       rule ? text : "no rule mentions it");
}

static json_t *why_json(const struct rule *rule, rights_t right)
{
	json_t *json =
		json_pack("{s:s, s:s}", "right",
			  right_name(right) ? right_name(right) : "?",
			  "verdict", rule ? effect_name(rule->effect) : "ask");

	if (rule)
		json_object_set_new(json, "rule", view_rule_json(rule));
	return json;
}

static int run(int argc, char *argv[])
{
	_cleanup_(ruleset_unrefp) struct ruleset *ruleset = NULL;
	struct arguments arguments;
	struct object object = {0};
	json_t *array = NULL;
	rights_t rights, right;
	bool beneath;
	int error, status;

	if (!arguments_parse(&verb_why, argc, argv, 0, 3, 3, &arguments,
			     &status))
		return status;
	status = arguments_access(&verb_why, arguments.operands[1],
				  arguments.operands[2], &rights, &object,
				  &beneath);
	if (status != 0)
		return status;
	error = view_ruleset(arguments.operands[0], &ruleset);
	if (!error && arguments.json)
		array = json_array();
	else if (!error)
		print_header();
	if (!error)
		RIGHTS_FOREACH (right, rights) {
			const struct rule *rule = ruleset_why(
				ruleset, &object, right, PROCESS_NONE);

			if (array)
				json_array_append_new(array,
						      why_json(rule, right));
			else
				print_why(rule, right);
		}
	if (array)
		view_json_print(array);
	object_finish(&object);
	return error ? cli_fail(&verb_why, error, NULL) : 0;
}

const struct verb verb_why = {
	.name = "why",
	.arguments = "[--json] APP RIGHT OBJECT",
	.summary = "Say which rule decides an access, and where it comes from",
	.details = DETAILS_ACCESS,
	.run = run,
};
