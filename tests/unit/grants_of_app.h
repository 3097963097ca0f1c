/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Grants of an app called "app", in a directory of one test.
 */
#pragma once

#include "directory.h"
#include "store/grants.h"
#include "unit.h"

#define NOW 1700000000

static char *root;

static inline void set_up(void)
{
	root = directory_make();
	ck_assert_int_eq(chmod(root, 0700), 0);
}

static inline void tear_down(void)
{
	directory_remove(root);
}

static inline struct grants *open_grants(void)
{
	struct grants *grants;

	ck_assert_int_eq(grants_open(&grants, root, "app"), 0);
	return grants;
}

/* Persists one rule. Returns: its id (free(3)), or NULL with *ret_result. */
static inline char *add(struct grants *grants, enum effect effect,
			rights_t rights, const char *path, int64_t expires,
			int64_t now)
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

	if (object_init_path(&rule.object, path) == 0 &&
	    rules_take(&rules, &rule) == 0 &&
	    grants_add(grants, &rules, "terminal", now) == 0)
		id = strdup(rules.items[0].id);
	rules_finish(&rules);
	return id;
}

static inline void load(struct grants *grants, struct rules *ret, int64_t now)
{
	struct file_errors errors = {0};

	ck_assert_int_eq(grants_load(grants, now, ret, &errors), 0);
	ck_assert_uint_eq(errors.count, 0);
}
