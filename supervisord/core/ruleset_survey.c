/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Surveys: see ruleset_survey.h. */
#include "core/ruleset_survey.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"

/* Where each rule belongs: pairs of a rule and a node, nodes being added. */
struct placement {
	const struct rule *rule;
	uint32_t node;
};

struct placements {
	struct survey *survey;
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

static int place_rule(void *userdata, const struct rule *rule)
{
	struct placements *const placements = userdata;
	struct object object = rule->object; /* borrowed, not finished */
	int error;

	/* They are at no place: see ruleset_reach(). */
	if (object.type == OBJECT_PATTERN)
		return 0;
	placements->survey->limited |= !is_permanent(rule);
	do {
		uint64_t number = 0;
		uint32_t node;

		error = trie_add(&placements->survey->trie,
				 object_key(&object, &number), &node);
		if (!error)
			error = add_placement(placements, rule, node);
		if (error)
			return error;
		if (object.type == OBJECT_NAMESPACE)
			object.namespaces &= object.namespaces - 1;
	} while (object.type == OBJECT_NAMESPACE && !object.any &&
		 object.namespaces != 0);
	return 0;
}

/* Links all rules from their places. */
static int link_rules(struct survey *survey,
		      const struct placements *placements)
{
	survey->places = calloc(survey->trie.count, sizeof(*survey->places));
	survey->links = calloc(placements->count + 1, sizeof(*survey->links));
	if (!survey->places || !survey->links)
		return -ENOMEM;
	for (uint32_t i = 0; i < survey->trie.count; i++)
		survey->places[i].link = TRIE_NONE;
	for (uint32_t i = 0; i < placements->count; i++) {
		const struct placement *const item = &placements->items[i];
		struct place *const place = &survey->places[item->node];

		survey->links[i] =
			(struct survey_link){item->rule, place->link};
		place->link = i;
	}
	return 0;
}

static int place_rules(struct survey *survey, const struct ruleset *ruleset)
{
	struct placements placements = {.survey = survey};
	int error = 0;

	for (unsigned int i = 0; !error && i < ruleset->parts_count; i++)
		error = rulebook_each(ruleset->parts[i].book,
				      ruleset->parts[i].version, place_rule,
				      &placements);
	if (!error)
		error = link_rules(survey, &placements);
	free(placements.items);
	return error;
}

/* Puts the rules about a node over what is known from above it. */
static void overlay(const struct survey *survey, uint32_t node, bool beneath,
		    struct opinions *opinions)
{
	struct opinions found = {0};
	uint32_t i = survey->places[node].link;

	if (i == TRIE_NONE)
		return;
	for (; i != TRIE_NONE; i = survey->links[i].next) {
		const struct rule *const rule = survey->links[i].rule;

		if (covers_beneath(rule) == beneath && is_permanent(rule))
			opinions_add(&found, rule);
	}
	opinions_overlay(opinions, &found);
}

/* The rights that rules of limited reach take away at a node. */
static rights_t limited_refusals(const struct survey *survey, uint32_t node,
				 bool beneath)
{
	uint32_t i = survey->places[node].link;
	rights_t rights = 0;

	if (!survey->limited)
		return 0;
	for (; i != TRIE_NONE; i = survey->links[i].next) {
		const struct rule *const rule = survey->links[i].rule;

		if (covers_beneath(rule) == beneath && !is_permanent(rule) &&
		    rule->effect != EFFECT_ALLOW)
			rights |= rule->rights;
	}
	return rights;
}

/* What is carried from a node to its children. */
struct from_above {
	struct opinions permanent; /* of rules that hold for all, for good */
	rights_t refused;	   /* by the others */
};

/* @mine: what is known from above; that of the node's own is added */
static void survey_place(struct survey *survey, uint32_t node,
			 struct from_above *mine)
{
	struct place *const place = &survey->places[node];
	struct opinions here;

	overlay(survey, node, true, &mine->permanent);
	mine->refused |= limited_refusals(survey, node, true);
	place->uniform_rest =
		opinions_combine(&mine->permanent).allowed & ~mine->refused;
	here = mine->permanent;
	overlay(survey, node, false, &here);
	place->uniform_here = opinions_combine(&here).allowed & ~mine->refused &
			      ~limited_refusals(survey, node, false);
	place->uniform = place->uniform_here & place->uniform_rest;
}

/*
 * Gives those a number that something is beneath, and whose opinions are
 * from_above: they are few.
 * Returns: how many there are.
 */
static uint32_t number_inner(const struct trie *trie, uint32_t *numbers)
{
	uint32_t inner = 0;

	for (uint32_t i = 0; i < trie->count; i++)
		numbers[i] =
			trie->nodes[i].child != TRIE_NONE ? inner++ : TRIE_NONE;
	return inner;
}

/* Takes away what patterns may refuse at a place, or beneath it. */
static int take_reach(struct survey *survey, const struct ruleset *ruleset)
{
	const struct trie *const trie = &survey->trie;

	for (uint32_t i = 0; ruleset_is_patterned(ruleset) && i < trie->count;
	     i++) {
		_cleanup_free_ char *path = NULL;
		rights_t refused;

		if (trie_type(trie, i) != OBJECT_PATH)
			continue;
		path = trie_path(trie, i);
		if (!path)
			return -ENOMEM;
		refused = ruleset_reach(ruleset, path, strlen(path));
		survey->places[i].uniform_here &= ~refused;
		survey->places[i].uniform &= ~refused;
	}
	return 0;
}

static int survey_places(struct survey *survey, const struct ruleset *ruleset)
{
	const struct trie *const trie = &survey->trie;
	_cleanup_free_ uint32_t *numbers =
		reallocarray(NULL, trie->count, sizeof(*numbers));
	_cleanup_free_ struct from_above *from_above = NULL;
	int error;

	if (!numbers)
		return -ENOMEM;
	from_above =
		calloc(number_inner(trie, numbers) + 1, sizeof(*from_above));
	if (!from_above)
		return -ENOMEM;
	for (uint32_t i = 0; i < trie->count; i++) {
		const uint32_t parent = trie->nodes[i].parent;
		struct from_above mine = {0};

		if (parent != TRIE_NONE)
			mine = from_above[numbers[parent]];
		survey_place(survey, i, &mine);
		if (numbers[i] != TRIE_NONE)
			from_above[numbers[i]] = mine;
	}
	error = take_reach(survey, ruleset);
	if (error)
		return error;
	/* Children first: a place is uniform when all beneath it is. */
	for (uint32_t i = trie->count; i-- > OBJECT_TYPES_;)
		survey->places[trie->nodes[i].parent].uniform &=
			survey->places[i].uniform;
	return 0;
}

static struct survey *survey_new(const struct ruleset *ruleset)
{
	struct survey *const survey = calloc(1, sizeof(*survey));
	int error;

	if (!survey)
		return NULL;
	error = trie_init(&survey->trie);
	if (!error)
		error = place_rules(survey, ruleset);
	if (!error)
		error = survey_places(survey, ruleset);
	if (error) {
		survey_free(survey);
		return NULL;
	}
	return survey;
}

const struct survey *survey_get(const struct ruleset *ruleset)
{
	/* What a ruleset says does not change: it is only worked out. */
	struct ruleset *const owner = (struct ruleset *)ruleset;

	if (!owner->survey)
		owner->survey = survey_new(ruleset);
	return owner->survey;
}

void survey_free(struct survey *survey)
{
	if (!survey)
		return;
	trie_finish(&survey->trie);
	free(survey->places);
	free(survey->links);
	free(survey);
}
