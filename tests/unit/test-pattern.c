/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Patterns mean what those of gitignore(5) do, and cost hardly more than paths
 * however many there are.
 */
#include "core/pattern.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "core/pattern_trie.h"
#include "rules.h"
#include "ruleset_model.h"

#define READ RIGHT_FS_READ_FILE
#define MANY 10000

static const struct {
	const char *pattern, *path;
	bool matches;
} cases[] = {
	/* One name. */
	{"/a/*", "/a/b", true},
	{"/a/*", "/a/.b", true},
	{"/a/*", "/a", false},
	{"/a/*", "/a/b/c", false},
	{"/a/*.c", "/a/x.c", true},
	{"/a/*.c", "/a/.c", true},
	{"/a/*.c", "/a/x.d", false},
	{"/a/*.c", "/a/b/x.c", false},
	{"/a/x*", "/a/x", true},
	{"/a/x*y*z", "/a/xyz", true},
	{"/a/x*y*z", "/a/x-y-y-z", true},
	{"/a/x*y*z", "/a/xz", false},
	{"/a/x*x", "/a/x", false},
	{"/a/?", "/a/b", true},
	{"/a/?", "/a/bb", false},
	{"/a/?", "/a/\xc3\xa4", false}, /* two bytes */
	{"/a/??", "/a/\xc3\xa4", true},
	{"/a/b?", "/a/b", false},
	{"/*/b", "/a/b", true},
	{"/*/b", "/b", false},
	{"/a?/b", "/a/b", false}, /* no slash is meant by it */
	{"/a\\*/*", "/a*/b", true},
	{"/a\\*/*", "/ab/b", false},
	{"/a/*\\?", "/a/b?", true},
	{"/a/*\\?", "/a/bc", false},
	{"/a/*\\[1]", "/a/b[1]", true},
	{"/a/*\\\\", "/a/b\\", true},
	{"/a/*B", "/a/b", false},
	/* Any number of directories. */
	{"/a/**/b", "/a/b", true},
	{"/a/**/b", "/a/x/b", true},
	{"/a/**/b", "/a/x/y/b", true},
	{"/a/**/b", "/a/x/y", false},
	{"/a/**/b", "/b", false},
	{"/a/**/b", "/a/xb", false},
	{"/**/b", "/b", true},
	{"/**/b", "/a/b", true},
	{"/**/*.c", "/x/y/z.c", true},
	{"/a/**/b/c", "/a/b/b/c", true},
	{"/a/**/b/**/c", "/a/b/c", true},
	{"/a/**/b/**/c", "/a/x/b/y/z/c", true},
	{"/a/**/b/**/c", "/a/x/c/y/b", false},
	{"/a/**/b/*", "/a/b/b/c", true},
	{"/a/**/.*", "/a/x/.y", true},
	{"/a/**/.*", "/a/x/y", false},
};

static bool trie_matches(const char *pattern, const char *path)
{
	struct pattern_trie patterns = {0};
	struct trie_key key = {
		.type = OBJECT_PATH,
		.bytes = path,
		.length = strlen(path),
	};
	struct trie_component name;
	struct pattern_states states;
	bool found = false;
	uint32_t node;

	ck_assert_int_eq(pattern_trie_add(&patterns, pattern, &node), 0);
	ck_assert_uint_eq(pattern_trie_find(&patterns, pattern), node);
	pattern_trie_begin(&patterns, &states);
	while (trie_next(&key, &name) == TRIE_STEP)
		pattern_trie_step(&patterns, &name, &states);
	for (uint32_t i = 0; i < states.count; i++)
		found |= states.items[i] == node;
	pattern_trie_finish(&patterns);
	return found;
}

START_TEST(meaning)
{
	struct pattern_problem problem;

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		ck_assert_msg(pattern_check(cases[i].pattern, &problem) == 0,
			      "%s", cases[i].pattern);
		ck_assert_msg(trie_matches(cases[i].pattern, cases[i].path) ==
				      cases[i].matches,
			      "%s %s", cases[i].pattern, cases[i].path);
	}
}
END_TEST

/* git(1) ignores what is beneath a directory that it ignores. */
static bool git_matches(const char *pattern, const char *path)
{
	_cleanup_free_ char *command = NULL;
	int status;

	ck_assert_int_gt(asprintf(&command,
				  "printf '%%s\\n' '%s' >.gitignore && "
				  "git check-ignore -q --no-index '%s'",
				  pattern, path + 1),
			 0);
	status = system(command);
	ck_assert(WIFEXITED(status) && WEXITSTATUS(status) <= 1);
	return WEXITSTATUS(status) == 0;
}

/* Whether a pattern matches a path or a directory above it, as rules do. */
static bool covers(const char *pattern, const char *path)
{
	char above[128];
	size_t length = 0;

	while (path[length]) {
		length += 1 + strcspn(path + length + 1, "/");
		snprintf(above, sizeof(above), "%.*s", (int)length, path);
		if (trie_matches(pattern, above))
			return true;
	}
	return false;
}

START_TEST(as_git_does)
{
	char directory[] = "/tmp/landlord-pattern-XXXXXX";
	_cleanup_free_ char *removal = NULL;
	uint64_t seed = 5;

	if (system("git --version >/dev/null 2>&1") != 0)
		return;
	ck_assert_ptr_nonnull(mkdtemp(directory));
	ck_assert_int_eq(chdir(directory), 0);
	ck_assert_int_eq(system("git init -q . 2>/dev/null"), 0);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		ck_assert_msg(git_matches(cases[i].pattern, cases[i].path) ==
				      covers(cases[i].pattern, cases[i].path),
			      "%s %s", cases[i].pattern, cases[i].path);
	for (int i = 0; i < 150; i++) {
		char pattern[32], path[32];

		model_pattern(&seed, pattern);
		do
			model_path(&seed, path);
		while (!path[1]);
		ck_assert_msg(git_matches(pattern, path) ==
				      covers(pattern, path),
			      "%s %s", pattern, path);
	}
	ck_assert_int_eq(chdir("/"), 0);
	ck_assert_int_gt(asprintf(&removal, "rm -r '%s'", directory), 0);
	ck_assert_int_eq(system(removal), 0);
}
END_TEST

START_TEST(refused)
{
	static const char *const texts[] = {
		"",	   "a/*",     "/a",	"/a/**",   "/**",
		"/a/**/*", "/a/***",  "/a**/b", "/a/**b",  "/a/**/**/b",
		"/a/*/",   "/a//*",   "/a/./*", "/a/../*", "/a/*/..",
		"/a/[b]*", "/a/*\\b", "/a/*\\", "/a/b\\*",
	};
	struct pattern_problem problem;

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		ck_assert_msg(pattern_check(texts[i], &problem) < 0, "%s",
			      texts[i]);
		ck_assert_ptr_nonnull(problem.problem);
		ck_assert_ptr_nonnull(problem.expected);
		ck_assert_uint_le(problem.at, strlen(texts[i]));
	}
}
END_TEST

START_TEST(samples_match)
{
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		_cleanup_free_ char *sample = pattern_sample(cases[i].pattern);

		ck_assert_msg(trie_matches(cases[i].pattern, sample), "%s",
			      cases[i].pattern);
	}
}
END_TEST

/* What rules about patterns refuse that match a path itself. */
static rights_t model_refused(const struct rules *rules, const char *path)
{
	rights_t rights = 0;

	for (size_t i = 0; i < rules->count; i++)
		if (rules->items[i].effect != EFFECT_ALLOW &&
		    model_matches(rules->items[i].object.bytes, path))
			rights |= rules->items[i].rights;
	return rights;
}

/* Names that are looked at together are what each is alone. */
START_TEST(names_of_a_directory)
{
	static const char *const names[] = {"a", "b", "cc", "a.b", "z", "abc"};
	uint64_t seed = 11;

	for (int round = 0; round < 300; round++) {
		_cleanup_(ruleset_unrefp) struct ruleset *ruleset = NULL;
		struct ruleset_directory *directory;
		char pattern[32], path[32], whole[64];
		struct rules rules = {0};

		for (int i = 0; i < 6; i++) {
			model_pattern(&seed, pattern);
			rules_add_pattern(&rules,
					  i ? EFFECT_DENY : EFFECT_ALLOW,
					  1 + unit_below(&seed, 7), pattern);
		}
		ruleset = rules_compile(&rules);
		model_path(&seed, path);
		ck_assert_int_eq(
			ruleset_directory_new(&directory, ruleset, path), 0);
		/* All of them before anything else is asked. */
		for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
			rights_t matched = 0;
			bool beneath;

			for (int again = 0; again < 2; again++)
				matched = ruleset_directory_matched(
					directory, names[i], &beneath);
			snprintf(whole, sizeof(whole), "%s/%s",
				 path[1] ? path : "", names[i]);
			matched ^= model_refused(&rules, whole);
			ck_assert_msg(!matched, "%s", whole);
		}
		ruleset_directory_free(directory);
		rules_finish(&rules);
	}
}
END_TEST

static int64_t time_of_judgements(const struct ruleset *ruleset)
{
	static const char path[] = "/home/user/projects/thing/src/main.c";
	const int rounds = 20000;
	int64_t best = INT64_MAX;

	for (int again = 0; again < 5; again++) {
		const int64_t begin = clock_monotonic_ns();

		for (int i = 0; i < rounds; i++)
			ruleset_judge_path(ruleset, path, sizeof(path) - 1,
					   READ, PROCESS_NONE);
		if (clock_monotonic_ns() - begin < best)
			best = clock_monotonic_ns() - begin;
	}
	return best / rounds;
}

static void add_pattern(struct rules *rules, const char *const form[2],
			int number)
{
	char text[64];

	snprintf(text, sizeof(text), "%s%d%s", form[0], number, form[1]);
	rules_add_pattern(rules, EFFECT_DENY, READ, text);
}

/* The figure is for those who read it: a machine may be busy. */
START_TEST(many)
{
	static const char *const forms[][2] = {
		{"/home/user/**/.secret-", ""},
		{"/home/user/**/*.secret", ""},
		{"/home/user/**/secret", "-*.key"},
		{"/home/*/secret", ""},
	};
	struct rules rules = {0};
	int64_t none, all;

	rules_add(&rules, LAYER_USER, EFFECT_ALLOW, READ, "/home/user");
	for (int with = 0; with < 2; with++) {
		_cleanup_(ruleset_unrefp) struct ruleset *ruleset = NULL;

		for (int i = 0; with && i < MANY; i++)
			add_pattern(&rules, forms[i % ARRAY_SIZE(forms)], i);
		ck_assert_int_eq(ruleset_new(&ruleset, &rules, 1, 0), 0);
		*(with ? &all : &none) = time_of_judgements(ruleset);
	}
	printf("judgement: %d ns, with %d patterns %d ns\n", (int)none, MANY,
	       (int)all);
	rules_finish(&rules);
}
END_TEST

UNIT_MAIN("pattern", meaning, as_git_does, refused, samples_match,
	  names_of_a_directory, many);
