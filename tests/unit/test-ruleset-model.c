/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Random rules are judged by the ruleset and by a reference that reads the
 * precedence of rule.h off one rule after the other.
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "core/ruleset.h"
#include "rules.h"
#include "unit.h"

#define NOW 1000
#define RIGHTS_TRIED 3

/* A path of up to four components out of few, so that rules meet. */
static void random_path(uint64_t *seed, char path[static 32])
{
	static const char *const names[] = {"a", "b", "cc", "a.b"};
	const int depth = unit_below(seed, 5);

	strcpy(path, depth ? "" : "/");
	for (int i = 0; i < depth; i++) {
		strcat(path, "/");
		strcat(path, names[unit_below(seed, ARRAY_SIZE(names))]);
	}
}

static void add_random_path_rule(struct rules *rules, uint64_t *seed)
{
	struct rule rule = {
		.layer = unit_below(seed, LAYERS_),
		.effect = unit_below(seed, EFFECTS_),
		.rights = 1 + unit_below(seed, (1 << RIGHTS_TRIED) - 1),
		.beneath = unit_below(seed, 3) > 0,
	};
	char path[32];

	if (unit_below(seed, 6) == 0)
		rule.expires = unit_below(seed, 2) ? NOW : NOW + 5;
	if (rule.layer == LAYER_USER && unit_below(seed, 3) == 0) {
		rule.pid = 1 + unit_below(seed, 2);
		rule.pid_start = 7;
	}
	random_path(seed, path);
	ck_assert_int_eq(object_init_path(&rule.object, path), 0);
	ck_assert_int_eq(rules_take(rules, &rule), 0);
}

/* --- The reference ----------------------------------------------- */

/* Larger is more specific; -1: the rule is about something else. */
static int naive_specificity(const struct rule *rule, const char *path)
{
	const char *const at = rule->object.bytes;
	int depth = 0;

	for (const char *c = at; *c && at[1]; c++)
		depth += *c == '/';
	if (strcmp(at, path) == 0)
		return depth * 2 + !rule->beneath;
	return rule->beneath && path_is_beneath(path, at) ? depth * 2 : -1;
}

/*
 * @under: only what is less specific than that counts
 */
static enum effect naive_beneath(const struct rules *rules, enum layer layer,
				 const char *path, rights_t right, pid_t pid,
				 int64_t now, int under)
{
	enum effect best = EFFECTS_;
	int most = -1;

	for (size_t i = 0; i < rules->count; i++) {
		const struct rule *const rule = &rules->items[i];
		const int specificity = naive_specificity(rule, path);

		if (rule->layer != layer || !(rule->rights & right) ||
		    specificity < 0 || specificity >= under ||
		    (rule->pid && rule->pid != pid) ||
		    (rule->expires && rule->expires <= now))
			continue;
		if (specificity > most ||
		    (specificity == most && rule->effect < best)) {
			most = specificity;
			best = rule->effect;
		}
	}
	/* A guard takes away what was allowed from above, and nothing else. */
	if (best == EFFECT_GUARD)
		return naive_beneath(rules, layer, path, right, pid, now,
				     most) == EFFECT_DENY
			       ? EFFECT_DENY
			       : EFFECT_ASK;
	return best;
}

static enum effect naive_layer(const struct rules *rules, enum layer layer,
			       const char *path, rights_t right, pid_t pid,
			       int64_t now)
{
	return naive_beneath(rules, layer, path, right, pid, now, INT_MAX);
}

static enum effect naive_judge(const struct rules *rules, const char *path,
			       rights_t right, pid_t pid, int64_t now)
{
	enum effect of[LAYERS_];

	for (enum layer layer = 0; layer < LAYERS_; layer++)
		of[layer] = naive_layer(rules, layer, path, right, pid, now);
	if (of[LAYER_ADMIN] == EFFECT_DENY || of[LAYER_ADMIN] == EFFECT_ALLOW)
		return of[LAYER_ADMIN];
	if (of[LAYER_USER] == EFFECT_DENY || of[LAYER_USER] == EFFECT_ALLOW)
		return of[LAYER_USER];
	if (of[LAYER_ADMIN] == EFFECT_ASK || of[LAYER_USER] == EFFECT_ASK)
		return EFFECT_ASK;
	return of[LAYER_VENDOR] == EFFECTS_ ? EFFECT_ASK : of[LAYER_VENDOR];
}

static void check_path(const struct ruleset *ruleset, const struct rules *rules,
		       const char *path, pid_t pid)
{
	const rights_t wanted = (1 << RIGHTS_TRIED) - 1;
	const struct judgement judgement =
		ruleset_judge_path(ruleset, path, strlen(path), wanted,
				   (struct process_id){pid, pid ? 7 : 0});
	struct object object;
	rights_t right;

	ck_assert_int_eq(object_init_path(&object, path), 0);
	RIGHTS_FOREACH (right, wanted) {
		const struct rule *const why =
			ruleset_why(ruleset, &object, right,
				    (struct process_id){pid, pid ? 7 : 0});
		const enum effect effect =
			naive_judge(rules, path, right, pid, NOW);

		ck_assert_int_eq(effect_of(judgement, right), effect);
		ck_assert_int_eq(!why || why->effect == EFFECT_GUARD
					 ? EFFECT_ASK
					 : why->effect,
				 effect);
	}
	object_finish(&object);
}

/* What ruleset_uniform() has reported. */
struct reported {
	const struct rules *rules;
	char paths[256][32];
	rights_t rights[256];
	bool here_only[256];
	size_t count;
};

static void add_report(struct reported *reported, const struct object *object,
		       rights_t rights, bool here_only)
{
	ck_assert_int_eq(object->type, OBJECT_PATH);
	/* Parents first, and nothing that is covered already. */
	for (size_t i = 0; i < reported->count; i++) {
		if (reported->here_only[i])
			continue;
		if (path_is_beneath(object->bytes, reported->paths[i]))
			ck_assert_uint_eq(rights & reported->rights[i], 0);
		else if (!here_only)
			ck_assert(!path_is_beneath(reported->paths[i],
						   object->bytes) ||
				  !(rights & reported->rights[i]));
	}
	ck_assert_uint_lt(reported->count, 256);
	strcpy(reported->paths[reported->count], object->bytes);
	reported->rights[reported->count] = rights;
	reported->here_only[reported->count++] = here_only;
}

static int report(void *userdata, const struct object *object, rights_t rights,
		  rights_t here)
{
	ck_assert_uint_ne(rights | here, 0);
	ck_assert_uint_eq(rights & here, 0);
	if (rights)
		add_report(userdata, object, rights, false);
	if (here)
		add_report(userdata, object, here, true);
	return 0;
}

/* Reported as allowed: allowed now and later, to every process. */
static void check_uniform(const struct reported *reported,
			  const struct rules *rules, const char *path)
{
	for (size_t i = 0; i < reported->count; i++) {
		rights_t right;

		if (reported->here_only[i]
			    ? strcmp(path, reported->paths[i]) != 0
			    : !path_is_beneath(path, reported->paths[i]))
			continue;
		RIGHTS_FOREACH (right, reported->rights[i])
			for (pid_t pid = 0; pid < 3; pid++)
				for (int64_t now = NOW; now <= NOW + 10;
				     now += 5)
					ck_assert_int_eq(
						naive_judge(rules, path, right,
							    pid, now),
						EFFECT_ALLOW);
	}
}

/* Every path of the alphabet, and one name that no rule has. */
static void for_each_path(const struct ruleset *ruleset,
			  const struct rules *rules,
			  const struct reported *reported, char *path,
			  int depth)
{
	static const char *const names[] = {"a", "b", "cc", "a.b", "z"};
	const size_t length = strlen(path);

	check_uniform(reported, rules, *path ? path : "/");
	for (pid_t pid = 0; pid < 3; pid++)
		check_path(ruleset, rules, *path ? path : "/", pid);
	for (size_t i = 0; depth > 0 && i < ARRAY_SIZE(names); i++) {
		sprintf(path + length, "/%s", names[i]);
		for_each_path(ruleset, rules, reported, path, depth - 1);
		path[length] = '\0';
	}
}

/* Read off the rules one by one. */
static void check_names_beneath(const struct ruleset *ruleset,
				const struct rules *rules, const char *path)
{
	bool found = false;

	for (size_t i = 0; i < rules->count; i++) {
		const struct rule *const rule = &rules->items[i];

		found |= (!rule->expires || rule->expires > NOW) &&
			 strcmp(rule->object.bytes, path) != 0 &&
			 path_is_beneath(rule->object.bytes, path);
	}
	ck_assert_int_eq(ruleset_names_beneath(ruleset, path, strlen(path)),
			 found);
}

static void check_uniform_path(const struct ruleset *ruleset,
			       const struct rules *rules, uint64_t *seed)
{
	char at[32], path[80];
	rights_t whole, here, right;

	random_path(seed, at);
	check_names_beneath(ruleset, rules, at);
	whole = ruleset_uniform_path(ruleset, at, strlen(at), &here);
	ck_assert_uint_eq(whole & ~here, 0);
	RIGHTS_FOREACH (right, here)
		ck_assert_int_eq(naive_judge(rules, at, right, 1, NOW),
				 EFFECT_ALLOW);
	for (int i = 0; i < 8; i++) {
		char below[32];

		random_path(seed, below);
		snprintf(path, sizeof(path), "%s%s", at[1] ? at : "",
			 below[1] ? below : "");
		RIGHTS_FOREACH (right, whole)
			ck_assert_int_eq(naive_judge(rules, *path ? path : "/",
						     right, 2, NOW),
					 EFFECT_ALLOW);
	}
}

/* Rules end by the clock of the moment, which is NOW here. */
static int64_t moving_wall = NOW;

static int64_t wall(const struct clock *clock)
{
	(void)clock;
	return moving_wall * 1000000000;
}

static const struct clock moving = {.wall = wall};

START_TEST(random_rules)
{
	for (uint64_t round = 1; round <= 150; round++) {
		uint64_t seed = round * 0x9e3779b97f4a7c15;
		struct reported *reported = calloc(1, sizeof(*reported));
		const size_t count = unit_below(&seed, 24);
		struct rules rules = {0};
		struct ruleset *ruleset;
		char path[64] = "";

		for (size_t i = 0; i < count; i++)
			add_random_path_rule(&rules, &seed);
		ck_assert_int_eq(ruleset_new(&ruleset, &rules, round, NOW), 0);
		ruleset_set_clock(ruleset, &moving);
		ck_assert_uint_eq(ruleset_generation(ruleset), round);
		ck_assert_int_eq(ruleset_uniform(ruleset, report, reported), 0);
		for_each_path(ruleset, &rules, reported, path, 3);
		for (int i = 0; i < 40; i++)
			check_uniform_path(ruleset, &rules, &seed);
		ruleset_unref(ruleset);
		rules_finish(&rules);
		free(reported);
	}
}
END_TEST

/* --- Books that change ------------------------------------------- */

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

	add_random_path_rule(rules, seed);
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
	ruleset_set_clock(kept->ruleset, &moving);
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
	struct reported *reported = calloc(1, sizeof(*reported));
	size_t seen = 0;

	ck_assert_int_eq(ruleset_uniform(kept->ruleset, report, reported), 0);
	for_each_path(kept->ruleset, &kept->rules, reported, path, 2);
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

START_TEST(a_rule_ends_by_the_clock)
{
	struct rules rules = {0};
	struct ruleset *ruleset;

	rules_add(&rules, LAYER_USER, EFFECT_ALLOW, RIGHT_FS_READ_FILE, "/a");
	rules_add(&rules, LAYER_USER, EFFECT_DENY, RIGHT_FS_READ_FILE, "/a/b");
	rules.items[0].expires = NOW + 3600;
	ck_assert_int_eq(ruleset_new(&ruleset, &rules, 1, NOW), 0);
	ruleset_set_clock(ruleset, &moving);
	ck_assert_uint_eq(ruleset_judge_path(ruleset, "/a/c", 4,
					     RIGHT_FS_READ_FILE, PROCESS_NONE)
				  .allowed,
			  RIGHT_FS_READ_FILE);
	/* Set, or gone on during a suspend: nobody has been woken yet. */
	moving_wall = NOW + 3600;
	ck_assert_uint_eq(ruleset_judge_path(ruleset, "/a/c", 4,
					     RIGHT_FS_READ_FILE, PROCESS_NONE)
				  .asked,
			  RIGHT_FS_READ_FILE);
	ck_assert_uint_eq(ruleset_judge_path(ruleset, "/a/b", 4,
					     RIGHT_FS_READ_FILE, PROCESS_NONE)
				  .denied,
			  RIGHT_FS_READ_FILE);
	moving_wall = NOW;
	ruleset_unref(ruleset);
	rules_finish(&rules);
}
END_TEST

UNIT_MAIN("ruleset-model", random_rules, books_change_and_rulesets_do_not,
	  a_rule_ends_by_the_clock);
