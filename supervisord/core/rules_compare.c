/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whether two sets of rules are the same, and whether they come to the same.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "core/rule.h"

static bool text_equal(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

/* All but the rights, the origin and the id. */
static bool same_scope(const struct rule *a, const struct rule *b)
{
	return a->layer == b->layer && a->effect == b->effect &&
	       a->beneath == b->beneath && a->pid == b->pid &&
	       a->pid_start == b->pid_start && a->expires == b->expires &&
	       object_equal(&a->object, &b->object);
}

bool rules_equal(const struct rules *a, const struct rules *b)
{
	if (a->count != b->count)
		return false;
	for (size_t i = 0; i < a->count; i++)
		if (a->items[i].rights != b->items[i].rights ||
		    !same_scope(&a->items[i], &b->items[i]) ||
		    !text_equal(a->items[i].origin, b->items[i].origin) ||
		    !text_equal(a->items[i].id, b->items[i].id))
			return false;
	return true;
}

/* What a rule says; those that differ in rights only have the same key. */
struct rule_key {
	const struct rule *rule;
	uint64_t hash;
	rights_t rights;
};

static int compare_numbers(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

static int compare_entries(const void *left, const void *right)
{
	const struct rule_key *a = left, *b = right;
	int result = compare_numbers(a->hash, b->hash);

	if (result == 0)
		result = compare_numbers(a->rule->layer, b->rule->layer);
	if (result == 0)
		result = compare_numbers(a->rule->effect, b->rule->effect);
	if (result == 0)
		result = compare_numbers(a->rule->beneath, b->rule->beneath);
	if (result == 0)
		result = compare_numbers((uint64_t)a->rule->pid,
					 (uint64_t)b->rule->pid);
	if (result == 0)
		result =
			compare_numbers(a->rule->pid_start, b->rule->pid_start);
	return result ? result
		      : compare_numbers((uint64_t)a->rule->expires,
					(uint64_t)b->rule->expires);
}

/*
 * Sorts rules and joins the rights of neighbours that say the same. Objects
 * with one hash may stay apart; then equal sets are taken to differ.
 */
static size_t reduce(const struct rules *rules, struct rule_key *ret)
{
	size_t count = 0;

	for (size_t i = 0; i < rules->count; i++)
		ret[i] = (struct rule_key){
			.rule = &rules->items[i],
			.hash = object_hash(&rules->items[i].object),
			.rights = rules->items[i].rights,
		};
	qsort(ret, rules->count, sizeof(*ret), compare_entries);
	for (size_t i = 0; i < rules->count; i++)
		if (count > 0 && same_scope(ret[count - 1].rule, ret[i].rule))
			ret[count - 1].rights |= ret[i].rights;
		else
			ret[count++] = ret[i];
	return count;
}

/* Rules of one set that are not in the other, as far as there is room. */
struct difference {
	const struct rule **rules;
	size_t max, count;
};

static void note(struct difference *difference, const struct rule_key *key)
{
	if (difference->count < difference->max)
		difference->rules[difference->count] = key->rule;
	difference->count++;
}

static void compare_keys(struct difference *difference,
			 const struct rule_key *left, size_t left_count,
			 const struct rule_key *right, size_t right_count)
{
	size_t i = 0, j = 0;

	while (i < left_count && j < right_count) {
		const int order = compare_entries(&left[i], &right[j]);

		if (order != 0 || left[i].rights != right[j].rights ||
		    !same_scope(left[i].rule, right[j].rule)) {
			if (order <= 0)
				note(difference, &left[i]);
			if (order >= 0)
				note(difference, &right[j]);
		}
		i += order <= 0;
		j += order >= 0;
	}
	for (; i < left_count; i++)
		note(difference, &left[i]);
	for (; j < right_count; j++)
		note(difference, &right[j]);
}

size_t rules_difference(const struct rules *a, const struct rules *b,
			const struct rule **ret, size_t max)
{
	_cleanup_free_ struct rule_key *left =
		calloc(a->count + 1, sizeof(*left));
	_cleanup_free_ struct rule_key *right =
		calloc(b->count + 1, sizeof(*right));
	struct difference difference = {.rules = ret, .max = max};

	if (!left || !right)
		return SIZE_MAX;
	compare_keys(&difference, left, reduce(a, left), right,
		     reduce(b, right));
	return difference.count;
}

bool rules_same_effect(const struct rules *a, const struct rules *b)
{
	return rules_difference(a, b, NULL, 0) == 0;
}
