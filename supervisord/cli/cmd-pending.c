/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * landlord pending: questions that are open, and those that nobody answered.
 *
 * The open ones are the daemon's. The unanswered ones come from the log, so
 * that they outlive the daemon and the programs; what a rule has decided since
 * is left out.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/escape.h"
#include "base/quote.h"
#include "cli/arguments.h"
#include "cli/listing.h"
#include "cli/log_reader.h"
#include "cli/policy_view.h"
#include "control/client.h"
#include "control/wire.h"
#include "plugin/request_json.h"

#define UNANSWERED_MAX 256

struct unanswered {
	char *app, *rights, *object, *reason;
	double time;
};

struct pending_command {
	bool json;
	json_t *array;
	struct unanswered items[UNANSWERED_MAX];
	size_t count;
	size_t printed;
	/* The ruleset of the app last looked at. */
	char *app;
	struct ruleset *ruleset;
};

static void unanswered_finish(struct unanswered *item)
{
	free(item->app);
	free(item->rights);
	free(item->object);
	free(item->reason);
}

static const char *text_of(const json_t *line, const char *key)
{
	const char *text = json_string_value(json_object_get(line, key));

	return text ? text : "";
}

/* The last of equal ones is kept, and the last UNANSWERED_MAX of all. */
static void remember(struct pending_command *pending, const json_t *line,
		     const json_t *access)
{
	struct unanswered item = {
		.app = strdup(text_of(line, "app")),
		.rights = strdup(text_of(access, "rights")),
		.object = strdup(text_of(access, "object")),
		.reason = strdup(text_of(line, "reason")),
		.time = json_number_value(json_object_get(line, "time")),
	};
	size_t drop = pending->count == UNANSWERED_MAX ? 0 : pending->count;

	if (!item.app || !item.rights || !item.object || !item.reason) {
		unanswered_finish(&item);
		return;
	}
	for (size_t i = 0; i < pending->count; i++)
		if (strcmp(pending->items[i].app, item.app) == 0 &&
		    strcmp(pending->items[i].rights, item.rights) == 0 &&
		    strcmp(pending->items[i].object, item.object) == 0)
			drop = i;
	if (drop < pending->count) {
		unanswered_finish(&pending->items[drop]);
		memmove(&pending->items[drop], &pending->items[drop + 1],
			(pending->count - drop - 1) * sizeof(item));
		pending->count--;
	}
	pending->items[pending->count++] = item;
}

static void on_line(void *userdata, const json_t *line, const char *text)
{
	const json_t *access;
	size_t i;

	(void)text;
	if (strcmp(text_of(line, "event"), "unanswered") != 0)
		return;
	json_array_foreach (json_object_get(line, "accesses"), i, access)
		remember(userdata, line, access);
}

static const struct ruleset *ruleset_of(struct pending_command *pending,
					const char *app)
{
	if (!pending->app || strcmp(pending->app, app) != 0) {
		free(pending->app);
		pending->app = strdup(app);
		pending->ruleset = ruleset_unref(pending->ruleset);
		if (view_ruleset(app, &pending->ruleset) < 0)
			pending->ruleset = NULL;
	}
	return pending->ruleset;
}

/* Whether a rule decides it by now. */
static bool decided(struct pending_command *pending,
		    const struct unanswered *item)
{
	_cleanup_free_ char *app = NULL, *text = NULL, *names = NULL;
	const struct ruleset *ruleset;
	struct object object = {0};
	const char *expected, *name;
	rights_t rights = 0, one;
	bool beneath, asked;
	char *rest;

	if (unescape_string(item->app, &app, NULL) < 0 ||
	    unescape_string(item->object, &text, NULL) < 0)
		return false;
	names = rest = strdup(item->rights);
	ruleset = ruleset_of(pending, app);
	while (names && (name = strsep(&rest, ",")))
		if (right_parse(name, &one) == 0)
			rights |= one;
	if (!ruleset ||
	    object_parse(text, rights, &object, &beneath, &expected) < 0)
		return false;
	asked = ruleset_judge(ruleset, &object, rights, PROCESS_NONE).asked !=
		0;
	object_finish(&object);
	return !asked;
}

/*
 * The command that would allow it, for a shell: names are the program's choice.
 * @app, @rights, @object: as escape_string() made them
 */
static void print_command(const char *app, const char *rights,
			  const char *object)
{
	const char *const words[] = {app, rights, object};

	fputs("landlord allow", stdout);
	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		_cleanup_free_ char *bytes = NULL, *word = NULL;

		if (unescape_string(words[i], &bytes, NULL) == 0)
			word = quote_bytes(bytes);
		printf(" %s", word ? word : "?");
	}
	putchar('\n');
}

static void print_item(const struct unanswered *item)
{
	_cleanup_free_ char *reason = quote_escaped_text(item->reason);

	printf("unanswered (%s): ", reason ? reason : "?");
	print_command(item->app, item->rights, item->object);
}

static void print_unanswered(struct pending_command *pending)
{
	for (size_t i = 0; i < pending->count; i++) {
		const struct unanswered *item = &pending->items[i];

		if (decided(pending, item))
			continue;
		pending->printed++;
		if (pending->json)
			json_array_append_new(
				pending->array,
				json_pack("{s:s, s:s, s:s, s:s, s:s, s:f}",
					  "state", "unanswered", "app",
					  item->app, "rights", item->rights,
					  "object", item->object, "reason",
					  item->reason, "time", item->time));
		else
			print_item(item);
	}
}

static void print_question(const json_t *question)
{
	const json_t *access;
	size_t i;

	json_array_foreach (json_object_get(question, "accesses"), i, access) {
		printf("open (%" JSON_INTEGER_FORMAT " waiting): ",
		       json_integer_value(
			       json_object_get(question, "waiting")));
		print_command(text_of(question, "app"),
			      text_of(access, "rights"),
			      text_of(access, "object"));
	}
}

static int take_open(void *userdata, sd_bus_message *reply)
{
	struct pending_command *pending = userdata;
	_cleanup_free_ char *app = NULL;
	uint64_t id, domain;
	uint32_t waiting;
	int64_t since;
	struct request request;
	json_t *json;
	int result = sd_bus_message_read(reply, "t", &id);

	if (result >= 0)
		result = wire_read_bytes(reply, &app);
	if (result >= 0)
		result = sd_bus_message_read(reply, "tux", &domain, &waiting,
					     &since);
	if (result >= 0)
		result = wire_read_request(reply, &request);
	if (result < 0)
		return result;
	json = request_json(&request);
	request_finish(&request);
	json_object_set_new(json, "state", json_string("open"));
	json_object_set_new(json, "id", json_integer((json_int_t)id));
	json_object_set_new(json, "app", json_bytes(app));
	json_object_set_new(json, "waiting", json_integer(waiting));
	json_object_set_new(json, "since", json_integer(since));
	if (pending->json) {
		json_array_append_new(pending->array, json);
		return 0;
	}
	print_question(json);
	json_decref(json);
	return 0;
}

static int run(int argc, char *argv[])
{
	static struct pending_command pending;
	_cleanup_free_ char *sentence = NULL;
	struct arguments arguments;
	int result, status;

	if (!arguments_parse(&verb_pending, argc, argv, 0, 0, 0, &arguments,
			     &status))
		return status;
	pending = (struct pending_command){.json = arguments.json};
	if (pending.json)
		pending.array = json_array();
	result = listing_read("ListQuestions", BUS_QUESTION, take_open,
			      &pending, &sentence);
	if (result >= 0)
		pending.printed = (size_t)result;
	if (result == -ENOENT || result == -ECONNREFUSED)
		result = 0;
	if (result >= 0) {
		log_read(false, on_line, &pending);
		print_unanswered(&pending);
	}
	if (pending.json)
		view_json_print(pending.array);
	else if (result >= 0 && !pending.printed)
		cli_note("Nothing is pending: no question is open, and none "
			 "went unanswered.");
	while (pending.count)
		unanswered_finish(&pending.items[--pending.count]);
	ruleset_unref(pending.ruleset);
	free(pending.app);
	return result < 0 ? cli_fail(&verb_pending, result,
				     sentence ? sentence : client_why(result))
			  : 0;
}

const struct verb verb_pending = {
	.name = "pending",
	.arguments = "[--json]",
	.summary = "List questions that are open or that nobody answered",
	.run = run,
};
