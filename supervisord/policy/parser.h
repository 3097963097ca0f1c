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
	char raw[POLICY_LINE_MAX];  /* the line as it is in the file */
	char text[POLICY_LINE_MAX]; /* the same, trimmed, then taken apart */
	const char *meant; /* of the next complaint, see file_errors.h */
	enum section section;
	bool pending; /* the line is an entry inih has yet to see */
	bool out_of_memory;
	void *seen;  /* what lines have said; see seen.h */
	bool set[7]; /* the settings that were made */
};

/*
 * Tells of a bad line.
 * @what: may be NULL, else is quoted, shortened and escaped
 * @expected: may be NULL
 */
void parser_complain(struct parser *parser, const char *what,
		     const char *problem, const char *expected);

/*
 * Where something is in a line of a file.
 * @what: a right or setting as it stands before the "=", or a part of what is
 *        behind it, of which the beginning is meant where it is not found; NULL:
 *        the line
 * Returns: a byte, from 1.
 */
unsigned int parser_column(const char *line, const char *what);

/* Removes the white space around a text, in place. Returns: where it begins. */
char *parser_trim(char *text);

/* Whether a value is a path, by its first byte. */
bool parser_is_path(const char *value);

/* What is behind the "=". */
struct parser_value {
	/* Without the backslashes of a path; of a pattern (core/pattern.h) the
	 * directory before the first name with a wildcard. */
	const char *text;
	const char *open; /* of a pattern that name, and the rest; else NULL */
	bool here;	  /* a path that ended in "/$": the object alone */
};

/*
 * Looks at a value for what would silently mean nothing.
 * @value: taken apart
 * Returns: 0, or -EINVAL after a complaint.
 */
int parser_take_value(struct parser *parser, char *value,
		      struct parser_value *ret);

/*
 * An entry of [allow], [deny] or [ask].
 * Returns: 0 (also after a complaint) or -ENOMEM.
 */
int file_rules_add(struct parser *parser, const char *key,
		   const struct parser_value *value);

/*
 * An entry before the first section: "include = NAME".
 * Returns: 0 (also after a complaint) or -ENOMEM.
 */
int file_include(struct parser *parser, const char *key, const char *name);

/* An entry of [settings]. */
void file_settings_set(struct parser *parser, const char *key,
		       const char *value);
