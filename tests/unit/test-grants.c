/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "directory.h"
#include "store/grant.h"
#include "store/grants.h"
#include "unit.h"

#define NOW 1700000000
#define KILLS 80

static char *root;

static void set_up(void)
{
	root = directory_make();
	ck_assert_int_eq(chmod(root, 0700), 0);
}

static void tear_down(void)
{
	directory_remove(root);
}

static struct grants *open_grants(void)
{
	struct grants *grants;

	ck_assert_int_eq(grants_open(&grants, root, "app"), 0);
	return grants;
}

/* Persists one rule. Returns: its id (free(3)), or NULL with *ret_result. */
static char *add(struct grants *grants, enum effect effect, rights_t rights,
		 const char *path, int64_t expires, int64_t now)
{
	struct rules rules = {0};
	struct rule rule = {
		.layer = LAYER_USER,
		.effect = effect,
		.rights = rights,
		.beneath = true,
		.expires = expires,
	};
	char *id = NULL;

	ck_assert_int_eq(object_init_path(&rule.object, path), 0);
	ck_assert_int_eq(rules_take(&rules, &rule), 0);
	if (grants_add(grants, &rules, "terminal", now) == 0)
		id = strdup(rules.items[0].id);
	rules_finish(&rules);
	return id;
}

static void load(struct grants *grants, struct rules *ret, int64_t now)
{
	struct file_errors errors = {0};

	ck_assert_int_eq(grants_load(grants, now, ret, &errors), 0);
	ck_assert_uint_eq(errors.count, 0);
}

START_TEST(grants_come_back)
{
	struct grants *grants;
	struct rules rules;
	char *id;

	set_up();
	grants = open_grants();
	load(grants, &rules, NOW);
	ck_assert_uint_eq(rules.count, 0);
	id = add(grants, EFFECT_ALLOW, RIGHTS_READ, "/a\xff\n\"b\\", 0, NOW);
	grants_close(grants);
	grants = open_grants();
	load(grants, &rules, NOW);
	ck_assert_uint_eq(rules.count, 1);
	ck_assert_str_eq(rules.items[0].object.bytes, "/a\xff\n\"b\\");
	ck_assert_str_eq(rules.items[0].id, id);
	ck_assert_str_eq(rules.items[0].origin,
			 "terminal, 2023-11-14T22:13:20Z");
	ck_assert_int_eq(rules.items[0].layer, LAYER_USER);
	ck_assert(rules.items[0].beneath);
	ck_assert_uint_eq(rules.items[0].rights, RIGHTS_READ);
	rules_finish(&rules);
	ck_assert_int_eq(grants_revoke(grants, "nothing", "test", NOW),
			 -ENOENT);
	ck_assert_int_eq(grants_revoke(grants, id, "test", NOW), 0);
	load(grants, &rules, NOW);
	ck_assert_uint_eq(rules.count, 0);
	free(id);
	grants_close(grants);
	tear_down();
}
END_TEST

START_TEST(the_newest_decision_counts)
{
	struct grants *grants;
	struct rules rules;

	set_up();
	grants = open_grants();
	free(add(grants, EFFECT_ALLOW, RIGHT_FS_READ_FILE, "/a", 0, NOW));
	free(add(grants, EFFECT_ALLOW, RIGHT_FS_WRITE_FILE, "/a", 0, NOW));
	load(grants, &rules, NOW);
	ck_assert_uint_eq(rules.count, 1);
	ck_assert_uint_eq(rules.items[0].rights,
			  RIGHT_FS_READ_FILE | RIGHT_FS_WRITE_FILE);
	rules_finish(&rules);

	free(add(grants, EFFECT_DENY, RIGHT_FS_WRITE_FILE, "/a", 0, NOW));
	load(grants, &rules, NOW);
	ck_assert_uint_eq(rules.count, 2);
	ck_assert_uint_eq(rules.items[0].rights, RIGHT_FS_READ_FILE);
	ck_assert_int_eq(rules.items[1].effect, EFFECT_DENY);
	rules_finish(&rules);

	/* A refusal that ends leaves what was allowed for good. */
	free(add(grants, EFFECT_DENY, RIGHT_FS_READ_FILE, "/a", NOW + 9, NOW));
	load(grants, &rules, NOW);
	ck_assert_uint_eq(rules.count, 3);
	rules_finish(&rules);
	load(grants, &rules, NOW + 9);
	ck_assert_uint_eq(rules.count, 2);
	rules_finish(&rules);

	/* What has expired leaves the file with the next change. */
	free(add(grants, EFFECT_ALLOW, RIGHT_FS_READ_FILE, "/b", 0, NOW + 9));
	load(grants, &rules, NOW);
	ck_assert_uint_eq(rules.count, 3);
	rules_finish(&rules);
	grants_close(grants);
	tear_down();
}
END_TEST

START_TEST(other_objects_come_back)
{
	static const struct {
		const char *text;
		rights_t rights;
	} cases[] = {
		{"443", RIGHT_NET_CONNECT_TCP},
		{"*", RIGHT_NET_BIND_TCP},
		{"@\\x00\\xff\\x5c*", RIGHT_SCOPE_ABSTRACT_UNIX_SOCKET},
		{"CAP_CHOWN", RIGHT_PERM_CAPABILITY_USE},
		{"mnt+user", RIGHT_PERM_NAMESPACE_ENTER},
		{"inet:*:6", RIGHT_PERM_SOCKET_CREATE},
		{"*", RIGHT_PTRACE},
	};
	struct rules rules = {0}, loaded;
	struct grants *grants;

	set_up();
	grants = open_grants();
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct rule rule = {.layer = LAYER_USER,
				    .effect = EFFECT_ALLOW,
				    .rights = cases[i].rights};
		const char *expected;

		ck_assert_int_eq(object_parse(cases[i].text, rule.rights,
					      &rule.object, &rule.beneath,
					      &expected),
				 0);
		ck_assert_int_eq(rules_take(&rules, &rule), 0);
	}
	ck_assert_int_eq(grants_add(grants, &rules, "script", NOW), 0);
	load(grants, &loaded, NOW);
	ck_assert_uint_eq(loaded.count, rules.count);
	for (size_t i = 0; i < loaded.count; i++)
		ck_assert(object_equal(&loaded.items[i].object,
				       &rules.items[i].object));
	rules_finish(&loaded);
	rules_finish(&rules);
	grants_close(grants);
	tear_down();
}
END_TEST

START_TEST(bad_lines_are_kept)
{
	static const char good[] =
		"{\"version\":1,\"id\":\"a\",\"effect\":\"allow\","
		"\"rights\":[\"fs.read_file\"],\"object\":\"/etc/$\","
		"\"beneath\":false,\"agent\":\"x\","
		"\"time\":\"2025-01-31T12:00:00Z\",\"expires\":null}";
	static const char *const replaced[][2] = {
		{"\"version\":1", "\"version\":2"},
		{"\"version\":1,", ""},
		{"\"version\":1", "\"more\":0,\"version\":1"},
		{"\"version\":1", "\"version\":1,\"version\":1"},
		{"\"id\":\"a\"", "\"id\":\"\""},
		{"\"id\":\"a\"", "\"id\":1"},
		{"allow", "permit"},
		{"fs.read_file", "read"},
		{"fs.read_file", "fs.nothing"},
		{"[\"fs.read_file\"]", "[]"},
		{"[\"fs.read_file\"]", "\"fs.read_file\""},
		{"fs.read_file", "net.bind_tcp"},
		{"/etc/$", "etc"},
		{"/etc/$", "/etc/../x"},
		{"/etc/$", "/etc\\\\x00"},
		{"/etc/$", "/etc\\u0000"},
		{"12:00:00Z", "12:00:00+01:00"},
		{"01-31T", "02-31T"},
		{"null", "\"soon\""},
		{"null", "0"},
		{"null}", "null"},
		{"null}", "null} x"},
	};
	char *text = calloc(1, 64 * 1024), *file;
	struct file_errors errors = {0};
	struct rules rules;
	struct grants *grants;
	FILE *in;

	set_up();
	sprintf(text, "%s\n", good);
	for (size_t i = 0; i < ARRAY_SIZE(replaced); i++) {
		const char *at = strstr(good, replaced[i][0]);

		ck_assert_ptr_nonnull(at);
		sprintf(text + strlen(text), "%.*s%s%s\n", (int)(at - good),
			good, replaced[i][1], at + strlen(replaced[i][0]));
	}
	strcat(text, "\nno feed at the end");
	directory_write(root, "app.jsonl", text);
	grants = open_grants();
	ck_assert_int_eq(grants_load(grants, NOW, &rules, &errors), 0);
	ck_assert_uint_eq(rules.count, 1);
	ck_assert_str_eq(rules.items[0].object.bytes, "/etc/$");
	rules_finish(&rules);
	ck_assert_uint_eq(errors.count, ARRAY_SIZE(replaced) + 1);
	for (size_t i = 0; i < ARRAY_SIZE(replaced); i++)
		ck_assert_uint_eq(errors.items[i].line, i + 2);
	file_errors_finish(&errors);

	/* A change keeps them to the byte, in their order. */
	free(add(grants, EFFECT_ALLOW, RIGHTS_READ, "/new", 0, NOW));
	file = calloc(1, 64 * 1024);
	in = fopen(grants_path(grants), "r");
	ck_assert_uint_gt(fread(file, 1, 64 * 1024 - 1, in), 0);
	fclose(in);
	ck_assert_int_eq(strncmp(file, text, strlen(text)), 0);
	ck_assert_ptr_nonnull(strstr(file + strlen(text), "\"/new\""));
	free(file);
	free(text);
	grants_close(grants);
	tear_down();
}
END_TEST

START_TEST(places_that_are_not_ours)
{
	struct file_errors errors = {0};
	struct stat status;
	struct grants *grants;
	struct rules rules;
	char path[4096];

	set_up();
	/* Made for the user only, also above. */
	snprintf(path, sizeof(path), "%s/a/b/grants", root);
	ck_assert_int_eq(grants_open(&grants, path, "../x"), 0);
	free(add(grants, EFFECT_ALLOW, RIGHTS_READ, "/a", 0, NOW));
	ck_assert_int_eq(stat(path, &status), 0);
	ck_assert_uint_eq(status.st_mode & 07777, 0700);
	ck_assert_int_eq(stat(grants_path(grants), &status), 0);
	ck_assert_uint_eq(status.st_mode & 07777, 0600);
	ck_assert_str_eq(strrchr(grants_path(grants), '/'), "/%2E.%2Fx.jsonl");
	/* Others could have written it. */
	ck_assert_int_eq(chmod(grants_path(grants), 0620), 0);
	ck_assert_int_eq(grants_load(grants, NOW, &rules, &errors), -EPERM);
	ck_assert_int_eq(unlink(grants_path(grants)), 0);
	ck_assert_int_eq(symlink("/etc/passwd", grants_path(grants)), 0);
	ck_assert_int_eq(grants_load(grants, NOW, &rules, &errors), -ELOOP);
	ck_assert_ptr_null(
		add(grants, EFFECT_ALLOW, RIGHTS_READ, "/a", 0, NOW));
	ck_assert_int_eq(unlink(grants_path(grants)), 0);
	ck_assert_int_eq(mkfifo(grants_path(grants), 0600), 0);
	ck_assert_int_eq(grants_load(grants, NOW, &rules, &errors), -EINVAL);
	grants_close(grants);

	ck_assert_int_eq(chmod(path, 0770), 0);
	ck_assert_int_eq(grants_open(&grants, path, "x"), -EPERM);
	ck_assert_int_eq(chmod(path, 0700), 0);
	ck_assert_int_eq(symlink("a/b/grants", directory_path(root, "link")),
			 0);
	ck_assert_int_eq(
		grants_open(&grants, directory_path(root, "link"), "x"),
		-ELOOP);
	ck_assert_int_eq(grants_open(&grants, path, ""), -EINVAL);
	tear_down();
}
END_TEST

START_TEST(what_cannot_be_persisted)
{
	static const struct rule bad[] = {
		{.object = {.type = OBJECT_PORT},
		 .rights = RIGHTS_NET,
		 .pid = 1,
		 .pid_start = 1},
		{.object = {.type = OBJECT_PORT},
		 .rights = RIGHTS_NET,
		 .expires = NOW},
		{.object = {.type = OBJECT_PORT}, .rights = RIGHTS_READ},
		{.object = {.type = OBJECT_PORT}, .rights = 0},
	};
	struct grants *grants;
	struct stat status;

	set_up();
	grants = open_grants();
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct rules rules = {.items = (struct rule *)&bad[i],
				      .count = 1};

		ck_assert_int_eq(grants_add(grants, &rules, "x", NOW), -EINVAL);
	}
	ck_assert_int_lt(stat(grants_path(grants), &status), 0);
	grants_close(grants);
	tear_down();
}
END_TEST

/* A stopped process that holds the lock costs a deadline, not for ever. */
START_TEST(a_held_lock_has_a_deadline)
{
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
	struct grants *grants;
	int64_t start;
	char *id;
	int fd;

	set_up();
	grants = open_grants();
	fd = open(directory_path(root, ".app.jsonl.lock"), O_RDWR | O_CREAT,
		  0600);
	ck_assert_int_eq(fcntl(fd, F_OFD_SETLK, &lock), 0);
	grants_set_wait(grants, 30);
	start = clock_boot(&clock_real);
	ck_assert_ptr_null(
		add(grants, EFFECT_ALLOW, RIGHTS_READ, "/a", 0, NOW));
	ck_assert_int_ge(clock_boot(&clock_real) - start, 30);
	/* Or none, for who has others to look after. */
	grants_set_wait(grants, 0);
	ck_assert_ptr_null(
		add(grants, EFFECT_ALLOW, RIGHTS_READ, "/a", 0, NOW));
	close(fd);
	/* Who can only read it holds nothing. */
	fd = open(directory_path(root, ".app.jsonl.lock"), O_RDONLY);
	ck_assert_int_eq(flock(fd, LOCK_EX), 0);
	ck_assert_int_lt(fcntl(fd, F_OFD_SETLK, &lock), 0);
	lock.l_type = F_RDLCK;
	ck_assert_int_eq(fcntl(fd, F_OFD_SETLK, &lock), 0);
	id = add(grants, EFFECT_ALLOW, RIGHTS_READ, "/a", 0, NOW);
	ck_assert_ptr_nonnull(id);
	free(id);
	close(fd);
	grants_close(grants);
	tear_down();
}
END_TEST

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
 * afterwards.
 */
static void write_until_killed(volatile int *reported, int writer, int work,
			       suseconds_t usec)
{
	struct grants *const grants = open_grants();

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
	const pid_t pid = fork();

	ck_assert_int_ge(pid, 0);
	if (pid == 0)
		write_until_killed(&reported[writer], writer, work, usec);
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

UNIT_MAIN("grants", grants_come_back, the_newest_decision_counts,
	  other_objects_come_back, bad_lines_are_kept, places_that_are_not_ours,
	  what_cannot_be_persisted, a_held_lock_has_a_deadline,
	  what_is_added_is_appended, what_is_revoked_is_appended,
	  a_turned_answer_is_cut_off, what_says_nothing_goes_in_time,
	  others_write_in_between, torn_ends_say_nothing,
	  a_last_line_without_a_feed, zeroes_at_the_end, there_is_no_last_one,
	  killed_writers_lose_nothing);
