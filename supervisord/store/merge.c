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

bool merge_joins(const struct rule *new, const struct rule *old)
{
	return old->effect == new->effect &&
	       old->expires == new->expires &&same_scope(old, new);
}

/* Where the next lines are of those that have the same hashes; 0: nowhere. */
struct merge_links {
	size_t object, id; /* one more than an index */
};

static uint64_t hash_id(const char *id)
{
	uint64_t hash = 14695981039346656037u; /* FNV-1a */

	for (; *id; id++)
		hash = (hash ^ (unsigned char)*id) * 1099511628211u;
	return hash;
}

static size_t *by_object(const struct merge *merge, const struct object *object)
{
	return &merge->objects[object_hash(object) & merge->mask];
}

static size_t *by_id(const struct merge *merge, const char *id)
{
	return &merge->ids[hash_id(id) & merge->mask];
}

/* Lets a line be found that is understood. */
static void link_line(struct merge *merge, size_t index)
{
	const struct rule *const rule = &merge->lines->items[index].grant.rule;
	size_t *const object = by_object(merge, &rule->object);
	size_t *const id = by_id(merge, rule->id);

	merge->links[index] = (struct merge_links){*object, *id};
	*object = *id = index + 1;
}

int merge_begin(struct merge *merge, struct lines *lines, size_t more)
{
	const size_t room = lines->count + more;
	size_t size = 16;

	while (size < room)
		size *= 2;
	*merge = (struct merge){
		.lines = lines,
		.links = calloc(room + 1, sizeof(*merge->links)),
		.objects = calloc(size, sizeof(*merge->objects)),
		.ids = calloc(size, sizeof(*merge->ids)),
		.mask = size - 1,
	};
	if (!merge->links || !merge->objects || !merge->ids)
		return -ENOMEM;
	for (size_t i = 0; i < lines->count; i++)
		if (lines->items[i].understood)
			link_line(merge, i);
	return 0;
}

void merge_end(struct merge *merge)
{
	lines_sweep(merge->lines);
	free(merge->links);
	free(merge->objects);
	free(merge->ids);
	*merge = (struct merge){0};
}

/* Takes from others the rights that are decided otherwise now. */
static void supersede(struct merge *merge, const struct rule *rule)
{
	size_t next = *by_object(merge, &rule->object);

	for (; next; next = merge->links[next - 1].object) {
		struct line *const line = &merge->lines->items[next - 1];
		struct rule *const old = &line->grant.rule;

		if (line->replaced || !merge_supersedes(rule, old) ||
		    !(old->rights & rule->rights))
			continue;
		old->rights &= ~rule->rights;
		line_touch(line);
		line->replaced = !old->rights;
	}
}

static struct line *find_same(const struct merge *merge,
			      const struct rule *rule)
{
	size_t next = *by_object(merge, &rule->object);

	for (; next; next = merge->links[next - 1].object) {
		struct line *const line = &merge->lines->items[next - 1];

		if (!line->replaced && merge_joins(rule, &line->grant.rule))
			return line;
	}
	return NULL;
}

static bool id_is_used(const struct merge *merge, const char *id)
{
	size_t next = *by_id(merge, id);

	for (; next; next = merge->links[next - 1].id)
		if (strcmp(merge->lines->items[next - 1].grant.rule.id, id) ==
		    0)
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

static int make_id(const struct merge *merge, char **ret)
{
	int error;

	for (;;) {
		error = merge_random_id(ret);
		if (error || !id_is_used(merge, *ret))
			return error;
		free(*ret);
	}
}

/* Adds the line of a new grant. */
static int append(struct merge *merge, const struct rule *rule,
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
		error = line.grant.agent ? make_id(merge, &line.grant.rule.id)
					 : -ENOMEM;
	}
	if (!error)
		error = grant_set_origin(&line.grant);
	if (!error)
		error = lines_take(merge->lines, &line);
	if (error) {
		line_finish(&line);
		return error;
	}
	link_line(merge, merge->lines->count - 1);
	*ret = &merge->lines->items[merge->lines->count - 1];
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

int merge_rule(struct merge *merge, const struct rule *rule, const char *agent,
	       int64_t now, char **ret_id, char **ret_origin)
{
	struct line *line;
	int error;

	if (!merge_is_persistent(rule, now))
		return -EINVAL;
	supersede(merge, rule);
	line = find_same(merge, rule);
	if (line)
		error = join_rights(line, rule, agent, now);
	else
		error = append(merge, rule, agent, now, &line);
	if (!error)
		error = text_copy(ret_id, line->grant.rule.id);
	if (!error)
		error = text_copy(ret_origin, line->grant.rule.origin);
	return error;
}
