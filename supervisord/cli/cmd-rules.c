/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * landlord rules: the rules of an app, or the grants of all.
 */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/quote.h"
#include "base/timestamp.h"
#include "cli/arguments.h"
#include "cli/as_user.h"
#include "cli/grant_filter.h"
#include "cli/policy_view.h"
#include "cli/rule_table.h"
#include "plugin/request_json.h"

/* What is printed, or collected. */
struct rule_list {
	json_t *array; /* NULL: it is printed */
	size_t count;
	int error; /* of what could not be listed */
	bool json, all_users;
	const char *user, *app; /* NULL: this one; all */
	struct grant_filter filter;
	struct rules session; /* of these, those that are kept nowhere */
};

enum {
	OPTION_USER = 256,
	OPTION_ALL_USERS,
};

static const struct option long_options[] = {
	{"user", required_argument, NULL, OPTION_USER},
	{"all-users", no_argument, NULL, OPTION_ALL_USERS},
	GRANT_FILTER_OPTIONS,
	{"json", no_argument, NULL, 'j'},
	{"help", no_argument, NULL, 'h'},
	{},
};

static void print_app(const char *app, const struct usage *usage)
{
	_cleanup_free_ char *safe = quote_word(app);
	_cleanup_free_ char *last =
		usage->starts ? time_format(usage->last) : NULL;

	if (last)
		printf("%s (started %" PRIu64 " time%s, last %s):\n",
		       safe ? safe : "", usage->starts,
		       usage->starts == 1 ? "" : "s", last);
	else
		printf("%s:\n", safe ? safe : "");
}

static bool is_of_session(const struct rule_list *list, const struct rule *rule)
{
	for (size_t i = 0; rule->id && i < list->session.count; i++)
		if (list->session.items[i].id &&
		    strcmp(list->session.items[i].id, rule->id) == 0)
			return true;
	return false;
}

static void add_rules(struct rule_list *list, const struct rules *rules,
		      const char *app)
{
	const struct usage *const usage = &list->filter.usage;
	const bool begun = list->count > 0;

	list->count += rules->count;
	for (size_t i = 0; list->array && i < rules->count; i++) {
		json_t *json = view_rule_json(&rules->items[i]);

		json_object_set_new(json, "app", json_bytes(app));
		if (is_of_session(list, &rules->items[i]))
			json_object_set_new(json, "session", json_true());
		if (usage->starts) {
			json_object_set_new(
				json, "starts",
				json_integer((json_int_t)usage->starts));
			json_object_set_new(json, "last-start",
					    json_integer(usage->last));
		}
		json_array_append_new(list->array, json);
	}
	if (!list->array && rules->count) {
		if (begun)
			putchar('\n');
		print_app(app, usage);
		rule_table_print(rules);
	}
}

/* What is wrong with one app's is told, and the others are listed. */
static int add_grants(void *userdata, const char *app)
{
	struct rule_list *list = userdata;
	struct rules rules = {0};
	int error = view_kept(app, &rules);

	if (error)
		list->error = error;
	if (!error || error == -EBADMSG) {
		if (grant_filter_begin(&list->filter, app) < 0)
			list->error = -EIO;
		if (grant_filter_is_set(&list->filter))
			grant_filter_apply(&list->filter, &rules);
		error = rule_list_sort(&rules);
		if (!error)
			add_rules(list, &rules, app);
	}
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

/* All that holds for one app, of files, too. */
static int list_app(struct rule_list *list, char *app)
{
	struct rules rules = {0};
	int error = view_files(app, &rules);

	if (!error)
		error = view_kept(app, &rules);
	if (!error)
		error = view_session(app, &list->session);
	if (!error)
		error = rules_append(&rules, &list->session);
	/* The same hundred for every app; "landlord why" names them. */
	if (!error && !list->json)
		drop_guards(&rules);
	if (!error)
		note_unknown(app);
	if (!error)
		error = rule_list_sort(&rules);
	if (!error)
		error = grant_filter_begin(&list->filter, app);
	if (!error)
		add_rules(list, &rules, app);
	rules_finish(&list->session);
	rules_finish(&rules);
	return error;
}

static int list_grants(struct rule_list *list)
{
	return list->app ? add_grants(list, list->app)
			 : view_apps(add_grants, list);
}

/* In a process of its own, as the user. */
static int list_user(void *userdata, const char *name)
{
	struct rule_list *const list = userdata;
	_cleanup_free_ char *safe = quote_word(name);
	int error;

	if (list->json)
		list->array = json_array();
	else
		printf("\n=== %s\n", safe ? safe : "");
	error = list_grants(list);
	if (list->json)
		view_json_print(json_pack("{s:o, s:o}", "user",
					  json_bytes(name), "rules",
					  list->array));
	if (!error)
		error = list->error;
	return error ? cli_fail(&verb_rules, error, NULL) : 0;
}

static bool take(void *userdata, int option)
{
	struct rule_list *const list = userdata;

	switch (option) {
	case OPTION_USER:
		list->user = optarg;
		return true;
	case OPTION_ALL_USERS:
		list->all_users = true;
		return true;
	case 'j':
		list->json = true;
		return true;
	default:
		return grant_filter_take(&list->filter, option);
	}
}

static int list_one_user(struct rule_list *list)
{
	int error = list->user ? as_user(list->user) : 0;

	if (error)
		return cli_fail(&verb_rules, error,
				error == -ENOENT ? "there is no such user"
						 : NULL);
	if (list->json)
		list->array = json_array();
	if (list->app && !grant_filter_is_set(&list->filter))
		error = list_app(list, (char *)list->app);
	else
		error = list_grants(list);
	if (list->json)
		view_json_print(list->array);
	else if (!error && !list->count && !list->error)
		cli_note(grant_filter_is_set(&list->filter)
				 ? "No grant is like that."
				 : "Nothing has been allowed or denied for "
				   "longer than a session; \"landlord rules "
				   "APP\" lists what files say.");
	if (!error)
		error = list->error;
	return error ? cli_fail(&verb_rules, error, NULL) : 0;
}

static int run(int argc, char *argv[])
{
	static const struct arguments_options options = {":jh", long_options,
							 take};
	struct rule_list list = {0};
	int status, error;

	if (!arguments_take(&verb_rules, argc, argv, &options, &list, &status))
		return status;
	if (argc - optind > 1 || (list.user && list.all_users))
		return arguments_expected(&verb_rules,
					  "landlord rules [OPTION]... [APP]");
	list.app = argv[optind];
	if (!list.all_users)
		return list_one_user(&list);
	error = as_every_user(list_user, &list);
	return error ? cli_fail(&verb_rules, error,
				error == -EIO ? "not all of them could be "
						"listed"
					      : NULL)
		     : 0;
}

const struct verb verb_rules = {
	.name = "rules",
	.arguments = "[--json] [--user NAME | --all-users] [FILTER]... [APP]",
	.summary = "List the rules of an app, or the grants of all apps",
	.details = DETAILS_APP DETAILS_FILTER
	"  --user NAME      those of another user, for root\n"
	"  --all-users      those of every user, for root\n"
	"\n"
	"With a filter only grants are listed.\n",
	.run = run,
};
