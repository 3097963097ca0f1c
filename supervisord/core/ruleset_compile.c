/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rules become places: what they make of every node is computed once. */
#include "core/ruleset_compile.h"

#include <errno.h>
#include <stdlib.h>

#include "base/cleanup.h"

/* What one layer's most specific rules say. The three are disjoint. */
struct opinion {
	rights_t by[EFFECTS_];
};

struct opinions {
	struct opinion of[LAYERS_];
};

static int link_rule(struct ruleset *ruleset, const struct rule *rule,
		     uint32_t node, uint32_t *heads)
{
	if (ruleset->links_count == ruleset->links_allocated) {
		const uint32_t allocated = ruleset->links_allocated * 2 + 16;
		struct link *const links =
			reallocarray(ruleset->links, allocated, sizeof(*links));

		if (!links)
			return -ENOMEM;
		ruleset->links = links;
		ruleset->links_allocated = allocated;
	}
	ruleset->links[ruleset->links_count] = (struct link){
		.rule = rule,
		.next = heads[node],
	};
	heads[node] = ruleset->links_count++;
	return 0;
}

static bool rule_is_valid(const struct rule *rule)
{
	return rule->object.type < OBJECT_TYPES_ && rule->layer < LAYERS_ &&
	       rule->effect < EFFECTS_ && rule->rights != 0 &&
	       !(rule->rights & ~object_rights(rule->object.type)) &&
	       (!is_bound(rule) || rule->layer == LAYER_USER) &&
	       (rule->object.type != OBJECT_NAMESPACE || rule->object.any ||
		rule->object.namespaces != 0);
}

/* Where each rule belongs: pairs of a rule and a node, nodes being added. */
struct placement {
	const struct rule *rule;
	uint32_t node;
};

struct placements {
	struct placement *items;
	size_t count, allocated;
};

static int add_placement(struct placements *placements, const struct rule *rule,
			 uint32_t node)
{
	if (placements->count == placements->allocated) {
		const size_t allocated = placements->allocated * 2 + 16;
		struct placement *const items = reallocarray(
			placements->items, allocated, sizeof(*items));

		if (!items)
			return -ENOMEM;
		placements->items = items;
		placements->allocated = allocated;
	}
	placements->items[placements->count++] =
		(struct placement){.rule = rule, .node = node};
	return 0;
}

static int place_rule(struct ruleset *ruleset, const struct rule *rule,
		      struct placements *placements)
{
	struct object object = rule->object; /* borrowed, not finished */
	int result;

	if (!rule_is_valid(rule))
		return -EINVAL;
	do {
		uint64_t number = 0;
		uint32_t node;

		result = trie_add(&ruleset->trie, ruleset_key(&object, &number),
				  &node);
		if (result == 0)
			result = add_placement(placements, rule, node);
		if (result < 0)
			return result;
		if (object.type == OBJECT_NAMESPACE)
			object.namespaces &= object.namespaces - 1;
	} while (object.type == OBJECT_NAMESPACE && !object.any &&
		 object.namespaces != 0);
	return 0;
}

static int place_rules(struct ruleset *ruleset)
{
	struct placements placements = {0};
	_cleanup_free_ uint32_t *heads = NULL;
	int result = 0;

	for (size_t i = 0; result == 0 && i < ruleset->rules.count; i++)
		result = place_rule(ruleset, &ruleset->rules.items[i],
				    &placements);
	ruleset->places = calloc(ruleset->trie.count, sizeof(*ruleset->places));
	heads = reallocarray(NULL, ruleset->trie.count, sizeof(*heads));
	if (result == 0 && (!ruleset->places || !heads))
		result = -ENOMEM;
	if (result == 0)
		for (uint32_t i = 0; i < ruleset->trie.count; i++)
			heads[i] = TRIE_NONE;
	for (size_t i = 0; result == 0 && i < placements.count; i++)
		result = link_rule(ruleset, placements.items[i].rule,
				   placements.items[i].node, heads);
	if (result == 0)
		for (uint32_t i = 0; i < ruleset->trie.count; i++)
			ruleset->places[i].link = heads[i];
	free(placements.items);
	return result;
}

/* Puts the rules about a node over what is known from above it. */
static void overlay(const struct ruleset *ruleset, uint32_t node, bool beneath,
		    const struct filter *filter, struct opinions *opinions)
{
	struct opinions found = {0};
	uint32_t i = ruleset->places[node].link;

	if (i == TRIE_NONE)
		return;
	for (; i != TRIE_NONE; i = ruleset->links[i].next) {
		const struct rule *const rule = ruleset->links[i].rule;

		if (covers_beneath(rule) == beneath && applies(rule, filter))
			found.of[rule->layer].by[rule->effect] |= rule->rights;
	}
	for (enum layer layer = 0; layer < LAYERS_; layer++) {
		struct opinion *const known = &opinions->of[layer];
		rights_t decided = 0;

		/* Effects are in the order in which they win a tie. */
		for (enum effect effect = 0; effect < EFFECTS_; effect++) {
			const rights_t rights =
				found.of[layer].by[effect] & ~decided;

			decided |= rights;
			found.of[layer].by[effect] = rights;
		}
		/* A guard leaves alone what is denied from above. */
		decided &= ~(found.of[layer].by[EFFECT_GUARD] &
			     known->by[EFFECT_DENY]);
		found.of[layer].by[EFFECT_GUARD] &= decided;
		for (enum effect effect = 0; effect < EFFECTS_; effect++)
			known->by[effect] = (known->by[effect] & ~decided) |
					    found.of[layer].by[effect];
	}
}

static rights_t asked_by(const struct opinion *opinion)
{
	return opinion->by[EFFECT_ASK] | opinion->by[EFFECT_GUARD];
}

/* Lets the layers speak in their order. */
static struct verdict combine(const struct opinions *opinions)
{
	const struct opinion *const admin = &opinions->of[LAYER_ADMIN];
	const struct opinion *const user = &opinions->of[LAYER_USER];
	const struct opinion *const vendor = &opinions->of[LAYER_VENDOR];
	struct verdict verdict = {
		.allowed = admin->by[EFFECT_ALLOW],
		.denied = admin->by[EFFECT_DENY],
	};
	rights_t open = ~(verdict.allowed | verdict.denied);

	verdict.allowed |= open & user->by[EFFECT_ALLOW];
	verdict.denied |= open & user->by[EFFECT_DENY];
	open = ~(verdict.allowed | verdict.denied | asked_by(admin) |
		 asked_by(user));
	verdict.allowed |= open & vendor->by[EFFECT_ALLOW];
	verdict.denied |= open & vendor->by[EFFECT_DENY];
	return verdict;
}

/* The rights that rules of limited reach take away at a node. */
static rights_t limited_refusals(const struct ruleset *ruleset, uint32_t node,
				 bool beneath)
{
	uint32_t i = ruleset->places[node].link;
	rights_t rights = 0;

	for (; i != TRIE_NONE; i = ruleset->links[i].next) {
		const struct rule *const rule = ruleset->links[i].rule;

		if (covers_beneath(rule) == beneath && !is_permanent(rule) &&
		    rule->effect != EFFECT_ALLOW)
			rights |= rule->rights;
	}
	return rights;
}

/* What is carried from a node to its children while compiling. */
struct inherited {
	struct opinions all;	   /* of rules not bound to a process */
	struct opinions permanent; /* nor with an expiry */
	rights_t refused;	   /* by rules that are one or the other */
};

/* @mine: what is known from above; that of the node's own is added */
static void compile_place(struct ruleset *ruleset, uint32_t node,
			  struct inherited *mine)
{
	static const struct filter all = {0}, permanent = {true, 0, 0};
	struct place *const place = &ruleset->places[node];
	struct opinions here;

	overlay(ruleset, node, true, &all, &mine->all);
	place->beneath = combine(&mine->all);
	here = mine->all;
	overlay(ruleset, node, false, &all, &here);
	place->here = combine(&here);

	/* Mostly, all rules are. */
	if (!ruleset->bound_count && !ruleset->next_expiry) {
		place->uniform_rest = place->beneath.allowed;
		place->uniform_here = place->here.allowed;
		place->uniform = place->uniform_here & place->uniform_rest;
		return;
	}
	overlay(ruleset, node, true, &permanent, &mine->permanent);
	mine->refused |= limited_refusals(ruleset, node, true);
	place->uniform_rest =
		combine(&mine->permanent).allowed & ~mine->refused;
	here = mine->permanent;
	overlay(ruleset, node, false, &permanent, &here);
	place->uniform_here = combine(&here).allowed & ~mine->refused &
			      ~limited_refusals(ruleset, node, false);
	place->uniform = place->uniform_here & place->uniform_rest;
}

/*
 * Gives those a number that something is beneath, and whose opinions are
 * inherited: they are few.
 * Returns: how many there are.
 */
static uint32_t number_inner(const struct ruleset *ruleset, uint32_t *numbers)
{
	const uint32_t count = ruleset->trie.count;
	uint32_t inner = 0;

	for (uint32_t i = OBJECT_TYPES_; i < count; i++)
		ruleset->places[ruleset->trie.nodes[i].parent].inner = true;
	for (uint32_t i = 0; i < count; i++)
		numbers[i] = ruleset->places[i].inner ? inner++ : TRIE_NONE;
	return inner;
}

static int compile_places(struct ruleset *ruleset)
{
	const uint32_t count = ruleset->trie.count;
	_cleanup_free_ uint32_t *numbers =
		reallocarray(NULL, count, sizeof(*numbers));
	_cleanup_free_ struct inherited *inherited = NULL;

	if (!numbers)
		return -ENOMEM;
	inherited =
		calloc(number_inner(ruleset, numbers) + 1, sizeof(*inherited));
	if (!inherited)
		return -ENOMEM;
	for (uint32_t i = 0; i < count; i++) {
		const uint32_t parent = ruleset->trie.nodes[i].parent;
		struct inherited mine = {0};

		if (parent != TRIE_NONE)
			mine = inherited[numbers[parent]];
		compile_place(ruleset, i, &mine);
		if (numbers[i] != TRIE_NONE)
			inherited[numbers[i]] = mine;
	}
	/* Children first: a place is uniform when all beneath it is. */
	for (uint32_t i = count; i-- > OBJECT_TYPES_;) {
		const uint32_t parent = ruleset->trie.nodes[i].parent;

		ruleset->places[parent].uniform &= ruleset->places[i].uniform;
	}
	return 0;
}

int ruleset_compile(struct ruleset *ruleset)
{
	int result;

	result = trie_init(&ruleset->trie);
	if (result == 0)
		result = place_rules(ruleset);
	return result < 0 ? result : compile_places(ruleset);
}
