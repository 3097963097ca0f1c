/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/ruleset.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/ruleset_layout.h"
#include "core/ruleset_survey.h"
#include "core/ruleset_why.h"

/* What the versions of this moment say taken together. */
static void look_at_books(struct ruleset *ruleset)
{
	for (unsigned int i = 0; i < ruleset->parts_count; i++) {
		struct part *const part = &ruleset->parts[i];
		int64_t expiry;

		rulebook_expire(part->book, ruleset->made);
		expiry = rulebook_next_expiry(part->book);
		part->version = rulebook_version(part->book);
		ruleset->bound |= part->book->bound_alive > 0;
		if (expiry != 0 && (ruleset->next_expiry == 0 ||
				    expiry < ruleset->next_expiry))
			ruleset->next_expiry = expiry;
	}
}

int ruleset_of_books(struct ruleset **ret, struct rulebook *const *books,
		     unsigned int count, uint64_t generation, int64_t now)
{
	struct ruleset *const ruleset = calloc(1, sizeof(*ruleset));

	if (!ruleset)
		return -ENOMEM;
	ruleset->references = 1;
	ruleset->generation = generation;
	ruleset->made = now;
	ruleset->clock = &clock_real;
	for (unsigned int i = 0; i < count; i++)
		ruleset->parts[ruleset->parts_count++].book =
			rulebook_ref(books[i]);
	look_at_books(ruleset);
	*ret = ruleset;
	return 0;
}

int ruleset_new(struct ruleset **ret, const struct rules *rules,
		uint64_t generation, int64_t now)
{
	_cleanup_(rulebook_unrefp) struct rulebook *book = NULL;
	int error;

	error = rulebook_new(&book);
	if (!error)
		error = rulebook_append(book, rules);
	if (!error)
		error = ruleset_of_books(ret, &book, 1, generation, now);
	return error;
}

struct ruleset *ruleset_ref(struct ruleset *ruleset)
{
	ruleset->references++;
	return ruleset;
}

struct ruleset *ruleset_unref(struct ruleset *ruleset)
{
	if (!ruleset || --ruleset->references > 0)
		return NULL;
	for (unsigned int i = 0; i < ruleset->parts_count; i++)
		rulebook_unref(ruleset->parts[i].book);
	survey_free(ruleset->survey);
	free(ruleset);
	return NULL;
}

unsigned int ruleset_books(const struct ruleset *ruleset)
{
	return ruleset->parts_count;
}

struct rulebook *ruleset_book(const struct ruleset *ruleset, unsigned int part,
			      uint64_t *ret_version)
{
	*ret_version = ruleset->parts[part].version;
	return ruleset->parts[part].book;
}

uint64_t ruleset_generation(const struct ruleset *ruleset)
{
	return ruleset->generation;
}

void ruleset_set_clock(struct ruleset *ruleset, const struct clock *clock)
{
	ruleset->clock = clock;
}

bool ruleset_has_process_rules(const struct ruleset *ruleset)
{
	return ruleset->bound;
}

int ruleset_each_bound(const struct ruleset *ruleset, rulebook_fn callback,
		       void *userdata)
{
	int error = 0;

	for (unsigned int i = 0; i < ruleset->parts_count; i++) {
		const struct part *const part = &ruleset->parts[i];
		const struct numbers *const bound = &part->book->bound;

		for (uint32_t j = 0; !error && j < bound->count; j++) {
			const struct dated_rule *const entry =
				rulebook_entry(part->book, bound->items[j]);

			if (entry_is_seen(entry, part->version))
				error = callback(userdata, &entry->rule);
		}
	}
	return error;
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

/* Adds what the rules at a place say, of the way down or of its end. */
static void hear(const struct ruleset *ruleset, const struct way *way,
		 enum heard heard, rights_t wanted, const struct filter *filter,
		 struct opinions *known)
{
	struct opinions found;
	struct visit visit = {0};
	const struct rule *rule;
	bool any = false;

	while ((rule = way_rule(ruleset, way, heard, &visit))) {
		if (!(rule->rights & wanted) || !is_heard(rule, heard) ||
		    !applies(rule, filter))
			continue;
		if (!any)
			memset(&found, 0, sizeof(found));
		any = true;
		opinions_add(&found, rule);
	}
	if (any && heard_is_pattern(heard))
		opinions_spare(known, &found);
	if (any)
		opinions_overlay(known, &found);
}

/* What the rules at a place of the way say of what is there, or beneath. */
static void hear_place(const struct ruleset *ruleset, const struct way *way,
		       bool last, rights_t wanted, const struct filter *filter,
		       struct opinions *known)
{
	if (way->patterned)
		hear(ruleset, way, HEARD_PATTERNS_BENEATH, wanted, filter,
		     known);
	if (way->patterned && last)
		hear(ruleset, way, HEARD_PATTERNS_HERE, wanted, filter, known);
	hear(ruleset, way, HEARD_BENEATH, wanted, filter, known);
	if (way->aimed)
		hear(ruleset, way, HEARD_BENEATH_AIMED, wanted, filter, known);
}

static struct judgement judge_key(const struct ruleset *ruleset,
				  struct trie_key key, rights_t wanted,
				  const struct filter *filter)
{
	static const struct verdict none = {0};
	struct way way = way_begin(ruleset, key.type);
	struct opinions known = {0};
	enum trie_step step;

	do {
		hear_place(ruleset, &way, key_ends(&key), wanted, filter,
			   &known);
		step = way_step(ruleset, &key, &way);
	} while (step == TRIE_STEP);
	if (step == TRIE_BAD)
		return partition(none, wanted);
	if (step == TRIE_END)
		hear(ruleset, &way, HEARD_HERE, wanted, filter, &known);
	if (step == TRIE_END && way.aimed)
		hear(ruleset, &way, HEARD_HERE_AIMED, wanted, filter, &known);
	return partition(opinions_combine(&known), wanted);
}

static struct network peer_of(const struct object *object)
{
	return object->type == OBJECT_PORT ? object->network
					   : (struct network){0};
}

static struct judgement judge(const struct ruleset *ruleset,
			      const struct object *object, rights_t wanted,
			      const struct filter *filter)
{
	uint64_t number;

	if (object->type >= OBJECT_SOCKET || object->any ||
	    object->type == OBJECT_NAMESPACE)
		return judge_each(ruleset, object, wanted, filter);
	return judge_key(ruleset, object_key(object, &number), wanted, filter);
}

struct judgement ruleset_judge(const struct ruleset *ruleset,
			       const struct object *object, rights_t wanted,
			       struct process_id process)
{
	const struct filter filter = {
		.clock = ruleset->clock,
		.process = process,
		.network = peer_of(object),
	};

	return judge(ruleset, object, wanted, &filter);
}

rights_t ruleset_allowed_somewhere(const struct ruleset *ruleset,
				   const struct object *object, rights_t wanted,
				   struct process_id process)
{
	const struct filter filter = {
		.clock = ruleset->clock,
		.process = process,
		.somewhere = true,
	};

	return judge(ruleset, object, wanted, &filter).allowed;
}

struct judgement ruleset_judge_path(const struct ruleset *ruleset,
				    const char *path, size_t length,
				    rights_t wanted, struct process_id process)
{
	/* Borrows the bytes, which judging only reads. */
	const struct object object = {
		.type = OBJECT_PATH,
		.bytes = (char *)path,
		.length = length,
	};

	return ruleset_judge(ruleset, &object, wanted, process);
}

const struct rule *ruleset_why(const struct ruleset *ruleset,
			       const struct object *object, rights_t right,
			       struct process_id process)
{
	const struct filter filter = {
		.clock = ruleset->clock,
		.process = process,
		.network = peer_of(object),
	};

	return ruleset_why_filtered(ruleset, object, right, &filter);
}

struct judgement ruleset_refused(const struct ruleset *ruleset,
				 const char *path, size_t length,
				 rights_t wanted, struct process_id process)
{
	const struct object object = {
		.type = OBJECT_PATH,
		.bytes = (char *)path,
		.length = length,
	};
	struct judgement judgement =
		ruleset_judge(ruleset, &object, wanted, process);
	const rights_t open = judgement.asked;
	rights_t right;

	judgement.asked = 0;
	RIGHTS_FOREACH (right, open)
		if (ruleset_why(ruleset, &object, right, process))
			judgement.asked |= right;
	return judgement;
}

int ruleset_each_refusal(const struct ruleset *ruleset,
			 int (*callback)(void *userdata, const char *path,
					 bool beneath),
			 void *userdata)
{
	int error = 0;

	for (unsigned int i = 0; i < ruleset->parts_count; i++) {
		const struct part *const part = &ruleset->parts[i];
		const struct numbers *const refusals = &part->book->refusals;

		for (uint32_t j = 0; !error && j < refusals->count; j++) {
			const struct dated_rule *const entry =
				rulebook_entry(part->book, refusals->items[j]);
			const struct object *const object = &entry->rule.object;

			if (entry_is_seen(entry, part->version) &&
			    object->type == OBJECT_PATH && !object->any &&
			    object->bytes)
				error = callback(userdata, object->bytes,
						 entry->rule.beneath);
		}
	}
	return error;
}

/* --- Differences ----------------------------------------------------- */

static int is_no_allowance(void *userdata, const struct rule *rule)
{
	(void)userdata;
	return rule->effect != EFFECT_ALLOW;
}

/* A rule that is gone from one book, looked for in another. */
struct rule_search {
	const struct rule *gone;
	rights_t left; /* of its rights, that nobody else gives */
};

static int give_again(void *userdata, const struct rule *rule)
{
	struct rule_search *const search = userdata;

	if (rule->effect == EFFECT_ALLOW && rule->expires == 0 &&
	    !is_bound(rule) && rule->layer == search->gone->layer &&
	    rule->beneath == search->gone->beneath)
		search->left &= ~rule->rights;
	return 0;
}

/* Whether what a removed rule allowed may be missing now. */
static int is_missed(void *userdata, const struct rule *rule)
{
	const struct ruleset *const ruleset = userdata;
	struct rule_search search = {rule, rule->rights};

	if (rule->effect != EFFECT_ALLOW)
		return 1;
	/* What ends by itself no kernel holds. */
	if (!is_permanent(rule))
		return 0;
	for (unsigned int i = 0; i < ruleset->parts_count; i++)
		rulebook_about(ruleset->parts[i].book, &rule->object,
			       give_again, &search);
	return search.left != 0;
}

/* Whether one book has only been added to, or may be missed for another. */
static bool part_only_adds(const struct ruleset *ruleset,
			   const struct part *now, const struct part *before)
{
	void *const whole = (void *)ruleset;

	if (now->book == before->book && now->version >= before->version)
		return !rulebook_added(now->book, before->version, now->version,
				       is_no_allowance, NULL) &&
		       !rulebook_removed(now->book, before->version,
					 now->version, is_missed, whole);
	return !rulebook_each(now->book, now->version, is_no_allowance, NULL) &&
	       !rulebook_each(before->book, before->version, is_missed, whole);
}

bool ruleset_only_adds(const struct ruleset *ruleset, const struct ruleset *old)
{
	if (ruleset->parts_count != old->parts_count)
		return false;
	for (unsigned int i = 0; i < ruleset->parts_count; i++)
		if (!part_only_adds(ruleset, &ruleset->parts[i],
				    &old->parts[i]))
			return false;
	return true;
}
