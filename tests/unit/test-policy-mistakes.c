/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Mistakes in policy files: each would silently mean nothing, and is an error
 * with file, line and what was expected. In a section of refusals nothing is
 * loaded then.
 */
#include <errno.h>

#include "base/cleanup.h"
#include "layers.h"

static const struct mistake {
	const char *line;
	const char *sentence; /* how it begins */
} mistakes[] = {
	{"read = /x # comment", "a comment after a value in"},
	{"read = /x ; comment", "a comment after a value in"},
	{"read = /x\t#comment", "a comment after a value in"},
	{"read = # comment", "a comment after a value in"},
	{"read = ; comment", "a comment after a value in"},
	{"connect_tcp = 443 # web", "a comment after a value in"},
	{"capability_use = CAP_KILL ; x", "a comment after a value in"},
	{"read = /x/**", "a \"**\" that nothing follows in \"**\"; expected "
			 "the directory alone"},
	{"read = /x/**/*", "a \"**\" that nothing follows in \"*\""},
	{"read = /x/**/$", "a \"**\" that nothing follows in"},
	{"read = /**", "a \"**\" that nothing follows in"},
	{"read = /x/**/**/y", "\"**\" twice in a row in"},
	{"read = /x/a**/y", "two asterisks that are not alone between slashes "
			    "in \"a**\""},
	{"read = /x/***/y", "two asterisks that are not alone"},
	{"read = /x/**.pem", "two asterisks that are not alone"},
	{"read = /x/*/", "a slash at the end of"},
	{"read = /x/*//y", "a doubled slash in"},
	{"read = /x/*/../y", "a \".\" or \"..\" in"},
	{"read = /x/*/./y", "a \".\" or \"..\" in"},
	{"read = /x/*\\y", "a backslash in"},
	{"read = ~*/x", "cannot expand"},
	{"read = $HO?E/x", "cannot expand"},
	{"read = /proc/self/*", "a link in /proc"},
	{"read = /x/*, /y", "more than one object in"},
	{"read = /x[ab]", "a class of characters in"},
	{"read = /x/*[ab]", "a class of characters in"},
	{"read = /x/{a,b}", "alternatives in"},
	{"read = /x/*.{a,b}", "alternatives in"},
	{"read = /x/a\\x20b", "a byte as it is only shown"},
	{"read = /x/a\\u{200b}b", "a byte as it is only shown"},
	{"read = /x/a\\nb", "a byte as it is only shown"},
	{"read = /home/$USER/x", "a variable that is not at the beginning"},
	{"read = /x/${HOME}", "a variable that is not at the beginning"},
	{"read = ${HOME}/x", "cannot expand"},
	{"read = $USER/x", "cannot expand"},
	{"read = ~root/x", "cannot expand"},
	{"read = /x, /y", "more than one object in"},
	{"read = /x,/y", "more than one object in"},
	{"read = /x /y", "more than one object in"},
	{"read = /x ~/y", "more than one object in"},
	{"read = /x:/y", "more than one object in"},
	{"read = ~/x, $HOME/y", "more than one object in"},
	{"read = \"/x\"", "quotes around"},
	{"read = '/x y'", "quotes around"},
	{"read = /x/../y", "cannot expand"},
	{"read = ../x", "bad object"},
	{"read = ./x", "bad object"},
	{"read = x", "bad object"},
	{"read = C:\\x", "bad object"},
	{"read = file:///x", "bad object"},
	{"read = /x\xc2\xa0", "a character that cannot be seen in"},
	{"read = /x\xe2\x80\x8b", "a character that cannot be seen in"},
	{"read = /\xe2\x80\xaex", "a character that cannot be seen in"},
	{"read = /x\ty", "a character that cannot be seen in"},
	{"read = /x\033[0m", "a character that cannot be seen in"},
	{"read", "cannot understand"},
	{"read /x", "cannot understand"},
	{"/x", "cannot understand"},
	{"read =", "no value for"},
	{"= /x", "unknown right"},
	{"raed = /x", "unknown right"},
	{"Read = /x", "unknown right"},
	{"read, = /x", "unknown right"},
	{"read write = /x", "unknown right"},
	{"rw = /x", "unknown right"},
	{"all = /x", "unknown right"},
	{"fs.read = /x", "unknown right"},
	{"include = /x", "unknown right"},
	{"timeout = 5", "unknown right"},
	{"read, read = /x", "named twice in one line: \"read\""},
	{"connect_tcp = /x", "the object does not suit"},
	{"read, connect_tcp = 443", "the object does not suit \"read\""},
	{"read = 443", "bad object"},
	{"connect_tcp = 80-443", "bad object"},
	{"connect_tcp = 80, 443", "bad object"},
	{"connect_tcp = 443/tcp", "bad object"},
	{"connect_tcp = https", "bad object"},
	{"connect_tcp = 65536", "bad object"},
	{"connect_tcp = host:443", "bad object"},
	{"capability_use = CAP_NOTHING", "bad object"},
	{"namespace_enter = usr", "bad object"},
	{"socket_create = inet:stream", "bad object"},
	{"socket_create = inet:*:0", "bad object"},
	{"read = /proc/self/environ", "a link in /proc"},
	{"read = /proc/net/tcp", "a link in /proc"},
	{"read = /proc/mounts", "a link in /proc"},
	{"read = /first", "line 2 says the same"},
	{"read_file = /first/", "line 2 says the same"},
	{"read = //./first", "line 2 says the same"},
	{"connect_tcp = 22", "line 3 says the same"},
};

/* Loads one file of the user's. Returns: what policy_load() does. */
static int load(const char *text, struct file_errors *errors,
		struct policy *policy)
{
	directory_write(root, "user/base.ini", text);
	return policy_load("app", &options, policy, errors);
}

static void expect_told(const struct file_errors *errors,
			const struct mistake *mistake)
{
	ck_assert_msg(errors->count == 1, "%s: %zu errors", mistake->line,
		      errors->count);
	ck_assert_str_eq(errors->items[0].file,
			 directory_path(root, "user/base.ini"));
	ck_assert_msg(errors->items[0].line == 4, "%s: line %u", mistake->line,
		      errors->items[0].line);
	ck_assert_msg(strncmp(errors->items[0].sentence, mistake->sentence,
			      strlen(mistake->sentence)) == 0,
		      "%s: %s", mistake->line, errors->items[0].sentence);
	ck_assert_msg(strstr(errors->items[0].sentence, "; expected ") != NULL,
		      "%s: %s", mistake->line, errors->items[0].sentence);
}

static size_t count_user_rules(const struct policy *policy)
{
	size_t count = 0;

	for (size_t i = 0; i < policy->rules.count; i++)
		count += policy->rules.items[i].layer == LAYER_USER &&
			 strcmp(policy->rules.items[i].origin, "built in") != 0;
	return count;
}

START_TEST(mistakes_are_told)
{
	static const char *const sections[] = {"allow", "deny", "ask"};

	set_up();
	for (size_t i = 0; i < ARRAY_SIZE(mistakes) * 3; i++) {
		const struct mistake *const mistake = &mistakes[i / 3];
		struct file_errors errors = {0};
		struct policy policy = {0};
		char text[512];
		int result;

		snprintf(text, sizeof(text),
			 "[%s]\nread = /first\nconnect_tcp = 22\n%s\n"
			 "read = /last\n",
			 sections[i % 3], mistake->line);
		result = load(text, &errors, &policy);
		ck_assert_msg(result == (i % 3 ? -EBADMSG : 0), "[%s] %s",
			      sections[i % 3], mistake->line);
		expect_told(&errors, mistake);
		/* The lines around it stay. */
		if (result == 0)
			ck_assert_uint_eq(count_user_rules(&policy), 3);
		policy_finish(&policy);
		file_errors_finish(&errors);
	}
	tear_down();
}
END_TEST

/* What one line says and another denies. */
START_TEST(contradictions)
{
	static const struct {
		const char *text;
		int result;
		unsigned int line; /* 0: it is in order */
	} cases[] = {
		{"[allow]\nread = /x\n[deny]\nread = /x\n", -EBADMSG, 4},
		{"[deny]\nread = /x\n[allow]\nread = /x\n", 0, 4},
		{"[deny]\nread = /x\n[allow]\nread_file = /x\n", 0, 4},
		{"[ask]\nread = /x\n[allow]\nread, write = /x\n", 0, 4},
		{"[allow]\nread = /x\n[deny]\nread = /dev/fd\n", -EBADMSG, 4},
		{"[allow]\nconnect_tcp = 1\n[deny]\nconnect = 1\n", -EBADMSG,
		 4},
		{"[deny]\nread = /x\n[allow]\nwrite = /x\n", 0, 0},
		{"[deny]\nread = /x\n[allow]\nread = /x/$\n", 0, 0},
		{"[deny]\nread = /x\n[allow]\nread = /x/y\n", 0, 0},
		{"[allow]\nread = /x\nread, write = /x\n", 0, 0},
		{"[allow]\nread, write = /x\nread = /x\n", 0, 3},
		{"[settings]\ntimeout = 1\ntimeout = 2\n", 0, 3},
		{"[settings]\ntimeout = 1 # x\n", 0, 2},
		{"[allow]\n[deny]\n[allow]\nread = /x\n", 0, 0},
	};

	set_up();
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct file_errors errors = {0};
		struct policy policy = {0};

		ck_assert_msg(load(cases[i].text, &errors, &policy) ==
				      cases[i].result,
			      "%s", cases[i].text);
		ck_assert_msg(errors.count == (cases[i].line > 0), "%s",
			      cases[i].text);
		if (errors.count)
			ck_assert_uint_eq(errors.items[0].line, cases[i].line);
		policy_finish(&policy);
		file_errors_finish(&errors);
	}
	tear_down();
}
END_TEST

/* Names that really have such bytes can be said. */
START_TEST(names_with_special_bytes)
{
	static const char *const names[][2] = {
		{"/x\\*y", "/x*y"},
		{"/pages/\\[id].tsx", "/pages/[id].tsx"},
		{"/what\\?", "/what?"},
		{"/C \\# D", "/C # D"},
		{"/a \\; b", "/a ; b"},
		{"/a,b", "/a,b"},
		{"/a,\\ /b", "/a, /b"},
		{"/a\\ /b", "/a /b"},
		{"/c\\:/d", "/c:/d"},
		{"/\\{a,b}", "/{a,b}"},
		{"/a\\\\b", "/a\\b"},
		{"/a\\b", "/a\\b"},
		{"/dev-x\\\\x2dy", "/dev-x\\x2dy"},
		{"/a\\x2", "/a\\x2"},
		{"/a#b;c", "/a#b;c"},
		{"/\\$HOME", "/$HOME"},
		{"/a\\/$", "/a\\"},
		{"/umlaut \xc3\xa4", "/umlaut \xc3\xa4"},
	};

	set_up();
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		struct file_errors errors = {0};
		struct policy policy = {0};
		const struct rule *rule;
		char text[256];

		snprintf(text, sizeof(text), "[deny]\nread = %s\n",
			 names[i][0]);
		ck_assert_msg(load(text, &errors, &policy) == 0, "%s: %s", text,
			      errors.count ? errors.items[0].sentence : "");
		rule = &policy.rules.items[policy.rules.count - 1];
		ck_assert_str_eq(rule->object.bytes, names[i][1]);
		policy_finish(&policy);
	}
	tear_down();
}
END_TEST

/* Wildcards, and the directory before them as any other path. */
START_TEST(patterns)
{
	static const char *const lines[][2] = {
		{"/x/**/.env", "/x/**/.env"},
		{"/**/*.pem", "/**/*.pem"},
		{"/*/x", "/*/x"},
		{"/x//./y/*", "/x/y/*"},
		{"$PWD/a?", "/pwd/a?"},
		{"/x/*/$", "/x/*"},
		{"/a\\*b/*", "/a\\*b/*"},
		{"/a\\$b/*\\?", "/a$b/*\\?"},
		{"/x/*\\#\\ \\[1]", "/x/*# \\[1]"},
	};

	set_up();
	options.program = (const char *const[]){"PWD=/pwd", NULL};
	for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
		struct file_errors errors = {0};
		struct policy policy = {0};
		const struct rule *rule;
		char text[256];

		snprintf(text, sizeof(text), "[deny]\nread = %s\n",
			 lines[i][0]);
		ck_assert_msg(load(text, &errors, &policy) == 0, "%s: %s", text,
			      errors.count ? errors.items[0].sentence : "");
		rule = &policy.rules.items[policy.rules.count - 1];
		ck_assert_int_eq(rule->object.type, OBJECT_PATTERN);
		ck_assert_str_eq(rule->object.bytes, lines[i][1]);
		ck_assert_int_eq(rule->beneath, !strstr(lines[i][0], "/$"));
		policy_finish(&policy);
	}
	tear_down();
}
END_TEST

/* A pattern may match Landlock's own files, and gives none of them away. */
START_TEST(own_files_stay_denied)
{
	struct file_errors errors = {0};
	_cleanup_(ruleset_unrefp) struct ruleset *ruleset = NULL;
	struct policy policy;
	const char *own;

	set_up();
	directory_write(root, "admin/base.ini", "[allow]\nwrite = /**/*.ini\n");
	ck_assert_int_eq(load("", &errors, &policy), 0);
	ck_assert_uint_eq(errors.count, 0);
	ck_assert_int_eq(ruleset_new(&ruleset, &policy.rules, 1, 0), 0);
	own = directory_path(root, "user/base.ini");
	ck_assert_uint_eq(ruleset_judge_path(ruleset, own, strlen(own),
					     RIGHT_FS_WRITE_FILE, PROCESS_NONE)
				  .denied,
			  RIGHT_FS_WRITE_FILE);
	ck_assert_uint_eq(ruleset_judge_path(ruleset, "/x/y.ini", 8,
					     RIGHT_FS_WRITE_FILE, PROCESS_NONE)
				  .allowed,
			  RIGHT_FS_WRITE_FILE);
	policy_finish(&policy);
	tear_down();
}
END_TEST

/* What nobody may change is not given away by a line that means nothing. */
START_TEST(own_files_are_not_given_away)
{
	struct file_errors errors = {0};
	struct policy policy;
	char text[512];

	set_up();
	snprintf(text, sizeof(text),
		 "[allow]\nwrite = %s\nread = %s\nread, write = %s\n"
		 "write = %s/base.d\n",
		 options.user_dir, options.user_dir, root, options.user_dir);
	ck_assert_int_eq(load(text, &errors, &policy), 0);
	ck_assert_uint_eq(errors.count, 2);
	ck_assert_uint_eq(errors.items[0].line, 2);
	ck_assert_uint_eq(errors.items[1].line, 5);
	policy_finish(&policy);
	file_errors_finish(&errors);
	tear_down();
}
END_TEST

/* A file beside base.ini says nothing. */
START_TEST(files_that_are_never_read)
{
	struct file_errors errors = {0};
	const char *files[] = {NULL, NULL};
	struct policy policy;

	set_up();
	directory_write(root, "user/deny.ini", "[deny]\nread = /x\n");
	ck_assert_int_eq(load("", &errors, &policy), -EBADMSG);
	ck_assert_uint_eq(errors.count, 1);
	ck_assert_str_eq(errors.items[0].file,
			 directory_path(root, "user/deny.ini"));
	file_errors_finish(&errors);
	files[0] = directory_path(root, "user/deny.ini");
	options.files = files;
	ck_assert_int_eq(load("", &errors, &policy), 0);
	ck_assert_uint_eq(errors.count, 0);
	policy_finish(&policy);
	tear_down();
}
END_TEST

UNIT_MAIN("policy-mistakes", mistakes_are_told, contradictions,
	  names_with_special_bytes, patterns, own_files_stay_denied,
	  own_files_are_not_given_away, files_that_are_never_read);
