/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Grants are kept and come back; what cannot be kept says so.
 */
#include "grants_of_app.h"

#include <errno.h>
#include <sys/file.h>

#include "base/clock.h"
#include "rules.h"
#include "store/grant.h"

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
	rules_add_pattern(&rules, EFFECT_DENY, RIGHTS_READ, "/a/**/b\\*?");
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

static const char good_line[] =
	"{\"version\":1,\"id\":\"a\",\"effect\":\"allow\","
	"\"rights\":[\"fs.read_file\"],\"object\":\"/etc/$\","
	"\"beneath\":false,\"agent\":\"x\","
	"\"time\":\"2025-01-31T12:00:00Z\",\"expires\":null}";
static const char *const bad_parts[][2] = {
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
	{"\"beneath\":false", "\"beneath\":false,\"pattern\":true"},
	{"\"beneath\":false", "\"beneath\":false,\"pattern\":1"},
};

START_TEST(bad_lines_are_kept)
{
	char *text = calloc(1, 64 * 1024), *file;
	struct file_errors errors = {0};
	struct rules rules;
	struct grants *grants;
	FILE *in;

	set_up();
	sprintf(text, "%s\n", good_line);
	for (size_t i = 0; i < ARRAY_SIZE(bad_parts); i++) {
		const char *at = strstr(good_line, bad_parts[i][0]);

		ck_assert_ptr_nonnull(at);
		sprintf(text + strlen(text), "%.*s%s%s\n",
			(int)(at - good_line), good_line, bad_parts[i][1],
			at + strlen(bad_parts[i][0]));
	}
	strcat(text, "\nno feed at the end");
	directory_write(root, "app.jsonl", text);
	grants = open_grants();
	ck_assert_int_eq(grants_load(grants, NOW, &rules, &errors), 0);
	ck_assert_uint_eq(rules.count, 1);
	ck_assert_str_eq(rules.items[0].object.bytes, "/etc/$");
	rules_finish(&rules);
	ck_assert_uint_eq(errors.count, ARRAY_SIZE(bad_parts) + 1);
	for (size_t i = 0; i < ARRAY_SIZE(bad_parts); i++)
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

static bool is_read(void *userdata, const struct rule *rule)
{
	++*(int *)userdata;
	return rule->rights == RIGHTS_READ;
}

/* Some go at once, and what is not understood stays. */
START_TEST(some_are_taken_back)
{
	struct grants *grants;
	struct rules rules;
	size_t count;
	int asked = 0;

	set_up();
	grants = open_grants();
	free(add(grants, EFFECT_ALLOW, RIGHTS_READ, "/a", 0, NOW));
	free(add(grants, EFFECT_ALLOW, RIGHTS_WRITE, "/b", 0, NOW));
	free(add(grants, EFFECT_DENY, RIGHTS_READ, "/c", 0, NOW));
	free(add(grants, EFFECT_ALLOW, RIGHTS_READ, "/d", NOW + 1, NOW));
	ck_assert_int_eq(
		grants_revoke_some(grants, is_read, &asked, NOW + 2, &count),
		0);
	/* What had expired was not asked about. */
	ck_assert_int_eq(asked, 3);
	ck_assert_uint_eq(count, 2);
	load(grants, &rules, NOW);
	ck_assert_uint_eq(rules.count, 1);
	ck_assert_str_eq(rules.items[0].object.bytes, "/b");
	rules_finish(&rules);
	grants_close(grants);
	tear_down();
}
END_TEST

#define MANY 1000

/* The rule of object i, of a list in which each comes three times. */
static struct rule one_of_many(size_t i)
{
	struct rule rule = {.effect = EFFECT_ALLOW, .beneath = true};
	char path[32];

	snprintf(path, sizeof(path), "/many/%zu", i % MANY);
	ck_assert_int_eq(object_init_path(&rule.object, path), 0);
	rule.rights = i < MANY ? RIGHTS_READ : RIGHTS_WRITE;
	if (i >= 2 * MANY && i % 2 == 0)
		rule.effect = EFFECT_DENY;
	return rule;
}

/* What many rules that come at once say of one object is merged as ever. */
START_TEST(many_are_kept_at_once)
{
	struct grants *grants;
	struct rules rules = {0}, kept;
	size_t denied = 0;

	set_up();
	grants = open_grants();
	for (size_t i = 0; i < 3 * MANY; i++) {
		struct rule rule = one_of_many(i);

		ck_assert_int_eq(rules_take(&rules, &rule), 0);
	}
	ck_assert_int_eq(grants_add(grants, &rules, "test", NOW), 0);
	for (size_t i = 0; i < MANY; i++)
		ck_assert_str_eq(rules.items[i].id, rules.items[MANY + i].id);
	load(grants, &kept, NOW);
	ck_assert_uint_eq(kept.count, MANY + MANY / 2);
	for (size_t i = 0; i < kept.count; i++) {
		const size_t number =
			strtoul(kept.items[i].object.bytes + strlen("/many/"),
				NULL, 10);
		const bool denies = kept.items[i].effect == EFFECT_DENY;

		denied += denies;
		ck_assert_uint_eq(kept.items[i].rights,
				  denies       ? RIGHTS_WRITE
				  : number % 2 ? RIGHTS_READ | RIGHTS_WRITE
					       : RIGHTS_READ);
	}
	ck_assert_uint_eq(denied, MANY / 2);
	rules_finish(&kept);
	rules_finish(&rules);
	grants_close(grants);
	tear_down();
}
END_TEST

START_TEST(all_are_forgotten)
{
	struct grants *grants;
	struct rules rules;

	set_up();
	grants = open_grants();
	ck_assert_int_eq(grants_forget(grants), 0);
	free(add(grants, EFFECT_ALLOW, RIGHTS_READ, "/a", 0, NOW));
	ck_assert_int_eq(grants_forget(grants), 0);
	ck_assert_int_lt(access(grants_path(grants), F_OK), 0);
	load(grants, &rules, NOW);
	ck_assert_uint_eq(rules.count, 0);
	/* It begins anew. */
	free(add(grants, EFFECT_DENY, RIGHTS_READ, "/b", 0, NOW));
	load(grants, &rules, NOW);
	ck_assert_uint_eq(rules.count, 1);
	rules_finish(&rules);
	grants_close(grants);
	tear_down();
}
END_TEST

UNIT_MAIN("grants", grants_come_back, the_newest_decision_counts,
	  other_objects_come_back, bad_lines_are_kept, places_that_are_not_ours,
	  what_cannot_be_persisted, a_held_lock_has_a_deadline,
	  some_are_taken_back, many_are_kept_at_once, all_are_forgotten);
