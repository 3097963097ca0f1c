/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rules as a person reads them: see rule_table.h.
 */
#include "cli/rule_table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/quote.h"

/* Longer rights push the rest of their own line only. */
#define RIGHTS_COLUMNS 32

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

void rule_list_sort(struct rules *rules)
{
	/* A handful of ranks, and mostly in order already. */
	for (size_t i = 1; i < rules->count; i++) {
		const struct rule rule = rules->items[i];
		size_t at = i;

		for (;
		     at > 0 && rank_of(&rules->items[at - 1]) > rank_of(&rule);
		     at--)
			rules->items[at] = rules->items[at - 1];
		rules->items[at] = rule;
	}
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

static void print_rule(const struct rule *rule, int columns)
{
	_cleanup_free_ char *id = quote_word(rule->id ? rule->id : "-");
	_cleanup_free_ char *rights = rights_of(rule);
	_cleanup_free_ char *object = object_of(rule);
	_cleanup_free_ char *origin = origin_of(rule);

	printf("%-8s  %-6s  %-6s  %-*s  %s  (%s)\n", id ? id : "-",
	       effect_name(rule->effect), layer_name(rule->layer), columns,
	       rights ? rights : "", object ? object : "",
	       origin ? origin : "");
}

void rule_table_print(const struct rules *rules)
{
	const int columns = rights_columns(rules);

	printf("%-8s  %-6s  %-6s  %-*s  %s\n", "RULE", "EFFECT", "FROM",
	       columns, "RIGHTS", "OBJECT");
	for (size_t i = 0; i < rules->count; i++)
		print_rule(&rules->items[i], columns);
}
