/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Bad lines of policy files.
 */
#include "policy/parser.h"

#include <ctype.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/escape.h"

/* What is quoted of a bad line. */
#define QUOTE_MAX 64

/*
 * Whether leaving a line out would lift what somebody meant to refuse. A
 * section that is not understood may have been one of refusals.
 */
static bool must_be_complete(const struct parser *parser)
{
	return parser->section == SECTION_DENY ||
	       parser->section == SECTION_ASK ||
	       parser->section == SECTION_UNKNOWN ||
	       parser->section == SECTION_NONE;
}

void parser_complain(struct parser *parser, const char *what,
		     const char *problem, const char *expected)
{
	_cleanup_free_ char *quoted = NULL;
	struct file_error *error;

	if (what)
		quoted = escape_bytes(what, strlen(what), QUOTE_MAX);
	error = file_errors_add(
		parser->file->errors, parser->file->path, parser->line,
		quoted ? "%s \"%s\"%s%s" : "%s%s%s%s", problem,
		quoted ? quoted : "", expected ? "; expected " : "",
		expected ? expected : "");
	if (error) {
		error->column = parser_column(parser->raw, what);
		error->left_out = !must_be_complete(parser);
		error->meant = parser->meant;
	}
	parser->meant = NULL;
	if (must_be_complete(parser))
		parser->file->incomplete = true;
}

/* The last word of a comma list that is @what, or NULL. */
static const char *find_word(const char *list, size_t length, const char *what)
{
	const size_t wanted = strlen(what);
	const char *found = NULL;

	for (const char *at = list; at < list + length;) {
		const char *const comma = memchr(at, ',', list + length - at);
		const char *end = comma ? comma : list + length;
		const char *const next = end + 1;

		while (at < end && isspace((unsigned char)*at))
			at++;
		while (end > at && isspace((unsigned char)end[-1]))
			end--;
		if ((size_t)(end - at) == wanted &&
		    memcmp(at, what, wanted) == 0)
			found = at;
		at = next;
	}
	return found;
}

unsigned int parser_column(const char *line, const char *what)
{
	const char *start = line + strspn(line, " \t\v\f\r");
	const char *const sign = strpbrk(start, "=:");
	const char *found = NULL, *value;

	if (what && sign) {
		value = sign + 1 + strspn(sign + 1, " \t\v\f\r");
		found = find_word(start, sign - start, what);
		if (!found)
			found = *what ? strstr(value, what) : NULL;
		if (!found && *what)
			found = value;
	}
	return (unsigned int)((found ? found : start) - line) + 1;
}

char *parser_trim(char *text)
{
	size_t length;

	while (isspace((unsigned char)*text))
		text++;
	length = strlen(text);
	while (length > 0 && isspace((unsigned char)text[length - 1]))
		text[--length] = '\0';
	return text;
}
