/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text to entries: see codec.h. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>

#include "base/cleanup.h"
#include "base/escape.h"
#include "base/text.h"
#include "trace/codec.h"
#include "trace/members.h"

#define STATUS_MAX 255
#define ERRNO_MAX 4095
#define FLAGS_MAX 16
/* As many as fit into a line, and no reason to count. */
#define RULES_MAX TRACE_LINE_MAX

static pid_t read_pid(struct members *members, const char *key,
		      enum presence presence)
{
	return (pid_t)member_integer(members, key, 0, INT_MAX, presence);
}

static uid_t read_uid(struct members *members)
{
	return (uid_t)member_integer(members, "uid", 0, UINT32_MAX, REQUIRED);
}

/* Parses a word of a fixed set. */
#define READ_NAME(members, key, parse, ret)                              \
	do {                                                             \
		const char *name_ = member_text(members, key, REQUIRED); \
                                                                         \
		if (name_ && parse(name_, ret) < 0)                      \
			members_fail(members, key, -EINVAL);             \
	} while (0)

static void read_header(struct members *members, struct trace_header *header)
{
	const char *format = member_text(members, "format", REQUIRED);

	if (format && strcmp(format, TRACE_FORMAT) != 0)
		members_fail(members, "format", -EINVAL);
	member_integer(members, "version", TRACE_VERSION, TRACE_VERSION,
		       REQUIRED);
	header->app = member_bytes(members, "app", OPTIONAL);
	header->engine = member_bytes(members, "engine", OPTIONAL);
	header->kernel = member_bytes(members, "kernel", OPTIONAL);
	header->abi = (int)member_integer(members, "abi", 0, INT_MAX, OPTIONAL);
	header->policy = member_bytes(members, "policy", OPTIONAL);
	header->home = member_bytes(members, "home", OPTIONAL);
	header->uid = read_uid(members);
	header->all = member_flag(members, "all");
	header->continues = member_flag(members, "continues");
}

/* Returns: how many strings of the array were read into @ret. */
static size_t read_strings(struct members *members, const char *key, char **ret,
			   size_t most)
{
	const json_t *array = member_array(members, key, most, OPTIONAL);
	size_t count = 0, i;
	const json_t *item;

	json_array_foreach (array, i, item) {
		const char *text = json_string_value(item);
		const int error =
			text ? unescape_string(text, &ret[count], NULL)
			     : -EINVAL;

		if (error) {
			members_fail(members, key, error);
			return count;
		}
		count++;
	}
	return count;
}

/* Of a process; -1: not known. */
static int read_status(struct members *members)
{
	if (!json_object_get(members->object, "status"))
		return -1;
	return (int)member_integer(members, "status", 0, STATUS_MAX, REQUIRED);
}

static void read_process(struct members *members, struct trace_entry *entry)
{
	struct trace_process *process = &entry->process;

	process->pid = read_pid(members, "pid", REQUIRED);
	process->start = member_unsigned(members, "start", OPTIONAL);
	if (entry->event == TRACE_EXIT) {
		process->status = read_status(members);
		return;
	}
	if (entry->event == TRACE_SPAWN)
		process->parent = read_pid(members, "parent", OPTIONAL);
	process->exe = member_bytes(members, "exe", OPTIONAL);
	process->command_count = read_strings(
		members, "command", process->command, TRACE_ARGUMENTS_MAX);
}

/* What the core has as "" when it is not known. */
static char *read_name(struct members *members, const char *key)
{
	char *name = member_bytes(members, key, OPTIONAL);

	if (!name)
		name = strdup("");
	if (!name)
		members_fail(members, key, -ENOMEM);
	return name;
}

static void read_subject(struct members *members, struct subject *subject)
{
	const json_t *parents, *item;
	size_t i;

	subject->pid = read_pid(members, "pid", REQUIRED);
	subject->tid = read_pid(members, "tid", OPTIONAL);
	if (subject->tid == 0)
		subject->tid = subject->pid;
	subject->pid_start = member_unsigned(members, "start", OPTIONAL);
	subject->uid = read_uid(members);
	subject->exe = read_name(members, "exe");
	subject->comm = read_name(members, "comm");
	parents = member_array(members, "parents", REQUEST_ANCESTORS_MAX,
			       OPTIONAL);
	json_array_foreach (parents, i, item) {
		struct ancestor *parent =
			&subject->ancestors[subject->ancestors_count++];
		struct members of = {.object = item};

		parent->pid = read_pid(&of, "pid", REQUIRED);
		parent->exe = read_name(&of, "exe");
		members_join(members, &of);
	}
}

static uint64_t read_device(struct members *members)
{
	const char *text = member_text(members, "device", OPTIONAL);
	unsigned int high, low;
	char rest;

	if (!text)
		return 0;
	if (sscanf(text, "%u:%u%c", &high, &low, &rest) == 2)
		return makedev(high, low);
	members_fail(members, "device", -EINVAL);
	return 0;
}

static void read_access(struct members *members, struct access *access)
{
	struct object *object = &access->object;
	_cleanup_free_ char *address =
		member_bytes(members, "address", OPTIONAL);

	member_access(members, &access->missing, object);
	access->given = member_bytes(members, "given", OPTIONAL);
	access->device = read_device(members);
	access->inode = member_unsigned(members, "inode", OPTIONAL);
	if (!address || object->type != OBJECT_PORT)
		return;
	if (strlen(address) >= sizeof(object->address)) {
		members_fail(members, "address", -EINVAL);
		return;
	}
	strcpy(object->address, address);
	/* A trace of a version that told it to persons alone. */
	if (!object->network.family)
		(void)network_parse(address, &object->network);
}

static void read_accesses(struct members *members, struct trace_request *traced)
{
	const json_t *accesses = member_array(members, "accesses",
					      REQUEST_ACCESSES_MAX, REQUIRED);
	struct request *request = &traced->request;
	const json_t *item;
	size_t i;

	if (json_array_size(accesses) == 0)
		members_fail(members, "accesses", -EINVAL);
	json_array_foreach (accesses, i, item) {
		struct members of = {.object = item};

		request->accesses_count++;
		read_access(&of, &request->accesses[i]);
		members_join(members, &of);
	}
}

/* An array as "A|B"; NULL: there are none. */
static char *read_flags(struct members *members)
{
	char *words[FLAGS_MAX], *text = NULL;
	const size_t count = read_strings(members, "flags", words, FLAGS_MAX);

	for (size_t i = 0; i < count; i++) {
		char *longer = NULL;

		if (!words[i] || !*words[i] || strchr(words[i], '|'))
			members_fail(members, "flags", -EINVAL);
		else if (asprintf(&longer, "%s%s%s", text ? text : "",
				  text ? "|" : "", words[i]) < 0)
			members_fail(members, "flags", -ENOMEM);
		else {
			free(text);
			text = longer;
		}
		free(words[i]);
	}
	return text;
}

static void read_request(struct members *members, struct trace_entry *entry)
{
	struct trace_request *traced = &entry->request;
	struct request *request = &traced->request;

	if (entry->event == TRACE_REQUEST)
		request->id = member_unsigned(members, "id", REQUIRED);
	request->generation = member_unsigned(members, "generation", REQUIRED);
	read_subject(members, &request->subject);
	request->operation = read_name(members, "operation");
	request->flags = read_flags(members);
	read_accesses(members, traced);
	traced->reason = member_bytes(members, "reason", OPTIONAL);
	traced->rule = member_bytes(members, "rule", OPTIONAL);
}

static int outcome_parse(const char *name, enum outcome *ret)
{
	if (strcmp(name, outcome_name(OUTCOME_ALLOW)) == 0)
		*ret = OUTCOME_ALLOW;
	else if (strcmp(name, outcome_name(OUTCOME_DENY)) == 0)
		*ret = OUTCOME_DENY;
	else
		return -EINVAL;
	return 0;
}

static int lifetime_of_name(const char *name, enum lifetime *ret)
{
	for (int i = 0; i < LIFETIMES_; i++) {
		if (strcmp(lifetime_name((enum lifetime)i), name) == 0) {
			*ret = (enum lifetime)i;
			return 0;
		}
	}
	return -EINVAL;
}

/* A scope that is not canonical would make no rule. */
static char *read_scope(struct members *members)
{
	_cleanup_free_ char *path = member_bytes(members, "beneath", OPTIONAL);
	struct object object;
	int error;

	if (!path)
		return NULL;
	error = object_init_path(&object, path);
	if (error)
		members_fail(members, "beneath", error);
	return error ? NULL : object.bytes;
}

static void read_decision(struct members *members,
			  struct trace_decision *traced)
{
	struct decision *decision = &traced->decision;

	traced->id = member_unsigned(members, "id", REQUIRED);
	READ_NAME(members, "outcome", outcome_parse, &decision->outcome);
	READ_NAME(members, "lifetime", lifetime_of_name, &decision->lifetime);
	if (decision->lifetime == LIFETIME_UNTIL)
		decision->until = member_integer(members, "until", 0, INT64_MAX,
						 REQUIRED);
	decision->beneath = read_scope(members);
	decision->port_alone = member_flag(members, "port_alone");
	if (json_object_get(members->object, "rights"))
		decision->rights = member_rights(members, "rights");
	READ_NAME(members, "by", trace_by_parse, &traced->by);
	decision->agent = member_bytes(members, "agent", OPTIONAL);
	traced->rule = member_bytes(members, "rule", OPTIONAL);
	decision->unanswered = member_flag(members, "unanswered");
	if (decision->unanswered && decision->outcome == OUTCOME_ALLOW)
		members_fail(members, "unanswered", -EINVAL);
}

static void read_rule(struct members *members, struct rule *rule)
{
	READ_NAME(members, "layer", layer_parse, &rule->layer);
	READ_NAME(members, "effect", trace_effect_parse, &rule->effect);
	member_access(members, &rule->rights, &rule->object);
	rule->beneath = member_flag(members, "beneath");
	if (member_flag(members, "pattern") && !members->error &&
	    !object_be_pattern(&rule->object))
		members_fail(members, "pattern", -EINVAL);
	if (rule->beneath && rule->object.type != OBJECT_PATH &&
	    rule->object.type != OBJECT_PATTERN)
		members_fail(members, "beneath", -EINVAL);
	rule->pid = read_pid(members, "pid", OPTIONAL);
	rule->pid_start = member_unsigned(members, "start", OPTIONAL);
	rule->expires =
		member_integer(members, "expires", 0, INT64_MAX, OPTIONAL);
	rule->origin = member_bytes(members, "origin", OPTIONAL);
	rule->id = member_bytes(members, "id", OPTIONAL);
	/* One of these would spoil all others. */
	if (!members->error && !rule_is_valid(rule))
		members_fail(members, "layer", -EINVAL);
}

static void read_rules(struct members *members, const char *key,
		       struct rules *rules)
{
	const json_t *array = member_array(members, key, RULES_MAX, OPTIONAL);
	const json_t *item;
	size_t i;

	json_array_foreach (array, i, item) {
		struct members of = {.object = item};
		struct rule rule = {0};

		read_rule(&of, &rule);
		members_join(members, &of);
		if (of.error || rules_take(rules, &rule) < 0) {
			rule_finish(&rule);
			members_fail(members, key, -ENOMEM);
			return;
		}
	}
}

static void read_commit(struct members *members, struct trace_commit *commit)
{
	commit->generation = member_unsigned(members, "generation", REQUIRED);
	read_rules(members, "added", &commit->added);
	read_rules(members, "session", &commit->session);
	read_rules(members, "removed", &commit->removed);
	commit->more = member_flag(members, "more");
	commit->error =
		(int)member_integer(members, "error", 1, ERRNO_MAX, OPTIONAL);
}

static void read_end(struct members *members, struct trace_end *end)
{
	end->status = read_status(members);
	end->asked = member_unsigned(members, "asked", REQUIRED);
	end->allowed = member_unsigned(members, "allowed", REQUIRED);
	end->denied = member_unsigned(members, "denied", REQUIRED);
	end->lost = member_unsigned(members, "lost", REQUIRED);
}

static void read_event(struct members *members, struct trace_entry *entry)
{
	switch (entry->event) {
	case TRACE_HEADER:
		read_header(members, &entry->header);
		break;
	case TRACE_SPAWN:
	case TRACE_EXEC:
	case TRACE_EXIT:
		read_process(members, entry);
		break;
	case TRACE_REQUEST:
	case TRACE_ALLOWED:
	case TRACE_REFUSED:
		read_request(members, entry);
		break;
	case TRACE_DECISION:
		read_decision(members, &entry->decision);
		break;
	case TRACE_ANSWER:
		entry->answer.id = member_unsigned(members, "id", REQUIRED);
		READ_NAME(members, "answer", trace_answer_parse,
			  &entry->answer.answer);
		break;
	case TRACE_WITHDRAW:
		entry->id = member_unsigned(members, "id", REQUIRED);
		break;
	case TRACE_COMMIT:
		read_commit(members, &entry->commit);
		break;
	case TRACE_NOTE:
		entry->note = read_name(members, "text");
		break;
	case TRACE_LOST:
		entry->lost = member_unsigned(members, "count", REQUIRED);
		break;
	case TRACE_END:
		read_end(members, &entry->end);
		break;
	case TRACE_EVENTS_:
		break;
	}
}

static void read_entry(struct members *members, struct trace_entry *entry)
{
	READ_NAME(members, "event", trace_event_parse, &entry->event);
	if (members->error)
		return;
	entry->time = member_time(members, "time");
	entry->run = read_name(members, "run");
	if (entry->run && strlen(entry->run) > TRACE_RUN_MAX)
		members_fail(members, "run", -EINVAL);
	read_event(members, entry);
}

int trace_decode_object(const json_t *object, struct trace_entry *ret,
			const char **ret_problem)
{
	struct trace_entry entry = {0};
	struct members members = {.object = object};

	if (ret_problem)
		*ret_problem = "no JSON object";
	if (!json_is_object(object))
		return -EINVAL;
	read_entry(&members, &entry);
	if (members.error) {
		if (ret_problem)
			*ret_problem = members.problem;
		trace_entry_finish(&entry);
		return members.error;
	}
	*ret = entry;
	return 0;
}

int trace_decode(const char *line, size_t length, struct trace_entry *ret,
		 const char **ret_problem)
{
	json_t *object = NULL;
	int error;

	if (length < TRACE_LINE_MAX)
		object = json_loadb(line, length, JSON_REJECT_DUPLICATES, NULL);
	error = trace_decode_object(object, ret, ret_problem);
	json_decref(object);
	return error;
}
