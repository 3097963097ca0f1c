/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "base/cleanup.h"
#include "directory.h"
#include "policy/expand.h"
#include "policy/policy.h"
#include "policy/resolve.h"
#include "store/grants.h"
#include "unit.h"

#define NOW 1700000000

static char *root;
static struct policy_options options;

/* Layers beneath one directory that belongs to whoever runs the test. */
static void set_up(void)
{
	static char vendor[4096], admin[4096], user[4096], grants[4096];

	root = directory_make();
	snprintf(vendor, sizeof(vendor), "%s/vendor", root);
	snprintf(admin, sizeof(admin), "%s/admin", root);
	snprintf(user, sizeof(user), "%s/user", root);
	snprintf(grants, sizeof(grants), "%s/state/grants", root);
	options = (struct policy_options){
		.vendor_dir = vendor,
		.admin_dir = admin,
		.user_dir = user,
		.grants_dir = grants,
		.pwd = "/work dir",
		.admin_uid = getuid(),
	};
	setenv("HOME", "/home/u", 1);
	unsetenv("XDG_CONFIG_HOME");
	unsetenv("TMPDIR");
}

static void tear_down(void)
{
	directory_remove(root);
}

static enum effect judge(const struct ruleset *ruleset, const char *path,
			 rights_t right)
{
	const struct judgement judgement =
		ruleset_judge_path(ruleset, path, strlen(path), right, 0, 0);

	return judgement.allowed  ? EFFECT_ALLOW
	       : judgement.denied ? EFFECT_DENY
				  : EFFECT_ASK;
}

/* Compiles what is there and compares verdicts on fs.read_file. */
struct expectation {
	const char *path;
	enum effect effect;
};

static void expect(const struct expectation *cases, size_t count)
{
	struct file_errors errors = {0};
	struct ruleset *ruleset;

	ck_assert_int_eq(policy_compile("app", &options, NULL, 1, NOW, &ruleset,
					NULL, &errors),
			 0);
	for (size_t i = 0; i < count; i++)
		ck_assert_msg(judge(ruleset, cases[i].path,
				    RIGHT_FS_READ_FILE) == cases[i].effect,
			      "%s", cases[i].path);
	file_errors_finish(&errors);
	ruleset_unref(ruleset);
}

/* Loads one user file and compares its errors, one "LINE: start" each. */
static void expect_errors(const char *bytes, size_t length, size_t rules,
			  const char *const *starts)
{
	struct file_errors errors = {0};
	struct policy policy;
	size_t built_in = 0;

	directory_write_bytes(root, "user/base.ini", bytes, length);
	ck_assert_int_eq(policy_load("app", &options, &policy, &errors), 0);
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
	ck_assert_uint_eq(policy.rules.count - built_in, rules);
	file_errors_finish(&errors);
	policy_finish(&policy);
}

#define EXPECT_ERRORS(text, rules, ...)              \
	expect_errors(text, sizeof(text) - 1, rules, \
		      (const char *const[]){__VA_ARGS__})

START_TEST(layers_and_precedence)
{
	static const struct expectation cases[] = {
		{"/v/x", EFFECT_ALLOW},	     {"/v/ask", EFFECT_ASK},
		{"/v/admin", EFFECT_DENY},   {"/v/user", EFFECT_DENY},
		{"/v/drop", EFFECT_DENY},    {"/app", EFFECT_ALLOW},
		{"/app-drop", EFFECT_ALLOW}, {"/other", EFFECT_ASK},
		{"/backup", EFFECT_ASK},     {"/file", EFFECT_ALLOW},
	};
	const char *files[] = {NULL, NULL};

	set_up();
	directory_write(root, "vendor/base.ini",
			"[allow]\nread = /v\n[ask]\nread = /v/ask\n");
	directory_write(root, "admin/base.ini", "[deny]\nread = /v/admin\n");
	directory_write(root, "user/base.ini",
			"[allow]\nread = /v/admin\n[deny]\nread = /v/user\n");
	directory_write(root, "user/base.d/10-a.ini", "[deny]\nread=/v/drop");
	directory_write(root, "user/base.d/b.ini~", "[allow]\nread=/backup");
	directory_write(root, "user/base.d/.c.ini", "[allow]\nread=/backup");
	directory_write(root, "user/apps/app.ini", "[allow]\nread=/app");
	directory_write(root, "user/apps/app.d/x.ini",
			"[allow]\nread=/app-drop");
	directory_write(root, "user/apps/other.ini", "[allow]\nread=/other");
	directory_write(root, "file.ini", "[allow]\nread=/file");
	files[0] = directory_path(root, "file.ini");
	options.files = files;
	expect(cases, ARRAY_SIZE(cases));
	tear_down();
}
END_TEST

START_TEST(rules_know_where_they_come_from)
{
	struct file_errors errors = {0};
	struct policy policy;
	const struct rule *rule;

	set_up();
	directory_write(root, "user/base.ini",
			"\xef\xbb\xbf[allow]\n# one\n\n  read_file , "
			"execute = /a b/$ ; why\n");
	ck_assert_int_eq(policy_load("app", &options, &policy, &errors), 0);
	ck_assert_uint_eq(errors.count, 0);
	rule = &policy.rules.items[policy.rules.count - 1];
	ck_assert_str_eq(rule->object.bytes, "/a b");
	ck_assert(!rule->beneath);
	ck_assert_uint_eq(rule->rights, RIGHT_FS_READ_FILE | RIGHT_FS_EXECUTE);
	ck_assert_str_eq(strrchr(rule->origin, '/'), "/base.ini:4");
	policy_finish(&policy);
	tear_down();
}
END_TEST

START_TEST(bad_lines_are_quarantined)
{
	set_up();
	EXPECT_ERRORS(
		"read = /x\n[allow]\nread = /ok\nraed = /x\n"
		"read = relative\nread = /a/../b\nread\nread =\n"
		"read = $NOTHING/x\nconnect_tcp = http\n"
		"connect_tcp = 443\nread, connect_tcp = /x\n"
		"include = /etc/passwd\n= /x\n",
		2, "1: no section above \"read\"", "4: unknown right \"raed\"",
		"5: bad object \"relative\"; expected an absolute path",
		"6: cannot expand \"/a/../b\"; expected a path without",
		"7: cannot understand \"read\"; expected KEY = VALUE",
		"8: no value for \"read\"", "9: cannot expand \"$NOTHING/x\"",
		"10: bad object \"http\"; expected a port",
		"12: the object does not suit \"connect_tcp\"",
		"13: unknown right \"include\"", "14: unknown right \"\"",
		NULL);
	/* A malformed section does not leave its lines to the one before. */
	EXPECT_ERRORS("[allow]\nread = /ok\n[deny\nread = /x\n[dney]\n"
		      "read = /y\nnonsense\n[allow] x\nread = /z\n"
		      "[ ask ] # fine\nread = /w\n",
		      2, "3: unknown section \"[deny\"; expected [allow]",
		      "5: unknown section \"[dney]\"",
		      "8: unknown section \"[allow] x\"", NULL);
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
	snprintf(text, sizeof(text), "[allow]\nread = %s ; comment\n", path);
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
		text, length, 1,
		(const char *const[]){"524288: the file is too long", NULL});
	/* Errors are bounded too. */
	memset(text, 'x', 4000);
	for (int i = 0; i < 4000; i += 2)
		text[i] = '\n';
	directory_write_bytes(root, "user/base.ini", text, 4000);
	ck_assert_int_eq(policy_load("app", &options, &policy, &errors), 0);
	ck_assert_uint_eq(errors.count, FILE_ERRORS_MAX + 1);
	file_errors_finish(&errors);
	policy_finish(&policy);
	free(text);
	tear_down();
}
END_TEST

/* Each is told and passed over; nothing blocks. */
START_TEST(files_that_are_none)
{
	static const struct expectation cases[] = {{"/ok", EFFECT_ALLOW}};
	struct file_errors errors = {0};
	struct policy policy;

	set_up();
	directory_write(root, "user/base.ini", "[allow]\nread = /ok\n");
	directory_write(root, "user/base.d/a/x", "");
	ck_assert_int_eq(rename(directory_path(root, "user/base.d/a"),
				directory_path(root, "user/base.d/a.ini")),
			 0);
	ck_assert_int_eq(
		mkfifo(directory_path(root, "user/base.d/b.ini"), 0644), 0);
	ck_assert_int_eq(
		symlink("c.ini", directory_path(root, "user/base.d/c.ini")), 0);
	ck_assert_int_eq(
		symlink("../base.d", directory_path(root, "user/base.d/d.ini")),
		0);
	ck_assert_int_eq(
		symlink("/dev/zero", directory_path(root, "user/base.d/e.ini")),
		0);
	ck_assert_int_eq(
		symlink("nowhere", directory_path(root, "user/base.d/f.ini")),
		0);
	directory_write(root, "user/base.d/g.ini", "[allow]\nread = /no\n");
	ck_assert_int_eq(chmod(directory_path(root, "user/base.d/g.ini"), 0646),
			 0);
	directory_write(root, "user/base.d/h.ini", "[allow]\nread = /no\n");
	ck_assert_int_eq(chmod(directory_path(root, "user/base.d/h.ini"), 0),
			 0);
	ck_assert_int_eq(policy_load("app", &options, &policy, &errors), 0);
	/* Root reads mode 0 all the same. */
	ck_assert_uint_eq(errors.count, getuid() == 0 ? 6 : 7);
	for (size_t i = 0; i < errors.count; i++)
		ck_assert_uint_eq(errors.items[i].line, 0);
	file_errors_finish(&errors);
	policy_finish(&policy);
	expect(cases, ARRAY_SIZE(cases));
	tear_down();
}
END_TEST

/* What an administrator refuses is never left out in silence. */
START_TEST(administrators_refusals_fail_closed)
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

	set_up();
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct policy policy = {0};
		struct file_errors errors = {0};

		directory_write(root, "admin/base.ini", cases[i].text);
		ck_assert_msg(policy_load("app", &options, &policy, &errors) ==
				      cases[i].result,
			      "%s", cases[i].text);
		ck_assert(cases[i].result == 0 || errors.count > 0);
		ck_assert(cases[i].result == 0 || policy.rules.count == 0);
		file_errors_finish(&errors);
		policy_finish(&policy);
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

START_TEST(paths_expand)
{
	static const struct {
		const char *text, *path;
	} cases[] = {
		{"~", "/home/u"},
		{"~/x//y/./z/", "/home/u/x/y/z"},
		{"$HOME/x", "/home/u/x"},
		{"$XDG_CONFIG_HOME", "/home/u/.config"},
		{"$XDG_DATA_HOME/x", "/home/u/.local/share/x"},
		{"$XDG_CACHE_HOME", "/cache"},
		{"$XDG_STATE_HOME", "/home/u/.local/state"},
		{"$XDG_DOCUMENTS_DIR", "/home/u/Documents"},
		{"$TMPDIR/x", "/tmp/x"},
		{"$PWD/x", "/work dir/x"},
		{"///", "/"},
		{"/./", "/"},
		{"/...", "/..."},
	};
	static const char *const bad[] = {
		"",	 "x",	    "~u/x", "$",	  "$HOMEx",
		"$home", "/a/../b", "~/..", "$HOME/../x",
	};
	const char *expected;
	char *path;

	set_up();
	setenv("XDG_CACHE_HOME", "/cache", 1);
	setenv("XDG_STATE_HOME", "relative", 1);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		ck_assert_int_eq(expand_path(cases[i].text, EXPAND_ENVIRONMENT,
					     "/work dir", &path, &expected),
				 0);
		ck_assert_str_eq(path, cases[i].path);
		free(path);
	}
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		ck_assert_msg(expand_path(bad[i], EXPAND_ENVIRONMENT, NULL,
					  &path, &expected) == -EINVAL,
			      "%s", bad[i]);
	tear_down();
}
END_TEST

START_TEST(user_dirs)
{
	const char *expected;
	char *path;

	set_up();
	directory_write(
		root, ".config/user-dirs.dirs",
		"# XDG_MUSIC_DIR=\"/no\"\n"
		"XDG_DOCUMENTS_DIR=\"$HOME/Papers\"\n"
		"XDG_VIDEOS_DIR=\"/videos\"\nXDG_MUSIC_DIR=\"$HOME/\"\n");
	setenv("XDG_CONFIG_HOME", directory_path(root, ".config"), 1);
	ck_assert_int_eq(expand_path("$XDG_DOCUMENTS_DIR/x", EXPAND_ENVIRONMENT,
				     NULL, &path, &expected),
			 0);
	ck_assert_str_eq(path, "/home/u/Papers/x");
	free(path);
	ck_assert_int_eq(expand_path("$XDG_VIDEOS_DIR", EXPAND_ENVIRONMENT,
				     NULL, &path, &expected),
			 0);
	ck_assert_str_eq(path, "/videos");
	free(path);
	tear_down();
}
END_TEST

/* A floor that does not move when the user sets HOME. */
START_TEST(administrators_home_is_the_systems)
{
	struct file_errors errors = {0};
	struct ruleset *ruleset;
	char *home, *path;

	set_up();
	ck_assert_int_eq(expand_variable("HOME", EXPAND_SYSTEM, NULL, &home),
			 0);
	ck_assert_str_ne(home, "/home/u");
	directory_write(root, "admin/base.ini", "[deny]\nread = ~/.x\n");
	directory_write(root, "user/base.ini", "[allow]\nread = /\n");
	ck_assert_int_eq(policy_compile("app", &options, NULL, 1, NOW, &ruleset,
					NULL, &errors),
			 0);
	ck_assert_int_gt(asprintf(&path, "%s/.x", home), 0);
	ck_assert_int_eq(judge(ruleset, path, RIGHT_FS_READ_FILE), EFFECT_DENY);
	ck_assert_int_eq(judge(ruleset, "/home/u/.x", RIGHT_FS_READ_FILE),
			 EFFECT_DENY);
	ck_assert_int_eq(judge(ruleset, "/home/u/.y", RIGHT_FS_READ_FILE),
			 EFFECT_ALLOW);
	ruleset_unref(ruleset);
	free(path);
	free(home);
	tear_down();
}
END_TEST

START_TEST(links_are_resolved)
{
	char *resolved;

	set_up();
	directory_write(root, "real/file", "");
	ck_assert_int_eq(symlink("real", directory_path(root, "link")), 0);
	ck_assert_int_eq(symlink("link/../loop", directory_path(root, "loop")),
			 0);
	ck_assert_int_eq(resolve_path(directory_path(root, "link/file"),
				      RESOLVE_ALL, &resolved),
			 0);
	ck_assert_str_eq(resolved, directory_path(root, "real/file"));
	free(resolved);
	ck_assert_int_eq(resolve_path(directory_path(root, "link/none/x"),
				      RESOLVE_ALL, &resolved),
			 0);
	ck_assert_str_eq(resolved, directory_path(root, "real/none/x"));
	free(resolved);
	ck_assert_int_eq(resolve_path(directory_path(root, "loop"), RESOLVE_ALL,
				      &resolved),
			 -ELOOP);
	ck_assert_int_eq(resolve_path("/proc/self/x", RESOLVE_ALL, &resolved),
			 0);
	ck_assert_str_eq(resolved, "/proc/self/x");
	free(resolved);
	if (getuid() == 0)
		ck_assert_int_eq(
			lchown(directory_path(root, "link"), 65534, 65534), 0);
	ck_assert_int_eq(resolve_path(directory_path(root, "link"),
				      RESOLVE_ROOTS, &resolved),
			 -EPERM);
	tear_down();
}
END_TEST

/* A link that a program can move widens a refusal, never a permission. */
START_TEST(links_of_users_do_not_allow)
{
	struct file_errors errors = {0};
	struct ruleset *ruleset;
	char text[8192];

	set_up();
	ck_assert_int_eq(symlink("/etc", directory_path(root, "link")), 0);
	if (getuid() == 0)
		ck_assert_int_eq(
			lchown(directory_path(root, "link"), 65534, 65534), 0);
	snprintf(text, sizeof(text),
		 "[allow]\nread_file = %s\n[deny]\nexecute = %s\n",
		 directory_path(root, "link"), directory_path(root, "link"));
	directory_write(root, "user/base.ini", text);
	ck_assert_int_eq(policy_compile("app", &options, NULL, 1, NOW, &ruleset,
					NULL, &errors),
			 0);
	ck_assert_int_eq(judge(ruleset, "/etc/x", RIGHT_FS_READ_FILE),
			 EFFECT_ASK);
	ck_assert_int_eq(judge(ruleset, "/etc/x", RIGHT_FS_EXECUTE),
			 EFFECT_DENY);
	ck_assert_uint_eq(errors.count, 1);
	ck_assert_uint_eq(errors.items[0].line, 2);
	file_errors_finish(&errors);
	ruleset_unref(ruleset);
	tear_down();
}
END_TEST

START_TEST(own_files_are_protected)
{
	struct file_errors errors = {0};
	struct ruleset *ruleset;
	char path[4096];

	set_up();
	directory_write(root, "user/base.ini",
			"[allow]\nread, write, create, remove = /\n");
	ck_assert_int_eq(policy_compile("app", &options, NULL, 1, NOW, &ruleset,
					NULL, &errors),
			 0);
	snprintf(path, sizeof(path), "%s/apps/x.ini", options.user_dir);
	ck_assert_int_eq(judge(ruleset, path, RIGHT_FS_WRITE_FILE),
			 EFFECT_DENY);
	ck_assert_int_eq(judge(ruleset, path, RIGHT_FS_READ_FILE),
			 EFFECT_ALLOW);
	ck_assert_int_eq(judge(ruleset, options.grants_dir, RIGHT_FS_MAKE_REG),
			 EFFECT_DENY);
	ck_assert_int_eq(judge(ruleset, root, RIGHT_FS_WRITE_FILE),
			 EFFECT_ALLOW);
	/* Nothing takes the place of a directory above them. */
	ck_assert_int_eq(judge(ruleset, root, RIGHT_FS_REMOVE_DIR),
			 EFFECT_DENY);
	snprintf(path, sizeof(path), "%s/other", root);
	ck_assert_int_eq(judge(ruleset, path, RIGHT_FS_REMOVE_DIR),
			 EFFECT_ALLOW);
	ruleset_unref(ruleset);
	tear_down();
}
END_TEST

START_TEST(settings_of_layers)
{
	struct file_errors errors = {0};
	struct policy policy;

	set_up();
	directory_write(root, "vendor/base.ini",
			"[settings]\ntimeout = 2m\nmax-rate = 5\n");
	directory_write(root, "user/base.ini",
			"[settings]\ntimeout = 30\nno-agent = wait\n");
	directory_write(root, "admin/base.ini", "[settings]\ntimeout = 1h\n");
	ck_assert_int_eq(policy_load("app", &options, &policy, &errors), 0);
	ck_assert_int_eq(policy.settings.timeout, 3600);
	ck_assert_int_eq(policy.settings.max_rate, 5);
	ck_assert_int_eq(policy.settings.max_questions, 64);
	ck_assert_int_eq(policy.settings.no_agent, NO_AGENT_WAIT);
	ck_assert_uint_eq(errors.count, 0);
	policy_finish(&policy);
	tear_down();
}
END_TEST

START_TEST(grants_are_part_of_it)
{
	struct rules more = {0};
	struct rule rule = {.layer = LAYER_USER,
			    .effect = EFFECT_ALLOW,
			    .rights = RIGHTS_READ,
			    .beneath = true};
	struct grants *grants;

	set_up();
	ck_assert_int_eq(object_init_path(&rule.object, "/granted"), 0);
	ck_assert_int_eq(rules_take(&more, &rule), 0);
	ck_assert_int_eq(grants_open(&grants, options.grants_dir, "app"), 0);
	ck_assert_int_eq(grants_add(grants, &more, "terminal", NOW), 0);
	grants_close(grants);
	rules_finish(&more);
	expect((const struct expectation[]){{"/granted/x", EFFECT_ALLOW},
					    {"/other", EFFECT_ASK}},
	       2);
	tear_down();
}
END_TEST

/* The policy that is shipped: no errors, programs start, secrets are asked. */
START_TEST(vendor_base)
{
	static const struct {
		const char *path;
		rights_t right;
		enum effect effect;
	} cases[] = {
		{"/usr/bin/git", RIGHT_FS_EXECUTE, EFFECT_ALLOW},
		{"/usr/lib64/ld-linux-x86-64.so.2", RIGHT_FS_EXECUTE,
		 EFFECT_ALLOW},
		{"/etc/ld.so.cache", RIGHT_FS_READ_FILE, EFFECT_ALLOW},
		{"/etc/nsswitch.conf", RIGHT_FS_READ_FILE, EFFECT_ALLOW},
		{"/etc/shadow", RIGHT_FS_READ_FILE, EFFECT_ASK},
		{"/etc/ssl/private/key.pem", RIGHT_FS_READ_FILE, EFFECT_ASK},
		{"/etc/ssl/certs/ca.pem", RIGHT_FS_READ_FILE, EFFECT_ALLOW},
		{"/etc/ssh/ssh_config", RIGHT_FS_READ_FILE, EFFECT_ALLOW},
		{"/etc/ssh/ssh_host_rsa_key", RIGHT_FS_READ_FILE, EFFECT_ASK},
		{"/etc/passwd", RIGHT_FS_WRITE_FILE, EFFECT_ASK},
		{"/dev/null", RIGHT_FS_WRITE_FILE, EFFECT_ALLOW},
		{"/dev/null", RIGHT_FS_TRUNCATE, EFFECT_ALLOW},
		{"/dev/tty", RIGHT_FS_IOCTL_DEV, EFFECT_ALLOW},
		{"/dev/pts/3", RIGHT_FS_READ_FILE, EFFECT_ASK},
		{"/dev/shm/x", RIGHT_FS_READ_FILE, EFFECT_ASK},
		{"/dev/sda", RIGHT_FS_READ_FILE, EFFECT_ASK},
		{"/proc/1/stat", RIGHT_FS_READ_FILE, EFFECT_ALLOW},
		{"/proc/sys/kernel/core_pattern", RIGHT_FS_WRITE_FILE,
		 EFFECT_ASK},
		{"/sys/devices/system/cpu/online", RIGHT_FS_READ_FILE,
		 EFFECT_ALLOW},
		{"/", RIGHT_FS_READ_DIR, EFFECT_ALLOW},
		{"/home", RIGHT_FS_READ_DIR, EFFECT_ASK},
		{"/home/u/.bashrc", RIGHT_FS_READ_FILE, EFFECT_ASK},
		{"/tmp/x", RIGHT_FS_READ_FILE, EFFECT_ASK},
		{"/root/.ssh/id_rsa", RIGHT_FS_READ_FILE, EFFECT_ASK},
	};
	struct file_errors errors = {0};
	struct ruleset *ruleset;

	set_up();
	options.vendor_dir = TEST_SOURCE_DIR "/contrib/policy";
	ck_assert_int_eq(policy_compile("app", &options, NULL, 1, NOW, &ruleset,
					NULL, &errors),
			 0);
	for (size_t i = 0; i < errors.count; i++)
		ck_abort_msg("%u: %s", errors.items[i].line,
			     errors.items[i].sentence);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		ck_assert_msg(judge(ruleset, cases[i].path, cases[i].right) ==
				      cases[i].effect,
			      "%s", cases[i].path);
	/* The kernel can answer for what starting programs opens. */
	ck_assert_uint_eq(ruleset_uniform_path(ruleset, "/usr", 4, NULL),
			  RIGHTS_READ | RIGHT_FS_EXECUTE);
	ck_assert_uint_eq(
		ruleset_uniform_path(ruleset, "/etc/ld.so.cache", 16, NULL),
		RIGHTS_READ);
	ck_assert_uint_eq(ruleset_uniform_path(ruleset, "/proc", 5, NULL),
			  RIGHTS_READ);
	ck_assert_uint_eq(ruleset_uniform_path(ruleset, "/etc", 4, NULL), 0);
	ruleset_unref(ruleset);
	tear_down();
}
END_TEST

UNIT_MAIN("policy", layers_and_precedence, rules_know_where_they_come_from,
	  bad_lines_are_quarantined, long_lines, too_much_is_refused,
	  files_that_are_none, administrators_refusals_fail_closed,
	  administrators_files_are_his, paths_expand, user_dirs,
	  administrators_home_is_the_systems, links_are_resolved,
	  links_of_users_do_not_allow, own_files_are_protected,
	  settings_of_layers, grants_are_part_of_it, vendor_base);
