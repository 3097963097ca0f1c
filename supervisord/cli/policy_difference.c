/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/policy_difference.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/cleanup.h"
#include "cli/policy_probe.h"

/* As many as it is worth to look at for each object. */
#define CHANGED_MAX 256

/* An object that some rule is about. */
struct named_object {
	const struct object *object; /* borrowed */
	char *text;
	bool beneath;
};

struct policy_comparison {
	struct ruleset *was, *now;
	struct named_object *items;
	size_t count;
	/* Rules that only one of them has; where there are more, any may be. */
	const struct rule *changed[CHANGED_MAX];
	size_t changed_count;
	policy_difference_fn callback;
	void *userdata;
};

/* Rights that change, from each effect to each other. */
struct changes {
	rights_t rights[EFFECTS_][EFFECTS_];
};

static int compare_objects(const void *a, const void *b)
{
	const struct named_object *const left = a, *const right = b;
	const int types = (int)left->object->type - (int)right->object->type;

	return types ? types : strcmp(left->text, right->text);
}

static bool is_of_paths(const struct object *object)
{
	return object->type == OBJECT_PATH || object->type == OBJECT_PATTERN;
}

/* Whether a rule about one object may be about another. */
static bool reaches(const struct object *rules, const struct object *object)
{
	if (!is_of_paths(rules) || !is_of_paths(object))
		return rules->type == object->type;
	return rules->type == OBJECT_PATTERN ||
	       object->type == OBJECT_PATTERN ||
	       path_is_beneath(object->bytes, rules->bytes);
}

static bool may_change(const struct policy_comparison *comparison,
		       const struct object *object)
{
	if (comparison->changed_count > CHANGED_MAX)
		return true;
	for (size_t i = 0; i < comparison->changed_count; i++)
		if (reaches(&comparison->changed[i]->object, object))
			return true;
	return false;
}

static int take_objects(struct policy_comparison *comparison,
			const struct rules *rules)
{
	for (size_t i = 0; i < rules->count; i++) {
		const struct rule *const rule = &rules->items[i];
		char *text;

		if (!may_change(comparison, &rule->object))
			continue;
		text = object_format(&rule->object);
		if (!text)
			return -ENOMEM;
		comparison->items[comparison->count++] = (struct named_object){
			&rule->object, text, rule->beneath};
	}
	return 0;
}

/* Each object once. */
static void unite(struct policy_comparison *comparison)
{
	struct named_object *const items = comparison->items;
	size_t kept = 0;

	qsort(items, comparison->count, sizeof(*items), compare_objects);
	for (size_t i = 0; i < comparison->count; i++) {
		if (kept > 0 &&
		    compare_objects(&items[kept - 1], &items[i]) == 0) {
			items[kept - 1].beneath |= items[i].beneath;
			free(items[i].text);
		} else {
			items[kept++] = items[i];
		}
	}
	comparison->count = kept;
}

static void partition(const struct ruleset *ruleset,
		      const struct object *object, rights_t ret[EFFECTS_])
{
	const struct judgement judgement = ruleset_judge(
		ruleset, object, object_rights(object->type), PROCESS_NONE);

	memset(ret, 0, EFFECTS_ * sizeof(*ret));
	ret[EFFECT_ALLOW] = judgement.allowed;
	ret[EFFECT_DENY] = judgement.denied;
	ret[EFFECT_ASK] = judgement.asked;
}

/* @object: NULL: nothing changes */
static struct changes changes_at(const struct policy_comparison *comparison,
				 const struct object *object)
{
	rights_t was[EFFECTS_], now[EFFECTS_];
	struct changes changes = {0};

	if (!object)
		return changes;
	partition(comparison->was, object, was);
	partition(comparison->now, object, now);
	for (int i = 0; i < EFFECTS_; i++)
		for (int j = 0; j < EFFECTS_; j++)
			if (i != j)
				changes.rights[i][j] = was[i] & now[j];
	return changes;
}

static const struct rule *decides(const struct ruleset *ruleset,
				  const struct object *object, rights_t rights)
{
	return ruleset_why(ruleset, object, rights & -rights, PROCESS_NONE);
}

static int tell(const struct policy_comparison *comparison,
		const struct policy_difference *difference,
		const struct object *where)
{
	struct policy_difference told = *difference;

	if (!told.rights)
		return 0;
	told.was_by = decides(comparison->was, where, told.rights);
	told.now_by = decides(comparison->now, where, told.rights);
	return comparison->callback(comparison->userdata, &told);
}

/* Objects that are looked at because of another one. */
struct surroundings {
	struct object sample;	       /* what a pattern matches, say */
	struct object beneath, around; /* zeroed: none */
	bool has_beneath, has_around;
};

static int look_around(const struct named_object *named,
		       struct surroundings *ret)
{
	const struct object *object = named->object;
	int error = 0;

	*ret = (struct surroundings){0};
	if (object->type == OBJECT_PATTERN) {
		error = policy_probe_pattern(&ret->sample, object);
		object = &ret->sample;
	}
	if (!error && object->type == OBJECT_PATH) {
		ret->has_beneath = named->beneath;
		/* Nothing is above the root. */
		ret->has_around = object->length > 1;
		if (ret->has_beneath)
			error = policy_probe_beneath(&ret->beneath, object);
		if (!error && ret->has_around)
			error = policy_probe_beside(&ret->around, object);
	} else if (!object->any && (object->type == OBJECT_PORT ||
				    object->type == OBJECT_CAPABILITY)) {
		ret->has_around = true;
		ret->around =
			(struct object){.type = object->type, .any = true};
	}
	return error;
}

static int compare(const struct policy_comparison *comparison,
		   const struct named_object *named)
{
	struct surroundings places;
	struct changes here, beneath, around;
	int error = look_around(named, &places);
	const struct object *const object =
		places.sample.bytes ? &places.sample : named->object;

	if (!error) {
		here = changes_at(comparison, object);
		beneath =
			changes_at(comparison,
				   places.has_beneath ? &places.beneath : NULL);
		around = changes_at(comparison,
				    places.has_around ? &places.around : NULL);
	}
	for (int i = 0; i < EFFECTS_ && !error; i++)
		for (int j = 0; j < EFFECTS_ && !error; j++) {
			struct policy_difference told = {
				.object = named->object,
				.beneath = true,
				.rights = beneath.rights[i][j] &
					  ~around.rights[i][j],
				.was = (enum effect)i,
				.now = (enum effect)j,
			};

			error = tell(comparison, &told, &places.beneath);
			told.beneath = false;
			told.rights = here.rights[i][j] &
				      ~beneath.rights[i][j] &
				      ~around.rights[i][j];
			if (!error)
				error = tell(comparison, &told, object);
		}
	object_finish(&places.sample);
	object_finish(&places.beneath);
	object_finish(&places.around);
	return error;
}

static int compare_all(struct policy_comparison *comparison)
{
	int error = 0;

	unite(comparison);
	for (size_t i = 0; i < comparison->count && !error; i++)
		error = compare(comparison, &comparison->items[i]);
	return error;
}

int policy_difference_each(const struct rules *was, const struct rules *now,
			   policy_difference_fn callback, void *userdata)
{
	struct policy_comparison comparison = {.callback = callback,
					       .userdata = userdata};
	const int64_t moment = time(NULL);
	int error;

	/* Of most apps a change says nothing, and of the others little. */
	comparison.changed_count =
		rules_difference(was, now, comparison.changed, CHANGED_MAX);
	if (!comparison.changed_count)
		return 0;
	comparison.items =
		calloc(was->count + now->count + 1, sizeof(*comparison.items));
	error = comparison.items ? 0 : -ENOMEM;
	if (!error)
		error = ruleset_new(&comparison.was, was, 0, moment);
	if (!error)
		error = ruleset_new(&comparison.now, now, 0, moment);
	if (!error)
		error = take_objects(&comparison, was);
	if (!error)
		error = take_objects(&comparison, now);
	if (!error)
		error = compare_all(&comparison);
	for (size_t i = 0; i < comparison.count; i++)
		free(comparison.items[i].text);
	free(comparison.items);
	ruleset_unref(comparison.was);
	ruleset_unref(comparison.now);
	return error;
}
