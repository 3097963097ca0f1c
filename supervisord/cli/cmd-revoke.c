/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * landlord revoke: takes grants back.
 */
#include <errno.h>
#include <getopt.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <time.h>

#include "base/cleanup.h"
#include "base/quote.h"
#include "cli/arguments.h"
#include "cli/grant_filter.h"
#include "cli/policy_view.h"
#include "cli/revoke.h"
#include "cli/rule_table.h"
#include "control/client.h"
#include "plugin/request_json.h"

/* Each program follows the file of grants by itself. */
#define FOLLOWING                                                     \
	"No daemon runs: programs that run already lose it within a " \
	"few seconds. "

struct filtered_revocation {
	bool json, dry_run;
	struct grant_filter filter;
	const char *app; /* NULL: all */
	json_t *array;	 /* NULL: it is printed */
	size_t count;
	int error;
};

enum { OPTION_DRY_RUN = 256 };

static const struct option long_options[] = {
	{"dry-run", no_argument, NULL, OPTION_DRY_RUN},
	GRANT_FILTER_OPTIONS,
	{"json", no_argument, NULL, 'j'},
	{"help", no_argument, NULL, 'h'},
	{},
};

static bool take(void *userdata, int option)
{
	struct filtered_revocation *const revocation = userdata;

	switch (option) {
	case OPTION_DRY_RUN:
		revocation->dry_run = true;
		return true;
	case 'j':
		revocation->json = true;
		return true;
	default:
		return grant_filter_take(&revocation->filter, option);
	}
}

static int revoke_one(const struct filtered_revocation *revocation,
		      const char *rule)
{
	_cleanup_free_ char *sentence = NULL;
	bool followed = true; /* by a daemon, when it says so */
	const int result =
		revoke_grant(revocation->app, rule, &sentence, &followed);

	if (result == -ENOENT)
		return cli_fail(&verb_revoke, result,
				"there is no such grant; landlord rules APP "
				"lists them (rules of files are edited there)");
	if (result < 0)
		return cli_fail(&verb_revoke, result,
				sentence ? sentence : client_why(result));
	if (revocation->json)
		view_json_print(json_pack("{s:s}", "revoked", rule));
	else
		printf("Revoked. %sWhat is already open stays open.\n",
		       followed ? "" : FOLLOWING);
	return 0;
}

static void tell(struct filtered_revocation *revocation, const char *app,
		 const struct rules *rules)
{
	for (size_t i = 0; i < rules->count; i++) {
		const struct rule *const rule = &rules->items[i];

		if (revocation->array) {
			json_t *json = view_rule_json(rule);

			json_object_set_new(json, "app", json_bytes(app));
			json_array_append_new(revocation->array, json);
		} else {
			_cleanup_free_ char *text = rule_describe(rule);
			_cleanup_free_ char *safe = quote_word(app);

			printf("%s %s %s %s\n", safe ? safe : "?", rule->id,
			       effect_name(rule->effect), text ? text : "?");
		}
	}
	revocation->count += rules->count;
}

/* What is told is what goes: both are of one moment, under the lock. */
struct taken {
	struct filtered_revocation *revocation;
	struct rules rules;
	int error;
};

static bool take_grant(void *userdata, const struct rule *rule)
{
	struct taken *const taken = userdata;
	struct rule copy;

	if (taken->error ||
	    !grant_filter_matches(&taken->revocation->filter, rule))
		return false;
	taken->error = rule_copy(&copy, rule);
	if (!taken->error)
		taken->error = rules_take(&taken->rules, &copy);
	if (!taken->error)
		return !taken->revocation->dry_run;
	rule_finish(&copy);
	return false;
}

/* One app that cannot be changed is no reason to leave the others. */
static int revoke_of_app(void *userdata, const char *app)
{
	struct filtered_revocation *const revocation = userdata;
	_cleanup_(grants_closep) struct grants *grants = NULL;
	struct taken taken = {.revocation = revocation};
	size_t count;
	int error = grant_filter_begin(&revocation->filter, app);

	if (!error)
		error = view_grants(app, &grants);
	if (!error)
		error = grants_revoke_some(grants, take_grant, &taken,
					   time(NULL), &count);
	if (!error)
		error = taken.error;
	if (error)
		revocation->error = error;
	else
		tell(revocation, app, &taken.rules);
	rules_finish(&taken.rules);
	return error == -ENOMEM ? error : 0;
}

static int revoke_all(struct filtered_revocation *revocation)
{
	int error;

	if (revocation->json)
		revocation->array = json_array();
	error = revocation->app ? revoke_of_app(revocation, revocation->app)
				: view_apps(revoke_of_app, revocation);
	if (revocation->array)
		view_json_print(revocation->array);
	else
		printf("%zu grant%s %s.%s\n", revocation->count,
		       revocation->count == 1 ? "" : "s",
		       revocation->dry_run ? "would be revoked" : "revoked",
		       revocation->dry_run || !revocation->count
			       ? ""
			       : " Programs that run lose what they had by "
				 "them within a few seconds; what is already "
				 "open stays open.");
	if (!error)
		error = revocation->error;
	return error ? cli_fail(&verb_revoke, error, NULL) : 0;
}

static int run(int argc, char *argv[])
{
	static const struct arguments_options options = {":jh", long_options,
							 take};
	struct filtered_revocation revocation = {0};
	int status, count;
	bool filtered;

	if (!arguments_take(&verb_revoke, argc, argv, &options, &revocation,
			    &status))
		return status;
	count = argc - optind;
	revocation.app = argv[optind];
	filtered = grant_filter_is_set(&revocation.filter);
	if (filtered ? count > 1 : count != 2 || revocation.dry_run)
		return arguments_expected(
			&verb_revoke,
			"landlord revoke APP RULE, or a filter and an APP or "
			"none");
	return filtered ? revoke_all(&revocation)
			: revoke_one(&revocation, argv[optind + 1]);
}

const struct verb verb_revoke = {
	.name = "revoke",
	.arguments = "[--json] APP RULE | [--dry-run] FILTER... [APP]",
	.summary = "Take grants back, from the next access on",
	.details = DETAILS_APP
	"  RULE    its name, in the first column of landlord rules APP\n"
	"\n" DETAILS_FILTER "  --dry-run        only say which it would be\n",
	.run = run,
};
