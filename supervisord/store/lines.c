/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A file of grants in memory.
 */
#include "store/lines.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

void line_finish(struct line *line)
{
	free(line->text);
	grant_finish(&line->grant);
	*line = (struct line){0};
}

void lines_finish(struct lines *lines)
{
	for (size_t i = 0; i < lines->count; i++)
		line_finish(&lines->items[i]);
	free(lines->items);
	*lines = (struct lines){0};
}

int lines_take(struct lines *lines, struct line *line)
{
	if (lines->count == lines->allocated) {
		const size_t allocated = lines->allocated * 2 + 16;
		struct line *const items =
			reallocarray(lines->items, allocated, sizeof(*items));

		if (!items)
			return -ENOMEM;
		lines->items = items;
		lines->allocated = allocated;
	}
	lines->items[lines->count++] = *line;
	*line = (struct line){0};
	return 0;
}

void lines_sweep(struct lines *lines)
{
	size_t kept = 0;

	for (size_t i = 0; i < lines->count; i++)
		if (lines->items[i].replaced)
			line_finish(&lines->items[i]);
		else
			lines->items[kept++] = lines->items[i];
	lines->count = kept;
}

static int parse_line(struct lines *lines, const char *text, size_t length,
		      const char *path, struct file_errors *errors)
{
	struct line line = {.length = length};
	const char *problem;
	int error = 0;

	line.text = malloc(length + 1);
	if (!line.text)
		return -ENOMEM;
	memcpy(line.text, text, length);
	line.text[length] = '\0';
	if (length > 0)
		error = grant_decode(text, length, &line.grant, &problem);
	line.understood = length > 0 && !error;
	lines->understood += line.understood;
	if (error == -EINVAL) {
		lines->bad++;
		file_errors_add(errors, path, lines->count + 1,
				"%s; mend the line, or remove it", problem);
		error = 0;
	}
	if (!error)
		error = lines_take(lines, &line);
	if (error)
		line_finish(&line);
	return error;
}

/*
 * Whether the end of a file, without a line feed, is the beginning of a line of
 * ours, or what a file system shows where nothing was written.
 */
static bool is_torn(const char *text, size_t length)
{
	static const char beginning[] = "{\"version\":";
	const size_t common =
		length < strlen(beginning) ? length : strlen(beginning);

	return memchr(text, '\0', length) ||
	       (memcmp(text, beginning, common) == 0 &&
		text[length - 1] != '}');
}

/* An id, and the line that has it. */
struct named {
	const char *id;
	size_t index;
};

static int compare_named(const void *a, const void *b)
{
	const struct named *const left = a, *const right = b;
	const int error = strcmp(left->id, right->id);

	return error ? error
		     : (left->index > right->index) -
			       (left->index < right->index);
}

/* Leaves out what a later line of the same id replaces or revokes. */
static int leave_out_replaced(struct lines *lines)
{
	struct named *const named = calloc(lines->count + 1, sizeof(*named));
	size_t count = 0;

	if (!named)
		return -ENOMEM;
	for (size_t i = 0; i < lines->count; i++)
		if (lines->items[i].understood)
			named[count++] = (struct named){
				lines->items[i].grant.rule.id, i};
	qsort(named, count, sizeof(*named), compare_named);
	for (size_t i = 0; i < lines->count; i++)
		lines->items[i].replaced = lines->items[i].grant.revoked;
	for (size_t i = 0; i + 1 < count; i++)
		lines->items[named[i].index].replaced |=
			strcmp(named[i].id, named[i + 1].id) == 0;
	free(named);
	lines_sweep(lines);
	return 0;
}

int lines_parse(struct lines *lines, const char *text, size_t length,
		const char *path, struct file_errors *errors)
{
	const char *const end = text + length;
	int error = 0;

	while (!error && text < end) {
		const char *const feed = memchr(text, '\n', end - text);
		const size_t line_length = (feed ? feed : end) - text;

		if (!feed && is_torn(text, line_length)) {
			lines->torn = line_length;
			break;
		}
		error = parse_line(lines, text, line_length, path, errors);
		text += line_length + 1;
	}
	return error ? error : leave_out_replaced(lines);
}

/* Encodes what has changed. Returns: 0 or a negative errno. */
static int encode_line(struct line *line)
{
	int error;

	if (line->text)
		return 0;
	error = grant_encode(&line->grant, &line->text);
	if (!error)
		line->length = strlen(line->text);
	return error;
}

int lines_join(struct lines *lines, size_t max, char **ret, size_t *ret_length)
{
	size_t length = 0, at = 0;
	char *text;

	for (size_t i = 0; i < lines->count; i++) {
		const int error = encode_line(&lines->items[i]);

		if (error)
			return error;
		length += lines->items[i].length + 1;
	}
	if (length > max)
		return -ENOSPC;
	text = malloc(length + 1);
	if (!text)
		return -ENOMEM;
	for (size_t i = 0; i < lines->count; i++) {
		memcpy(text + at, lines->items[i].text, lines->items[i].length);
		at += lines->items[i].length;
		text[at++] = '\n';
	}
	*ret = text;
	*ret_length = length;
	return 0;
}

void line_touch(struct line *line)
{
	free(line->text);
	line->text = NULL;
}
