/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Merging a new grant with those that are there.
 */
#include "store/merge.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/escape.h"
#include "base/text.h"

#define ID_LENGTH 8

bool rule_has_expired(const struct rule *rule, int64_t now)
{
	return rule->expires != 0 && rule->expires <= now;
}

void merge_remove_expired(struct lines *lines, int64_t now)
{
	size_t kept = 0;

	for (size_t i = 0; i < lines->count; i++)
		if (lines->items[i].understood &&
		    rule_has_expired(&lines->items[i].grant.rule, now))
			line_finish(&lines->items[i]);
		else
			lines->items[kept++] = lines->items[i];
	lines->count = kept;
}

static bool same_scope(const struct rule *a, const struct rule *b)
{
	return a->beneath == b->beneath && object_equal(&a->object, &b->object);
}

bool merge_supersedes(const struct rule *new, const struct rule *old)
{
	return new->effect != old->effect &&same_scope(new, old) &&
	       (new->expires == 0 || old->effect == EFFECT_DENY);
}

static void supersede(struct lines *lines, const struct rule *rule)
{
	for (size_t i = lines->count; i-- > 0;) {
		struct line *const line = &lines->items[i];
		struct rule *const old = &line->grant.rule;

		if (!line->understood || !merge_supersedes(rule, old) ||
		    !(old->rights & rule->rights))
			continue;
		old->rights &= ~rule->rights;
		line_touch(line);
		if (!old->rights)
			lines_remove(lines, i);
	}
}

bool merge_joins(const struct rule *new, const struct rule *old)
{
	return old->effect == new->effect &&
	       old->expires == new->expires &&same_scope(old, new);
}

static struct line *find_same(struct lines *lines, const struct rule *rule)
{
	for (size_t i = 0; i < lines->count; i++)
		if (lines->items[i].understood &&
		    merge_joins(rule, &lines->items[i].grant.rule))
			return &lines->items[i];
	return NULL;
}

static bool id_is_used(const struct lines *lines, const char *id)
{
	for (size_t i = 0; i < lines->count; i++)
		if (lines->items[i].understood &&
		    strcmp(lines->items[i].grant.rule.id, id) == 0)
			return true;
	return false;
}

/* No letters that look like digits. */
int merge_random_id(char **ret)
{
	static const char letters[] = "abcdefghjkmnpqrstuvwxyz23456789x";
	unsigned char random[ID_LENGTH];
	char id[ID_LENGTH + 1];

	if (getrandom(random, sizeof(random), 0) != (ssize_t)sizeof(random))
		return -EIO;
	for (size_t i = 0; i < ID_LENGTH; i++)
		id[i] = letters[random[i] % (sizeof(letters) - 1)];
	id[ID_LENGTH] = '\0';
	return text_copy(ret, id);
}

static int make_id(const struct lines *lines, char **ret)
{
	int error;

	for (;;) {
		error = merge_random_id(ret);
		if (error || !id_is_used(lines, *ret))
			return error;
		free(*ret);
	}
}

/* Adds the line of a new grant. */
static int append(struct lines *lines, const struct rule *rule,
		  const char *agent, int64_t now, struct line **ret)
{
	struct line line = {.understood = true};
	int error;

	line.grant.time = now;
	error = rule_copy(&line.grant.rule, rule);
	if (!error) {
		line.grant.rule.layer = LAYER_USER;
		free(line.grant.rule.id);
		line.grant.rule.id = NULL;
		line.grant.agent = escape_string(agent);
		error = line.grant.agent ? make_id(lines, &line.grant.rule.id)
					 : -ENOMEM;
	}
	if (!error)
		error = grant_set_origin(&line.grant);
	if (!error)
		error = lines_take(lines, &line);
	if (error) {
		line_finish(&line);
		return error;
	}
	*ret = &lines->items[lines->count - 1];
	return 0;
}

static int join_rights(struct line *line, const struct rule *rule,
		       const char *agent, int64_t now)
{
	char *const escaped = escape_string(agent);

	if (!escaped)
		return -ENOMEM;
	free(line->grant.agent);
	line->grant.agent = escaped;
	line->grant.time = now;
	line->grant.rule.rights |= rule->rights;
	line_touch(line);
	return grant_set_origin(&line->grant);
}

bool merge_is_persistent(const struct rule *rule, int64_t now)
{
	return rule->pid == 0 && rule->pid_start == 0 && rule->rights != 0 &&
	       !(rule->rights & ~object_rights(rule->object.type)) &&
	       !rule_has_expired(rule, now);
}

int merge_rule(struct lines *lines, const struct rule *rule, const char *agent,
	       int64_t now, char **ret_id, char **ret_origin)
{
	struct line *line;
	int error;

	if (!merge_is_persistent(rule, now))
		return -EINVAL;
	supersede(lines, rule);
	line = find_same(lines, rule);
	if (line)
		error = join_rights(line, rule, agent, now);
	else
		error = append(lines, rule, agent, now, &line);
	if (!error)
		error = text_copy(ret_id, line->grant.rule.id);
	if (!error)
		error = text_copy(ret_origin, line->grant.rule.origin);
	return error;
}
