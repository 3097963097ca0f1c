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

	if (what)
		quoted = escape_bytes(what, strlen(what), QUOTE_MAX);
	if (must_be_complete(parser))
		parser->file->incomplete = true;
	file_errors_add(parser->file->errors, parser->file->path, parser->line,
			quoted ? "%s \"%s\"%s%s" : "%s%s%s%s", problem,
			quoted ? quoted : "", expected ? "; expected " : "",
			expected ? expected : "");
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
