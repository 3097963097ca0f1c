/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/ruleset.h"
#include "rules.h"
#include "store/remains.h"
#include "unit.h"

/* A rule. */
struct line {
	enum effect effect;
	rights_t rights;
	const char *path;
};

#define READ RIGHT_FS_READ_FILE
#define WRITE RIGHT_FS_WRITE_FILE

static struct rulebook *book_of(const struct line *lines, size_t count)
{
	struct rules rules = {0};
	struct rulebook *book;

	for (size_t i = 0; i < count; i++)
		rules_add(&rules, LAYER_USER, lines[i].effect, lines[i].rights,
			  lines[i].path);
	ck_assert_int_eq(rulebook_new(&book), 0);
	ck_assert_int_eq(rulebook_append(book, &rules), 0);
	rules_finish(&rules);
	return book;
}

#define BOOK(...)                                                 \
	book_of((const struct line[]){{0}, __VA_ARGS__} + 1,      \
		sizeof((const struct line[]){{0}, __VA_ARGS__}) / \
				sizeof(struct line) -             \
			1)

/* What a book says of a file: of reading, and of writing it. */
static void says(const struct rulebook *book, const char *path,
		 enum effect reading, enum effect writing)
{
	struct rulebook *books[] = {(struct rulebook *)book};
	struct ruleset *ruleset;
	struct judgement judgement;

	ck_assert_int_eq(ruleset_of_books(&ruleset, books, 1, 1, 0), 0);
	judgement = ruleset_judge_path(ruleset, path, strlen(path),
				       READ | WRITE, PROCESS_NONE);
	ck_assert_int_eq(effect_of(judgement, READ), reading);
	ck_assert_int_eq(effect_of(judgement, WRITE), writing);
	ruleset_unref(ruleset);
}

/* Returns: what remains, NULL for all of it. All but what is returned goes. */
static struct rulebook *remain(struct rulebook *held, struct rulebook *now,
			       struct rulebook *before, bool refuses)
{
	const struct remains store = {now, before, refuses};
	struct rulebook *book;

	ck_assert_int_eq(
		remains_of(&store, held, rulebook_version(held), &book), 0);
	rulebook_unref(held);
	rulebook_unref(now);
	rulebook_unref(before);
	return book;
}

START_TEST(what_the_store_has_remains)
{
	ck_assert_ptr_null(remain(BOOK({EFFECT_ALLOW, READ, "/a"}),
				  BOOK({EFFECT_ALLOW, READ | WRITE, "/a"},
				       {EFFECT_ALLOW, READ, "/new"}),
				  NULL, true));
}
END_TEST

START_TEST(what_is_allowed_no_more_goes)
{
	struct rulebook *book = remain(
		BOOK({EFFECT_ALLOW, READ | WRITE, "/a"},
		     {EFFECT_ALLOW, READ | WRITE, "/b"}),
		BOOK({EFFECT_ALLOW, READ, "/a"}, {EFFECT_ALLOW, READ, "/c"}),
		NULL, true);

	says(book, "/a", EFFECT_ALLOW, EFFECT_ASK);
	says(book, "/b", EFFECT_ASK, EFFECT_ASK);
	says(book, "/c", EFFECT_ASK, EFFECT_ASK);
	rulebook_unref(book);
}
END_TEST

/* About the same object, but with another end, scope or effect. */
START_TEST(what_is_alike_does_not_count)
{
	struct rulebook *book = remain(
		BOOK({EFFECT_ALLOW, READ, "/a"}),
		BOOK({EFFECT_ALLOW, READ, "/a/$"}, {EFFECT_DENY, READ, "/a"}),
		NULL, false);

	says(book, "/a", EFFECT_ASK, EFFECT_ASK);
	rulebook_unref(book);
}
END_TEST

START_TEST(a_refusal_goes_when_it_was_there)
{
	struct rulebook *book;

	ck_assert_ptr_null(
		remain(BOOK({EFFECT_DENY, READ, "/a"}), BOOK(), NULL, true));
	ck_assert_ptr_null(
		remain(BOOK({EFFECT_DENY, READ, "/a"}), BOOK(), BOOK(), true));
	book = remain(BOOK({EFFECT_DENY, READ | WRITE, "/a"}),
		      BOOK({EFFECT_DENY, READ, "/a"}),
		      BOOK({EFFECT_DENY, READ | WRITE, "/a"}), true);
	says(book, "/a", EFFECT_DENY, EFFECT_ASK);
	rulebook_unref(book);
}
END_TEST

START_TEST(a_new_refusal_counts)
{
	struct rulebook *book = remain(
		BOOK({EFFECT_ALLOW, READ | WRITE, "/a"}),
		BOOK({EFFECT_ALLOW, READ, "/a"}, {EFFECT_DENY, WRITE, "/a"}),
		NULL, true);

	says(book, "/a", EFFECT_ALLOW, EFFECT_DENY);
	rulebook_unref(book);
}
END_TEST

/* What came into a book after the ruleset was made is not in force. */
START_TEST(a_version_is_looked_at)
{
	struct rulebook *held = BOOK({EFFECT_ALLOW, READ, "/a"});
	struct rulebook *now = BOOK({EFFECT_ALLOW, READ, "/b"});
	const struct remains store = {.now = now};
	const uint64_t version = rulebook_version(held);
	struct rules more = {0};
	struct rulebook *book;

	rules_add(&more, LAYER_USER, EFFECT_ALLOW, READ, "/b");
	ck_assert_int_eq(rulebook_append(held, &more), 0);
	ck_assert_int_eq(remains_of(&store, held, version, &book), 0);
	says(book, "/b", EFFECT_ASK, EFFECT_ASK);
	rulebook_unref(book);
	rulebook_unref(held);
	rulebook_unref(now);
	rules_finish(&more);
}
END_TEST

UNIT_MAIN("remains", what_the_store_has_remains, what_is_allowed_no_more_goes,
	  what_is_alike_does_not_count, a_refusal_goes_when_it_was_there,
	  a_new_refusal_counts, a_version_is_looked_at);
