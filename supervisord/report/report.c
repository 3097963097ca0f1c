/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/report.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "report/report_data.h"

#define DEPTH_MAX 48 /* of a path; what is beneath counts there */

int report_new(struct report **ret)
{
	struct report *report = calloc(1, sizeof(*report));
	int error = -ENOMEM;

	if (!report)
		return error;
	error = count_tree_new(&report->objects, REPORT_PATHS_MAX);
	if (!error)
		error = count_tree_new(&report->programs, REPORT_PROGRAMS_MAX);
	if (error) {
		report_free(report);
		return error;
	}
	*ret = report;
	return 0;
}

static void wait_finish(struct report_wait *wait)
{
	free(wait->what);
	free(wait->program);
	free(wait->who);
}

struct report *report_free(struct report *report)
{
	if (!report)
		return NULL;
	count_tree_free(report->objects);
	count_tree_free(report->programs);
	for (size_t i = 0; i < report->slowest_count; i++)
		wait_finish(&report->slowest[i]);
	for (size_t i = 0; i < report->apps_count; i++)
		free(report->apps[i]);
	free(report);
	return NULL;
}

/* --- Entries ----------------------------------------------------- */

static void add_app(struct report *report, const char *app)
{
	for (size_t i = 0; i < report->apps_count; i++)
		if (strcmp(report->apps[i], app) == 0)
			return;
	if (report->apps_count == REPORT_APPS_MAX)
		return;
	if (text_copy(&report->apps[report->apps_count], app) < 0)
		report->error = -ENOMEM;
	else
		report->apps_count++;
}

void report_entry(struct report *report, const struct trace_entry *entry)
{
	report->events[entry->event]++;
	if (entry->event == TRACE_HEADER && entry->header.app)
		add_app(report, entry->header.app);
}

/* --- What came of requests --------------------------------------- */

static enum came_of came_of(const struct replay_verdict *verdict)
{
	switch (verdict->outcome) {
	case REPLAY_ALLOW:
		return CAME_ALLOWED;
	case REPLAY_ASK:
		return CAME_UNANSWERED;
	case REPLAY_DENY:
		break;
	}
	return CAME_DENIED;
}

static void add_path(struct report *report, const char *path, enum came_of came)
{
	struct count_node *node = count_tree_child(
		report->objects, count_tree_root(report->objects), "/", 1);

	for (int depth = 0; depth < DEPTH_MAX && *path == '/' && path[1];
	     depth++) {
		const size_t length = strcspn(++path, "/");

		node = count_tree_child(report->objects, node, path, length);
		path += length;
	}
	node->here.of[came]++;
}

/* Others are by their right, and then by their name. */
static void add_other(struct report *report, const struct access *access,
		      enum came_of came)
{
	_cleanup_free_ char *rights = rights_format(access->missing);
	_cleanup_free_ char *object = object_format(&access->object);
	struct count_node *node = count_tree_root(report->objects);

	if (!rights || !object) {
		report->error = -ENOMEM;
		return;
	}
	node = count_tree_child(report->objects, node, rights, strlen(rights));
	node = count_tree_child(report->objects, node, object, strlen(object));
	node->here.of[came]++;
}

static void add_program(struct report *report, const struct subject *subject,
			enum came_of came)
{
	struct count_node *node = count_tree_root(report->programs);

	for (size_t i = subject->ancestors_count; i-- > 0;) {
		const char *exe = subject->ancestors[i].exe;

		node = count_tree_child(report->programs, node, exe,
					strlen(exe));
	}
	node = count_tree_child(report->programs, node, subject->exe,
				strlen(subject->exe));
	node->here.of[came]++;
}

/* --- What had to wait -------------------------------------------- */

static char *describe(const struct request *request)
{
	char *text = NULL;

	for (size_t i = 0; i < request->accesses_count; i++) {
		const struct access *access = &request->accesses[i];
		_cleanup_free_ char *rights = rights_format(access->missing);
		_cleanup_free_ char *object = object_format(&access->object);
		_cleanup_free_ char *before = text;

		if (!rights || !object ||
		    asprintf(&text, "%s%s%s %s", before ? before : "",
			     before ? ", " : "", rights, object) < 0)
			return NULL;
	}
	return text;
}

static int make_wait(const struct replay_result *result,
		     struct report_wait *ret)
{
	*ret = (struct report_wait){
		.time = result->time,
		.wait = result->answered - result->time,
		.came_of = came_of(&result->old),
		.by = result->old.by,
		.what = describe(&result->request->request),
	};
	if (ret->what &&
	    text_copy(&ret->program, result->request->request.subject.exe) ==
		    0 &&
	    text_copy(&ret->who, result->old.who) == 0)
		return 0;
	wait_finish(ret);
	return -ENOMEM;
}

/* Only the slowest are kept. */
static void add_wait(struct report *report, const struct replay_result *result)
{
	const int64_t wait = result->answered - result->time;
	struct report_wait *slowest = report->slowest;
	struct report_wait added;
	size_t at;

	report->waited += (uint64_t)wait;
	if (report->slowest_count == REPORT_SLOWEST &&
	    slowest[REPORT_SLOWEST - 1].wait >= wait)
		return;
	if (make_wait(result, &added) < 0) {
		report->error = -ENOMEM;
		return;
	}
	if (report->slowest_count == REPORT_SLOWEST)
		wait_finish(&slowest[--report->slowest_count]);
	for (at = report->slowest_count; at > 0 && slowest[at - 1].wait < wait;
	     at--)
		slowest[at] = slowest[at - 1];
	slowest[at] = added;
	report->slowest_count++;
}

void report_result(struct report *report, const struct replay_result *result)
{
	const struct request *request = &result->request->request;
	const enum came_of came = came_of(&result->old);
	int64_t wait = 0;

	if (counts_sum(&report->all) == 0 || result->time < report->first)
		report->first = result->time;
	if (result->time > report->last)
		report->last = result->time;
	report->all.of[came]++;
	if (result->answered > result->time) {
		wait = result->answered - result->time;
		add_wait(report, result);
	}
	time_line_add(&report->line, result->time, wait, came);
	add_program(report, &request->subject, came);
	for (size_t i = 0; i < request->accesses_count; i++) {
		const struct access *access = &request->accesses[i];

		if (access->object.type == OBJECT_PATH)
			add_path(report, access->object.bytes, came);
		else
			add_other(report, access, came);
	}
}
