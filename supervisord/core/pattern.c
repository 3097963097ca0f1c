/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Patterns: see pattern.h. */
#include "core/pattern.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* What a name has in a sample where anything may be. */
#define ANYTHING "\x01"

static const char special[] = "*?[\\";

static bool is_escape(const char *at)
{
	return at[0] == '\\' && at[1] && strchr(special, at[1]);
}

/* The first wildcard of some bytes, or their end. */
static const char *find_wildcard(const char *at, const char *end)
{
	for (; at < end; at++) {
		if (is_escape(at))
			at++;
		else if (*at == '*' || *at == '?')
			return at;
	}
	return end;
}

bool pattern_is_wild(const char *text)
{
	const char *const end = text + strlen(text);

	return find_wildcard(text, end) < end;
}

bool pattern_next(const char **at, struct pattern_part *ret)
{
	const char *const text = *at + (**at == '/');
	const size_t length = strcspn(text, "/");

	if (!length)
		return false;
	*ret = (struct pattern_part){PATTERN_NAME, text, length};
	if (length == 2 && strncmp(text, "**", 2) == 0)
		ret->kind = PATTERN_DEEP;
	else if (find_wildcard(text, text + length) < text + length)
		ret->kind = PATTERN_GLOB;
	*at = text + length;
	return true;
}

size_t pattern_fixed(const char *text)
{
	const char *at = text, *last = text;
	struct pattern_part part;

	while (pattern_next(&at, &part) && part.kind == PATTERN_NAME)
		last = at;
	return (size_t)(last - text);
}

size_t pattern_unescape(const char *text, size_t length, char *ret)
{
	size_t count = 0;

	for (size_t i = 0; i < length; i++) {
		if (i + 1 < length && is_escape(text + i))
			i++;
		ret[count++] = text[i];
	}
	return count;
}

char *pattern_escape(const char *path)
{
	char *const text = malloc(2 * strlen(path) + 1);
	char *out = text;

	if (!text)
		return NULL;
	for (; *path; path++) {
		if (strchr(special, *path))
			*out++ = '\\';
		*out++ = *path;
	}
	*out = '\0';
	return text;
}

static int fail(struct pattern_problem *ret, size_t at, const char *problem,
		const char *expected, const char *meant)
{
	*ret = (struct pattern_problem){at, problem, expected, meant};
	return -EINVAL;
}

/* One name of a pattern, byte by byte. */
static int check_bytes(const char *text, const struct pattern_part *part,
		       struct pattern_problem *ret)
{
	const size_t begin = (size_t)(part->text - text);

	for (size_t i = 0; i < part->length; i++) {
		const char *const at = part->text + i;

		if (is_escape(at))
			i++;
		else if (*at == '\\')
			return fail(ret, begin + i, "a backslash in",
				    "one only before *, ?, [ and itself", NULL);
		else if (*at == '[')
			return fail(ret, begin + i, "a class of characters in",
				    "\"?\" for any one byte (a backslash "
				    "before what is part of a name)",
				    "a name with that very byte in it");
		else if (part->kind == PATTERN_GLOB && i + 1 < part->length &&
			 strncmp(at, "**", 2) == 0)
			return fail(ret, begin + i,
				    "two asterisks that are not alone between "
				    "slashes in",
				    "one for any bytes of a name, or /**/ for "
				    "any number of directories",
				    "no more than one of them");
	}
	return 0;
}

/* A name that is "*" and nothing else. */
static bool is_any(const struct pattern_part *part)
{
	return part->length == 1 && *part->text == '*';
}

static int check_part(const char *text, const struct pattern_part *part,
		      const struct pattern_part *before, bool last,
		      struct pattern_problem *ret)
{
	const size_t at = (size_t)(part->text - text);
	const bool deep = before && before->kind == PATTERN_DEEP;

	if (part->text[0] == '.' &&
	    (part->length == 1 || (part->length == 2 && part->text[1] == '.')))
		return fail(ret, at, "a \".\" or \"..\" in", "a path without",
			    NULL);
	if (part->length > NAME_MAX)
		return fail(ret, at, "a name that is too long in",
			    "at most 255 bytes", NULL);
	if (part->kind == PATTERN_DEEP && deep)
		return fail(ret, at, "\"**\" twice in a row in",
			    "one: it stands for any number of directories",
			    "what one of them does");
	if (last && (part->kind == PATTERN_DEEP || (deep && is_any(part))))
		return fail(ret, at, "a \"**\" that nothing follows in",
			    "the directory alone, which stands for all that is "
			    "beneath it",
			    "everything beneath the directory");
	return check_bytes(text, part, ret);
}

int pattern_check(const char *text, struct pattern_problem *ret)
{
	struct pattern_part part, before;
	const char *at = text;
	bool first = true;
	int error = 0;

	if (text[0] != '/' || strlen(text) >= PATH_MAX)
		return fail(ret, 0, "no absolute path:", "one", NULL);
	if (!pattern_is_wild(text))
		return fail(ret, 0, "no wildcard in", "one", NULL);
	while (!error && pattern_next(&at, &part)) {
		error = check_part(text, &part, first ? NULL : &before,
				   *at == '\0', ret);
		before = part;
		first = false;
	}
	if (!error && *at)
		return fail(ret, (size_t)(at - text),
			    at[1] ? "a doubled slash in"
				  : "a slash at the end of",
			    at[1] ? "one"
				  : "it without: a pattern does not tell "
				    "directories from files",
			    at[1] ? NULL : "directories only");
	return error;
}

/* Writes a name that a part matches. Returns: its end. */
static char *put_sample(char *out, const struct pattern_part *part)
{
	for (size_t i = 0; i < part->length; i++) {
		if (part->kind == PATTERN_DEEP || strchr("*?", part->text[i])) {
			out = stpcpy(out, ANYTHING);
			if (part->kind == PATTERN_DEEP)
				break;
			continue;
		}
		i += is_escape(part->text + i);
		*out++ = part->text[i];
	}
	return out;
}

char *pattern_sample(const char *text)
{
	char *const path = malloc(strlen(text) + 1);
	char *out = path;
	struct pattern_part part;

	if (!path)
		return NULL;
	while (pattern_next(&text, &part)) {
		*out++ = '/';
		out = put_sample(out, &part);
	}
	*out = '\0';
	return path;
}
