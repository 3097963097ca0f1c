/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The layers of policy for tests, each an empty directory.
 */
#pragma once

#include "directory.h"
#include "policy/policy.h"
#include "unit.h"

#define NOW 1700000000

static char *root;
static struct policy_options options;

/* Layers beneath one directory that belongs to whoever runs the test. */
static inline void set_up(void)
{
	static const char *const program[] = {"PWD=/work dir", NULL};
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
		.program = program,
		.admin_uid = getuid(),
	};
	setenv("HOME", "/home/u", 1);
	unsetenv("XDG_CONFIG_HOME");
	unsetenv("TMPDIR");
}

static inline void tear_down(void)
{
	directory_remove(root);
}

static inline enum effect judge(const struct ruleset *ruleset, const char *path,
				rights_t right)
{
	const struct judgement judgement = ruleset_judge_path(
		ruleset, path, strlen(path), right, PROCESS_NONE);

	return judgement.allowed  ? EFFECT_ALLOW
	       : judgement.denied ? EFFECT_DENY
				  : EFFECT_ASK;
}

/* Compiles what is there and compares verdicts on fs.read_file. */
struct expectation {
	const char *path;
	enum effect effect;
};

static inline void expect(const struct expectation *cases, size_t count)
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
