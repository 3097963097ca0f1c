/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Books change, and rulesets of them do not; whoever follows the differences has
 * the same.
 */
#include "ruleset_model.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "rules.h"

#define BOOKS 3
#define CHANGES 40
#define KEPT 6

/* A ruleset, and what it must say whatever happens to its books. */
struct kept {
	struct ruleset *ruleset;
	struct rules rules;
};

static struct rule *random_rule(struct rules *rules, uint64_t *seed)
{
	static unsigned int number;
	struct rule *rule;

	model_add_rule(rules, seed);
	rule = &rules->items[rules->count - 1];
	if (rule->expires == NOW)
		rule->expires = NOW + 1;
	ck_assert_int_gt(asprintf(&rule->id, "id%u", ++number), 0);
	return rule;
}

static void change_book(struct rulebook *book, struct rules *rules,
			uint64_t *seed)
{
	if (rules->count > 0 && unit_below(seed, 3) == 0) {
		struct rule *const gone =
			&rules->items[unit_below(seed, (int)rules->count)];

		if (!rulebook_remove(book, gone->id))
			return; /* another book's */
		rule_finish(gone);
		*gone = rules->items[--rules->count];
		return;
	}
	struct rule copy;

	ck_assert_int_eq(rule_copy(&copy, random_rule(rules, seed)), 0);
	ck_assert_int_eq(rulebook_take(book, &copy), 0);
}

static void keep(struct kept *kept, struct rulebook **books,
		 const struct rules *rules, uint64_t generation)
{
	ruleset_unref(kept->ruleset);
	rules_finish(&kept->rules);
	ck_assert_int_eq(
		ruleset_of_books(&kept->ruleset, books, BOOKS, generation, NOW),
		0);
	ruleset_set_clock(kept->ruleset, &model_clock);
	ck_assert_int_eq(rules_append(&kept->rules, rules), 0);
}

static int count_rule(void *userdata, const struct rule *rule)
{
	(void)rule;
	++*(size_t *)userdata;
	return 0;
}

/* Follows a book by differences only, as a monitor does. */
static int follow_added(void *userdata, const struct rule *rule)
{
	struct rule copy;

	ck_assert_int_eq(rule_copy(&copy, rule), 0);
	return rulebook_take(userdata, &copy);
}

static int follow_removed(void *userdata, const struct rule *rule)
{
	ck_assert(rulebook_remove(userdata, rule->id));
	return 0;
}

static void check_kept(const struct kept *kept, struct rulebook **followers,
		       uint64_t *versions)
{
	char path[64] = "";
	struct model_reported *reported = calloc(1, sizeof(*reported));
	size_t seen = 0;

	ck_assert_int_eq(ruleset_uniform(kept->ruleset, model_report, reported),
			 0);
	model_check(kept->ruleset, &kept->rules, reported, path, 2);
	free(reported);
	for (unsigned int i = 0; i < BOOKS; i++) {
		uint64_t version;
		struct rulebook *const book =
			ruleset_book(kept->ruleset, i, &version);

		rulebook_each(book, version, count_rule, &seen);
		if (!followers || version < versions[i])
			continue;
		rulebook_removed(book, versions[i], version, follow_removed,
				 followers[i]);
		rulebook_added(book, versions[i], version, follow_added,
			       followers[i]);
		versions[i] = version;
	}
	ck_assert_uint_eq(seen, kept->rules.count);
}

/* Whoever reads that only something was added finds nothing refused anew. */
static void check_only_adds(const struct kept *now, const struct kept *before,
			    unsigned int *found)
{
	static const char *const names[] = {"/", "/a", "/b", "/a/b", "/cc/a"};

	if (!ruleset_only_adds(now->ruleset, before->ruleset))
		return;
	++*found;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		const size_t length = strlen(names[i]);
		rights_t old_here, here;
		const rights_t old = ruleset_uniform_path(
			before->ruleset, names[i], length, &old_here);

		ck_assert_uint_eq(old & ~ruleset_uniform_path(now->ruleset,
							      names[i], length,
							      &here),
				  0);
		ck_assert_uint_eq(old_here & ~here, 0);
	}
}

static void change_books(uint64_t seed, unsigned int *only_added)
{
	struct rulebook *books[BOOKS], *followers[BOOKS];
	uint64_t versions[BOOKS] = {0};
	struct kept kept[KEPT] = {0}, followed = {0};
	struct rules rules = {0};

	for (unsigned int i = 0; i < BOOKS; i++) {
		ck_assert_int_eq(rulebook_new(&books[i]), 0);
		ck_assert_int_eq(rulebook_new(&followers[i]), 0);
	}
	for (uint64_t i = 0; i < CHANGES; i++) {
		struct kept *const now = &kept[i % KEPT];

		change_book(books[unit_below(&seed, BOOKS)], &rules, &seed);
		keep(now, books, &rules, i + 1);
		check_kept(now, followers, versions);
		if (i > 0)
			check_only_adds(now, &kept[(i - 1) % KEPT], only_added);
		if (i >= KEPT)
			check_kept(&kept[unit_below(&seed, KEPT)], NULL, NULL);
	}
	keep(&followed, followers, &rules, 1);
	check_kept(&followed, NULL, NULL);
	for (unsigned int i = 0; i < BOOKS; i++) {
		rulebook_tidy(&books[i]);
		rulebook_unref(books[i]);
		rulebook_unref(followers[i]);
	}
	for (unsigned int i = 0; i < KEPT; i++) {
		check_kept(&kept[i], NULL, NULL);
		ruleset_unref(kept[i].ruleset);
		rules_finish(&kept[i].rules);
	}
	ruleset_unref(followed.ruleset);
	rules_finish(&followed.rules);
	rules_finish(&rules);
}

START_TEST(books_change_and_rulesets_do_not)
{
	unsigned int only_added = 0;

	for (uint64_t round = 1; round <= 4; round++)
		change_books(round * 0x9e3779b97f4a7c15, &only_added);
	ck_assert_uint_gt(only_added, 4);
}
END_TEST

UNIT_MAIN("rulebook", books_change_and_rulesets_do_not);
