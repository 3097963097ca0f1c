/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/expectations.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "policy/expand.h"

struct expectation_reader {
	struct expectation_line line;
	struct file_errors *errors;
	expectation_fn callback;
	void *userdata;
};

static const char format[] =
	"APP RIGHT OBJECT -> allow, deny or ask (or a comment that begins with "
	"\"#\")";

/* Returns: 0, since it has been told. */
static int complain(struct expectation_reader *reader, const char *problem,
		    const char *expected)
{
	file_errors_add(reader->errors, reader->line.file, reader->line.line,
			"%s; expected %s", problem, expected);
	return 0;
}

static char *trim(char *text)
{
	size_t length;

	while (isspace((unsigned char)*text))
		text++;
	length = strlen(text);
	while (length > 0 && isspace((unsigned char)text[length - 1]))
		text[--length] = '\0';
	return text;
}

/* Cuts the first word off. */
static char *word(char **rest)
{
	char *const begin = *rest;
	char *end = begin + strcspn(begin, " \t");

	if (*end)
		*end++ = '\0';
	*rest = trim(end);
	return begin;
}

/* What is behind the last arrow, cut off. */
static char *cut_verdict(char *text)
{
	char *arrow = NULL;

	for (char *at = text; (at = strstr(at, "->")); at += 2)
		arrow = at;
	if (!arrow)
		return NULL;
	*arrow = '\0';
	return trim(arrow + 2);
}

static int parse_rights(char *text, rights_t *ret)
{
	rights_t rights = 0, some;
	char *name;

	while ((name = strsep(&text, ","))) {
		if (right_parse(name, &some) < 0)
			return -EINVAL;
		rights |= some;
	}
	*ret = rights;
	return 0;
}

/* Paths as in policy files; they stand for themselves, not for what is beneath.
 */
static int parse_object(struct expectation_reader *reader, const char *text)
{
	_cleanup_free_ char *path = NULL;
	const char *expected = "an object";
	bool beneath;
	int error;

	if (strchr("/~$", *text)) {
		error = expand_path(text, EXPAND_ENVIRONMENT, NULL, &path,
				    &expected);
		if (error == -ENOMEM)
			return error;
		if (error) {
			complain(reader, "the object is no path", expected);
			return -EINVAL;
		}
	}
	error = object_parse(path ? path : text, reader->line.rights,
			     &reader->line.object, &beneath, &expected);
	if (error == -EINVAL)
		complain(reader, "the object does not suit", expected);
	return error;
}

static int take_line(struct expectation_reader *reader, char *text)
{
	struct expectation_line *const line = &reader->line;
	char *rest = trim(text), *verdict, *rights;
	int error;

	if (!*rest || *rest == '#')
		return 0;
	verdict = cut_verdict(rest);
	if (!verdict)
		return complain(reader, "no \"->\" in the line", format);
	rest = trim(rest);
	line->app = word(&rest);
	rights = word(&rest);
	if (!*line->app || !*rights || !*rest)
		return complain(reader, "something is missing before \"->\"",
				format);
	if (effect_parse(verdict, &line->effect) < 0)
		return complain(reader, "unknown verdict",
				"allow, deny or ask behind \"->\"");
	if (parse_rights(rights, &line->rights) < 0)
		return complain(reader, "unknown right",
				"a right as fs.read_file or net.connect_tcp, "
				"or one of read, write, create, remove, "
				"execute, connect, bind");
	error = parse_object(reader, rest);
	if (error)
		return error == -EINVAL ? 0 : error;
	line->rights &= object_rights(line->object.type);
	if (line->rights)
		error = reader->callback(reader->userdata, line);
	else
		complain(reader, "the right does not suit the object",
			 "a path for fs, a port for net");
	object_finish(&line->object);
	return error;
}

int expectations_parse(const char *file, FILE *stream, expectation_fn callback,
		       void *userdata, struct file_errors *errors)
{
	struct expectation_reader reader = {
		.line = {.file = file},
		.errors = errors,
		.callback = callback,
		.userdata = userdata,
	};
	_cleanup_free_ char *text = NULL;
	size_t size = 0;
	int error = 0;

	while (!error && getline(&text, &size, stream) >= 0) {
		reader.line.line++;
		error = take_line(&reader, text);
	}
	if (!error && ferror(stream))
		file_errors_add(errors, file, 0, "cannot be read further");
	return error;
}

int expectations_read(const char *file, expectation_fn callback, void *userdata,
		      struct file_errors *errors)
{
	FILE *const stream = fopen(file, "re");
	int error;

	if (!stream) {
		file_errors_add(errors, file, 0, "cannot be opened: %s",
				strerror(errno));
		return 0;
	}
	error = expectations_parse(file, stream, callback, userdata, errors);
	fclose(stream);
	return error;
}
