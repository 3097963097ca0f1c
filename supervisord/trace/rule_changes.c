/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "trace/rule_changes.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Rules of the longest names that there are still fit into a line. */
#define RULES_A_LINE 32

/* A rule that came or went; NULL: the other way as well. */
struct changed_rules {
	const struct rule **items;
	unsigned char *parts; /* the book of each */
	size_t count, allocated;
	unsigned int part; /* of those that are added now */
};

static void list_finish(struct changed_rules *list)
{
	free(list->items);
	free(list->parts);
}

static int take(void *userdata, const struct rule *rule)
{
	struct changed_rules *list = userdata;
	const size_t allocated = list->allocated * 2 + 16;

	if (list->count == list->allocated) {
		const struct rule **items =
			reallocarray(list->items, allocated, sizeof(*items));
		unsigned char *parts =
			items ? realloc(list->parts, allocated) : NULL;

		if (items)
			list->items = items;
		if (!parts)
			return -ENOMEM;
		list->parts = parts;
		list->allocated = allocated;
	}
	list->items[list->count] = rule;
	list->parts[list->count++] = (unsigned char)list->part;
	return 0;
}

/* What one book says now, and does not before, and the reverse. */
static int compare_books(const struct ruleset *old,
			 const struct ruleset *ruleset, unsigned int part,
			 struct changed_rules *came, struct changed_rules *gone)
{
	uint64_t from = 0, to = 0;
	const struct rulebook *before =
		old ? ruleset_book(old, part, &from) : NULL;
	const struct rulebook *now = ruleset_book(ruleset, part, &to);
	int error = 0;

	came->part = gone->part = part;
	if (before && before == now) {
		error = rulebook_added(now, from, to, take, came);
		return error ? error
			     : rulebook_removed(now, from, to, take, gone);
	}
	if (now)
		error = rulebook_each(now, to, take, came);
	if (!error && before)
		error = rulebook_each(before, from, take, gone);
	return error;
}

/* --- What came and went ------------------------------------------ */

static bool says_the_same(const struct rule *a, const struct rule *b)
{
	return a->layer == b->layer && a->effect == b->effect &&
	       a->rights == b->rights && a->beneath == b->beneath &&
	       a->pid == b->pid && a->pid_start == b->pid_start &&
	       a->expires == b->expires && object_equal(&a->object, &b->object);
}

static uint64_t mix(uint64_t hash, uint64_t number)
{
	hash = (hash ^ number) * UINT64_C(0x9e3779b97f4a7c15);
	return hash ^ hash >> 29;
}

static uint64_t rule_hash(const struct rule *rule)
{
	uint64_t hash = object_hash(&rule->object);

	hash = mix(hash, rule->rights);
	hash = mix(hash, (uint64_t)rule->layer << 8 |
				 (uint64_t)rule->effect << 4 | rule->beneath);
	hash = mix(hash, (uint64_t)rule->pid);
	return mix(hash, (uint64_t)rule->expires);
}

/* Where a rule of a table is, or may be put. */
static size_t find_slot(const size_t *slots, size_t size,
			const struct changed_rules *list,
			const struct rule *rule)
{
	size_t slot = (size_t)rule_hash(rule) & (size - 1);

	for (; slots[slot]; slot = (slot + 1) & (size - 1)) {
		const struct rule *other = list->items[slots[slot] - 1];

		if (other && says_the_same(other, rule))
			break;
	}
	return slot;
}

/* Forgets what went and came back, such as all of a file that is read anew. */
static int cancel(struct changed_rules *came, struct changed_rules *gone)
{
	size_t size = 16, *slots;

	if (!came->count || !gone->count)
		return 0;
	while (size < gone->count * 2)
		size *= 2;
	slots = calloc(size, sizeof(*slots));
	if (!slots)
		return -ENOMEM;
	for (size_t i = 0; i < gone->count; i++) {
		const size_t slot =
			find_slot(slots, size, gone, gone->items[i]);

		/* Said twice, it went once. */
		if (slots[slot])
			gone->items[i] = NULL;
		else
			slots[slot] = i + 1;
	}
	for (size_t i = 0; i < came->count; i++) {
		const size_t slot =
			find_slot(slots, size, gone, came->items[i]);

		if (!slots[slot])
			continue;
		gone->items[slots[slot] - 1] = NULL;
		came->items[i] = NULL;
	}
	free(slots);
	return 0;
}

static int is_same(void *userdata, const struct rule *rule)
{
	return says_the_same(userdata, rule);
}

/* Whether what went is said in another place. */
static bool is_still_said(const struct ruleset *ruleset,
			  const struct rule *rule)
{
	uint64_t version;

	for (unsigned int part = 0; part < RULESET_BOOKS_MAX; part++) {
		const struct rulebook *book =
			ruleset_book(ruleset, part, &version);

		if (book && rulebook_about(book, &rule->object, is_same,
					   (struct rule *)(uintptr_t)rule))
			return true;
	}
	return false;
}

/* --- The result -------------------------------------------------- */

static int append(struct rules *rules, const struct rule *rule)
{
	struct rule copy = *rule; /* what it owns is the book's */

	return rules_take(rules, &copy);
}

static int sort_out(struct rule_changes *ret, const struct ruleset *ruleset,
		    const struct changed_rules *came,
		    const struct changed_rules *gone, unsigned int session)
{
	int error = 0;

	for (size_t i = 0; !error && i < gone->count; i++)
		if (gone->items[i] && !is_still_said(ruleset, gone->items[i]))
			error = append(&ret->removed, gone->items[i]);
	for (size_t i = 0; !error && i < came->count; i++)
		if (came->items[i])
			error = append(came->parts[i] == session ? &ret->session
								 : &ret->added,
				       came->items[i]);
	return error;
}

int rule_changes_find(struct rule_changes *ret, const struct ruleset *old,
		      const struct ruleset *ruleset, unsigned int session)
{
	struct changed_rules came = {0}, gone = {0};
	int error = 0;

	*ret = (struct rule_changes){0};
	for (unsigned int part = 0; !error && part < RULESET_BOOKS_MAX; part++)
		error = compare_books(old, ruleset, part, &came, &gone);
	if (!error)
		error = cancel(&came, &gone);
	if (!error)
		error = sort_out(ret, ruleset, &came, &gone, session);
	list_finish(&came);
	list_finish(&gone);
	return error;
}

/* Some rules, from a place that then is behind them. */
static struct rules slice(const struct rules *rules, size_t *at, size_t *room)
{
	const size_t left = rules->count - *at;
	const struct rules part = {
		.items = left > 0 ? rules->items + *at : NULL,
		.count = left < *room ? left : *room,
	};

	*at += part.count;
	*room -= part.count;
	return part;
}

void rule_changes_put(const struct rule_changes *changes, uint64_t generation,
		      void (*put)(void *userdata,
				  const struct trace_commit *line),
		      void *userdata)
{
	const size_t count = changes->removed.count + changes->added.count +
			     changes->session.count;
	size_t removed = 0, added = 0, session = 0;
	bool more = true;

	while (more) {
		struct trace_commit line = {.generation = generation};
		size_t room = RULES_A_LINE;

		line.removed = slice(&changes->removed, &removed, &room);
		line.added = slice(&changes->added, &added, &room);
		line.session = slice(&changes->session, &session, &room);
		more = line.more = removed + added + session < count;
		put(userdata, &line);
	}
}

void rule_changes_finish(struct rule_changes *changes)
{
	free(changes->removed.items);
	free(changes->added.items);
	free(changes->session.items);
	*changes = (struct rule_changes){0};
}

uint64_t rules_digest(const struct rules *rules)
{
	uint64_t digest = 0;

	for (size_t i = 0; i < rules->count; i++) {
		const struct rule *rule = &rules->items[i];

		if (!rule->origin || strcmp(rule->origin, "built in") != 0)
			digest += rule_hash(rule);
	}
	return digest;
}
