/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Entries to text: see codec.h. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>

#include "base/cleanup.h"
#include "trace/codec.h"
#include "trace/line_text.h"

/* @bytes: NULL or "": left out */
static void put_bytes(struct line_text *text, const char *key,
		      const char *bytes)
{
	if (bytes && *bytes)
		line_text_bytes(text, key, bytes);
}

/* @number: 0: left out */
static void put_known(struct line_text *text, const char *key, uint64_t number)
{
	if (number > 0)
		line_text_unsigned(text, key, number);
}

static void put_flag(struct line_text *text, const char *key, bool flag)
{
	if (flag)
		line_text_true(text, key);
}

static void put_array(struct line_text *text, const char *key,
		      char *const *items, size_t count)
{
	if (count == 0)
		return;
	line_text_open(text, key, '[');
	for (size_t i = 0; i < count; i++)
		line_text_bytes(text, NULL, items[i]);
	line_text_close(text, ']');
}

/* Rights that have no name would come back as others. */
static void put_rights(struct line_text *text, const char *key, rights_t rights)
{
	rights_t right;

	if (rights == 0)
		line_text_fail(text, -EINVAL);
	line_text_begin_words(text, key);
	RIGHTS_FOREACH (right, rights) {
		const char *name = right_name(right);

		if (name)
			line_text_add_word(text, name);
		else
			line_text_fail(text, -EINVAL);
	}
	line_text_end_words(text);
}

static void put_access(struct line_text *text, rights_t rights,
		       const struct object *object)
{
	_cleanup_free_ char *name = NULL;

	if (rights & ~object_rights(object->type))
		line_text_fail(text, -EINVAL);
	put_rights(text, "rights", rights);
	/* Most are paths, which are written as they are. */
	if (object->type != OBJECT_PATH)
		name = object_format(object);
	if (object->type == OBJECT_PATH)
		line_text_bytes(text, "object", object->bytes);
	else if (name)
		line_text_bytes(text, "object", name);
	else
		line_text_fail(text, -ENOMEM);
}

static void put_header(struct line_text *text,
		       const struct trace_header *header)
{
	line_text_word(text, "format", TRACE_FORMAT);
	line_text_integer(text, "version", TRACE_VERSION);
	put_bytes(text, "app", header->app);
	put_bytes(text, "engine", header->engine);
	put_bytes(text, "kernel", header->kernel);
	put_known(text, "abi", header->abi > 0 ? (uint64_t)header->abi : 0);
	put_bytes(text, "policy", header->policy);
	put_bytes(text, "home", header->home);
	line_text_integer(text, "uid", header->uid);
	put_flag(text, "all", header->all);
	put_flag(text, "continues", header->continues);
}

static void put_process(struct line_text *text, const struct trace_entry *entry)
{
	const struct trace_process *process = &entry->process;

	line_text_integer(text, "pid", process->pid);
	put_known(text, "start", process->start);
	if (entry->event == TRACE_EXIT) {
		if (process->status >= 0)
			line_text_integer(text, "status", process->status);
		return;
	}
	if (entry->event == TRACE_SPAWN && process->parent > 0)
		line_text_integer(text, "parent", process->parent);
	put_bytes(text, "exe", process->exe);
	put_array(text, "command", process->command, process->command_count);
}

static void put_subject(struct line_text *text, const struct subject *subject)
{
	line_text_integer(text, "pid", subject->pid);
	if (subject->tid != subject->pid)
		line_text_integer(text, "tid", subject->tid);
	put_known(text, "start", subject->pid_start);
	line_text_integer(text, "uid", subject->uid);
	put_bytes(text, "exe", subject->exe);
	put_bytes(text, "comm", subject->comm);
	if (subject->ancestors_count == 0)
		return;
	line_text_open(text, "parents", '[');
	for (size_t i = 0; i < subject->ancestors_count; i++) {
		line_text_open(text, NULL, '{');
		line_text_integer(text, "pid", subject->ancestors[i].pid);
		put_bytes(text, "exe", subject->ancestors[i].exe);
		line_text_close(text, '}');
	}
	line_text_close(text, ']');
}

/* What is known of an object beyond what was judged. */
static void put_object(struct line_text *text, const struct access *access)
{
	char device[32];

	if (access->object.type == OBJECT_PORT)
		put_bytes(text, "address", access->object.address);
	put_bytes(text, "given", access->given);
	if (!access->device && !access->inode)
		return;
	snprintf(device, sizeof(device), "%u:%u", major(access->device),
		 minor(access->device));
	line_text_word(text, "device", device);
	line_text_unsigned(text, "inode", access->inode);
}

/* "A|B" as an array. */
static void put_flags(struct line_text *text, const char *flags)
{
	_cleanup_free_ char *copy = flags ? strdup(flags) : NULL;
	char *rest = copy, *word;

	if (!flags)
		return;
	if (!copy)
		line_text_fail(text, -ENOMEM);
	line_text_open(text, "flags", '[');
	while ((word = strsep(&rest, "|")))
		line_text_bytes(text, NULL, word);
	line_text_close(text, ']');
}

static void put_request(struct line_text *text, const struct trace_entry *entry)
{
	const struct trace_request *traced = &entry->request;
	const struct request *request = &traced->request;

	if (entry->event == TRACE_REQUEST)
		line_text_unsigned(text, "id", request->id);
	line_text_unsigned(text, "generation", request->generation);
	put_subject(text, &request->subject);
	put_bytes(text, "operation", request->operation);
	put_flags(text, request->flags);
	line_text_open(text, "accesses", '[');
	for (size_t i = 0; i < request->accesses_count; i++) {
		const struct access *access = &request->accesses[i];

		line_text_open(text, NULL, '{');
		put_access(text, access->missing, &access->object);
		put_object(text, access);
		line_text_close(text, '}');
	}
	line_text_close(text, ']');
	put_bytes(text, "reason", traced->reason);
	put_bytes(text, "rule", traced->rule);
}

static void put_decision(struct line_text *text,
			 const struct trace_decision *traced)
{
	const struct decision *decision = &traced->decision;

	line_text_unsigned(text, "id", traced->id);
	line_text_word(text, "outcome", outcome_name(decision->outcome));
	line_text_word(text, "lifetime", lifetime_name(decision->lifetime));
	if (decision->lifetime == LIFETIME_UNTIL)
		line_text_integer(text, "until", decision->until);
	put_bytes(text, "beneath", decision->beneath);
	put_flag(text, "port_alone", decision->port_alone);
	if (decision->rights)
		put_rights(text, "rights", decision->rights);
	line_text_word(text, "by", trace_by_name(traced->by));
	put_bytes(text, "agent", decision->agent);
	put_bytes(text, "rule", traced->rule);
	put_flag(text, "unanswered", decision->unanswered);
}

static void put_rule(struct line_text *text, const struct rule *rule)
{
	line_text_word(text, "layer", layer_name(rule->layer));
	line_text_word(text, "effect", trace_effect_name(rule->effect));
	put_access(text, rule->rights, &rule->object);
	put_flag(text, "pattern", rule->object.type == OBJECT_PATTERN);
	put_flag(text, "beneath", rule->beneath);
	if (rule->pid) {
		line_text_integer(text, "pid", rule->pid);
		put_known(text, "start", rule->pid_start);
	}
	if (rule->expires)
		line_text_integer(text, "expires", rule->expires);
	put_bytes(text, "origin", rule->origin);
	put_bytes(text, "id", rule->id);
}

static void put_rules(struct line_text *text, const char *key,
		      const struct rules *rules)
{
	if (rules->count == 0)
		return;
	line_text_open(text, key, '[');
	for (size_t i = 0; i < rules->count; i++) {
		line_text_open(text, NULL, '{');
		put_rule(text, &rules->items[i]);
		line_text_close(text, '}');
	}
	line_text_close(text, ']');
}

static void put_commit(struct line_text *text,
		       const struct trace_commit *commit)
{
	line_text_unsigned(text, "generation", commit->generation);
	put_rules(text, "added", &commit->added);
	put_rules(text, "session", &commit->session);
	put_rules(text, "removed", &commit->removed);
	put_flag(text, "more", commit->more);
	if (commit->error)
		line_text_integer(text, "error", commit->error);
}

static void put_end(struct line_text *text, const struct trace_end *end)
{
	if (end->status >= 0)
		line_text_integer(text, "status", end->status);
	line_text_unsigned(text, "asked", end->asked);
	line_text_unsigned(text, "allowed", end->allowed);
	line_text_unsigned(text, "denied", end->denied);
	line_text_unsigned(text, "lost", end->lost);
}

static void put_event(struct line_text *text, const struct trace_entry *entry)
{
	switch (entry->event) {
	case TRACE_HEADER:
		put_header(text, &entry->header);
		break;
	case TRACE_SPAWN:
	case TRACE_EXEC:
	case TRACE_EXIT:
		put_process(text, entry);
		break;
	case TRACE_REQUEST:
	case TRACE_ALLOWED:
	case TRACE_REFUSED:
		put_request(text, entry);
		break;
	case TRACE_DECISION:
		put_decision(text, &entry->decision);
		break;
	case TRACE_ANSWER:
		line_text_unsigned(text, "id", entry->answer.id);
		line_text_word(text, "answer",
			       trace_answer_name(entry->answer.answer));
		break;
	case TRACE_WITHDRAW:
		line_text_unsigned(text, "id", entry->id);
		break;
	case TRACE_COMMIT:
		put_commit(text, &entry->commit);
		break;
	case TRACE_NOTE:
		put_bytes(text, "text", entry->note);
		break;
	case TRACE_LOST:
		line_text_unsigned(text, "count", entry->lost);
		break;
	case TRACE_END:
		put_end(text, &entry->end);
		break;
	case TRACE_EVENTS_:
		line_text_fail(text, -EINVAL);
		break;
	}
}

int trace_encode(const struct trace_entry *entry, char **ret)
{
	struct line_text text = {0};

	line_text_open(&text, NULL, '{');
	line_text_time(&text, "time", entry->time);
	line_text_word(&text, "event", trace_event_name(entry->event));
	put_bytes(&text, "run", entry->run);
	put_event(&text, entry);
	line_text_close(&text, '}');
	if (!text.error && text.length >= TRACE_LINE_MAX)
		text.error = -EMSGSIZE;
	if (text.error) {
		free(text.bytes);
		return text.error;
	}
	*ret = text.bytes;
	return 0;
}
