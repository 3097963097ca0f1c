/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The script agent: answers from a file of JSON Lines. */
#include "agent/script.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/script_line.h"
#include "base/cleanup.h"
#include "base/fd.h"

struct script {
	struct agent agent;
	const struct clock *clock;
	char *name; /* of the file, for provenance */
	struct script_line *lines;
	size_t count, allocated;
};

static int script_ask(struct agent *agent, const struct question *question)
{
	const struct script *const script = (const struct script *)agent;
	struct decision decision = {
		.outcome = OUTCOME_DENY,
		.lifetime = LIFETIME_ONCE,
	};
	char *origin = NULL;
	size_t i;
	int error;

	for (i = 0; i < script->count; i++) {
		const struct script_line *const line = &script->lines[i];
		const char *expected;

		if (!script_line_matches(line, question->request))
			continue;
		error = decision_parse(line->answer, clock_wall(script->clock),
				       &decision, &expected);
		if (error)
			return error;
		if (asprintf(&origin, "script %s:%u", script->name,
			     line->number) < 0)
			origin = NULL;
		break;
	}
	if (!origin && asprintf(&origin, "script %s", script->name) < 0)
		origin = NULL;
	free(decision.agent);
	decision.agent = origin;
	agent_decide(agent, question->id, &decision);
	decision_finish(&decision);
	return 0;
}

static void script_withdraw(struct agent *agent, uint64_t question_id)
{
	/* Every question was answered before script_ask() returned. */
	(void)agent;
	(void)question_id;
}

static struct agent *script_free(struct agent *agent)
{
	struct script *const script = (struct script *)agent;
	size_t i;

	for (i = 0; i < script->count; i++)
		script_line_finish(&script->lines[i]);
	free(script->lines);
	free(script->name);
	free(script);
	return NULL;
}

static const struct agent_ops script_ops = {
	.name = "script",
	.ask = script_ask,
	.withdraw = script_withdraw,
	.free = script_free,
};

static int script_add(struct script *script, const char *text, size_t length,
		      const struct script_complaint *complaint)
{
	int error;

	if (script->count == script->allocated) {
		const size_t more = script->allocated * 2 + 16;
		struct script_line *const lines =
			reallocarray(script->lines, more, sizeof(*lines));

		if (!lines)
			return -ENOMEM;
		script->lines = lines;
		script->allocated = more;
	}
	error = script_line_parse(text, length, &script->lines[script->count],
				  complaint);
	if (!error)
		script->count++;
	return error;
}

static int script_parse(struct script *script, const char *text, size_t length,
			struct script_complaint *complaint)
{
	const char *const end = text + length;
	int error;

	while (text < end) {
		const char *const newline =
			memchr(text, '\n', (size_t)(end - text));
		const char *const stop = newline ? newline : end;
		const size_t bytes = (size_t)(stop - text);

		complaint->number++;
		if (bytes > SCRIPT_LINE_MAX)
			return script_complain(
				complaint,
				"expected at most %d bytes in a line",
				SCRIPT_LINE_MAX);
		/* Blank lines may set others apart. */
		if (strspn(text, " \t\r") < bytes) {
			error = script_add(script, text, bytes, complaint);
			if (error)
				return error;
		}
		text = newline ? newline + 1 : end;
	}
	return 0;
}

/* Fills a buffer until the end of the file or of the buffer. */
static int read_all(int fd, char *buffer, size_t size, size_t *ret_length)
{
	size_t length = 0;

	while (length < size) {
		const ssize_t n = read(fd, buffer + length, size - length);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (n == 0)
			break;
		length += (size_t)n;
	}
	*ret_length = length;
	return 0;
}

/* Reads a whole file. @ret_text: ends with a NUL (free(3)). */
static int read_bounded(const char *path, char **ret_text, size_t *ret_length,
			const struct script_complaint *complaint)
{
	_cleanup_free_ char *text = malloc(SCRIPT_BYTES_MAX + 1);
	_cleanup_fd_ int fd = -1;
	size_t length = 0;
	int error = 0;

	if (!text)
		return -ENOMEM;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	error = fd < 0 ? -errno
		       : read_all(fd, text, SCRIPT_BYTES_MAX + 1, &length);
	if (error) {
		script_complain(complaint, "cannot be read: %s",
				strerror(-error));
		return error;
	}
	if (length > SCRIPT_BYTES_MAX)
		return script_complain(complaint, "expected at most %d bytes",
				       SCRIPT_BYTES_MAX);
	text[length] = '\0';
	*ret_length = length;
	*ret_text = text;
	text = NULL;
	return 0;
}

static int script_load(struct script *script, const char *path,
		       char **ret_sentence)
{
	struct script_complaint complaint = {.path = path, .ret = ret_sentence};
	_cleanup_free_ char *text = NULL;
	size_t length = 0;
	int error;

	script->name = strdup(path);
	if (!script->name)
		return -ENOMEM;
	error = read_bounded(path, &text, &length, &complaint);
	if (error)
		return error;
	return script_parse(script, text, length, &complaint);
}

int script_agent_new(struct agent **ret, const char *path,
		     const struct clock *clock, char **ret_sentence)
{
	struct script *const script = calloc(1, sizeof(*script));
	int error;

	*ret_sentence = NULL;
	if (!script)
		return -ENOMEM;
	script->agent.ops = &script_ops;
	script->clock = clock;
	error = script_load(script, path, ret_sentence);
	if (error) {
		script_free(&script->agent);
		return error;
	}
	*ret = &script->agent;
	return 0;
}
