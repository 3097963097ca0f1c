/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rules that are written as a policy file say the same when they are read.
 */
#include "store/policy_text.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "policy/file.h"
#include "rules.h"
#include "unit.h"

static size_t write_and_read(const struct rules *rules, struct rules *ret,
			     char **ret_text)
{
	struct file_settings settings = FILE_SETTINGS_NONE;
	struct file_errors errors = {0};
	struct policy_file file = {
		.path = "/p.ini",
		.layer = LAYER_USER,
		.rules = ret,
		.settings = &settings,
		.errors = &errors,
	};
	size_t size = 0, left_out = 0;
	FILE *out = open_memstream(ret_text, &size), *in;

	ck_assert_ptr_nonnull(out);
	ck_assert_int_eq(policy_text_write(out, "app", rules, &left_out), 0);
	ck_assert_int_eq(fclose(out), 0);
	in = fmemopen(*ret_text, size, "r");
	ck_assert_ptr_nonnull(in);
	ck_assert_int_eq(policy_file_parse(&file, in), 0);
	fclose(in);
	ck_assert_msg(errors.count == 0, "%s: %s",
		      errors.count ? errors.items[0].sentence : "", *ret_text);
	return left_out;
}

static void take(struct rules *rules, enum effect effect, rights_t rights,
		 const char *object, bool beneath)
{
	struct rule rule = {
		.layer = LAYER_USER, .effect = effect, .rights = rights};
	const char *expected;
	bool unused;

	if (object[0] == '/') {
		ck_assert_int_eq(object_init_path(&rule.object, object), 0);
		rule.beneath = beneath;
	} else {
		ck_assert_int_eq(object_parse(object, rights, &rule.object,
					      &unused, &expected),
				 0);
	}
	ck_assert_int_eq(rules_take(rules, &rule), 0);
}

START_TEST(they_come_back)
{
	static const char *const names[] = {
		"/",	 "/a",	    "/a b",   "/a # b", "/a ; b",
		"/$x/$", "/a*?[b]", "/{a,b}", "/a, /b", "/a:/b",
		"/\\",	 "/\"q\"",  "/a = b", "/ a",	"/\xc3\xa4",
		"/~",	 "/a\\ b",  "/a\\\\b"};
	struct rules rules = {0}, again = {0};
	_cleanup_free_ char *text = NULL;

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		take(&rules, (enum effect)(i % 3), RIGHTS_READ, names[i], true);
		take(&rules, EFFECT_ALLOW,
		     RIGHT_FS_WRITE_FILE | RIGHT_FS_IOCTL_DEV, names[i], false);
	}
	rules_add_pattern(&rules, EFFECT_DENY, RIGHTS_READ, "/a/**/.env");
	rules_add_pattern(&rules, EFFECT_ASK, RIGHTS_READ,
			  "/a \\* # $b/*\\?\\[c]\\\\ {d,e}");
	rules_add_pattern(&rules, EFFECT_ALLOW, RIGHTS_READ, "/*/?");
	rules.items[rules.count - 1].beneath = false;
	take(&rules, EFFECT_ALLOW, RIGHT_NET_CONNECT_TCP, "443", false);
	take(&rules, EFFECT_DENY, RIGHT_NET_BIND_TCP, "*", false);
	take(&rules, EFFECT_ASK, RIGHT_PERM_CAPABILITY_USE, "CAP_KILL", false);
	take(&rules, EFFECT_ALLOW, RIGHT_PERM_NAMESPACE_ENTER, "user+pid",
	     false);
	take(&rules, EFFECT_ALLOW, RIGHT_PERM_SOCKET_CREATE, "inet:stream:*",
	     false);
	take(&rules, EFFECT_ALLOW, RIGHT_SCOPE_ABSTRACT_UNIX_SOCKET, "@x*",
	     false);
	ck_assert_uint_eq(write_and_read(&rules, &again, &text), 0);
	ck_assert_uint_eq(again.count, rules.count);
	ck_assert_msg(rules_same_effect(&rules, &again), "%s", text);
	rules_finish(&rules);
	rules_finish(&again);
}
END_TEST

/* Never a rule that says more than was said. */
START_TEST(what_cannot_be_said_is_a_comment)
{
	struct rules rules = {0}, again = {0};
	_cleanup_free_ char *text = NULL;

	take(&rules, EFFECT_ALLOW, RIGHTS_READ, "/a\nb", true);
	take(&rules, EFFECT_ALLOW, RIGHTS_READ, "/a\xff", true);
	take(&rules, EFFECT_ALLOW, RIGHTS_READ, "/a\xe2\x80\x8b", true);
	take(&rules, EFFECT_ALLOW, RIGHTS_READ, "/a\\x20b", true);
	take(&rules, EFFECT_ALLOW, RIGHTS_READ, "/until", true);
	rules.items[4].expires = 5;
	ck_assert_uint_eq(write_and_read(&rules, &again, &text), 5);
	ck_assert_uint_eq(again.count, 0);
	ck_assert_ptr_nonnull(strstr(text, "# (ends by itself) read = /until"));
	rules_finish(&rules);
}
END_TEST

UNIT_MAIN("policy-text", they_come_back, what_cannot_be_said_is_a_comment);
