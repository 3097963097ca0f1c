/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Calls that are judged: what the kernel holds by itself is the policy when the
 * layer was made, and more is allowed or taken away later.
 */
#pragma once

#include <string.h>

#include "base/landlock.h"
#include "operation/call.h"
#include "rules.h"
#include "seccomp/action.h"
#include "unit.h"

/* Directories that are everywhere, so that the kernel can hold a rule. */
#define HELD "/usr"
#define OPEN "/etc"   /* allowed later: the kernel does not hold it */
#define ELSE "/var"   /* nobody says anything */
#define CLOSED "/dev" /* denied */
#define ALL_OF_IT (RIGHTS_READ | RIGHTS_WRITE | RIGHT_FS_REFER)

static struct static_layer *layer;
static struct ruleset *ruleset;

static inline void setup(void)
{
	struct rules rules = {0};
	struct ruleset *early;

	rules_add(&rules, LAYER_USER, EFFECT_ALLOW, RIGHTS_READ, HELD);
	early = rules_compile(&rules);
	ck_assert_int_eq(static_layer_new(&layer, early, 0), 0);
	ruleset_unref(early);
	rules_add(&rules, LAYER_USER, EFFECT_ALLOW, ALL_OF_IT, OPEN);
	rules_add(&rules, LAYER_USER, EFFECT_DENY, RIGHTS_FS, CLOSED);
	rules_add(&rules, LAYER_USER, EFFECT_ALLOW, RIGHTS_NET, "443");
	ruleset = rules_compile(&rules);
	rules_finish(&rules);
}

static inline void teardown(void)
{
	ruleset_unref(ruleset);
	static_layer_free(layer);
}

/* A call that needs a right on a path; the path outlives it. */
static inline struct notif *notif_of(const char *path, rights_t rights)
{
	static struct notif notif;
	struct object object = {.type = OBJECT_PATH};

	notif_init(&notif);
	memset(notif.pins, 0, sizeof(notif.pins));
	notif.exposed = 0;
	object.bytes = (char *)(uintptr_t)path;
	object.length = strlen(path);
	notif_need(&notif, &object, rights);
	return &notif;
}

/* The same, and another path. */
static inline struct notif *notif_of_two(const char *from, rights_t from_rights,
					 const char *to, rights_t to_rights)
{
	struct notif *notif = notif_of(from, from_rights);
	struct object object = {.type = OBJECT_PATH};

	object.bytes = (char *)(uintptr_t)to;
	object.length = strlen(to);
	notif_need(notif, &object, to_rights);
	return notif;
}

static inline enum action action_for(const struct notif *notif,
				     struct judged_detail *detail)
{
	return action_of(ruleset, layer, notif, PROCESS_NONE, true, detail);
}

static inline void check(const struct notif *notif, enum action wanted)
{
	struct judged_detail detail;

	ck_assert_int_eq(action_for(notif, &detail), wanted);
}

/* Of a judgement that is no allowance: what is missing, and on what. */
static inline void check_missing(const struct notif *notif, enum action wanted,
				 const char *path, rights_t missing)
{
	struct judged_detail detail;

	ck_assert_int_eq(action_for(notif, &detail), wanted);
	ck_assert_uint_eq(detail.missing_count, 1);
	ck_assert_str_eq(detail.missing[0].object.bytes, path);
	ck_assert_uint_eq(detail.missing[0].rights, missing);
}
