/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * landlord policy diff: what a change of policy would allow, deny or ask about
 * that it did not, as rules and in what was recorded.
 */
#include <errno.h>
#include <getopt.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/quote.h"
#include "cli/arguments.h"
#include "cli/policy_difference.h"
#include "cli/policy_place.h"
#include "cli/policy_traces.h"
#include "cli/policy_verbs.h"
#include "cli/policy_view.h"
#include "cli/rule_table.h"
#include "plugin/request_json.h"

/* The app that stands for all that have no files of their own. */
#define ANY_APP "default"

struct policy_diff {
	struct policy_place was, now;
	bool json;
	char *traces[POLICY_TRACES_MAX + 1];
	size_t traces_count;
	json_t *array;	/* NULL: it is printed */
	json_t *common; /* what holds for every app, as it was told */
	json_t *apps;	/* that have been compared */
	const char *app;
	size_t count; /* of differences */
	bool headed;  /* the app has been named */
	int error;
};

static const struct option long_options[] = {
	{"layer", required_argument, NULL, 'l'},
	{"only", no_argument, NULL, 'o'},
	{"trace", required_argument, NULL, 't'},
	{"json", no_argument, NULL, 'j'},
	{"help", no_argument, NULL, 'h'},
	{},
};

static bool take(void *userdata, int option)
{
	struct policy_diff *const diff = userdata;

	switch (option) {
	case 'l':
		return policy_place_layer(optarg, &diff->was.layer);
	case 'o':
		diff->was.only = true;
		return true;
	case 't':
		if (diff->traces_count == POLICY_TRACES_MAX)
			return false;
		diff->traces[diff->traces_count++] = optarg;
		return true;
	case 'j':
		diff->json = true;
		return true;
	default:
		return false;
	}
}

static char *object_text(const struct policy_difference *difference)
{
	_cleanup_free_ char *object = object_format(difference->object);
	_cleanup_free_ char *safe = quote_word(object ? object : "");
	char *text;

	if (!safe || asprintf(&text, "%s%s", safe,
			      !difference->beneath  ? ""
			      : safe[0] && !safe[1] ? "**"
						    : "/**") < 0)
		return NULL;
	return text;
}

/* Whether it has been told of every app; else, of every app, it is noted. */
static bool is_common(struct policy_diff *diff, const char *line)
{
	if (strcmp(diff->app, ANY_APP) != 0)
		return json_object_get(diff->common, line) != NULL;
	json_object_set_new(diff->common, line, json_true());
	return false;
}

static void print_head(struct policy_diff *diff)
{
	_cleanup_free_ char *app = quote_word(diff->app);

	if (diff->headed)
		return;
	if (strcmp(diff->app, ANY_APP) == 0)
		printf("every app:\n");
	else
		printf("%s:\n", app ? app : "?");
	diff->headed = true;
}

static const char *origin_of(const struct rule *rule)
{
	return rule && rule->origin ? rule->origin : "no rule";
}

static char *safe_origin_of(const struct rule *rule)
{
	return rule ? quote_text(origin_of(rule)) : strdup(origin_of(rule));
}

static int print_difference(void *userdata,
			    const struct policy_difference *difference)
{
	struct policy_diff *const diff = userdata;
	_cleanup_free_ char *rights = rights_format_groups(
		difference->rights, object_rights(difference->object->type));
	_cleanup_free_ char *object = object_text(difference);
	_cleanup_free_ char *was = safe_origin_of(difference->was_by);
	_cleanup_free_ char *now = safe_origin_of(difference->now_by);
	_cleanup_free_ char *line = NULL;

	if (!rights || !object || !was || !now ||
	    asprintf(&line, "%-5s was %-5s  %s  %s  (%s; was %s)",
		     effect_name(difference->now), effect_name(difference->was),
		     rights, object, now, was) < 0) {
		line = NULL;
		return -ENOMEM;
	}
	if (is_common(diff, line))
		return 0;
	diff->count++;
	if (!diff->array) {
		print_head(diff);
		printf("  %s\n", line);
		return 0;
	}
	json_array_append_new(
		diff->array,
		json_pack("{s:o, s:s, s:s, s:s, s:o, s:b, s:o, s:o}", "app",
			  json_bytes(diff->app), "was",
			  effect_name(difference->was), "now",
			  effect_name(difference->now), "rights", rights,
			  "object", json_bytes(object), "beneath",
			  difference->beneath, "was-by",
			  json_bytes(origin_of(difference->was_by)), "now-by",
			  json_bytes(origin_of(difference->now_by))));
	return 0;
}

/* Once for each app. */
static int diff_app(void *userdata, const char *app)
{
	struct policy_diff *const diff = userdata;
	struct policy was = {0}, now = {0};
	int error;

	if (json_object_get(diff->apps, app))
		return 0;
	json_object_set_new(diff->apps, app, json_true());
	diff->app = app;
	diff->headed = false;
	error = policy_place_load(&diff->was, app, &was);
	if (!error)
		error = policy_place_load(&diff->now, app, &now);
	if (!error)
		error = policy_difference_each(&was.rules, &now.rules,
					       print_difference, diff);
	policy_finish(&was);
	policy_finish(&now);
	return error;
}

static int diff_apps(struct policy_diff *diff, char *const *apps)
{
	int error = 0;

	if (*apps) {
		for (; *apps && !error; apps++)
			error = diff_app(diff, *apps);
		return error;
	}
	error = diff_app(diff, ANY_APP);
	if (!error)
		error = policy_place_apps(&diff->was, diff_app, diff);
	return error ? error : policy_place_apps(&diff->now, diff_app, diff);
}

static int diff_all(struct policy_diff *diff, char *const *apps)
{
	size_t judged = 0, different = 0;
	int error;

	diff->common = json_object();
	diff->apps = json_object();
	if (diff->json)
		diff->array = json_array();
	error = diff_apps(diff, apps);
	if (!error && diff->traces_count)
		error = policy_traces_compare(&diff->was, &diff->now,
					      diff->traces, diff->array,
					      &judged, &different);
	diff->count += different;
	json_decref(diff->common);
	json_decref(diff->apps);
	if (diff->array)
		view_json_print(diff->array);
	else if (!error && diff->traces_count)
		printf("%zu recorded, %zu differently\n", judged, different);
	else if (!error && !diff->count)
		printf("nothing is decided differently\n");
	return error;
}

static int run(int argc, char *argv[])
{
	static const struct arguments_options options = {":jh", long_options,
							 take};
	struct policy_diff diff = {
		.was = {.layer = LAYER_USER, .grants = true}};
	int status, error;

	if (!arguments_take(&verb_policy_diff, argc, argv, &options, &diff,
			    &status))
		return status;
	if (argc - optind < 2)
		return arguments_expected(
			&verb_policy_diff,
			"OLD and NEW, each a directory, a file, or - for the "
			"policy of this machine");
	diff.now = diff.was;
	diff.was.path = argv[optind];
	diff.now.path = argv[optind + 1];
	error = diff_all(&diff, argv + optind + 2);
	policy_place_finish(&diff.was);
	policy_place_finish(&diff.now);
	if (error)
		return cli_fail(&verb_policy_diff, error, NULL), POLICY_FAILED;
	return diff.count ? 1 : 0;
}

const struct verb verb_policy_diff = {
	.name = "policy diff",
	.arguments = "[--json] [--layer LAYER] [--only] [--trace FILE]... "
		     "OLD NEW [APP]...",
	.summary = "Say what one policy decides differently from another",
	.details =
		"  OLD, NEW       a directory in place of that of a layer, a "
		"file besides,\n"
		"                 or - for the policy as it is here\n"
		"  --layer LAYER  the layer: user (default), administrator or "
		"vendor\n"
		"  --only         nothing of this machine besides\n"
		"  --trace FILE   also what was recorded, judged by both\n"
		"\n"
		"The exit status is 0 when nothing is decided differently, 1 "
		"when something is,\n"
		"2 for an error.\n",
	.run = run,
};
