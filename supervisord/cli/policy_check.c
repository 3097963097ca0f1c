/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * landlord policy check: what is wrong in policy files.
 */
#include <errno.h>
#include <getopt.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/cleanup.h"
#include "base/escape.h"
#include "cli/arguments.h"
#include "cli/policy_place.h"
#include "cli/policy_verbs.h"
#include "cli/policy_view.h"
#include "plugin/request_json.h"
#include "policy/inspection.h"

struct policy_check {
	enum layer layer;
	bool json;
	struct inspection found;
};

static const struct option long_options[] = {
	{"layer", required_argument, NULL, 'l'},
	{"json", no_argument, NULL, 'j'},
	{"help", no_argument, NULL, 'h'},
	{},
};

static bool take(void *userdata, int option)
{
	struct policy_check *const check = userdata;

	if (option == 'j')
		check->json = true;
	else if (option != 'l' || !policy_place_layer(optarg, &check->layer))
		return false;
	return true;
}

/* The grants are read together with the files, and can be as bad. */
static int check_grants(void *userdata, const char *app)
{
	struct policy_check *const check = userdata;
	_cleanup_(grants_closep) struct grants *grants = NULL;
	struct rules rules = {0};
	int error = view_grants(app, &grants);

	if (error)
		return error == -ENOMEM ? error : 0;
	error = grants_load(grants, time(NULL), &rules, &check->found.errors);
	if (error && error != -ENOMEM)
		file_errors_add(&check->found.errors, app, 0,
				"the grants of this app cannot be read: %s",
				strerror(-error));
	check->found.files++;
	check->found.rules += rules.count;
	rules_finish(&rules);
	return error == -ENOMEM ? error : 0;
}

static int check_places(struct policy_check *check, char *const *places)
{
	struct policy_options options;
	int error = 0;

	policy_options_default(&options);
	if (!*places) {
		error = inspection_in_place(&options, &check->found);
		return error ? error : view_apps(check_grants, check);
	}
	for (; *places && !error; places++)
		error = inspection_elsewhere(&options, check->layer, *places,
					     &check->found);
	return error;
}

static const char *consequence(const struct file_error *error)
{
	return error->left_out ? "it is left out, and the rest is in force"
			       : "nothing starts, and what runs keeps the last "
				 "good policy";
}

static void print_error(const struct file_error *error)
{
	_cleanup_free_ char *file = escape_string(error->file);

	printf("%s", file ? file : "?");
	if (error->line)
		printf(":%u", error->line);
	if (error->column)
		printf(":%u", error->column);
	printf(": %s\n", error->sentence);
	if (error->meant)
		printf("    taken literally, it would be %s\n", error->meant);
	printf("    until it is mended, %s\n", consequence(error));
}

static json_t *error_json(const struct file_error *error)
{
	json_t *json =
		json_pack("{s:o, s:s, s:s}", "file", json_bytes(error->file),
			  "problem", error->sentence, "effect",
			  error->left_out ? "left-out" : "nothing-starts");

	if (error->line)
		json_object_set_new(json, "line", json_integer(error->line));
	if (error->column)
		json_object_set_new(json, "column",
				    json_integer(error->column));
	if (error->meant)
		json_object_set_new(json, "literally",
				    json_string(error->meant));
	return json;
}

static void print_count(size_t count, const char *what)
{
	printf("%zu %s%s", count, what, count == 1 ? "" : "s");
}

static void print(const struct policy_check *check)
{
	const struct file_errors *const errors = &check->found.errors;
	json_t *array = check->json ? json_array() : NULL;

	for (size_t i = 0; i < errors->count; i++)
		if (array)
			json_array_append_new(array,
					      error_json(&errors->items[i]));
		else
			print_error(&errors->items[i]);
	if (array) {
		view_json_print(json_pack(
			"{s:I, s:I, s:o}", "files",
			(json_int_t)check->found.files, "rules",
			(json_int_t)check->found.rules, "errors", array));
		return;
	}
	print_count(check->found.files, "file");
	printf(", ");
	print_count(check->found.rules, "rule");
	printf(": ");
	if (errors->count)
		print_count(errors->count, "mistake");
	else
		printf("in order");
	putchar('\n');
}

static int run(int argc, char *argv[])
{
	static const struct arguments_options options = {":jhl:", long_options,
							 take};
	struct policy_check check = {.layer = LAYER_USER};
	int status, error;

	if (!arguments_take(&verb_policy_check, argc, argv, &options, &check,
			    &status))
		return status;
	error = check_places(&check, argv + optind);
	if (error) {
		cli_fail(&verb_policy_check, error, NULL);
		status = POLICY_FAILED;
	} else {
		print(&check);
		status = check.found.errors.count ? 1 : 0;
	}
	inspection_finish(&check.found);
	return status;
}

const struct verb verb_policy_check = {
	.name = "policy check",
	.arguments = "[--json] [--layer LAYER] [FILE|DIRECTORY]...",
	.summary = "Tell every mistake in policy files, here or elsewhere",
	.details =
		"  --layer LAYER  whose files they are to be: user (default), "
		"administrator\n"
		"                 or vendor\n"
		"\n"
		"Without a file or directory: those of every layer and app, "
		"and "
		"the grants.\n"
		"The exit status is 0 when all is in order, 1 when something "
		"is not, 2 for an\n"
		"error.\n",
	.run = run,
};
