/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/replay_policies.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "cli/policy_view.h"
#include "policy/policy.h"

struct replay_app {
	SLIST_ENTRY(replay_app) link;
	char *name;
	struct replay_policy policy;
};

bool replay_policies_add(struct replay_policies *policies, const char *file)
{
	if (policies->files_count == REPLAY_POLICIES_MAX)
		return false;
	policies->files[policies->files_count++] = file;
	return true;
}

/* All rules of an app. */
static int load(const struct replay_policies *policies, const char *app,
		struct rules *ret)
{
	struct policy_options options = {0};
	struct file_errors errors = {0};
	struct policy policy;
	int error;

	if (!policies->only)
		policy_options_default(&options);
	options.files = policies->files;
	error = policy_load(app, &options, &policy, &errors);
	view_tell(&errors);
	if (error)
		return error;
	*ret = policy.rules;
	return policies->only ? 0 : view_kept(app, ret);
}

/* What holds by the clock of a trace is for the replay to say. */
static int compile(struct replay_policy *policy)
{
	const int error = ruleset_new(&policy->ruleset, &policy->rules, 1, 0);

	if (!error)
		ruleset_set_clock(policy->ruleset, NULL);
	return error;
}

static void app_free(struct replay_app *app)
{
	free(app->name);
	rules_finish(&app->policy.rules);
	ruleset_unref(app->policy.ruleset);
	free(app);
}

static int app_new(struct replay_app **ret,
		   const struct replay_policies *policies, const char *name)
{
	struct replay_app *app = calloc(1, sizeof(*app));
	int error;

	if (!app)
		return -ENOMEM;
	error = text_copy(&app->name, name);
	if (!error)
		error = load(policies, name, &app->policy.rules);
	if (!error)
		error = compile(&app->policy);
	if (error)
		app_free(app);
	else
		*ret = app;
	return error;
}

int replay_policies_get(struct replay_policies *policies, const char *app,
			const struct replay_policy **ret)
{
	struct replay_app *known;
	int error = 0;

	if (policies->app)
		app = policies->app;
	/* Only what is for every app can be for one that is not known. */
	if (!app || !*app)
		app = "unknown";
	SLIST_FOREACH(known, &policies->apps, link)
	if (strcmp(known->name, app) == 0)
		break;
	if (!known) {
		error = app_new(&known, policies, app);
		if (error)
			return error;
		SLIST_INSERT_HEAD(&policies->apps, known, link);
	}
	*ret = &known->policy;
	return 0;
}

int replay_policies_load(void *userdata, const char *app, struct rules *ret)
{
	const struct replay_policy *policy;
	const int error = replay_policies_get(userdata, app, &policy);

	return error ? error : rules_append(ret, &policy->rules);
}

void replay_policies_finish(struct replay_policies *policies)
{
	struct replay_app *app;

	while ((app = SLIST_FIRST(&policies->apps))) {
		SLIST_REMOVE_HEAD(&policies->apps, link);
		app_free(app);
	}
}
