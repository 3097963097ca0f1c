/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A model of rulesets: see ruleset_model.h. */
#include "ruleset_model.h"

#include <stdio.h>
#include <string.h>

#include "core/pattern.h"
#include "rules.h"

void model_path(uint64_t *seed, char path[static 32])
{
	static const char *const names[] = {"a", "b", "cc", "a.b"};
	const int depth = unit_below(seed, 5);

	strcpy(path, depth ? "" : "/");
	for (int i = 0; i < depth; i++) {
		strcat(path, "/");
		strcat(path, names[unit_below(seed, ARRAY_SIZE(names))]);
	}
}

void model_pattern(uint64_t *seed, char pattern[static 32])
{
	static const char *const names[] = {"a",  "b",	"cc",  "*",  "?",
					    "a*", "*b", "*c*", "c?", "**"};
	struct pattern_problem problem;

	do {
		const int depth = 1 + unit_below(seed, 4);

		strcpy(pattern, "");
		for (int i = 0; i < depth; i++) {
			strcat(pattern, "/");
			strcat(pattern,
			       names[unit_below(seed, ARRAY_SIZE(names))]);
		}
	} while (pattern_check(pattern, &problem) < 0);
}

void model_add_rule(struct rules *rules, uint64_t *seed)
{
	struct rule rule = {
		.layer = unit_below(seed, LAYERS_),
		.effect = unit_below(seed, EFFECTS_),
		.rights = 1 + unit_below(seed, (1 << RIGHTS_TRIED) - 1),
		.beneath = unit_below(seed, 3) > 0,
	};
	char path[32];

	if (unit_below(seed, 6) == 0)
		rule.expires = unit_below(seed, 2) ? NOW : NOW + 5;
	if (rule.layer == LAYER_USER && unit_below(seed, 3) == 0) {
		rule.pid = 1 + unit_below(seed, 2);
		rule.pid_start = 7;
	}
	if (unit_below(seed, 3) == 0) {
		model_pattern(seed, path);
		ck_assert_int_eq(object_init_pattern(&rule.object, path), 0);
	} else {
		model_path(seed, path);
		ck_assert_int_eq(object_init_path(&rule.object, path), 0);
	}
	ck_assert_int_eq(rules_take(rules, &rule), 0);
}

/* --- The reference ----------------------------------------------- */

/* The textbook definition, exponential: one name. */
static bool naive_name(const char *pattern, const char *name, size_t length)
{
	if (*pattern == '*')
		return naive_name(pattern + 1, name, length) ||
		       (length && naive_name(pattern, name + 1, length - 1));
	if (!length)
		return !*pattern || *pattern == '/';
	return (*pattern == '?' || *pattern == *name) &&
	       naive_name(pattern + 1, name + 1, length - 1);
}

bool model_matches(const char *pattern, const char *path)
{
	const size_t length = strcspn(path + (*path == '/'), "/");

	if (!*pattern)
		return !*path;
	if (strncmp(pattern, "/**/", 4) == 0 &&
	    model_matches(pattern + 3, path))
		return true;
	if (!*path || !path[1])
		return false;
	if (strncmp(pattern, "/**/", 4) == 0)
		return model_matches(pattern, path + 1 + length);
	return naive_name(pattern + 1, path + 1, length) &&
	       model_matches(pattern + 1 + strcspn(pattern + 1, "/"),
			     path + 1 + length);
}

/* How a rule may be about a place: what comes later is more specific. */
enum naive_way {
	PATTERN_BENEATH,
	PATTERN_HERE,
	PATH_BENEATH,
	PATH_HERE,
};

static bool naive_about(const struct rule *rule, const char *place,
			enum naive_way way)
{
	const bool pattern = rule->object.type == OBJECT_PATTERN;

	if (pattern != (way <= PATTERN_HERE) ||
	    rule->beneath != (way == PATTERN_BENEATH || way == PATH_BENEATH))
		return false;
	return pattern ? model_matches(rule->object.bytes, place)
		       : strcmp(rule->object.bytes, place) == 0;
}

/* Who asks, and when. */
struct naive_moment {
	rights_t right;
	pid_t pid;
	int64_t now;
};

/* @known: by what is less specific; EFFECTS_: nothing */
static enum effect naive_place(const struct rules *rules, enum layer layer,
			       const char *place, enum naive_way way,
			       const struct naive_moment *moment,
			       enum effect known)
{
	enum effect best = EFFECTS_;

	for (size_t i = 0; i < rules->count; i++) {
		const struct rule *const rule = &rules->items[i];

		if (rule->layer != layer || !(rule->rights & moment->right) ||
		    (rule->pid && rule->pid != moment->pid) ||
		    (rule->expires && rule->expires <= moment->now) ||
		    !naive_about(rule, place, way))
			continue;
		/* A pattern takes nothing from what is refused. */
		if (way <= PATTERN_HERE && rule->effect == EFFECT_ALLOW &&
		    known != EFFECTS_ && known != EFFECT_ALLOW)
			continue;
		if (rule->effect < best)
			best = rule->effect;
	}
	/* A guard takes away what was allowed from above, and nothing else. */
	if (best == EFFECTS_ || (best == EFFECT_GUARD && known == EFFECT_DENY))
		return known;
	return best;
}

static enum effect naive_layer(const struct rules *rules, enum layer layer,
			       const char *path, rights_t right, pid_t pid,
			       int64_t now)
{
	const struct naive_moment moment = {right, pid, now};
	enum effect known = EFFECTS_;
	char place[80] = "/";
	size_t length = 0;

	for (;;) {
		const bool last = !path[1] || !path[length];

		for (enum naive_way way = 0; way <= PATH_HERE; way++)
			if (last || way == PATTERN_BENEATH ||
			    way == PATH_BENEATH)
				known = naive_place(rules, layer, place, way,
						    &moment, known);
		if (last)
			break;
		length += 1 + strcspn(path + length + 1, "/");
		snprintf(place, sizeof(place), "%.*s", (int)length, path);
	}
	return known == EFFECT_GUARD ? EFFECT_ASK : known;
}

enum effect model_judge(const struct rules *rules, const char *path,
			rights_t right, pid_t pid, int64_t now)
{
	enum effect of[LAYERS_];

	for (enum layer layer = 0; layer < LAYERS_; layer++)
		of[layer] = naive_layer(rules, layer, path, right, pid, now);
	if (of[LAYER_ADMIN] == EFFECT_DENY || of[LAYER_ADMIN] == EFFECT_ALLOW)
		return of[LAYER_ADMIN];
	if (of[LAYER_USER] == EFFECT_DENY || of[LAYER_USER] == EFFECT_ALLOW)
		return of[LAYER_USER];
	if (of[LAYER_ADMIN] == EFFECT_ASK || of[LAYER_USER] == EFFECT_ASK)
		return EFFECT_ASK;
	return of[LAYER_VENDOR] == EFFECTS_ ? EFFECT_ASK : of[LAYER_VENDOR];
}

static void check_path(const struct ruleset *ruleset, const struct rules *rules,
		       const char *path, pid_t pid)
{
	const rights_t wanted = (1 << RIGHTS_TRIED) - 1;
	const struct judgement judgement =
		ruleset_judge_path(ruleset, path, strlen(path), wanted,
				   (struct process_id){pid, pid ? 7 : 0});
	struct object object;
	rights_t right;

	ck_assert_int_eq(object_init_path(&object, path), 0);
	RIGHTS_FOREACH (right, wanted) {
		const struct rule *const why =
			ruleset_why(ruleset, &object, right,
				    (struct process_id){pid, pid ? 7 : 0});
		const enum effect effect =
			model_judge(rules, path, right, pid, NOW);

		ck_assert_int_eq(effect_of(judgement, right), effect);
		ck_assert_int_eq(!why || why->effect == EFFECT_GUARD
					 ? EFFECT_ASK
					 : why->effect,
				 effect);
	}
	object_finish(&object);
}

static void add_report(struct model_reported *reported,
		       const struct object *object, rights_t rights,
		       bool here_only)
{
	ck_assert_int_eq(object->type, OBJECT_PATH);
	/* Parents first, and nothing that is covered already. */
	for (size_t i = 0; i < reported->count; i++) {
		if (reported->here_only[i])
			continue;
		if (path_is_beneath(object->bytes, reported->paths[i]))
			ck_assert_uint_eq(rights & reported->rights[i], 0);
		else if (!here_only)
			ck_assert(!path_is_beneath(reported->paths[i],
						   object->bytes) ||
				  !(rights & reported->rights[i]));
	}
	ck_assert_uint_lt(reported->count, 256);
	strcpy(reported->paths[reported->count], object->bytes);
	reported->rights[reported->count] = rights;
	reported->here_only[reported->count++] = here_only;
}

int model_report(void *userdata, const struct object *object, rights_t rights,
		 rights_t here)
{
	ck_assert_uint_ne(rights | here, 0);
	ck_assert_uint_eq(rights & here, 0);
	if (rights)
		add_report(userdata, object, rights, false);
	if (here)
		add_report(userdata, object, here, true);
	return 0;
}

/* Reported as allowed: allowed now and later, to every process. */
static void check_uniform(const struct model_reported *reported,
			  const struct rules *rules, const char *path)
{
	for (size_t i = 0; i < reported->count; i++) {
		rights_t right;

		if (reported->here_only[i]
			    ? strcmp(path, reported->paths[i]) != 0
			    : !path_is_beneath(path, reported->paths[i]))
			continue;
		RIGHTS_FOREACH (right, reported->rights[i])
			for (pid_t pid = 0; pid < 3; pid++)
				for (int64_t now = NOW; now <= NOW + 10;
				     now += 5)
					ck_assert_int_eq(
						model_judge(rules, path, right,
							    pid, now),
						EFFECT_ALLOW);
	}
}

void model_check(const struct ruleset *ruleset, const struct rules *rules,
		 const struct model_reported *reported, char *path, int depth)
{
	static const char *const names[] = {"a", "b", "cc", "a.b", "z"};
	const size_t length = strlen(path);

	check_uniform(reported, rules, *path ? path : "/");
	for (pid_t pid = 0; pid < 3; pid++)
		check_path(ruleset, rules, *path ? path : "/", pid);
	for (size_t i = 0; depth > 0 && i < ARRAY_SIZE(names); i++) {
		sprintf(path + length, "/%s", names[i]);
		model_check(ruleset, rules, reported, path, depth - 1);
		path[length] = '\0';
	}
}

/* Rules end by the clock of the moment, which is NOW here. */
int64_t model_now = NOW;

static int64_t wall(const struct clock *clock)
{
	(void)clock;
	return model_now * 1000000000;
}

const struct clock model_clock = {.wall = wall};
