/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/replay_print.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/quote.h"
#include "plugin/request_json.h"

static void print_word(const char *before, const char *bytes)
{
	_cleanup_free_ char *word = quote_word(bytes);

	printf("%s%s", before, word ? word : "?");
}

static void print_text(const char *before, const char *bytes)
{
	_cleanup_free_ char *text = quote_text(bytes);

	printf("%s%s", before, text ? text : "?");
}

static void print_verdict(const char *before,
			  const struct replay_verdict *verdict)
{
	printf("%s%s", before, replay_outcome_name(verdict->outcome));
	switch (verdict->by) {
	case TRACE_BY_RULE:
		print_text(" by ", verdict->who ? verdict->who : "a rule");
		break;
	case TRACE_BY_AGENT:
		print_text(" by ", verdict->who ? verdict->who : "an agent");
		break;
	case TRACE_BY_NOBODY:
		fputs(" (no rule, and nobody to answer)", stdout);
		break;
	case TRACE_BY_UNKNOWN:
		break;
	default:
		printf(" (%s)", trace_by_name(verdict->by));
		break;
	}
}

void replay_print_text(const struct replay_result *result)
{
	const struct request *request = &result->request->request;

	print_word("", result->place.file);
	printf(":%" PRIu64 ":", result->place.line);
	for (size_t i = 0; i < request->accesses_count; i++) {
		const struct access *access = &request->accesses[i];
		_cleanup_free_ char *rights = rights_format(access->missing);
		_cleanup_free_ char *object = object_format(&access->object);

		print_word(" ", rights ? rights : "?");
		print_word(" ", object ? object : "?");
	}
	print_word(" for ", request->subject.exe);
	printf(" (%d)", (int)request->subject.pid);
	print_verdict(": ", &result->old);
	print_verdict(" -> ", &result->new);
	putchar('\n');
}

static json_t *verdict_json(const struct replay_verdict *verdict)
{
	json_t *object = json_pack("{s:s, s:s}", "outcome",
				   replay_outcome_name(verdict->outcome), "by",
				   trace_by_name(verdict->by));

	if (verdict->who)
		json_object_set_new(object, "who", json_bytes(verdict->who));
	return object;
}

void replay_print_json(const struct replay_result *result)
{
	const struct request *request = &result->request->request;
	json_t *object = request_json(request);
	_cleanup_free_ char *line = NULL;

	json_object_set_new(object, "file", json_bytes(result->place.file));
	json_object_set_new(object, "line",
			    json_integer((json_int_t)result->place.line));
	json_object_set_new(object, "run", json_bytes(result->run));
	json_object_set_new(object, "app", json_bytes(result->app));
	json_object_set_new(object, "old", verdict_json(&result->old));
	json_object_set_new(object, "new", verdict_json(&result->new));
	line = json_dumps(object, JSON_COMPACT);
	json_decref(object);
	puts(line ? line : "{}");
}
