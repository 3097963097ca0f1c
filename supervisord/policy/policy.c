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

static int load_layer(struct load *load, enum layer layer,
		      const char *directory)
{
	_cleanup_free_ char *apps = NULL;
	int error;

	if (!directory)
		return 0;
	if (asprintf(&apps, "%s/apps", directory) < 0) {
		apps = NULL;
		return -ENOMEM;
	}
	if (!load_check_directory(load, layer, directory))
		return 0;
	error = load_strays(load, directory);
	if (!error)
		error = load_pair(load, layer, directory, "base");
	if (error || !load_check_directory(load, layer, apps))
		return error;
	return load_pair(load, layer, apps, load->app_file);
}

static int load_all(struct load *load)
{
	const struct policy_options *const options = load->options;
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
	if (!error)
		error = load_layer(load, LAYER_ADMIN, options->admin_dir);
	if (!error)
		error = load_layer(load, LAYER_USER, options->user_dir);
	if (!error)
		error = load_layer(load, LAYER_VENDOR, options->vendor_dir);
	for (size_t i = 0; options->files && options->files[i]; i++) {
		if (error)
			break;
		error = load_file(load, LAYER_USER, options->files[i], true);
	}
	if (!error && load->failed)
		error = -EBADMSG;
	return error;
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

int policy_load(const char *app, const struct policy_options *options,
		struct policy *ret, struct file_errors *errors)
{
	_cleanup_free_ char *app_file = NULL;
	struct load load = {
		.options = options,
		.errors = errors,
		.settings = {FILE_SETTINGS_NONE, FILE_SETTINGS_NONE,
			     FILE_SETTINGS_NONE},
	};
	int error;

	error = app_file_name(app, "", &app_file);
	if (error)
		return error;
	load.app_file = app_file;
	error = load_all(&load);
	resolve_forget(&load.memo);
	if (error) {
		rules_finish(&load.rules);
		return error;
	}
	ret->rules = load.rules;
	merge_settings(&load, ret);
	return 0;
}
