/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the parser of policy files keeps while it reads one. The file is read
 * line by line (file.c); entries are rules (file_rules.c) or settings
 * (file_settings.c).
 */
#pragma once

#include "policy/file.h"

enum section {
	SECTION_NONE, /* before the first one */
	SECTION_ALLOW,
	SECTION_DENY,
	SECTION_ASK,
	SECTION_SETTINGS,
	SECTION_UNKNOWN,
};

struct parser {
	struct policy_file *file;
	FILE *stream;
	size_t bytes; /* read so far */
	unsigned int line;
	char text[POLICY_LINE_MAX]; /* the line, trimmed */
	enum section section;
	bool pending; /* the line is an entry inih has yet to see */
	bool out_of_memory;
};

/*
 * Tells of a bad line.
 * @what: may be NULL, else is quoted, shortened and escaped
 * @expected: may be NULL
 */
void parser_complain(struct parser *parser, const char *what,
		     const char *problem, const char *expected);

/* Removes the white space around a text, in place. Returns: where it begins. */
char *parser_trim(char *text);

/*
 * An entry of [allow], [deny] or [ask].
 * @value: changed
 * Returns: 0 (also after a complaint) or -ENOMEM.
 */
int file_rules_add(struct parser *parser, const char *key, char *value);

/* An entry of [settings]. */
void file_settings_set(struct parser *parser, const char *key,
		       const char *value);
