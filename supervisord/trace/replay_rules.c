/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "trace/replay_rules.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"

#define FIRST_SIZE 64
#define FNV_START UINT64_C(0xcbf29ce484222325)
#define FNV_PRIME UINT64_C(0x100000001b3)

/* A set of hashes of paths; one too many only costs a compilation. */
struct names {
	uint64_t *slots; /* 0: free */
	size_t size, count;
};

struct replay_rules {
	const struct replay_policy *policy;
	struct rules own;
	struct names all; /* of rules of our own, whatever they are about */
	struct ruleset *ruleset;
	/* What the ruleset does not know yet. */
	struct names paths;
	bool kinds[OBJECT_TYPES_]; /* but for paths */
	bool stale;		   /* something was taken away */
};

int replay_policy_new(struct replay_policy **ret, struct rules *rules)
{
	struct replay_policy *policy = calloc(1, sizeof(*policy));
	int error;

	if (!policy)
		return -ENOMEM;
	/* Expiry is by the clock of the trace, which is not known here. */
	error = ruleset_new(&policy->ruleset, rules, 1, 0);
	if (!error)
		ruleset_set_clock(policy->ruleset, NULL);
	if (error) {
		free(policy);
		return error;
	}
	policy->rules = *rules;
	*rules = (struct rules){0};
	*ret = policy;
	return 0;
}

struct replay_policy *replay_policy_free(struct replay_policy *policy)
{
	if (!policy)
		return NULL;
	rules_finish(&policy->rules);
	ruleset_unref(policy->ruleset);
	free(policy);
	return NULL;
}

int replay_rules_new(struct replay_rules **ret,
		     const struct replay_policy *policy)
{
	struct replay_rules *rules = calloc(1, sizeof(*rules));

	if (!rules)
		return -ENOMEM;
	rules->policy = policy;
	rules->ruleset = ruleset_ref(policy->ruleset);
	*ret = rules;
	return 0;
}

struct replay_rules *replay_rules_free(struct replay_rules *rules)
{
	if (!rules)
		return NULL;
	rules_finish(&rules->own);
	ruleset_unref(rules->ruleset);
	free(rules->all.slots);
	free(rules->paths.slots);
	free(rules);
	return NULL;
}

/* --- Names ------------------------------------------------------- */

static bool names_have(const struct names *names, uint64_t hash)
{
	size_t slot = hash;

	for (; names->count > 0; slot++) {
		const uint64_t there = names->slots[slot & (names->size - 1)];

		if (there == hash)
			return true;
		if (!there)
			return false;
	}
	return false;
}

static void names_place(struct names *names, uint64_t hash)
{
	size_t slot = hash;

	while (names->slots[slot & (names->size - 1)])
		slot++;
	names->slots[slot & (names->size - 1)] = hash;
}

static int names_grow(struct names *names)
{
	const struct names old = *names;
	const size_t size = old.size ? old.size * 2 : FIRST_SIZE;
	uint64_t *slots = calloc(size, sizeof(*slots));

	if (!slots)
		return -ENOMEM;
	names->slots = slots;
	names->size = size;
	for (size_t i = 0; i < old.size; i++)
		if (old.slots[i])
			names_place(names, old.slots[i]);
	free(old.slots);
	return 0;
}

static int names_add(struct names *names, uint64_t hash)
{
	if (names_have(names, hash))
		return 0;
	if (names->count * 2 >= names->size && names_grow(names) < 0)
		return -ENOMEM;
	names_place(names, hash);
	names->count++;
	return 0;
}

static void names_clear(struct names *names)
{
	if (names->count > 0)
		memset(names->slots, 0, names->size * sizeof(*names->slots));
	names->count = 0;
}

/* 0 is what a free slot has. */
static uint64_t not_zero(uint64_t hash)
{
	return hash ? hash : 1;
}

static uint64_t hash_step(uint64_t hash, unsigned char byte)
{
	return (hash ^ byte) * FNV_PRIME;
}

static uint64_t hash_path(const char *path)
{
	uint64_t hash = FNV_START;

	/* "/" is the empty path here: a prefix of all. */
	for (const char *c = path[1] ? path : ""; *c; c++)
		hash = hash_step(hash, (unsigned char)*c);
	return not_zero(hash);
}

/* Whether a path, or one above it, is among the names. */
static bool names_have_above(const struct names *names, const char *path)
{
	uint64_t hash = FNV_START;

	if (names->count == 0)
		return false;
	for (const char *c = path; *c; c++) {
		if (*c == '/' && names_have(names, not_zero(hash)))
			return true;
		hash = hash_step(hash, (unsigned char)*c);
	}
	return names_have(names, not_zero(hash));
}

/* --- Rules ------------------------------------------------------- */

static bool say_the_same(const struct rule *a, const struct rule *b)
{
	return a->layer == b->layer && a->effect == b->effect &&
	       a->rights == b->rights && a->beneath == b->beneath &&
	       a->pid == b->pid && a->pid_start == b->pid_start &&
	       a->expires == b->expires && object_equal(&a->object, &b->object);
}

static bool has(const struct replay_rules *rules, const struct rule *rule)
{
	if (!names_have(&rules->all, not_zero(object_hash(&rule->object))))
		return false;
	for (size_t i = rules->own.count; i-- > 0;)
		if (say_the_same(&rules->own.items[i], rule))
			return true;
	return false;
}

static int add(struct replay_rules *rules, const struct rule *rule)
{
	const struct object *object = &rule->object;
	struct rule copy;

	if (has(rules, rule))
		return 0;
	if (names_add(&rules->all, not_zero(object_hash(object))) < 0)
		return -ENOMEM;
	if (object->type != OBJECT_PATH)
		rules->kinds[object->type] = true;
	else if (names_add(&rules->paths, hash_path(object->bytes)) < 0)
		return -ENOMEM;
	if (rule_copy(&copy, rule) < 0)
		return -ENOMEM;
	if (rules_take(&rules->own, &copy) == 0)
		return 0;
	rule_finish(&copy);
	return -ENOMEM;
}

int replay_rules_add(struct replay_rules *rules, const struct rules *added)
{
	int error = 0;

	for (size_t i = 0; !error && i < added->count; i++)
		error = add(rules, &added->items[i]);
	return error;
}

static void take_away(struct replay_rules *rules, const struct rule *rule)
{
	struct rules *own = &rules->own;

	for (size_t i = own->count; i-- > 0;) {
		if (!say_the_same(&own->items[i], rule))
			continue;
		rule_finish(&own->items[i]);
		own->items[i] = own->items[--own->count];
		rules->stale = true;
		return;
	}
}

void replay_rules_remove(struct replay_rules *rules,
			 const struct rules *removed)
{
	for (size_t i = 0; i < removed->count; i++)
		take_away(rules, &removed->items[i]);
}

/* Whether the ruleset does not know something that may count. */
static bool is_behind(const struct replay_rules *rules,
		      const struct object *object, int64_t now)
{
	const int64_t expiry = ruleset_next_expiry(rules->ruleset);

	if (rules->stale || (expiry && now >= expiry))
		return true;
	if (object->type != OBJECT_PATH)
		return rules->kinds[object->type];
	return names_have_above(&rules->paths, object->bytes);
}

static int compile(struct replay_rules *rules, int64_t now)
{
	const uint64_t generation = ruleset_generation(rules->ruleset) + 1;
	_cleanup_(rules_finish) struct rules all = {0};
	struct ruleset *ruleset;
	int error = rules_append(&all, &rules->policy->rules);

	if (!error)
		error = rules_append(&all, &rules->own);
	if (!error)
		error = ruleset_new(&ruleset, &all, generation, now);
	if (error)
		return error;
	ruleset_set_clock(ruleset, NULL);
	ruleset_unref(rules->ruleset);
	rules->ruleset = ruleset;
	names_clear(&rules->paths);
	memset(rules->kinds, 0, sizeof(rules->kinds));
	rules->stale = false;
	return 0;
}

int replay_rules_for(struct replay_rules *rules, const struct object *object,
		     int64_t now, const struct ruleset **ret)
{
	const int error =
		is_behind(rules, object, now) ? compile(rules, now) : 0;

	*ret = rules->ruleset;
	return error;
}
