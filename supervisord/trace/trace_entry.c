/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "trace/trace_entry.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"

static const char *const events[TRACE_EVENTS_] = {
	[TRACE_HEADER] = "header",   [TRACE_SPAWN] = "spawn",
	[TRACE_EXEC] = "exec",	     [TRACE_EXIT] = "exit",
	[TRACE_REQUEST] = "request", [TRACE_ALLOWED] = "allowed",
	[TRACE_REFUSED] = "refused", [TRACE_DECISION] = "decision",
	[TRACE_ANSWER] = "answer",   [TRACE_WITHDRAW] = "withdraw",
	[TRACE_COMMIT] = "commit",   [TRACE_NOTE] = "note",
	[TRACE_LOST] = "lost",	     [TRACE_END] = "end",
};

static const char *const bys[TRACE_BYS_] = {
	[TRACE_BY_UNKNOWN] = "unknown", [TRACE_BY_RULE] = "rule",
	[TRACE_BY_AGENT] = "agent",	[TRACE_BY_PLUGIN] = "plugin",
	[TRACE_BY_TIMEOUT] = "timeout", [TRACE_BY_NOBODY] = "nobody",
	[TRACE_BY_LIMIT] = "limit",	[TRACE_BY_COMMIT] = "commit",
	[TRACE_BY_ENGINE] = "engine",
};

static const char *const answers[] = {
	[ANSWER_DENY] = "deny",
	[ANSWER_ALLOW_ONCE] = "allow",
	[ANSWER_RETRY] = "retry",
};

/* Returns: the index of a name, or -EINVAL. */
static int find_name(const char *const *names, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(names[i], name) == 0)
			return (int)i;
	return -EINVAL;
}

const char *trace_event_name(enum trace_event event)
{
	return events[event];
}

int trace_event_parse(const char *name, enum trace_event *ret)
{
	const int found = find_name(events, ARRAY_SIZE(events), name);

	if (found < 0)
		return found;
	*ret = (enum trace_event)found;
	return 0;
}

const char *trace_by_name(enum trace_by by)
{
	return bys[by];
}

int trace_by_parse(const char *name, enum trace_by *ret)
{
	const int found = find_name(bys, ARRAY_SIZE(bys), name);

	if (found < 0)
		return found;
	*ret = (enum trace_by)found;
	return 0;
}

enum trace_by trace_by_undecided(enum undecided undecided)
{
	static const enum trace_by names[] = {
		[UNDECIDED_NO] = TRACE_BY_AGENT,
		[UNDECIDED_NOBODY] = TRACE_BY_NOBODY,
		[UNDECIDED_LATE] = TRACE_BY_TIMEOUT,
		[UNDECIDED_LIMIT] = TRACE_BY_LIMIT,
		[UNDECIDED_COMMIT] = TRACE_BY_COMMIT,
	};

	return names[undecided];
}

const char *trace_answer_name(enum answer answer)
{
	return answers[answer];
}

int trace_answer_parse(const char *name, enum answer *ret)
{
	const int found = find_name(answers, ARRAY_SIZE(answers), name);

	if (found < 0)
		return found;
	*ret = (enum answer)found;
	return 0;
}

const char *trace_effect_name(enum effect effect)
{
	return effect == EFFECT_GUARD ? "guard" : effect_name(effect);
}

int trace_effect_parse(const char *name, enum effect *ret)
{
	if (strcmp(name, "guard") != 0)
		return effect_parse(name, ret);
	*ret = EFFECT_GUARD;
	return 0;
}

static void finish_header(struct trace_header *header)
{
	free(header->kernel);
	free(header->engine);
	free(header->app);
	free(header->policy);
	free(header->home);
}

static void finish_process(struct trace_process *process)
{
	free(process->exe);
	for (size_t i = 0; i < process->command_count; i++)
		free(process->command[i]);
}

static void finish_request(struct trace_request *request)
{
	request_finish(&request->request);
	free(request->reason);
	free(request->rule);
}

void trace_entry_finish(struct trace_entry *entry)
{
	switch (entry->event) {
	case TRACE_HEADER:
		finish_header(&entry->header);
		break;
	case TRACE_SPAWN:
	case TRACE_EXEC:
	case TRACE_EXIT:
		finish_process(&entry->process);
		break;
	case TRACE_REQUEST:
	case TRACE_ALLOWED:
	case TRACE_REFUSED:
		finish_request(&entry->request);
		break;
	case TRACE_DECISION:
		decision_finish(&entry->decision.decision);
		free(entry->decision.rule);
		break;
	case TRACE_COMMIT:
		rules_finish(&entry->commit.added);
		rules_finish(&entry->commit.session);
		rules_finish(&entry->commit.removed);
		break;
	case TRACE_NOTE:
		free(entry->note);
		break;
	default:
		break;
	}
	free(entry->run);
	*entry = (struct trace_entry){0};
}
