/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What holds for an app, as the command line sees it.
 */
#include "cli/policy_view.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/escape.h"
#include "cli/arguments.h"
#include "control/client.h"
#include "control/wire.h"
#include "core/app.h"
#include "plugin/request_json.h"
#include "policy/apps.h"
#include "policy/policy.h"

#define GRANTS_SUFFIX ".jsonl"

void view_tell(struct file_errors *errors)
{
	for (size_t i = 0; i < errors->count; i++) {
		_cleanup_free_ char *sentence =
			file_error_format(&errors->items[i]);

		fprintf(stderr, "landlord: %s\n", sentence ? sentence : "");
	}
	file_errors_finish(errors);
}

int view_grants(const char *app, struct grants **ret)
{
	struct policy_options options;

	policy_options_default(&options);
	return options.grants_dir ? grants_open(ret, options.grants_dir, app)
				  : -ENOENT;
}

/* Reads "a(t" BUS_RULE ")". */
static int read_session(sd_bus_message *reply, struct rules *ret)
{
	struct rule rule;
	uint64_t domain;
	int result =
		sd_bus_message_enter_container(reply, 'a', "(t" BUS_RULE ")");

	while (result >= 0 && (result = sd_bus_message_enter_container(
				       reply, 'r', "t" BUS_RULE)) > 0) {
		result = sd_bus_message_read(reply, "t", &domain);
		if (result >= 0)
			result = wire_read_rule(reply, &rule);
		if (result < 0)
			break;
		result = rules_take(ret, &rule);
		if (result < 0)
			rule_finish(&rule);
		if (result >= 0)
			result = sd_bus_message_exit_container(reply);
	}
	return result < 0 ? result : 0;
}

/* What it does not tell is missing: no list of rules says so by itself. */
static int do_without(int error)
{
	_cleanup_free_ char *sentence = NULL;

	switch (error) {
	case -ENOENT:
	case -ECONNREFUSED:
	case -EDEADLK:
		return 0;
	}
	if (asprintf(&sentence,
		     "%s; rules for a session or process are not shown",
		     client_why(error)) < 0)
		return -ENOMEM;
	cli_note(sentence);
	return 0;
}

/* The session rules of running domains; none without a daemon. */
int view_session(const char *app, struct rules *ret)
{
	_cleanup_(sd_bus_message_unrefp) sd_bus_message *call = NULL,
							*reply = NULL;
	_cleanup_(sd_bus_close_unrefp) sd_bus *bus = NULL;
	int result = client_open(&bus);

	if (result < 0)
		return do_without(result);
	result = client_call_new(bus, "ListRules", &call);
	if (result >= 0)
		result = wire_append_bytes(call, app);
	if (result >= 0)
		result = client_call(bus, call, &reply, NULL);
	if (result == -ETIMEDOUT)
		return do_without(result);
	return result < 0 ? result : read_session(reply, ret);
}

int view_files(const char *app, struct rules *ret)
{
	struct policy_options options;
	struct file_errors errors = {0};
	struct policy policy;
	int error;

	policy_options_default(&options);
	error = policy_load(app, &options, &policy, &errors);
	view_tell(&errors);
	if (error)
		return error;
	error = rules_append(ret, &policy.rules);
	policy_finish(&policy);
	return error;
}

int view_kept(const char *app, struct rules *ret)
{
	_cleanup_(grants_closep) struct grants *grants = NULL;
	struct file_errors errors = {0};
	struct rules loaded = {0};
	bool bad;
	int error = view_grants(app, &grants);

	if (error)
		return error == -ENOENT ? 0 : error;
	error = grants_load(grants, time(NULL), &loaded, &errors);
	bad = errors.count > 0;
	view_tell(&errors);
	if (!error)
		error = rules_append(ret, &loaded);
	if (!error && bad)
		error = -EBADMSG;
	rules_finish(&loaded);
	return error;
}

int view_rules(const char *app, struct rules *ret)
{
	int error = view_files(app, ret);

	if (!error)
		error = view_kept(app, ret);
	return error ? error : view_session(app, ret);
}

int view_ruleset(const char *app, struct ruleset **ret)
{
	struct rules rules = {0};
	int error = view_rules(app, &rules);

	if (!error)
		error = ruleset_new(ret, &rules, 0, time(NULL));
	rules_finish(&rules);
	return error;
}

bool view_app_of_file(const char *file, char ret[NAME_MAX + 1])
{
	return app_of_file(file, GRANTS_SUFFIX, ret);
}

int view_apps(int (*callback)(void *userdata, const char *app), void *userdata)
{
	struct policy_options options;
	struct dirent **entries = NULL;
	char app[NAME_MAX + 1];
	int count, error = 0;

	policy_options_default(&options);
	if (!options.grants_dir)
		return 0;
	count = scandir(options.grants_dir, &entries, NULL, alphasort);
	for (int i = 0; i < count; i++) {
		if (!error && view_app_of_file(entries[i]->d_name, app))
			error = callback(userdata, app);
		free(entries[i]);
	}
	free(entries);
	return error;
}

int view_policy_apps(int (*callback)(void *userdata, const char *app),
		     void *userdata, struct file_errors *errors)
{
	struct policy_options options;
	int error;

	policy_options_default(&options);
	error = apps_each(options.admin_dir, callback, userdata, errors);
	if (!error && options.user_dir)
		error = apps_each(options.user_dir, callback, userdata, errors);
	if (!error)
		error = apps_each(options.vendor_dir, callback, userdata,
				  errors);
	return error;
}

json_t *view_rule_json(const struct rule *rule)
{
	_cleanup_free_ char *rights = rights_format(rule->rights);
	_cleanup_free_ char *object = object_format(&rule->object);
	json_t *json;

	if (!rights || !object)
		return NULL;
	json = json_pack("{s:s, s:s, s:s, s:o, s:b}", "effect",
			 effect_name(rule->effect), "layer",
			 layer_name(rule->layer), "rights", rights, "object",
			 json_bytes(object), "beneath", rule->beneath);
	if (rule->id)
		json_object_set_new(json, "id", json_bytes(rule->id));
	if (rule->origin)
		json_object_set_new(json, "origin", json_bytes(rule->origin));
	if (rule->expires)
		json_object_set_new(json, "expires",
				    json_integer(rule->expires));
	if (rule->pid)
		json_object_set_new(json, "pid", json_integer(rule->pid));
	return json;
}

void view_json_print(json_t *json)
{
	json_dumpf(json, stdout, isatty(STDOUT_FILENO) ? JSON_INDENT(2) : 0);
	putchar('\n');
	json_decref(json);
}
