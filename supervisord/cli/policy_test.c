/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * landlord policy test: whether a policy decides as a file expects.
 */
#include <errno.h>
#include <getopt.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/escape.h"
#include "cli/arguments.h"
#include "cli/expectations.h"
#include "cli/policy_place.h"
#include "cli/policy_verbs.h"
#include "cli/policy_view.h"
#include "cli/replay_policies.h"
#include "cli/rule_table.h"
#include "plugin/request_json.h"

struct policy_test {
	struct policy_place place;
	bool json;
	json_t *array; /* NULL: it is printed */
	char *app;     /* whose policy is loaded; NULL: none */
	struct policy policy;
	struct ruleset *ruleset;
	size_t count, wrong;
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
	struct policy_test *const test = userdata;

	switch (option) {
	case 'p':
		test->place.path = optarg;
		return true;
	case 'l':
		return policy_place_layer(optarg, &test->place.layer);
	case 'o':
		test->place.only = true;
		return true;
	case 'j':
		test->json = true;
		return true;
	default:
		return false;
	}
}

static void unload(struct policy_test *test)
{
	free(test->app);
	test->app = NULL;
	policy_finish(&test->policy);
	test->ruleset = ruleset_unref(test->ruleset);
}

/* Expectations mostly have those of one app together. */
static int load(struct policy_test *test, const char *app)
{
	int error;

	if (test->app && strcmp(test->app, app) == 0)
		return 0;
	unload(test);
	error = policy_place_load(&test->place, app, &test->policy);
	if (!error)
		error = ruleset_new(&test->ruleset, &test->policy.rules, 0, 0);
	if (error)
		return error;
	test->app = strdup(app);
	return test->app ? 0 : -ENOMEM;
}

static void tell(struct policy_test *test, const struct expectation_line *line,
		 rights_t right, const struct rule *rule, enum effect effect)
{
	_cleanup_free_ char *by = rule ? rule_describe(rule) : NULL;
	_cleanup_free_ char *object = object_format(&line->object);
	_cleanup_free_ char *safe = escape_string(object ? object : "");
	_cleanup_free_ char *app = escape_string(line->app);

	test->wrong++;
	if (!test->array) {
		printf("%s:%u: %s %s %s: %s, expected %s; by %s\n", line->file,
		       line->line, app ? app : "?", right_name(right),
		       safe ? safe : "?", effect_name(effect),
		       effect_name(line->effect),
		       by ? by : "no rule, which is asked");
		return;
	}
	json_array_append_new(
		test->array,
		json_pack("{s:o, s:i, s:o, s:s, s:o, s:s, s:s, s:o}", "file",
			  json_bytes(line->file), "line", (int)line->line,
			  "app", json_bytes(line->app), "right",
			  right_name(right), "object",
			  json_bytes(object ? object : ""), "verdict",
			  effect_name(effect), "expected",
			  effect_name(line->effect), "rule",
			  rule ? view_rule_json(rule) : json_null()));
}

static int judge(void *userdata, const struct expectation_line *line)
{
	struct policy_test *const test = userdata;
	const int error = load(test, line->app);
	rights_t right;

	if (error)
		return error;
	test->count++;
	RIGHTS_FOREACH (right, line->rights) {
		const struct rule *const rule = ruleset_why(
			test->ruleset, &line->object, right, PROCESS_NONE);
		const enum effect effect = !rule || rule->effect == EFFECT_GUARD
						   ? EFFECT_ASK
						   : rule->effect;

		if (effect != line->effect)
			tell(test, line, right, rule, effect);
	}
	return 0;
}

static void print(struct policy_test *test)
{
	if (test->array)
		view_json_print(json_pack("{s:I, s:o}", "expectations",
					  (json_int_t)test->count, "wrong",
					  test->array));
	else
		printf("%zu expectations, %zu verdicts not as expected\n",
		       test->count, test->wrong);
}

static int run(int argc, char *argv[])
{
	static const struct arguments_options options = {":jh", long_options,
							 take};
	struct policy_test test = {.place = {.layer = LAYER_USER}};
	struct file_errors errors = {0};
	int status, error = 0;

	if (!arguments_take(&verb_policy_test, argc, argv, &options, &test,
			    &status))
		return status;
	if (optind == argc)
		return arguments_expected(&verb_policy_test,
					  "a FILE of expectations");
	if (test.json)
		test.array = json_array();
	for (int i = optind; i < argc && !error; i++)
		error = expectations_read(argv[i], judge, &test, &errors);
	status = error || errors.count ? POLICY_FAILED : test.wrong ? 1 : 0;
	view_tell(&errors);
	if (error)
		cli_fail(&verb_policy_test, error, NULL);
	print(&test);
	unload(&test);
	policy_place_finish(&test.place);
	return status;
}

const struct verb verb_policy_test = {
	.name = "policy test",
	.arguments = "[--json] [--policy PLACE] [--layer LAYER] [--only] "
		     "FILE...",
	.summary = "Say whether a policy decides as a file expects",
	.details = DETAILS_PLACE
	"\n"
	"Each line of a file is APP RIGHT OBJECT -> allow|deny|ask, or "
	"a comment that\n"
	"begins with #. The exit status is 0 when all is as expected, "
	"1 when something\n"
	"is not, 2 for an error.\n",
	.run = run,
};
