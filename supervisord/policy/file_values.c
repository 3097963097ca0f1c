/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Values in policy files. What would silently mean nothing is an error: a
 * comment that would be part of a name, a wildcard where there can be none, a
 * second object. A name that really has such bytes is written with a backslash
 * before each.
 */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "core/pattern.h"
#include "policy/parser.h"

/* What a backslash takes its meaning from. */
static const char special[] = "\\*?[{#;,:$ ";

/* What a person does not see, or sees elsewhere than it is, in UTF-8: none of
 * it begins with a byte of ASCII. */
static const char *const unseen[] = {
	"\xc2\xa0",	/* no-break space */
	"\xc2\xad",	/* soft hyphen */
	"\xe2\x80\x8b", /* zero width space */
	"\xe2\x80\x8c", "\xe2\x80\x8d", "\xe2\x80\x8e",
	"\xe2\x80\x8f", "\xe2\x80\xaa", /* directions of writing */
	"\xe2\x80\xab", "\xe2\x80\xac", "\xe2\x80\xad",
	"\xe2\x80\xae", "\xe2\x81\xa0", /* word joiner */
	"\xe2\x81\xa6", "\xe2\x81\xa7", "\xe2\x81\xa8",
	"\xe2\x81\xa9", "\xef\xbb\xbf", /* byte order mark */
};

struct problem {
	const char *text, *expected;
	const char *meant; /* what a value that is taken literally would be */
};

static bool is_escape(const char *at)
{
	return at[0] == '\\' && at[1] && strchr(special, at[1]);
}

static bool begins_unseen(const char *at)
{
	if (!(*at & 0x80))
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(unseen); i++)
		if (strncmp(at, unseen[i], strlen(unseen[i])) == 0)
			return true;
	return false;
}

static bool begins_path(const char *at)
{
	return *at == '/' || *at == '$' || strncmp(at, "~/", 2) == 0;
}

/* "/a, /b", "/a /b", "/a:/b": what a shell or another program would part. */
static bool parts_objects(const char *at)
{
	if (!isspace((unsigned char)*at) && !strchr(",:", *at))
		return false;
	if (!isspace((unsigned char)*at))
		at++;
	while (isspace((unsigned char)*at))
		at++;
	return begins_path(at);
}

static bool begins_alternatives(const char *at)
{
	const char *const end = *at == '{' ? strchr(at, '}') : NULL;

	return end && memchr(at, ',', end - at);
}

/* What listings and questions show for a byte or a character, see escape.h. */
static bool begins_shown(const char *at)
{
	if (*at++ != '\\')
		return false;
	return *at == 'n' || *at == 't' || strncmp(at, "u{", 2) == 0 ||
	       (*at == 'x' && isxdigit((unsigned char)at[1]) &&
		isxdigit((unsigned char)at[2]));
}

/* What is wrong with a path at one place of it. */
static bool find_path_problem(const char *value, const char *at,
			      struct problem *ret)
{
	static const struct problem class = {
		"a class of characters in",
		"\"?\" for any one byte (a backslash before what is part of a "
		"name)",
		"a name with that very byte in it, which hardly any file has"};
	static const struct problem alternatives = {
		"alternatives in",
		"one a line (a backslash before what is part of a name)",
		"a name with those very bytes in it, which hardly any file "
		"has"};
	static const struct problem variable = {
		"a variable that is not at the beginning of",
		"one that is (a backslash before what is part of a name)",
		"a name with a dollar sign in it"};
	static const struct problem several = {
		"more than one object in",
		"one a line (a backslash before what is part of a name)",
		"one name with a comma, colon or blank in it"};
	static const struct problem shown = {
		"a byte as it is only shown, with a backslash, in",
		"the byte itself (two backslashes for one of a name)",
		"a name with a backslash and those letters in it"};

	if (*at == '[')
		*ret = class;
	else if (begins_alternatives(at))
		*ret = alternatives;
	else if (begins_shown(at))
		*ret = shown;
	else if (*at == '$' && at > value && strcmp(at - 1, "/$") != 0)
		*ret = variable;
	else if (parts_objects(at))
		*ret = several;
	else
		return false;
	return true;
}

static bool begins_comment(const char *value, const char *at)
{
	const bool space = isspace((unsigned char)*at);

	while (isspace((unsigned char)*at))
		at++;
	return *at && strchr("#;", *at) && (space || at == value);
}

static bool find_problem(const char *value, const char *at, bool path,
			 struct problem *ret)
{
	static const struct problem comment = {
		"a comment after a value in",
		"one on a line of its own (a backslash before what is part of "
		"a name)",
		"a name that ends with the comment"};
	static const struct problem hidden = {
		"a character that cannot be seen in", "text",
		"a name with that character in it"};

	if (begins_comment(value, at))
		*ret = comment;
	else if (iscntrl((unsigned char)*at) || begins_unseen(at))
		*ret = hidden;
	else
		return path && find_path_problem(value, at, ret);
	return true;
}

/* @kept: bytes before which the backslashes stay */
static void unescape(char *value, const char *kept)
{
	char *out = value;

	for (const char *in = value; *in; in++) {
		if (is_escape(in)) {
			if (strchr(kept, in[1]))
				*out++ = *in;
			in++;
		}
		*out++ = *in;
	}
	*out = '\0';
}

bool parser_is_path(const char *value)
{
	return *value && strchr("/~$", *value);
}

/* Where the first name with a wildcard begins; NULL: there is none. */
static char *find_open(char *value)
{
	char *name = NULL;

	for (char *at = value; *at; at++) {
		if (*at == '/')
			name = at + 1;
		else if (is_escape(at))
			at++;
		else if (strchr("*?", *at))
			return name;
	}
	return NULL;
}

/* Whether the open part of a pattern means something. */
static int check_open(struct parser *parser, const char *open)
{
	char pattern[POLICY_LINE_MAX + 1];
	struct pattern_problem problem;
	const char *part;

	snprintf(pattern, sizeof(pattern), "/%s", open);
	if (pattern_check(pattern, &problem) == 0)
		return 0;
	/* The name that is meant, for it to be found in the line. */
	part = pattern + problem.at;
	while (part > pattern + 1 && part[-1] != '/')
		part--;
	pattern[part - pattern + strcspn(part, "/")] = '\0';
	parser->meant = problem.meant;
	parser_complain(parser, *part ? part : "/", problem.problem,
			problem.expected);
	return -EINVAL;
}

static int take_path(struct parser *parser, char *value,
		     struct parser_value *ret)
{
	const size_t length = strlen(value);
	char *open;

	if (length >= 2 && strcmp(value + length - 2, "/$") == 0) {
		ret->here = true;
		/* The slash stays when it is the whole path. */
		value[length > 2 ? length - 2 : 1] = '\0';
	}
	open = find_open(value);
	if (open) {
		open[-1] = '\0';
		unescape(open, "*?[\\");
		ret->open = open;
	}
	unescape(value, "");
	if (!*value)
		ret->text = "/";
	return open ? check_open(parser, open) : 0;
}

int parser_take_value(struct parser *parser, char *value,
		      struct parser_value *ret)
{
	const bool path = parser_is_path(value);
	struct problem problem;

	*ret = (struct parser_value){.text = value};
	if (*value == '"' || *value == '\'') {
		parser->meant = "a name that begins and ends with a quote";
		parser_complain(parser, value, "quotes around", "it without");
		return -EINVAL;
	}
	for (const char *at = value; *at; at++) {
		if (path && is_escape(at)) {
			at++;
			continue;
		}
		if (!find_problem(value, at, path, &problem))
			continue;
		parser->meant = problem.meant;
		parser_complain(parser, value, problem.text, problem.expected);
		return -EINVAL;
	}
	return path ? take_path(parser, value, ret) : 0;
}
