/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The file of grants: changes are appended, and whoever is killed meanwhile, or
 * else writes to it, spoils nothing.
 */
#include "grants_of_app.h"

#include <errno.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>

#define KILLS 80

/* --- Appending ---------------------------------------------------- */

static const char line_form[] =
	"{\"version\":1,\"id\":\"%s\",\"effect\":\"allow\","
	"\"rights\":[\"fs.read_file\"],\"object\":\"/%s\","
	"\"beneath\":true,\"agent\":\"x\","
	"\"time\":\"2025-01-31T12:00:00Z\",\"expires\":null}";

/* The file as it is. Returns: its text (free(3)). */
static char *contents(const struct grants *grants)
{
	FILE *const in = fopen(grants_path(grants), "r");
	char *text = NULL;
	size_t size = 0;

	ck_assert_ptr_nonnull(in);
	ck_assert_int_gt(getdelim(&text, &size, -1, in), 0);
	fclose(in);
	return text;
}

static size_t count(struct grants *grants, int64_t now)
{
	struct rules rules;
	size_t rules_count;

	load(grants, &rules, now);
	rules_count = rules.count;
	rules_finish(&rules);
	return rules_count;
}

/* What an answer costs does not depend on how many there are. */
START_TEST(what_is_added_is_appended)
{
	struct stat before, after;
	struct grants *grants;
	char *first, *then, path[32];

	set_up();
	grants = open_grants();
	for (int i = 0; i < 100; i++) {
		snprintf(path, sizeof(path), "/%d", i);
		free(add(grants, EFFECT_ALLOW, RIGHT_FS_READ_FILE, path, 0,
			 NOW));
	}
	first = contents(grants);
	ck_assert_int_eq(stat(grants_path(grants), &before), 0);
	free(add(grants, EFFECT_ALLOW, RIGHT_FS_READ_FILE, "/new", 0, NOW));
	/* One that joins an old one is a line of the same id. */
	free(add(grants, EFFECT_ALLOW, RIGHT_FS_WRITE_FILE, "/7", 0, NOW));
	ck_assert_int_eq(stat(grants_path(grants), &after), 0);
	ck_assert_uint_eq(before.st_ino, after.st_ino);
	then = contents(grants);
	ck_assert_int_eq(strncmp(then, first, strlen(first)), 0);
	ck_assert_uint_eq(count(grants, NOW), 101);
	grants_close(grants);
	grants = open_grants();
	ck_assert_uint_eq(count(grants, NOW), 101);
	/* What takes only some rights writes the file anew. */
	free(add(grants, EFFECT_DENY, RIGHT_FS_WRITE_FILE, "/7", 0, NOW));
	ck_assert_uint_eq(count(grants, NOW), 102);
	ck_assert_int_eq(stat(grants_path(grants), &after), 0);
	ck_assert_uint_ne(before.st_ino, after.st_ino);
	free(first);
	free(then);
	grants_close(grants);
	tear_down();
}
END_TEST

static ino_t inode(const struct grants *grants)
{
	struct stat status;

	ck_assert_int_eq(stat(grants_path(grants), &status), 0);
	return status.st_ino;
}

static void expect_effect(struct grants *grants, const char *id,
			  const enum effect *effect)
{
	struct rules rules;
	bool found = false;

	load(grants, &rules, NOW);
	for (size_t i = 0; i < rules.count; i++) {
		if (strcmp(rules.items[i].id, id) != 0)
			continue;
		found = true;
		if (effect)
			ck_assert_int_eq(rules.items[i].effect, *effect);
	}
	ck_assert_int_eq(found, effect != NULL);
	rules_finish(&rules);
}

/* Nor does it cost more to take something back. */
START_TEST(what_is_revoked_is_appended)
{
	static const enum effect deny = EFFECT_DENY;
	struct grants *grants;
	char *gone, *allowed, *denied, *first, *then, path[32];
	ino_t before;

	set_up();
	grants = open_grants();
	for (int i = 0; i < 100; i++) {
		snprintf(path, sizeof(path), "/%d", i);
		free(add(grants, EFFECT_ALLOW, RIGHT_FS_READ_FILE, path, 0,
			 NOW));
	}
	gone = add(grants, EFFECT_ALLOW, RIGHT_FS_READ_FILE, "/gone", 0, NOW);
	allowed = add(grants, EFFECT_ALLOW, RIGHT_FS_READ_FILE, "/turned", 0,
		      NOW);
	first = contents(grants);
	before = inode(grants);
	ck_assert_int_eq(grants_revoke(grants, gone, "test", NOW), 0);
	ck_assert_int_eq(grants_revoke(grants, gone, "test", NOW), -ENOENT);
	denied =
		add(grants, EFFECT_DENY, RIGHT_FS_READ_FILE, "/turned", 0, NOW);
	ck_assert_uint_eq(inode(grants), before);
	then = contents(grants);
	ck_assert_int_eq(strncmp(then, first, strlen(first)), 0);
	for (int i = 0; i < 2; i++) {
		ck_assert_uint_eq(count(grants, NOW), 101);
		expect_effect(grants, gone, NULL);
		expect_effect(grants, allowed, NULL);
		expect_effect(grants, denied, &deny);
		/* In memory, and as somebody else reads it. */
		grants_close(grants);
		grants = open_grants();
	}
	free(add(grants, EFFECT_ALLOW, RIGHT_FS_READ_FILE, "/gone", 0, NOW));
	ck_assert_uint_eq(count(grants, NOW), 102);
	ck_assert_uint_eq(inode(grants), before);
	free(gone);
	free(allowed);
	free(denied);
	free(first);
	free(then);
	grants_close(grants);
	tear_down();
}
END_TEST

/* What a kill leaves of a turned answer never allows more than one of both. */
START_TEST(a_turned_answer_is_cut_off)
{
	struct grants *grants;
	char *first, *then, *text;

	for (int turn = 0; turn < 2; turn++) {
		const enum effect old = turn ? EFFECT_ALLOW : EFFECT_DENY;
		const enum effect new = turn ? EFFECT_DENY : EFFECT_ALLOW;

		set_up();
		grants = open_grants();
		free(add(grants, old, RIGHT_FS_READ_FILE, "/a", 0, NOW));
		first = contents(grants);
		free(add(grants, new, RIGHT_FS_READ_FILE, "/a", 0, NOW));
		then = contents(grants);
		ck_assert_int_eq(strncmp(then, first, strlen(first)), 0);
		grants_close(grants);
		for (size_t cut = strlen(first); cut < strlen(then); cut++) {
			struct rules rules;
			bool denied = false;

			text = strndup(then, cut);
			directory_write(root, "app.jsonl", text);
			free(text);
			grants = open_grants();
			load(grants, &rules, NOW);
			for (size_t i = 0; i < rules.count; i++)
				denied |= rules.items[i].effect == EFFECT_DENY;
			ck_assert_uint_ge(rules.count, 1);
			/* All but the line feed is all. */
			ck_assert(denied || turn || cut + 1 == strlen(then));
			rules_finish(&rules);
			grants_close(grants);
		}
		free(first);
		free(then);
		tear_down();
	}
}
END_TEST

START_TEST(what_says_nothing_goes_in_time)
{
	struct grants *grants;
	struct stat status;
	char path[32];

	set_up();
	grants = open_grants();
	for (int i = 0; i < 400; i++) {
		snprintf(path, sizeof(path), "/%d", i % 100);
		free(add(grants, EFFECT_ALLOW, UINT64_C(1) << (i / 100 % 4),
			 path, 0, NOW));
	}
	ck_assert_uint_eq(count(grants, NOW), 100);
	ck_assert_int_eq(stat(grants_path(grants), &status), 0);
	ck_assert_int_lt(status.st_size, 160 * 300);
	grants_close(grants);
	tear_down();
}
END_TEST

START_TEST(others_write_in_between)
{
	struct grants *one, *other;
	char *id;

	set_up();
	one = open_grants();
	other = open_grants();
	free(add(one, EFFECT_ALLOW, RIGHT_FS_READ_FILE, "/a", 0, NOW));
	free(add(other, EFFECT_ALLOW, RIGHT_FS_READ_FILE, "/b", 0, NOW));
	id = add(one, EFFECT_ALLOW, RIGHT_FS_READ_FILE, "/c", 0, NOW);
	ck_assert_uint_eq(count(one, NOW), 3);
	ck_assert_uint_eq(count(other, NOW), 3);
	ck_assert_int_eq(grants_revoke(other, id, "test", NOW), 0);
	free(id);
	free(add(one, EFFECT_ALLOW, RIGHT_FS_READ_FILE, "/d", 0, NOW));
	ck_assert_uint_eq(count(one, NOW), 3);
	ck_assert_uint_eq(count(other, NOW), 3);
	grants_close(one);
	grants_close(other);
	tear_down();
}
END_TEST

/* Cut off anywhere: whoever wrote it had told nobody that it is kept. */
START_TEST(torn_ends_say_nothing)
{
	char whole[512], torn[512], *text;
	struct grants *grants;
	const size_t length =
		(size_t)snprintf(torn, sizeof(torn), line_form, "t", "torn");

	set_up();
	snprintf(whole, sizeof(whole), line_form, "w", "whole");
	for (size_t cut = 1; cut <= length; cut += 7) {
		text = NULL;
		ck_assert_int_gt(
			asprintf(&text, "%s\n%.*s", whole, (int)cut, torn), 0);
		directory_write(root, "app.jsonl", text);
		free(text);
		grants = open_grants();
		ck_assert_uint_eq(count(grants, NOW), 1);
		free(add(grants, EFFECT_ALLOW, RIGHTS_READ, "/new", 0, NOW));
		ck_assert_uint_eq(count(grants, NOW), 2);
		text = contents(grants);
		ck_assert_ptr_null(strstr(text, "torn"));
		free(text);
		grants_close(grants);
	}
	tear_down();
}
END_TEST

/* What is whole but for its line feed counts, and stays. */
START_TEST(a_last_line_without_a_feed)
{
	struct grants *grants;
	char whole[512];

	set_up();
	snprintf(whole, sizeof(whole), line_form, "w", "whole");
	directory_write(root, "app.jsonl", whole);
	grants = open_grants();
	ck_assert_uint_eq(count(grants, NOW), 1);
	free(add(grants, EFFECT_ALLOW, RIGHTS_READ, "/new", 0, NOW));
	grants_close(grants);
	grants = open_grants();
	ck_assert_uint_eq(count(grants, NOW), 2);
	grants_close(grants);
	tear_down();
}
END_TEST

/* Where a file system shows what was never written. */
START_TEST(zeroes_at_the_end)
{
	struct grants *grants;
	char whole[512];
	FILE *out;

	set_up();
	snprintf(whole, sizeof(whole), line_form, "w", "whole");
	directory_write(root, "app.jsonl", whole);
	grants = open_grants();
	out = fopen(grants_path(grants), "a");
	fputc('\n', out);
	for (int i = 0; i < 300; i++)
		fputc('\0', out);
	ck_assert_int_eq(fclose(out), 0);
	ck_assert_uint_eq(count(grants, NOW), 1);
	free(add(grants, EFFECT_ALLOW, RIGHTS_READ, "/new", 0, NOW));
	ck_assert_uint_eq(count(grants, NOW), 2);
	grants_close(grants);
	tear_down();
}
END_TEST

#define MANY 20001

START_TEST(there_is_no_last_one)
{
	char *const text = malloc(MANY * 256), *at = text, name[16];
	struct grants *grants;

	set_up();
	for (int i = 0; i < MANY; i++) {
		snprintf(name, sizeof(name), "%d", i);
		at += sprintf(at, line_form, name, name);
		*at++ = '\n';
	}
	*at = '\0';
	directory_write(root, "app.jsonl", text);
	free(text);
	grants = open_grants();
	free(add(grants, EFFECT_ALLOW, RIGHTS_READ, "/new", 0, NOW));
	ck_assert_uint_eq(count(grants, NOW), MANY + 1);
	grants_close(grants);
	tear_down();
}
END_TEST

/* --- Killed writers ---------------------------------------------- */

/* The kernel ends this process then, whatever it is doing. */
static void die_in(suseconds_t usec)
{
	const struct itimerval in = {.it_value = {.tv_usec = usec + 1}};

	signal(SIGALRM, SIG_DFL);
	setitimer(ITIMER_REAL, &in, NULL);
}

/*
 * Adds grants until it is killed, at any point behind the first @work ones;
 * counts in shared memory what was reported, which is what must be there
 * afterwards. It asserts nothing: each assertion writes to what Check reads, and
 * would be killed in the middle of that.
 */
static void write_until_killed(struct grants *grants, volatile int *reported,
			       int writer, int work, suseconds_t usec)
{
	for (;; work--) {
		char path[64];
		char *id;

		if (work == 0)
			die_in(usec);
		snprintf(path, sizeof(path), "/%d/%d", writer, *reported);
		id = add(grants, EFFECT_ALLOW, RIGHTS_READ, path, 0, NOW);
		if (id)
			++*reported;
		free(id);
	}
}

static void check_reported(const volatile int *reported)
{
	struct grants *const grants = open_grants();
	struct rules rules;
	int found[2] = {0};

	load(grants, &rules, NOW);
	for (size_t i = 0; i < rules.count; i++) {
		int writer, number;

		ck_assert_int_eq(sscanf(rules.items[i].object.bytes, "/%d/%d",
					&writer, &number),
				 2);
		found[writer]++;
	}
	/* The last may be there without having been reported. */
	for (int writer = 0; writer < 2; writer++) {
		ck_assert_int_ge(found[writer], reported[writer]);
		ck_assert_int_le(found[writer], reported[writer] + 1);
	}
	rules_finish(&rules);
	grants_close(grants);
}

static pid_t start_writer(volatile int *reported, int writer, uint64_t *seed)
{
	const int work = (int)unit_below(seed, 3);
	const suseconds_t usec = (suseconds_t)unit_below(seed, 2000);
	struct grants *const grants = open_grants();
	const pid_t pid = fork();

	if (pid == 0)
		write_until_killed(grants, &reported[writer], writer, work,
				   usec);
	ck_assert_int_gt(pid, 0);
	grants_close(grants);
	return pid;
}

START_TEST(killed_writers_lose_nothing)
{
	volatile int *const reported = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
					    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	uint64_t seed = 3;
	int most = 0;

	set_up();
	for (int kills = 0; kills < KILLS; kills++) {
		pid_t pids[2];

		/* Small files, so that a kill meets every step. */
		if (reported[0] + reported[1] > 150) {
			unlink(directory_path(root, "app.jsonl"));
			reported[0] = reported[1] = 0;
		}
		for (int i = 0; i < 2; i++)
			pids[i] = start_writer(reported, i, &seed);
		for (int i = 0; i < 2; i++)
			waitpid(pids[i], NULL, 0);
		check_reported(reported);
		if (reported[0] > most)
			most = reported[0];
	}
	/* The test means something only if writers got work done. */
	ck_assert_int_gt(most, 10);
	munmap((void *)reported, 4096);
	tear_down();
}
END_TEST

UNIT_MAIN("grants-file", what_is_added_is_appended, what_is_revoked_is_appended,
	  a_turned_answer_is_cut_off, what_says_nothing_goes_in_time,
	  others_write_in_between, torn_ends_say_nothing,
	  a_last_line_without_a_feed, zeroes_at_the_end, there_is_no_last_one,
	  killed_writers_lose_nothing);
