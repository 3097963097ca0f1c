/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rules as a person reads them: see rule_table.h.
 */
#include "cli/rule_table.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/quote.h"

/* Longer rights push the rest of their own line only. */
#define RIGHTS_COLUMNS 32
/* Of what goes on in the next line: behind the id. */
#define INDENT 10

#define RANK_MAX 5

/* See the precedence in core/rule.h. */
static int rank_of(const struct rule *rule)
{
	if (rule->effect == EFFECT_ASK || rule->effect == EFFECT_GUARD)
		return 4;
	switch (rule->layer) {
	case LAYER_ADMIN:
		return rule->effect == EFFECT_DENY ? 0 : 1;
	case LAYER_USER:
		return rule->effect == EFFECT_DENY ? 2 : 3;
	default:
		return 5;
	}
}

int rule_list_sort(struct rules *rules)
{
	struct rule *const sorted = calloc(rules->count + 1, sizeof(*sorted));
	size_t at = 0;

	if (!sorted)
		return -ENOMEM;
	/* A handful of ranks. */
	for (int rank = 0; rank <= RANK_MAX; rank++)
		for (size_t i = 0; i < rules->count; i++)
			if (rank_of(&rules->items[i]) == rank)
				sorted[at++] = rules->items[i];
	free(rules->items);
	rules->items = sorted;
	rules->allocated = rules->count + 1;
	return 0;
}

static char *rights_of(const struct rule *rule)
{
	return rights_format_groups(rule->rights,
				    object_rights(rule->object.type));
}

static char *object_of(const struct rule *rule)
{
	_cleanup_free_ char *object = object_format(&rule->object);
	_cleanup_free_ char *safe = quote_word(object ? object : "");
	char *text;

	if (!safe || asprintf(&text, "%s%s", safe,
			      !rule->beneath	    ? ""
			      : safe[0] && !safe[1] ? "**"
						    : "/**") < 0)
		return NULL;
	return text;
}

/* "FILE:LINE", or "AGENT, TIME". */
static char *origin_of(const struct rule *rule)
{
	const char *const origin = rule->origin ? rule->origin : "";
	const char *const comma = strrchr(origin, ',');
	_cleanup_free_ char *name = strndup(
		origin, comma ? (size_t)(comma - origin) : strlen(origin));
	_cleanup_free_ char *safe = name ? quote_text(name) : NULL;
	_cleanup_free_ char *time =
		comma && comma[1] == ' ' ? quote_text(comma + 2) : NULL;
	char *text;

	if (!comma || !time)
		return quote_text(origin);
	return safe && asprintf(&text, "%s, %s", safe, time) >= 0 ? text : NULL;
}

char *rule_describe(const struct rule *rule)
{
	_cleanup_free_ char *rights = rights_of(rule);
	_cleanup_free_ char *object = object_of(rule);
	_cleanup_free_ char *origin = origin_of(rule);
	char *text;

	if (!rights || !object || !origin ||
	    asprintf(&text, "%s %s  (%s)", rights, object, origin) < 0)
		return NULL;
	return text;
}

/* How wide the column of rights has to be. */
static int rights_columns(const struct rules *rules)
{
	size_t widest = strlen("RIGHTS");

	for (size_t i = 0; i < rules->count; i++) {
		_cleanup_free_ char *rights = rights_of(&rules->items[i]);
		const size_t length = rights ? strlen(rights) : 0;

		if (length > widest && length <= RIGHTS_COLUMNS)
			widest = length;
	}
	return (int)widest;
}

/* A line that goes on in the next where a terminal ends. */
struct wrapped {
	size_t width; /* 0: no end */
	size_t column;
};

static size_t terminal_width(void)
{
	struct winsize size;

	return isatty(STDOUT_FILENO) &&
			       ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0
		       ? size.ws_col
		       : 0;
}

static void put(struct wrapped *line, const char *text, size_t length)
{
	printf("%.*s", (int)length, text);
	line->column += length;
}

static void go_on(struct wrapped *line)
{
	printf("\n%*s", INDENT, "");
	line->column = INDENT;
}

/* How much of a list, in whole words, there is room for; 0: not for one. */
static size_t part_of(const struct wrapped *line, const char *list)
{
	const size_t room = line->width - line->column;
	size_t length = 0;

	for (const char *comma = list; (comma = strchr(comma, ',')); comma++)
		if ((size_t)(comma + 1 - list) <= room)
			length = (size_t)(comma + 1 - list);
	return length;
}

/*
 * Puts a word behind what is there; a list of rights may be parted, and nothing
 * else, since it is copied.
 */
static void put_word(struct wrapped *line, const char *word, bool list)
{
	size_t length = strlen(word), part;

	if (line->width && line->column + 2 + length > line->width)
		go_on(line);
	else
		put(line, "  ", 2);
	while (list && line->width > INDENT &&
	       line->column + length > line->width &&
	       (part = part_of(line, word))) {
		put(line, word, part);
		word += part;
		length -= part;
		go_on(line);
	}
	put(line, word, length);
}

static void print_rule(const struct rule *rule, int columns, size_t width)
{
	_cleanup_free_ char *id = quote_word(rule->id ? rule->id : "-");
	_cleanup_free_ char *rights = rights_of(rule);
	_cleanup_free_ char *object = object_of(rule);
	_cleanup_free_ char *origin = origin_of(rule);
	_cleanup_free_ char *padded = NULL, *source = NULL;
	struct wrapped line = {.width = width};

	if (asprintf(&padded, "%-*s", columns, rights ? rights : "") < 0 ||
	    asprintf(&source, "(%s)", origin ? origin : "") < 0)
		return;
	line.column = (size_t)printf("%-8s  %-6s  %-6s", id ? id : "-",
				     effect_name(rule->effect),
				     layer_name(rule->layer));
	put_word(&line, padded, true);
	put_word(&line, object ? object : "", false);
	put_word(&line, source, false);
	putchar('\n');
}

void rule_table_print(const struct rules *rules)
{
	const int columns = rights_columns(rules);
	const size_t width = terminal_width();

	printf("%-8s  %-6s  %-6s  %-*s  %s\n", "RULE", "EFFECT", "FROM",
	       columns, "RIGHTS", "OBJECT");
	for (size_t i = 0; i < rules->count; i++)
		print_rule(&rules->items[i], columns, width);
}
