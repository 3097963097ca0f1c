/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Entries to text: see codec.h. */
#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>

#include "base/cleanup.h"
#include "base/escape.h"
#include "trace/codec.h"

#define TIME_DIGITS 16 /* a microsecond of this century */

/* A JSON object that is being made, and what went wrong first. */
struct json_maker {
	json_t *object;
	int error;
};

static void fail(struct json_maker *maker, int error)
{
	if (!maker->error)
		maker->error = error;
}

static struct json_maker maker_new(void)
{
	struct json_maker maker = {.object = json_object()};

	if (!maker.object)
		maker.error = -ENOMEM;
	return maker;
}

/* @value: taken; NULL: there was no memory for it */
static void put(struct json_maker *maker, const char *key, json_t *value)
{
	if (json_object_set_new_nocheck(maker->object, key, value) < 0)
		fail(maker, -ENOMEM);
}

static void put_text(struct json_maker *maker, const char *key,
		     const char *text)
{
	put(maker, key, json_string_nocheck(text));
}

static json_t *bytes_value(const char *bytes)
{
	_cleanup_free_ char *escaped = escape_string(bytes);

	return escaped ? json_string_nocheck(escaped) : NULL;
}

/* @bytes: NULL or "": left out */
static void put_bytes(struct json_maker *maker, const char *key,
		      const char *bytes)
{
	if (bytes && *bytes)
		put(maker, key, bytes_value(bytes));
}

static void put_integer(struct json_maker *maker, const char *key,
			int64_t number)
{
	put(maker, key, json_integer(number));
}

/* JSON readers round what is larger. */
static void put_unsigned(struct json_maker *maker, const char *key,
			 uint64_t number)
{
	char text[24];

	if (number <= INT64_MAX) {
		put_integer(maker, key, (int64_t)number);
		return;
	}
	snprintf(text, sizeof(text), "%" PRIu64, number);
	put_text(maker, key, text);
}

/* @number: 0: left out */
static void put_known(struct json_maker *maker, const char *key,
		      uint64_t number)
{
	if (number > 0)
		put_unsigned(maker, key, number);
}

static void put_flag(struct json_maker *maker, const char *key, bool flag)
{
	if (flag)
		put(maker, key, json_true());
}

static void put_array(struct json_maker *maker, const char *key,
		      char *const *items, size_t count)
{
	json_t *array = count > 0 ? json_array() : NULL;

	if (count == 0)
		return;
	for (size_t i = 0; i < count; i++)
		if (json_array_append_new(array, bytes_value(items[i])) < 0)
			fail(maker, -ENOMEM);
	put(maker, key, array);
}

/* Moves an object that was made apart to the end of an array. */
static void append(struct json_maker *maker, json_t *array,
		   struct json_maker *item)
{
	if (item->error)
		fail(maker, item->error);
	if (json_array_append_new(array, item->object) < 0)
		fail(maker, -ENOMEM);
}

/* Rights that have no name would come back as others. */
static void put_rights(struct json_maker *maker, const char *key,
		       rights_t rights)
{
	_cleanup_free_ char *names = rights_format(rights);
	rights_t right;

	if (rights == 0)
		fail(maker, -EINVAL);
	RIGHTS_FOREACH (right, rights)
		if (!right_name(right))
			fail(maker, -EINVAL);
	put(maker, key, names ? json_string_nocheck(names) : NULL);
}

static void put_access(struct json_maker *maker, rights_t rights,
		       const struct object *object)
{
	_cleanup_free_ char *text = object_format(object);

	if (rights & ~object_rights(object->type))
		fail(maker, -EINVAL);
	put_rights(maker, "rights", rights);
	put(maker, "object", text ? bytes_value(text) : NULL);
}

static void put_header(struct json_maker *maker,
		       const struct trace_header *header)
{
	put_text(maker, "format", TRACE_FORMAT);
	put_integer(maker, "version", TRACE_VERSION);
	put_bytes(maker, "app", header->app);
	put_bytes(maker, "engine", header->engine);
	put_bytes(maker, "kernel", header->kernel);
	put_known(maker, "abi", header->abi > 0 ? (uint64_t)header->abi : 0);
	put_bytes(maker, "policy", header->policy);
	put_bytes(maker, "home", header->home);
	put_integer(maker, "uid", header->uid);
	put_flag(maker, "all", header->all);
	put_flag(maker, "continues", header->continues);
}

static void put_process(struct json_maker *maker,
			const struct trace_entry *entry)
{
	const struct trace_process *process = &entry->process;

	put_integer(maker, "pid", process->pid);
	put_known(maker, "start", process->start);
	if (entry->event == TRACE_EXIT) {
		if (process->status >= 0)
			put_integer(maker, "status", process->status);
		return;
	}
	if (entry->event == TRACE_SPAWN && process->parent > 0)
		put_integer(maker, "parent", process->parent);
	put_bytes(maker, "exe", process->exe);
	put_array(maker, "command", process->command, process->command_count);
}

static void put_subject(struct json_maker *maker, const struct subject *subject)
{
	json_t *parents;

	put_integer(maker, "pid", subject->pid);
	if (subject->tid != subject->pid)
		put_integer(maker, "tid", subject->tid);
	put_known(maker, "start", subject->pid_start);
	put_integer(maker, "uid", subject->uid);
	put_bytes(maker, "exe", subject->exe);
	put_bytes(maker, "comm", subject->comm);
	if (subject->ancestors_count == 0)
		return;
	parents = json_array();
	for (size_t i = 0; i < subject->ancestors_count; i++) {
		struct json_maker parent = maker_new();

		put_integer(&parent, "pid", subject->ancestors[i].pid);
		put_bytes(&parent, "exe", subject->ancestors[i].exe);
		append(maker, parents, &parent);
	}
	put(maker, "parents", parents);
}

/* What is known of an object beyond what was judged. */
static void put_object(struct json_maker *maker, const struct access *access)
{
	char device[32];

	if (access->object.type == OBJECT_PORT)
		put_bytes(maker, "address", access->object.address);
	put_bytes(maker, "given", access->given);
	if (!access->device && !access->inode)
		return;
	snprintf(device, sizeof(device), "%u:%u", major(access->device),
		 minor(access->device));
	put_text(maker, "device", device);
	put_unsigned(maker, "inode", access->inode);
}

/* "A|B" as an array. */
static void put_flags(struct json_maker *maker, const char *flags)
{
	_cleanup_free_ char *copy = flags ? strdup(flags) : NULL;
	json_t *array = flags ? json_array() : NULL;
	char *rest = copy, *word;

	if (!flags)
		return;
	if (!copy)
		fail(maker, -ENOMEM);
	while ((word = strsep(&rest, "|")))
		if (json_array_append_new(array, bytes_value(word)) < 0)
			fail(maker, -ENOMEM);
	put(maker, "flags", array);
}

static void put_request(struct json_maker *maker,
			const struct trace_entry *entry)
{
	const struct trace_request *traced = &entry->request;
	const struct request *request = &traced->request;
	json_t *accesses = json_array();

	if (entry->event == TRACE_REQUEST)
		put_unsigned(maker, "id", request->id);
	put_unsigned(maker, "generation", request->generation);
	put_subject(maker, &request->subject);
	put_bytes(maker, "operation", request->operation);
	put_flags(maker, request->flags);
	for (size_t i = 0; i < request->accesses_count; i++) {
		const struct access *access = &request->accesses[i];
		struct json_maker item = maker_new();

		put_access(&item, access->missing, &access->object);
		put_object(&item, access);
		append(maker, accesses, &item);
	}
	put(maker, "accesses", accesses);
	put_bytes(maker, "reason", traced->reason);
	put_bytes(maker, "rule", traced->rule);
}

static void put_decision(struct json_maker *maker,
			 const struct trace_decision *traced)
{
	const struct decision *decision = &traced->decision;

	put_unsigned(maker, "id", traced->id);
	put_text(maker, "outcome", outcome_name(decision->outcome));
	put_text(maker, "lifetime", lifetime_name(decision->lifetime));
	if (decision->lifetime == LIFETIME_UNTIL)
		put_integer(maker, "until", decision->until);
	put_bytes(maker, "beneath", decision->beneath);
	if (decision->rights)
		put_rights(maker, "rights", decision->rights);
	put_text(maker, "by", trace_by_name(traced->by));
	put_bytes(maker, "agent", decision->agent);
	put_bytes(maker, "rule", traced->rule);
	put_flag(maker, "unanswered", decision->unanswered);
}

static void put_rule(struct json_maker *maker, const struct rule *rule)
{
	put_text(maker, "layer", layer_name(rule->layer));
	put_text(maker, "effect", trace_effect_name(rule->effect));
	put_access(maker, rule->rights, &rule->object);
	put_flag(maker, "beneath", rule->beneath);
	if (rule->pid) {
		put_integer(maker, "pid", rule->pid);
		put_known(maker, "start", rule->pid_start);
	}
	if (rule->expires)
		put_integer(maker, "expires", rule->expires);
	put_bytes(maker, "origin", rule->origin);
	put_bytes(maker, "id", rule->id);
}

static void put_rules(struct json_maker *maker, const char *key,
		      const struct rules *rules)
{
	json_t *array = rules->count > 0 ? json_array() : NULL;

	if (rules->count == 0)
		return;
	for (size_t i = 0; i < rules->count; i++) {
		struct json_maker item = maker_new();

		put_rule(&item, &rules->items[i]);
		append(maker, array, &item);
	}
	put(maker, key, array);
}

static void put_commit(struct json_maker *maker,
		       const struct trace_commit *commit)
{
	put_unsigned(maker, "generation", commit->generation);
	put_rules(maker, "added", &commit->added);
	put_rules(maker, "session", &commit->session);
	put_rules(maker, "removed", &commit->removed);
	put_flag(maker, "more", commit->more);
	if (commit->error)
		put_integer(maker, "error", commit->error);
}

static void put_end(struct json_maker *maker, const struct trace_end *end)
{
	if (end->status >= 0)
		put_integer(maker, "status", end->status);
	put_unsigned(maker, "asked", end->asked);
	put_unsigned(maker, "allowed", end->allowed);
	put_unsigned(maker, "denied", end->denied);
	put_unsigned(maker, "lost", end->lost);
}

static void put_event(struct json_maker *maker, const struct trace_entry *entry)
{
	switch (entry->event) {
	case TRACE_HEADER:
		put_header(maker, &entry->header);
		break;
	case TRACE_SPAWN:
	case TRACE_EXEC:
	case TRACE_EXIT:
		put_process(maker, entry);
		break;
	case TRACE_REQUEST:
	case TRACE_ALLOWED:
	case TRACE_REFUSED:
		put_request(maker, entry);
		break;
	case TRACE_DECISION:
		put_decision(maker, &entry->decision);
		break;
	case TRACE_ANSWER:
		put_unsigned(maker, "id", entry->answer.id);
		put_text(maker, "answer",
			 trace_answer_name(entry->answer.answer));
		break;
	case TRACE_WITHDRAW:
		put_unsigned(maker, "id", entry->id);
		break;
	case TRACE_COMMIT:
		put_commit(maker, &entry->commit);
		break;
	case TRACE_NOTE:
		put_bytes(maker, "text", entry->note);
		break;
	case TRACE_LOST:
		put_unsigned(maker, "count", entry->lost);
		break;
	case TRACE_END:
		put_end(maker, &entry->end);
		break;
	case TRACE_EVENTS_:
		fail(maker, -EINVAL);
		break;
	}
}

int trace_encode(const struct trace_entry *entry, char **ret)
{
	struct json_maker maker = maker_new();
	char *line = NULL;

	put(&maker, "time", json_real((double)entry->time / 1e6));
	put_text(&maker, "event", trace_event_name(entry->event));
	put_bytes(&maker, "run", entry->run);
	put_event(&maker, entry);
	if (!maker.error)
		line = json_dumps(maker.object,
				  JSON_COMPACT |
					  JSON_REAL_PRECISION(TIME_DIGITS));
	json_decref(maker.object);
	if (maker.error)
		return maker.error;
	if (!line)
		return -ENOMEM;
	if (strlen(line) >= TRACE_LINE_MAX) {
		free(line);
		return -EMSGSIZE;
	}
	*ret = line;
	return 0;
}
