/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * landlord doctor: what this machine offers, and what is wrong.
 */
#include <errno.h>
#include <linux/seccomp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/escape.h"
#include "base/landlock.h"
#include "cli/arguments.h"
#include "cli/doctor.h"
#include "cli/policy_view.h"
#include "control/client.h"
#include "control/control_socket.h"
#include "plugin/request_json.h"
#include "policy/policy.h"

const struct doctor_row *(*doctor_coverage)(size_t *ret_count);
const char *(*doctor_engine)(const char **ret_why);
void (*doctor_calls)(void (*callback)(const struct doctor_call *call,
				      void *userdata),
		     void *userdata);

static void kernel(json_t *report)
{
	struct utsname name;
	int abi;

	if (uname(&name) == 0)
		json_object_set_new(report, "kernel", json_bytes(name.release));
	abi = landlock_abi();
	json_object_set_new(
		report, "landlock",
		abi > 0 ? json_sprintf("ABI %d", abi)
			: json_sprintf("missing: %s", strerror(-abi)));
}

static const struct {
	const char *name;
	unsigned int action;
} actions[] = {
	{"user-notification", SECCOMP_RET_USER_NOTIF},
	{"log", SECCOMP_RET_LOG},
	{"kill-process", SECCOMP_RET_KILL_PROCESS},
};

static void seccomp(json_t *report)
{
	json_t *features = json_array();

	for (size_t i = 0; i < ARRAY_SIZE(actions); i++)
		if (syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0,
			    &actions[i].action) == 0)
			json_array_append_new(features,
					      json_string(actions[i].name));
	json_object_set_new(report, "seccomp", features);
}

static void engine(json_t *report)
{
	const char *why = "";

	if (!doctor_engine)
		return;
	json_object_set_new(report, "engine", json_string(doctor_engine(&why)));
	json_object_set_new(report, "engine-reason", json_string(why));
}

static void daemon_state(json_t *report)
{
	_cleanup_(sd_bus_message_unrefp) sd_bus_message *call = NULL,
							*reply = NULL;
	_cleanup_(sd_bus_close_unrefp) sd_bus *bus = NULL;
	_cleanup_free_ char *path = NULL;
	const char *version = "";
	int64_t pid = 0;
	uint32_t protocol = 0, agents = 0;
	int result;

	if (control_socket_path(&path) == 0)
		json_object_set_new(report, "socket", json_bytes(path));
	result = client_open(&bus);
	if (result == 0)
		result = client_call_new(bus, "Ping", &call);
	if (result == 0)
		result = client_call(bus, call, &reply, NULL);
	if (result == 0)
		result = sd_bus_message_read(reply, "sxuu", &version, &pid,
					     &protocol, &agents);
	if (result < 0)
		json_object_set_new(
			report, "daemon",
			json_sprintf("not used: %s",
				     result == -ENOENT ||
						     result == -ECONNREFUSED
					     ? "none runs"
					     : client_why(result)));
	else
		json_object_set_new(
			report, "daemon",
			json_sprintf("version %s, pid %lld, %u agents", version,
				     (long long)pid, agents));
}

/* Adds a sentence that is not there yet: base files are every app's. */
static void add_sentence(json_t *sentences, const char *sentence)
{
	const json_t *item;
	size_t i;

	json_array_foreach (sentences, i, item)
		if (strcmp(json_string_value(item), sentence) == 0)
			return;
	json_array_append_new(sentences, json_string(sentence));
}

static void add_errors(json_t *sentences, struct file_errors *errors)
{
	for (size_t i = 0; i < errors->count; i++) {
		_cleanup_free_ char *sentence =
			file_error_format(&errors->items[i]);

		add_sentence(sentences, sentence ? sentence : "");
	}
	file_errors_finish(errors);
}

/* Loads all that holds for an app, its grants too. */
static int check_app(void *userdata, const char *app)
{
	struct file_errors errors = {0};
	struct policy_options options;
	struct ruleset *ruleset;

	policy_options_default(&options);
	if (policy_compile(app, &options, NULL, 0, time(NULL), &ruleset, NULL,
			   &errors) == 0)
		ruleset_unref(ruleset);
	add_errors(userdata, &errors);
	return 0;
}

/* Every file of every app and layer. Returns: whether all are in order. */
static bool policy(json_t *report)
{
	json_t *sentences = json_array();
	struct file_errors errors = {0};
	bool good;

	check_app(sentences, "default");
	view_apps(check_app, sentences);
	view_policy_apps(check_app, sentences, &errors);
	add_errors(sentences, &errors);
	good = json_array_size(sentences) == 0;
	json_object_set_new(report, "policy-errors", sentences);
	return good;
}

static void coverage(json_t *report)
{
	const struct doctor_row *rows;
	json_t *array;
	size_t count;

	if (!doctor_coverage)
		return;
	array = json_array();
	rows = doctor_coverage(&count);
	for (size_t i = 0; i < count; i++)
		json_array_append_new(
			array,
			json_pack("{s:s, s:s, s:s}", "subject", rows[i].subject,
				  "state", rows[i].state, "note",
				  rows[i].note ? rows[i].note : ""));
	json_object_set_new(report, "coverage", array);
}

static void add_call(const struct doctor_call *call, void *userdata)
{
	json_array_append_new(
		userdata, json_pack("{s:i, s:s, s:s, s:s}", "number",
				    call->number, "name", call->name, "state",
				    call->state, "reason", call->reason));
}

/* For programs: a person reads landlord-coverage(7). */
static void calls(json_t *report)
{
	json_t *array = json_array();

	if (doctor_calls)
		doctor_calls(add_call, array);
	json_object_set_new(report, "system-calls", array);
}

static void print_item(const json_t *item)
{
	const char *subject, *state, *note;

	if (json_is_string(item))
		printf("  %s\n", json_string_value(item));
	else if (json_unpack((json_t *)item, "{s:s, s:s, s:s}", "subject",
			     &subject, "state", &state, "note", &note) == 0)
		printf("  %-8s  %s%s%s%s\n", state, subject, *note ? " (" : "",
		       note, *note ? ")" : "");
}

/* The widest key of a report, its colon included. */
static int key_columns(json_t *report)
{
	const char *key;
	json_t *value;
	size_t widest = 0;

	json_object_foreach (report, key, value)
		if (strlen(key) > widest)
			widest = strlen(key);
	return (int)widest + 1;
}

/* "KEY:    VALUE", the values below each other. */
static void print_value(int columns, const char *key, const char *value)
{
	const int length = (int)strlen(key);

	printf("%s:%*s%s\n", key, columns - length, "", value);
}

static void print_report(json_t *report)
{
	const int columns = key_columns(report);
	const char *key;
	json_t *value;

	json_object_foreach (report, key, value) {
		const json_t *item;
		size_t i;

		if (json_is_string(value)) {
			print_value(columns, key, json_string_value(value));
			continue;
		}
		if (!json_array_size(value)) {
			print_value(columns, key, "none");
			continue;
		}
		printf("%s:\n", key);
		json_array_foreach (value, i, item)
			print_item(item);
	}
}

static int run(int argc, char *argv[])
{
	struct arguments arguments;
	json_t *report;
	bool good;
	int status;

	if (!arguments_parse(&verb_doctor, argc, argv, 0, 0, 0, &arguments,
			     &status))
		return status;
	report = json_object();
	if (!report)
		return cli_fail(&verb_doctor, -ENOMEM, NULL);
	kernel(report);
	seccomp(report);
	engine(report);
	daemon_state(report);
	good = policy(report);
	coverage(report);
	if (arguments.json) {
		calls(report);
		view_json_print(report);
		return good ? 0 : 1;
	}
	print_report(report);
	json_decref(report);
	return good ? 0 : 1;
}

const struct verb verb_doctor = {
	.name = "doctor",
	.arguments = "[--json]",
	.summary = "Say what this machine offers and what is wrong",
	.run = run,
};
