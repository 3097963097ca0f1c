/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Suggestions: what is wanted, how far it is generalised, and what never is.
 */
#include <string.h>

#include "trace/program_places.h"
#include "trace/suggest.h"
#include "unit.h"

/* A policy that protects the secrets of one home. */
static enum suggest_protection look(void *userdata, const char *path,
				    rights_t rights)
{
	(void)userdata;
	(void)rights;
	if (path_is_beneath(path, "/home/me/.ssh"))
		return SUGGEST_ITSELF;
	return path_is_beneath("/home/me/p/secret/key", path) ? SUGGEST_BENEATH
							      : SUGGEST_FREE;
}

static const struct suggest_options options = {.look = look,
					       .home = "/home/me"};
static struct suggest *suggest;
static char *text;
static struct trace_request traced;
static struct replay_result result;

static const char *program;

static void reset(void)
{
	program = "/usr/bin/t";
	ck_assert_int_eq(suggest_new(&suggest, &options), 0);
	result = (struct replay_result){
		.request = &traced,
		.home = "/home/u",
		.old = {REPLAY_ALLOW, TRACE_BY_AGENT, "me"},
		.new = {REPLAY_ALLOW, TRACE_BY_AGENT, "me"},
	};
}

static void finish(void)
{
	suggest = suggest_free(suggest);
	free(text);
	text = NULL;
}

static void use(const char *right, const char *object)
{
	struct request *request = &traced.request;
	struct access *access = &request->accesses[0];
	const char *expected;
	bool beneath;

	request->accesses_count = 1;
	request->subject.exe = strdup(program);
	ck_assert_int_eq(right_parse(right, &access->missing), 0);
	ck_assert_int_eq(object_parse(object, access->missing, &access->object,
				      &beneath, &expected),
			 0);
	ck_assert_int_eq(suggest_take(suggest, &result), 0);
	request_finish(request);
}

/* Names of one letter. */
static void use_many(const char *right, const char *directory, int count)
{
	char object[256];

	for (int i = 0; i < count; i++) {
		snprintf(object, sizeof(object), "%s/%c", directory, 'a' + i);
		use(right, object);
	}
}

/* Returns: the file (free(3)). */
static char *write_all(void)
{
	char *whole = NULL;
	size_t size, count;
	FILE *file = open_memstream(&whole, &size);

	ck_assert_int_eq(suggest_write(suggest, file, &count), 0);
	fclose(file);
	return whole;
}

/* Returns: the rules only, one a line. */
static const char *rules(void)
{
	char *whole = write_all(), *in = whole, *line, *out;

	free(text);
	text = out = calloc(1, strlen(whole) + 1);
	while ((line = strsep(&in, "\n")))
		if (*line && !strchr("#[", *line))
			out += sprintf(out, "%s\n", line);
	free(whole);
	return text;
}

START_TEST(each_object_has_a_rule)
{
	use("fs.read_file", "/home/u/a");
	use("fs.read_file", "/home/u/a");
	use("fs.write_file", "/home/u/a");
	use("fs.read_dir", "/home/u/d");
	use("fs.read_file", "/srv/x");
	use("net.connect_tcp", "443");
	ck_assert_str_eq(rules(), "fs.read_file = /srv/x\n"
				  "fs.read_file = ~/a\n"
				  "fs.write_file = ~/a\n"
				  "fs.read_dir = ~/d/$\n"
				  "net.connect_tcp = 443\n");
}
END_TEST

START_TEST(what_was_denied_is_not_wanted)
{
	use("fs.read_file", "/srv/a");
	result.old = (struct replay_verdict){REPLAY_DENY, TRACE_BY_AGENT, NULL};
	result.new = result.old;
	use("fs.read_file", "/srv/b");
	/* A rule that there is already, whatever it says. */
	result.old.outcome = REPLAY_ALLOW;
	result.new.by = TRACE_BY_RULE;
	use("fs.read_file", "/srv/c");
	/* Nobody was there. */
	result.old = (struct replay_verdict){REPLAY_ASK, TRACE_BY_NOBODY, NULL};
	result.new = result.old;
	use("fs.read_file", "/srv/d");
	ck_assert_str_eq(rules(),
			 "fs.read_file = /srv/a\nfs.read_file = /srv/d\n");
}
END_TEST

/* Also of a person whose home is elsewhere here. */
START_TEST(secrets_and_other_homes)
{
	use("fs.read_file", "/home/u/.ssh/id");
	use("fs.read_file", "/home/u/.aws/credentials");
	use("fs.read_file", "/home/other/x");
	use("fs.read_file", "/root/x");
	use("scope.signal", "pid:3");
	ck_assert_str_eq(rules(), "");
}
END_TEST

START_TEST(enough_pays_for_a_directory)
{
	use_many("fs.read_file", "/home/u/p", 3);
	use_many("fs.read_file", "/home/u/q", 4);
	use_many("fs.write_file", "/home/u/q", 5);
	use_many("fs.write_file", "/home/u/r", 6);
	ck_assert_str_eq(rules(), "fs.read_file = ~/p/a\n"
				  "fs.read_file = ~/p/b\n"
				  "fs.read_file = ~/p/c\n"
				  "fs.read_file = ~/q\n"
				  "fs.write_file = ~/q/a\n"
				  "fs.write_file = ~/q/b\n"
				  "fs.write_file = ~/q/c\n"
				  "fs.write_file = ~/q/d\n"
				  "fs.write_file = ~/q/e\n"
				  "fs.write_file = ~/r\n");
}
END_TEST

/* Further up, more is asked for. */
START_TEST(directories_of_directories)
{
	char directory[64];

	for (int i = 0; i < 5; i++) {
		snprintf(directory, sizeof(directory), "/home/u/w/d%c",
			 'a' + i);
		use_many("fs.read_file", directory, 4);
	}
	ck_assert_str_eq(rules(), "fs.read_file = ~/w/da\n"
				  "fs.read_file = ~/w/db\n"
				  "fs.read_file = ~/w/dc\n"
				  "fs.read_file = ~/w/dd\n"
				  "fs.read_file = ~/w/de\n");
	suggest_free(suggest);
	reset();
	for (int i = 0; i < 6; i++) {
		snprintf(directory, sizeof(directory), "/home/u/w/d%c",
			 'a' + i);
		use_many("fs.read_file", directory, 4);
	}
	ck_assert_str_eq(rules(), "fs.read_file = ~/w\n");
}
END_TEST

START_TEST(never_too_wide)
{
	use_many("fs.read_file", "/home/u", 9);
	use_many("fs.read_file", "/home/u/.config", 9);
	use_many("fs.read_file", "", 9);
	use_many("fs.read_file", "/tmp", 9);
	use_many("fs.read_file", "/var/lib", 9);
	use_many("fs.read_file", "/proc/4711", 9);
	rules();
	ck_assert_ptr_null(strstr(text, "= ~\n"));
	ck_assert_ptr_null(strstr(text, "= ~/.config\n"));
	ck_assert_ptr_null(strstr(text, "= /\n"));
	ck_assert_ptr_null(strstr(text, "= /tmp\n"));
	ck_assert_ptr_null(strstr(text, "= /var/lib\n"));
	ck_assert_ptr_null(strstr(text, "= /proc/4711\n"));
	ck_assert_ptr_nonnull(strstr(text, "= ~/.config/i\n"));
}
END_TEST

START_TEST(nothing_around_what_is_protected)
{
	use_many("fs.read_file", "/home/u/p/secret", 9);
	rules();
	ck_assert_ptr_nonnull(strstr(text, "= ~/p/secret/a\n"));
	ck_assert_ptr_null(strstr(text, "= ~/p/secret\n"));
}
END_TEST

/* Who makes a file by a new name each time needs the directory. */
START_TEST(names_that_do_not_stay)
{
	use("fs.make_reg", "/home/u/w/tmp.Xa81Kq");
	use("fs.read_file", "/home/u/q/tmp.Xa81Kq");
	use("fs.make_reg", "/tmp/tmp.Xa81Kq");
	use("fs.make_reg", "/tmp/tmp.Xa81Kq/x");
	ck_assert_str_eq(rules(), "fs.make_reg = ~/w\n");
}
END_TEST

/* Of what there were several versions, there will be a next one. */
START_TEST(versions)
{
	use("fs.read_file", "/home/u/a/x-1.2.3");
	use("fs.read_file", "/home/u/a/x-1.2.4");
	use("fs.read_file", "/home/u/b/x-1.2.3");
	use("fs.read_file", "/home/u/b/x-1.2.4");
	use("fs.read_file", "/home/u/b/x-1.3/f");
	use("fs.read_file", "/home/u/c/x-1.0");
	use("fs.read_file", "/home/u/c/y-1.0");
	use("fs.read_file", "/home/u/c/z-1.0");
	for (int i = 0; i < 5; i++) {
		char object[64];

		snprintf(object, sizeof(object), "/home/u/d/v%d.0", i);
		use("fs.write_file", object);
		/* What holds unlike things is never given for it. */
		snprintf(object, sizeof(object), "/home/u/.cache/v%d.0", i);
		use("fs.write_file", object);
	}
	ck_assert_str_eq(rules(), "fs.write_file = ~/.cache/v0.0\n"
				  "fs.write_file = ~/.cache/v1.0\n"
				  "fs.write_file = ~/.cache/v2.0\n"
				  "fs.write_file = ~/.cache/v3.0\n"
				  "fs.write_file = ~/.cache/v4.0\n"
				  "fs.read_file = ~/a/x-1.2.3\n"
				  "fs.read_file = ~/a/x-1.2.4\n"
				  "fs.read_file = ~/b\n"
				  "fs.read_file = ~/c/x-1.0\n"
				  "fs.read_file = ~/c/y-1.0\n"
				  "fs.read_file = ~/c/z-1.0\n"
				  "fs.write_file = ~/d\n");
}
END_TEST

/* It only looks as if it was new each time. */
START_TEST(names_that_stay_after_all)
{
	result.time = 1000000;
	use("fs.read_file", "/tmp/x7k2a9.default/prefs");
	use("fs.read_file", "/tmp/y7k2a9.default/prefs");
	result.time += INT64_C(24) * 60 * 60 * 1000000;
	use("fs.read_file", "/tmp/x7k2a9.default/prefs");
	ck_assert_str_eq(rules(), "fs.read_file = /tmp/x7k2a9.default/prefs\n");
}
END_TEST

/* What they have in common is said once, however many there were. */
START_TEST(patterns_instead_of_rules)
{
	char *whole;

	use("fs.make_reg", "/tmp/ccq3Ab7Z.o");
	use("fs.make_reg", "/tmp/ccA9xb2K.o");
	use("fs.write_file", "/tmp/ccA9xb2K.o");
	use("fs.make_reg", "/tmp/ccqtGxLm.s");
	use("fs.make_dir", "/tmp/tmp.Xa81Kq");
	use("fs.make_dir", "/tmp/tmp.Xa81Kq/a");
	for (int i = 0; i < 100; i++) {
		char object[64];

		snprintf(object, sizeof(object), "/tmp/z%d.tmp", i);
		use("fs.make_dir", object);
	}
	whole = write_all();
	ck_assert_ptr_nonnull(
		strstr(whole, "# 3 times, 2 names by /usr/bin/t, 1970-01-01\n"
			      "# (fs.write_file, fs.make_reg) '/tmp/*.o'\n"));
	ck_assert_ptr_nonnull(strstr(whole, "# 2 times, 2 names by /usr/bin/t, "
					    "1970-01-01\n"
					    "# (fs.make_dir) '/tmp/tmp.*'\n"));
	ck_assert_ptr_null(strstr(whole, "ccq3Ab7Z"));
	ck_assert_ptr_nonnull(strstr(whole, "\n# and "));
	free(whole);
	ck_assert_str_eq(rules(), "");
}
END_TEST

START_TEST(places_of_programs)
{
	static const struct {
		const char *program, *place;
		bool own;
	} places[] = {
		{"/usr/bin/foot", ".config/foot", true},
		{"/usr/bin/foot", ".cache/foot", true},
		{"/usr/bin/foot", ".foot", true},
		{"/usr/bin/foot", ".foot/a", false},
		{"/usr/bin/foot", "foot", false},
		{"/usr/bin/foot", ".config", false},
		{"/usr/bin/foot", ".config/foo", false},
		{"/usr/bin/foo", ".config/foot", false},
		{"/home/u/bin/foot", ".config/foot", false},
		{"/tmp/usr/bin/foot", ".config/foot", false},
		{"/usr/bin/python3.11", ".cache/pip", true},
		{"/usr/bin/gimp-2.10", ".config/GIMP", true},
		{"/usr/bin/gcc-12", ".config/gcc", true},
		{"/usr/bin/node", ".npm/_cacache", true},
		{"/usr/bin/nod", ".npm/_cacache", false},
		{"/usr/bin/node", ".npm", false},
		{"/usr/bin/7", ".7", true},
		{"/usr/bin/x264", ".x264", true},
		{"/usr/bin/x264", ".x", false},
		{"/usr/bin/", ".config/", false},
		{"others", ".others", false},
	};

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		ck_assert_msg(
			program_has_place(places[i].program, places[i].place) ==
				places[i].own,
			"%s %s", places[i].program, places[i].place);
}
END_TEST

/* Two names are enough in a directory of its own, and that of nobody else. */
START_TEST(own_directories)
{
	use("fs.read_file", "/home/u/.cache/t/a");
	use("fs.write_file", "/home/u/.cache/t/a");
	use("fs.write_file", "/home/u/.cache/t/d/b");
	use("fs.read_file", "/home/u/.config/t/a");
	use("fs.read_file", "/home/u/.config/t/b");
	program = "/usr/bin/other";
	use("fs.read_file", "/home/u/.config/t/b");
	/* Keys are nobody's own. */
	program = "/usr/bin/ssh";
	use("fs.read_file", "/home/u/.ssh/a");
	use("fs.read_file", "/home/u/.ssh/b");
	ck_assert_str_eq(rules(), "fs.write_file = ~/.cache/t\n"
				  "fs.read_file = ~/.cache/t/a\n"
				  "fs.read_file = ~/.config/t/a\n"
				  "fs.read_file = ~/.config/t/b\n");
}
END_TEST

START_TEST(odd_names)
{
	use("fs.read_file", "/srv/a b");
	use("fs.read_file", "/srv/$x,#;");
	use("fs.read_file", "/srv/\xff");
	use("fs.read_file", "/srv/a\nread = /");
	ck_assert_str_eq(rules(), "fs.read_file = /srv/\\$x\\,\\#\\;\n"
				  "fs.read_file = /srv/a\\ b\n");
}
END_TEST

/* The tree is full before all names are in it; nothing is lost. */
START_TEST(too_many_names)
{
	char object[64];

	for (int i = 0; i < EVIDENCE_NODES_MAX + 1000; i++) {
		snprintf(object, sizeof(object), "/srv/d/n%dx", i);
		use("fs.read_file", object);
	}
	ck_assert_str_eq(rules(), "fs.read_file = /srv/d\n");
}
END_TEST

/* A new file takes the place of an old one. */
static void move(const char *from, const char *to)
{
	struct request *request = &traced.request;
	const char *const names[] = {from, to};

	request->accesses_count = 2;
	request->subject.exe = strdup(program);
	request->accesses[0].missing = RIGHT_FS_REMOVE_FILE;
	request->accesses[1].missing = RIGHT_FS_REMOVE_FILE | RIGHT_FS_MAKE_REG;
	for (int i = 0; i < 2; i++)
		ck_assert_int_eq(object_init_path(&request->accesses[i].object,
						  names[i]),
				 0);
	ck_assert_int_eq(suggest_take(suggest, &result), 0);
	request_finish(request);
}

/* What may be read by its new name has to be by its old one, or is asked for. */
START_TEST(moves_gain_nothing)
{
	use("fs.read_file", "/srv/d/config");
	use("fs.make_reg", "/srv/d/new");
	move("/srv/d/new", "/srv/d/config");
	ck_assert_str_eq(rules(),
			 "fs.read_file = /srv/d/config\n"
			 "fs.remove_file, fs.make_reg = /srv/d/config\n"
			 "fs.read_file = /srv/d/new\n"
			 "fs.remove_file, fs.make_reg = /srv/d/new\n");
	/* Once, however often it is written. */
	ck_assert_ptr_nonnull(strstr(rules(), "fs.read_file = /srv/d/new\n"));
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		each_object_has_a_rule,
		what_was_denied_is_not_wanted,
		secrets_and_other_homes,
		enough_pays_for_a_directory,
		directories_of_directories,
		never_too_wide,
		nothing_around_what_is_protected,
		names_that_do_not_stay,
		versions,
		names_that_stay_after_all,
		places_of_programs,
		own_directories,
		patterns_instead_of_rules,
		odd_names,
		too_many_names,
		moves_gain_nothing,
	};
	TCase *tcase = tcase_create("trace-suggest");

	tcase_set_timeout(tcase, 100);
	tcase_add_checked_fixture(tcase, reset, finish);
	for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++)
		tcase_add_test(tcase, tests[i]);
	return unit_run_case("trace-suggest", tcase);
}
