/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "policy/tidy.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "policy/parser.h"

#define BYTE_ORDER_MARK "\xef\xbb\xbf"

struct tidying {
	FILE *out;
	bool begun; /* something has been written */
	bool gap;   /* an empty line is due */
	bool after_comment;
};

/* "read ,write=/x": but for a line that is no entry. */
static void write_entry(FILE *out, char *line)
{
	char *const sign = strpbrk(line, "=:");
	char *rest = line, *name;
	bool first = true;

	if (!sign || sign == line) {
		fputs(line, out);
		return;
	}
	*sign = '\0';
	while ((name = strsep(&rest, ","))) {
		fprintf(out, "%s%s", first ? "" : ", ", parser_trim(name));
		first = false;
	}
	rest = parser_trim(sign + 1);
	fprintf(out, *rest ? " = %s" : " =%s", rest);
}

static void write_line(struct tidying *tidying, char *line)
{
	const bool section = *line == '[';

	/* A comment above a section belongs to it. And what begins a file would
	 * be taken for its encoding. */
	if (tidying->begun
		    ? tidying->gap || (section && !tidying->after_comment)
		    : strncmp(line, BYTE_ORDER_MARK, 3) == 0)
		fputc('\n', tidying->out);
	tidying->begun = true;
	tidying->gap = false;
	tidying->after_comment = strchr("#;", *line) != NULL;
	if (section || tidying->after_comment)
		fputs(line, tidying->out);
	else
		write_entry(tidying->out, line);
	fputc('\n', tidying->out);
}

int tidy_policy(const char *text, char **ret)
{
	_cleanup_free_ char *copy = strdup(text);
	struct tidying tidying = {0};
	char *rest = copy, *line, *result = NULL;
	size_t size = 0;

	if (!copy)
		return -ENOMEM;
	tidying.out = open_memstream(&result, &size);
	if (!tidying.out)
		return -ENOMEM;
	if (strncmp(rest, BYTE_ORDER_MARK, 3) == 0)
		rest += 3;
	while ((line = strsep(&rest, "\n"))) {
		line = parser_trim(line);
		if (*line)
			write_line(&tidying, line);
		else
			tidying.gap = true;
	}
	if (!text_finish(tidying.out, &result))
		return -ENOMEM;
	*ret = result;
	return 0;
}
