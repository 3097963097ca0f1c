/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "policy/policy.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "core/app.h"
#include "policy/load.h"
#include "policy/own.h"
#include "policy/startup.h"

void policy_finish(struct policy *policy)
{
	rules_finish(&policy->rules);
}

bool policy_equal(const struct policy *a, const struct policy *b)
{
	return a->settings.timeout == b->settings.timeout &&
	       a->settings.no_agent == b->settings.no_agent &&
	       a->settings.max_questions == b->settings.max_questions &&
	       a->settings.answers == b->settings.answers &&
	       a->settings.terse == b->settings.terse &&
	       a->settings.max_rate == b->settings.max_rate &&
	       a->settings.max_lifetime == b->settings.max_lifetime &&
	       rules_equal(&a->rules, &b->rules);
}

/* What holds for every app, and where there may be more for one. */
struct policy_common {
	const struct policy_options *options;
	struct load load;
	bool has_apps[LAYERS_]; /* there are files of apps, perhaps */
};

static const char *directory_of(const struct policy_options *options,
				enum layer layer)
{
	switch (layer) {
	case LAYER_ADMIN:
		return options->admin_dir;
	case LAYER_USER:
		return options->user_dir;
	default:
		return options->vendor_dir;
	}
}

static int load_base(struct policy_common *common, enum layer layer)
{
	const char *const directory = directory_of(common->options, layer);
	_cleanup_free_ char *apps = NULL;
	int error;

	if (!directory)
		return 0;
	if (asprintf(&apps, "%s/apps", directory) < 0) {
		apps = NULL;
		return -ENOMEM;
	}
	if (!load_check_directory(&common->load, layer, directory))
		return 0;
	error = load_strays(&common->load, directory);
	if (!error)
		error = load_pair(&common->load, layer, directory, "base");
	if (!error)
		common->has_apps[layer] =
			load_check_directory(&common->load, layer, apps);
	return error;
}

static int load_common(struct policy_common *common)
{
	const struct policy_options *const options = common->options;
	struct load *const load = &common->load;
	int error;

	error = own_protect(options->instead_of ? options->instead_of : options,
			    &load->rules, &load->memo, load->errors);
	if (error == -EPERM) {
		load->failed = !options->instead_of;
		error = 0;
	}
	load->own = load->rules.count;
	if (!error)
		error = startup_guard(&load->rules, &load->memo);
	for (enum layer layer = 0; layer < LAYERS_ && !error; layer++)
		error = load_base(common, layer);
	return error;
}

static int load_app(const struct policy_common *common, struct load *load)
{
	const struct policy_options *const options = common->options;
	int error = 0;

	for (enum layer layer = 0; layer < LAYERS_ && !error; layer++) {
		_cleanup_free_ char *apps = NULL;

		if (!common->has_apps[layer])
			continue;
		if (asprintf(&apps, "%s/apps", directory_of(options, layer)) <
		    0) {
			apps = NULL;
			return -ENOMEM;
		}
		error = load_pair(load, layer, apps, load->app_file);
	}
	for (size_t i = 0; options->files && options->files[i] && !error; i++)
		error = load_file(load, LAYER_USER, options->files[i], true);
	return error || !load->failed ? error : -EBADMSG;
}

/* The value of the highest layer that gives one. */
static enum layer choose(int *value, int admin, int user, int vendor)
{
	const int given = admin >= 0 ? admin : user >= 0 ? user : vendor;

	if (given < 0)
		return LAYERS_;
	*value = given;
	return admin >= 0 ? LAYER_ADMIN : user >= 0 ? LAYER_USER : LAYER_VENDOR;
}

static void merge_settings(const struct load *load, struct policy *policy)
{
	const struct file_settings *const admin = &load->settings[LAYER_ADMIN];
	const struct file_settings *const user = &load->settings[LAYER_USER];
	const struct file_settings *const vendor =
		&load->settings[LAYER_VENDOR];
	struct policy_settings settings = POLICY_SETTINGS_DEFAULT;
	struct policy_settings_from *const from = &policy->from;
	int no_agent = settings.no_agent, answers = settings.answers;
	int terse = settings.terse;

	from->timeout = choose(&settings.timeout, admin->timeout, user->timeout,
			       vendor->timeout);
	from->no_agent = choose(&no_agent, admin->no_agent, user->no_agent,
				vendor->no_agent);
	from->max_questions =
		choose(&settings.max_questions, admin->max_questions,
		       user->max_questions, vendor->max_questions);
	from->max_rate = choose(&settings.max_rate, admin->max_rate,
				user->max_rate, vendor->max_rate);
	from->max_lifetime = choose(&settings.max_lifetime, admin->max_lifetime,
				    user->max_lifetime, vendor->max_lifetime);
	from->answers = choose(&answers, admin->answers, user->answers,
			       vendor->answers);
	from->terse = choose(&terse, admin->terse, user->terse, vendor->terse);
	settings.no_agent = no_agent;
	settings.answers = answers;
	settings.terse = terse;
	policy->settings = settings;
}

int policy_common_load(const struct policy_options *options,
		       struct policy_common **ret, struct file_errors *errors)
{
	struct policy_common *const common = calloc(1, sizeof(*common));
	int error;

	if (!common)
		return -ENOMEM;
	common->options = options;
	common->load = (struct load){
		.options = options,
		.errors = errors,
		.settings = {FILE_SETTINGS_NONE, FILE_SETTINGS_NONE,
			     FILE_SETTINGS_NONE},
	};
	error = load_common(common);
	if (error) {
		policy_common_free(common);
		return error;
	}
	*ret = common;
	return 0;
}

struct policy_common *policy_common_free(struct policy_common *common)
{
	if (!common)
		return NULL;
	resolve_forget(&common->load.memo);
	rules_finish(&common->load.rules);
	free(common);
	return NULL;
}

int policy_load_app(struct policy_common *common, const char *app,
		    struct policy *ret, struct file_errors *errors)
{
	_cleanup_free_ char *app_file = NULL;
	struct load load = common->load;
	int error = app_file_name(app, "", &app_file);

	if (error)
		return error;
	load.app_file = app_file;
	load.errors = errors;
	load.rules = (struct rules){0};
	error = rules_append(&load.rules, &common->load.rules);
	if (!error)
		error = load_app(common, &load);
	/* It has seen more. */
	common->load.memo = load.memo;
	if (error) {
		rules_finish(&load.rules);
		return error;
	}
	ret->rules = load.rules;
	merge_settings(&load, ret);
	return 0;
}

int policy_load(const char *app, const struct policy_options *options,
		struct policy *ret, struct file_errors *errors)
{
	struct policy_common *common;
	int error = policy_common_load(options, &common, errors);

	if (error)
		return error;
	error = policy_load_app(common, app, ret, errors);
	policy_common_free(common);
	return error;
}
