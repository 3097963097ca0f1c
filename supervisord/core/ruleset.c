/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/ruleset.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "core/ruleset_compile.h"
#include "core/ruleset_why.h"

static int copy_rule(struct ruleset *ruleset, const struct rule *rule)
{
	struct rule copy;

	if (rule_copy(&copy, rule) < 0)
		return -ENOMEM;
	if (rules_take(&ruleset->rules, &copy) < 0) {
		rule_finish(&copy);
		return -ENOMEM;
	}
	if (rule->expires != 0 &&
	    (ruleset->next_expiry == 0 || rule->expires < ruleset->next_expiry))
		ruleset->next_expiry = rule->expires;
	return 0;
}

/* Copies those in force that are bound to a process, or the others. */
static int copy_rules(struct ruleset *ruleset, const struct rules *rules,
		      int64_t now, bool bound)
{
	for (size_t i = 0; i < rules->count; i++) {
		const struct rule *const rule = &rules->items[i];
		const bool expired = rule->expires != 0 && rule->expires <= now;

		if (expired || is_bound(rule) != bound)
			continue;
		if (copy_rule(ruleset, rule) < 0)
			return -ENOMEM;
	}
	return 0;
}

int ruleset_new(struct ruleset **ret, const struct rules *rules,
		uint64_t generation, int64_t now)
{
	struct ruleset *const ruleset = calloc(1, sizeof(*ruleset));
	int result;

	if (!ruleset)
		return -ENOMEM;
	ruleset->references = 1;
	ruleset->generation = generation;
	result = copy_rules(ruleset, rules, now, true);
	ruleset->bound_count = ruleset->rules.count;
	if (result == 0)
		result = copy_rules(ruleset, rules, now, false);
	if (result == 0)
		result = ruleset_compile(ruleset);
	if (result < 0) {
		ruleset_unref(ruleset);
		return result;
	}
	*ret = ruleset;
	return 0;
}

struct ruleset *ruleset_ref(struct ruleset *ruleset)
{
	atomic_fetch_add(&ruleset->references, 1);
	return ruleset;
}

struct ruleset *ruleset_unref(struct ruleset *ruleset)
{
	if (!ruleset || atomic_fetch_sub(&ruleset->references, 1) > 1)
		return NULL;
	rules_finish(&ruleset->rules);
	trie_finish(&ruleset->trie);
	free(ruleset->places);
	free(ruleset->links);
	free(ruleset);
	return NULL;
}

uint64_t ruleset_generation(const struct ruleset *ruleset)
{
	return ruleset->generation;
}

bool ruleset_has_process_rules(const struct ruleset *ruleset)
{
	return ruleset->bound_count > 0;
}

int64_t ruleset_next_expiry(const struct ruleset *ruleset)
{
	return ruleset->next_expiry;
}

static struct judgement partition(struct verdict verdict, rights_t wanted)
{
	return (struct judgement){
		.allowed = wanted & verdict.allowed,
		.denied = wanted & verdict.denied,
		.asked = wanted & ~(verdict.allowed | verdict.denied),
	};
}

/* The way that always works, a right at a time. */
static struct judgement judge_each(const struct ruleset *ruleset,
				   const struct object *object, rights_t wanted,
				   const struct filter *filter)
{
	struct verdict verdict = {0};
	rights_t right;

	RIGHTS_FOREACH (right, wanted) {
		const struct rule *const rule =
			ruleset_why_filtered(ruleset, object, right, filter);

		if (rule && rule->effect == EFFECT_ALLOW)
			verdict.allowed |= right;
		if (rule && rule->effect == EFFECT_DENY)
			verdict.denied |= right;
	}
	return partition(verdict, wanted);
}

static struct judgement judge_key(const struct ruleset *ruleset,
				  struct trie_key key, rights_t wanted)
{
	static const struct verdict none = {0};
	uint32_t node = key.type;

	for (;;) {
		switch (trie_step(&ruleset->trie, &key, &node)) {
		case TRIE_STEP:
			continue;
		case TRIE_END:
			return partition(ruleset->places[node].here, wanted);
		case TRIE_LEAVE:
			return partition(ruleset->places[node].beneath, wanted);
		case TRIE_BAD:
			return partition(none, wanted);
		}
	}
}

static bool is_bound_process(const struct ruleset *ruleset, pid_t pid,
			     uint64_t pid_start)
{
	for (size_t i = 0; i < ruleset->bound_count; i++) {
		const struct rule *const rule = &ruleset->rules.items[i];

		if (rule->pid == pid && rule->pid_start == pid_start)
			return true;
	}
	return false;
}

struct judgement ruleset_judge(const struct ruleset *ruleset,
			       const struct object *object, rights_t wanted,
			       pid_t pid, uint64_t pid_start)
{
	const struct filter filter = {.pid = pid, .pid_start = pid_start};
	uint64_t number;

	if (object->type >= OBJECT_SOCKET || object->any ||
	    object->type == OBJECT_NAMESPACE ||
	    is_bound_process(ruleset, pid, pid_start))
		return judge_each(ruleset, object, wanted, &filter);
	return judge_key(ruleset, ruleset_key(object, &number), wanted);
}

struct judgement ruleset_judge_path(const struct ruleset *ruleset,
				    const char *path, size_t length,
				    rights_t wanted, pid_t pid,
				    uint64_t pid_start)
{
	/* Borrows the bytes, which judging only reads. */
	const struct object object = {
		.type = OBJECT_PATH,
		.bytes = (char *)path,
		.length = length,
	};

	return ruleset_judge(ruleset, &object, wanted, pid, pid_start);
}

const struct rule *ruleset_why(const struct ruleset *ruleset,
			       const struct object *object, rights_t right,
			       pid_t pid, uint64_t pid_start)
{
	const struct filter filter = {.pid = pid, .pid_start = pid_start};

	return ruleset_why_filtered(ruleset, object, right, &filter);
}

struct judgement ruleset_refused(const struct ruleset *ruleset,
				 const char *path, size_t length,
				 rights_t wanted, pid_t pid, uint64_t pid_start)
{
	const struct object object = {
		.type = OBJECT_PATH,
		.bytes = (char *)path,
		.length = length,
	};
	struct judgement judgement =
		ruleset_judge(ruleset, &object, wanted, pid, pid_start);
	const rights_t open = judgement.asked;
	rights_t right;

	judgement.asked = 0;
	RIGHTS_FOREACH (right, open)
		if (ruleset_why(ruleset, &object, right, pid, pid_start))
			judgement.asked |= right;
	return judgement;
}

int ruleset_each_refusal(const struct ruleset *ruleset,
			 int (*callback)(void *userdata, const char *path,
					 bool beneath),
			 void *userdata)
{
	int result = 0;

	for (size_t i = 0; result == 0 && i < ruleset->rules.count; i++) {
		const struct rule *const rule = &ruleset->rules.items[i];

		if (rule->effect != EFFECT_ALLOW &&
		    rule->object.type == OBJECT_PATH && !rule->object.any &&
		    rule->object.bytes)
			result = callback(userdata, rule->object.bytes,
					  rule->beneath);
	}
	return result;
}
