/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a policy file may say, and what becomes of the rest. */
#include <errno.h>
#include <stdint.h>

#include "base/cleanup.h"
#include "policy/expand.h"
#include "layers.h"

/* Instead of a number of rules: nothing is loaded at all. */
#define FAILS SIZE_MAX

/* Loads one user file and compares its errors, one "LINE: start" each. */
static void expect_errors(const char *bytes, size_t length, size_t rules,
			  const char *const *starts)
{
	struct file_errors errors = {0};
	struct policy policy = {0};
	size_t built_in = 0;

	directory_write_bytes(root, "user/base.ini", bytes, length);
	ck_assert_int_eq(policy_load("app", &options, &policy, &errors),
			 rules == FAILS ? -EBADMSG : 0);
	for (size_t i = 0; i < policy.rules.count; i++)
		built_in +=
			strcmp(policy.rules.items[i].origin, "built in") == 0;
	for (size_t i = 0; i < errors.count; i++) {
		_cleanup_free_ char *text = NULL;

		ck_assert_ptr_nonnull(starts[i]);
		if (asprintf(&text, "%u: %s", errors.items[i].line,
			     errors.items[i].sentence) < 0)
			text = NULL;
		ck_assert_msg(strncmp(text, starts[i], strlen(starts[i])) == 0,
			      "%s\n%s", text, starts[i]);
		ck_assert_str_eq(errors.items[i].file,
				 directory_path(root, "user/base.ini"));
	}
	ck_assert_ptr_null(starts[errors.count]);
	ck_assert_uint_eq(policy.rules.count - built_in,
			  rules == FAILS ? 0 : rules);
	file_errors_finish(&errors);
	policy_finish(&policy);
}

#define EXPECT_ERRORS(text, rules, ...)              \
	expect_errors(text, sizeof(text) - 1, rules, \
		      (const char *const[]){__VA_ARGS__})

START_TEST(bad_lines_are_quarantined)
{
	set_up();
	EXPECT_ERRORS("\n[allow]\nread = /ok\nraed = /x\n"
		      "read = relative\nread = /a/../b\nread\nread =\n"
		      "read = $NOTHING/x\nconnect_tcp = http\n"
		      "connect_tcp = 443\nread, connect_tcp = /x\n"
		      "include = /etc/passwd\n= /x\n",
		      2, "4: unknown right \"raed\"",
		      "5: bad object \"relative\"; expected an absolute path",
		      "6: cannot expand \"/a/../b\"; expected a path without",
		      "7: cannot understand \"read\"; expected KEY = VALUE",
		      "8: no value for \"read\"",
		      "9: cannot expand \"$NOTHING/x\"",
		      "10: bad object \"http\"; expected a port",
		      "12: the object does not suit \"connect_tcp\"",
		      "13: unknown right \"include\"", "14: unknown right \"\"",
		      NULL);
	/* A malformed section does not leave its lines to the one before. */
	EXPECT_ERRORS("[allow]\nread = /ok\n[deny\nread = /x\n[dney]\n"
		      "read = /y\nnonsense\n[allow] x\nread = /z\n"
		      "[ ask ] # fine\nread = /w\n",
		      FAILS, "3: unknown section \"[deny\"; expected [allow]",
		      "5: unknown section \"[dney]\"",
		      "8: unknown section \"[allow] x\"", NULL);
	EXPECT_ERRORS("read = /x\n", FAILS, "1: no section above \"read\"",
		      NULL);
	EXPECT_ERRORS("[settings]\ntimeout = 0\ntimeout = 2d\nno-agent = "
		      "allow\nmax-rate = x\ncolour = red\n",
		      0, "2: bad value \"0\"", "3: bad value \"2d\"",
		      "4: bad value \"allow\"; expected \"deny\" or \"wait\"",
		      "5: bad value \"x\"", "6: unknown setting \"colour\"",
		      NULL);
	EXPECT_ERRORS("[allow]\nread = /a\0b\nread = /ok\n\033[31m = /x\n", 1,
		      "2: a NUL byte in the line",
		      "4: unknown right \"\\x1b[31m\"", NULL);
	tear_down();
}
END_TEST

START_TEST(long_lines)
{
	static char text[1024 * 1024 + 64];
	char path[4000];

	set_up();
	/* A megabyte is refused; the lines around it stay. */
	strcpy(text, "[allow]\nread = /one\nread = /");
	memset(text + strlen(text), 'a', 1024 * 1024);
	strcat(text, "\nread = /two\n");
	expect_errors(text, strlen(text), 2,
		      (const char *const[]){"3: the line is too long", NULL});
	/* What a path may hold, inih's line does not: it must not be cut. */
	path[0] = '/';
	memset(path + 1, 'b', 250);
	path[251] = '/';
	memset(path + 252, 'c', 200);
	path[452] = '\0';
	snprintf(text, sizeof(text), "[allow]\nread = %s\n", path);
	directory_write(root, "user/base.ini", text);
	expect(&(struct expectation){path, EFFECT_ALLOW}, 1);
	path[440] = '\0';
	expect(&(struct expectation){path, EFFECT_ASK}, 1);
	/* A comment of any length below the bound is one. */
	text[0] = '#';
	memset(text + 1, '=', 5000);
	strcpy(text + 5001, "\n[allow]\nread = /x\n");
	expect_errors(text, strlen(text), 1, (const char *const[]){NULL});
	tear_down();
}
END_TEST

START_TEST(too_much_is_refused)
{
	struct file_errors errors = {0};
	struct policy policy;
	char *text = malloc(5 * 1024 * 1024);
	size_t length;

	set_up();
	strcpy(text, "[allow]\nread = /ok\n");
	length = strlen(text);
	while (length < 5 * 1024 * 1024 - 8) {
		memcpy(text + length, "#######\n", 8);
		length += 8;
	}
	expect_errors(
		text, length, FAILS,
		(const char *const[]){"524288: the file is too long", NULL});
	/* Errors are bounded too. */
	memset(text, 'x', 4000);
	for (int i = 0; i < 4000; i += 2)
		text[i] = '\n';
	directory_write_bytes(root, "user/base.ini", text, 4000);
	ck_assert_int_eq(policy_load("app", &options, &policy, &errors),
			 -EBADMSG);
	ck_assert_uint_eq(errors.count, FILE_ERRORS_MAX + 1);
	file_errors_finish(&errors);
	free(text);
	tear_down();
}
END_TEST

/* Makes a file that is none, or not to be believed, with a name. */
static void make_directory(const char *path)
{
	ck_assert_int_eq(mkdir(path, 0755), 0);
}

static void make_pipe(const char *path)
{
	ck_assert_int_eq(mkfifo(path, 0644), 0);
}

static void make_loop(const char *path)
{
	ck_assert_int_eq(symlink(strrchr(path, '/') + 1, path), 0);
}

static void make_link_to_directory(const char *path)
{
	ck_assert_int_eq(symlink("../base.d", path), 0);
}

static void make_link_to_device(const char *path)
{
	ck_assert_int_eq(symlink("/dev/zero", path), 0);
}

static void make_link_to_nowhere(const char *path)
{
	ck_assert_int_eq(symlink("nowhere", path), 0);
}

static void make_writable(const char *path)
{
	directory_write(root, "user/base.d/x.ini", "[allow]\nread = /no\n");
	ck_assert_int_eq(chmod(path, 0646), 0);
}

static void make_unreadable(const char *path)
{
	directory_write(root, "user/base.d/x.ini", "[allow]\nread = /no\n");
	ck_assert_int_eq(chmod(path, 0), 0);
}

static void make_directory_writable(const char *path)
{
	directory_write(root, "user/base.d/x.ini", "[allow]\nread = /no\n");
	(void)path;
	ck_assert_int_eq(chmod(directory_path(root, "user/base.d"), 0757), 0);
}

static void make_directory_unreadable(const char *path)
{
	directory_write(root, "user/base.d/x.ini", "[allow]\nread = /no\n");
	(void)path;
	ck_assert_int_eq(chmod(directory_path(root, "user/base.d"), 0300), 0);
}

static void make_above_writable(const char *path)
{
	(void)path;
	ck_assert_int_eq(chmod(root, 0757), 0);
}

/*
 * What is there and cannot be believed may have been a refusal: nothing is
 * loaded, and it is said of which file. Nothing blocks.
 */
START_TEST(files_that_are_none)
{
	static void (*const makers[])(const char *path) = {
		make_directory,
		make_pipe,
		make_loop,
		make_link_to_directory,
		make_link_to_device,
		make_link_to_nowhere,
		make_writable,
		make_directory_writable,
		make_above_writable,
		make_unreadable,
		make_directory_unreadable,
	};
	/* Root reads mode 0 all the same. */
	const size_t count = ARRAY_SIZE(makers) - (getuid() == 0 ? 2 : 0);

	for (size_t i = 0; i < count; i++) {
		struct file_errors errors = {0};
		struct policy policy;

		set_up();
		directory_write(root, "user/base.ini", "[allow]\nread=/ok\n");
		directory_write(root, "user/base.d/ok.ini", "");
		makers[i](directory_path(root, "user/base.d/x.ini"));
		ck_assert_msg(policy_load("app", &options, &policy, &errors) ==
				      -EBADMSG,
			      "%zu", i);
		ck_assert_uint_ge(errors.count, 1);
		ck_assert_uint_eq(errors.items[0].line, 0);
		ck_assert_ptr_nonnull(strstr(errors.items[0].file, root));
		file_errors_finish(&errors);
		chmod(root, 0755);
		chmod(directory_path(root, "user/base.d"), 0755);
		tear_down();
	}
}
END_TEST

/* What somebody refuses is never left out in silence. */
START_TEST(refusals_fail_closed)
{
	static const struct {
		const char *text;
		int result;
	} cases[] = {
		{"[deny]\nread = /x\n", 0},
		{"[allow]\nraed = /x\n", 0},
		{"[settings]\nx = y\n", 0},
		{"[deny]\nraed = /x\n", -EBADMSG},
		{"[deny]\nread\n", -EBADMSG},
		{"[ask]\nread = x\n", -EBADMSG},
		{"[dney]\nread = /x\n", -EBADMSG},
		{"read = /x\n", -EBADMSG},
	};

	static const char *const files[] = {
		"admin/base.ini",
		"user/base.d/a.ini",
		"vendor/apps/app.ini",
	};

	set_up();
	for (size_t i = 0; i < ARRAY_SIZE(cases) * ARRAY_SIZE(files); i++) {
		const char *const file = files[i / ARRAY_SIZE(cases)];
		const size_t at = i % ARRAY_SIZE(cases);
		struct policy policy = {0};
		struct file_errors errors = {0};

		directory_write(root, file, cases[at].text);
		ck_assert_msg(policy_load("app", &options, &policy, &errors) ==
				      cases[at].result,
			      "%s", cases[at].text);
		ck_assert(cases[at].result == 0 || errors.count > 0);
		ck_assert(cases[at].result == 0 || policy.rules.count == 0);
		file_errors_finish(&errors);
		policy_finish(&policy);
		directory_write(root, file, "");
	}
	tear_down();
}
END_TEST

START_TEST(administrators_files_are_his)
{
	struct file_errors errors = {0};
	struct policy policy;
	const char *missing[] = {NULL, NULL};

	set_up();
	directory_write(root, "admin/base.ini", "[deny]\nread = /x\n");
	ck_assert_int_eq(chmod(directory_path(root, "admin/base.ini"), 0664),
			 0);
	ck_assert_int_eq(policy_load("app", &options, &policy, &errors),
			 -EBADMSG);
	ck_assert_int_eq(chmod(directory_path(root, "admin/base.ini"), 0644),
			 0);
	options.admin_uid = getuid() + 1;
	ck_assert_int_eq(policy_load("app", &options, &policy, &errors),
			 -EBADMSG);
	options.admin_uid = getuid();
	ck_assert_int_eq(chmod(options.admin_dir, 0777), 0);
	ck_assert_int_eq(policy_load("app", &options, &policy, &errors),
			 -EBADMSG);
	ck_assert_int_eq(chmod(options.admin_dir, 0755), 0);
	ck_assert_int_eq(policy_load("app", &options, &policy, &errors), 0);
	policy_finish(&policy);
	/* So is a file that was named and is not there. */
	missing[0] = directory_path(root, "missing.ini");
	options.files = missing;
	ck_assert_int_eq(policy_load("app", &options, &policy, &errors),
			 -EBADMSG);
	ck_assert_uint_ge(errors.count, 4);
	file_errors_finish(&errors);
	tear_down();
}
END_TEST

UNIT_MAIN("policy-file", bad_lines_are_quarantined, long_lines,
	  too_much_is_refused, files_that_are_none, refusals_fail_closed,
	  administrators_files_are_his);
