/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One line of a script. */
#include "agent/script_line.h"

#include <errno.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "core/glob.h"

#define PORT_ANY (-1)

void script_line_finish(struct script_line *line)
{
	free(line->right);
	free(line->path);
	free(line->answer);
}

/* Whether one access is covered: @every of its rights, or any of them. */
static bool line_covers_rights(const struct script_line *line, rights_t missing,
			       bool every)
{
	rights_t right;

	if (!line->right)
		return true;
	RIGHTS_FOREACH (right, missing) {
		const char *const name = right_name(right);

		if ((name && glob_match(line->right, name)) != every)
			return !every;
	}
	return every;
}

static bool line_covers(const struct script_line *line,
			const struct access *access, bool every)
{
	const struct object *const object = &access->object;

	if (line->port != PORT_ANY &&
	    (object->type != OBJECT_PORT || object->port != line->port))
		return false;
	if (line->path) {
		_cleanup_free_ char *text = NULL;

		if (object->type != OBJECT_PATH &&
		    object->type != OBJECT_ABSTRACT)
			return false;
		text = object_format(object);
		/* Without memory: a line that denies still does. */
		if (!text ? every : !glob_match(line->path, text))
			return false;
	}
	return line_covers_rights(line,
				  every ? rights_to_grant(access->missing)
					: access->missing,
				  every);
}

bool script_line_matches(const struct script_line *line,
			 const struct request *request)
{
	const bool every = line->outcome == OUTCOME_ALLOW;
	size_t i;

	for (i = 0; i < request->accesses_count; i++) {
		if (line_covers(line, &request->accesses[i], every) != every)
			return !every;
	}
	return every && request->accesses_count > 0;
}

/* Returns: -EINVAL, so that a caller can hand it on. */
int script_complain(const struct script_complaint *complaint,
		    const char *format, ...)
{
	_cleanup_free_ char *sentence = NULL;
	va_list arguments;
	int length;

	*complaint->ret = NULL;
	va_start(arguments, format);
	length = vasprintf(&sentence, format, arguments);
	va_end(arguments);
	if (length < 0) {
		sentence = NULL;
		return -EINVAL;
	}
	if (complaint->number)
		length = asprintf(complaint->ret, "%s:%u: %s", complaint->path,
				  complaint->number, sentence);
	else
		length = asprintf(complaint->ret, "%s: %s", complaint->path,
				  sentence);
	if (length < 0)
		*complaint->ret = NULL;
	return -EINVAL;
}

static bool right_glob_is_useful(const char *glob)
{
	rights_t right;

	RIGHTS_FOREACH (right, ~(rights_t)0) {
		const char *const name = right_name(right);

		if (name && glob_match(glob, name))
			return true;
	}
	return false;
}

static int take_string(const json_t *value, const char *key, char **ret,
		       const struct script_complaint *complaint)
{
	if (!json_is_string(value))
		return script_complain(complaint, "expected a string as \"%s\"",
				       key);
	*ret = strdup(json_string_value(value));
	return *ret ? 0 : -ENOMEM;
}

/* What the keys of a line say, before they are joined to an answer. */
struct line_keys {
	char *outcome, *lifetime, *scope;
};

static void line_keys_finish(struct line_keys *keys)
{
	free(keys->outcome);
	free(keys->lifetime);
	free(keys->scope);
}

static int parse_right(const json_t *value, struct script_line *line,
		       const struct script_complaint *complaint)
{
	const int error = take_string(value, "right", &line->right, complaint);

	if (error)
		return error;
	if (!right_glob_is_useful(line->right))
		return script_complain(
			complaint,
			"expected the name of a right, or a glob that "
			"matches one, such as \"fs.read_file\" or "
			"\"fs.*\"");
	return 0;
}

static int parse_path(const json_t *value, struct script_line *line,
		      const struct script_complaint *complaint)
{
	const int error = take_string(value, "path", &line->path, complaint);

	if (error)
		return error;
	/* Objects are absolute: a glob that begins otherwise matches none. */
	if (!line->path[0] || !strchr("/*?@", line->path[0]))
		return script_complain(
			complaint,
			"expected an absolute path as \"path\", or a "
			"glob that matches one");
	return 0;
}

static int parse_port(const json_t *value, struct script_line *line,
		      const struct script_complaint *complaint)
{
	const json_int_t port = json_integer_value(value);

	if (!json_is_integer(value) || port < 0 || port > UINT16_MAX)
		return script_complain(complaint,
				       "expected a number from 0 to 65535 as "
				       "\"port\"");
	line->port = (int)port;
	return 0;
}

static int parse_key(const char *key, const json_t *value,
		     struct script_line *line, struct line_keys *keys,
		     const struct script_complaint *complaint)
{
	if (strcmp(key, "right") == 0)
		return parse_right(value, line, complaint);
	if (strcmp(key, "path") == 0)
		return parse_path(value, line, complaint);
	if (strcmp(key, "port") == 0)
		return parse_port(value, line, complaint);
	if (strcmp(key, "outcome") == 0)
		return take_string(value, key, &keys->outcome, complaint);
	if (strcmp(key, "lifetime") == 0)
		return take_string(value, key, &keys->lifetime, complaint);
	if (strcmp(key, "scope") == 0)
		return take_string(value, key, &keys->scope, complaint);
	return script_complain(
		complaint,
		"unknown key \"%.64s\"; expected right, path, port, "
		"outcome, lifetime or scope",
		key);
}

/* Joins what the keys say, and checks that it is a decision. */
static int make_answer(struct script_line *line, const struct line_keys *keys,
		       const struct script_complaint *complaint)
{
	struct decision decision;
	const char *expected = NULL;
	int error;

	if (!keys->outcome)
		return script_complain(
			complaint, "expected an \"outcome\", allow or deny");
	/* A colon would let one key speak for the next. */
	if (strchr(keys->outcome, ':') ||
	    (keys->lifetime && strchr(keys->lifetime, ':')))
		return script_complain(
			complaint, "expected no colon in outcome and lifetime");
	if (asprintf(&line->answer, "%s:%s:%s", keys->outcome,
		     keys->lifetime ? keys->lifetime : "once",
		     keys->scope ? keys->scope : "object") < 0) {
		line->answer = NULL;
		return -ENOMEM;
	}
	error = decision_parse(line->answer, 0, &decision, &expected);
	if (error == -EINVAL)
		return script_complain(complaint, "expected %s",
				       expected ? expected : "a decision");
	if (error)
		return error;
	line->outcome = decision.outcome;
	decision_finish(&decision);
	return 0;
}

static int parse_object(json_t *object, struct script_line *line,
			const struct script_complaint *complaint)
{
	_cleanup_(line_keys_finish) struct line_keys keys = {0};
	const char *key;
	json_t *value;
	int error;

	if (!json_is_object(object))
		return script_complain(complaint,
				       "expected one JSON object a line");
	json_object_foreach (object, key, value) {
		error = parse_key(key, value, line, &keys, complaint);
		if (error)
			return error;
	}
	return make_answer(line, &keys, complaint);
}

int script_line_parse(const char *text, size_t length, struct script_line *ret,
		      const struct script_complaint *complaint)
{
	struct script_line line = {.number = complaint->number,
				   .port = PORT_ANY};
	json_error_t json_error;
	json_t *object;
	int error;

	object = json_loadb(text, length, JSON_REJECT_DUPLICATES, &json_error);
	if (!object)
		return script_complain(complaint,
				       "expected one JSON object a line: %s",
				       json_error.text);
	error = parse_object(object, &line, complaint);
	json_decref(object);
	if (error) {
		script_line_finish(&line);
		return error;
	}
	*ret = line;
	return 0;
}
