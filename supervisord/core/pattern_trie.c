/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Pattern tries: see pattern_trie.h.
 *
 * They are tries of bytes that no path has. Beneath a node there may be
 *
 *   NAME		the node of a name without wildcards
 *   DEEP		that of "**", where a way stays as long as it likes
 *   SHAPES		and beneath that, for names with wildcards,
 *     P S		how many bytes they begin and end with, a byte each
 *       BYTES		which: those at the beginning, and those at the end
 *         GLOB		the node of such a name
 */
#include "core/pattern_trie.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "core/glob.h"

#define DEEP "\0*"
#define SHAPES "\0?"
#define EDGE_LENGTH 2

/* What is in a name with wildcards before the first and after the last. */
struct shape {
	unsigned char lengths[2];
	char bytes[2 * NAME_MAX];
	size_t count;
};

void pattern_trie_finish(struct pattern_trie *patterns)
{
	if (patterns->trie.nodes)
		trie_finish(&patterns->trie);
	free(patterns->nodes);
	free(patterns->states[0]);
	free(patterns->states[1]);
	free(patterns->marks);
	*patterns = (struct pattern_trie){0};
}

/* Where the bytes at the end of a name begin that are no wildcards. */
static size_t find_ending(const struct pattern_part *part)
{
	size_t end = 0;

	for (size_t i = 0; i < part->length; i++) {
		if (part->text[i] == '\\')
			i++;
		else if (strchr("*?", part->text[i]))
			end = i + 1;
	}
	return end;
}

static void find_shape(const struct pattern_part *part, struct shape *ret)
{
	const size_t end = find_ending(part);
	size_t begin = 0;

	while (begin < part->length && !strchr("*?", part->text[begin]))
		begin += 1 + (part->text[begin] == '\\');
	ret->lengths[0] =
		(unsigned char)pattern_unescape(part->text, begin, ret->bytes);
	ret->lengths[1] = (unsigned char)pattern_unescape(
		part->text + end, part->length - end,
		ret->bytes + ret->lengths[0]);
	ret->count = (size_t)ret->lengths[0] + ret->lengths[1];
}

/* Makes one of the arrays longer. Returns: 0 or -ENOMEM. */
static int grow(uint32_t **array, uint32_t allocated)
{
	uint32_t *const items = reallocarray(*array, allocated, sizeof(*items));

	if (!items)
		return -ENOMEM;
	*array = items;
	return 0;
}

/* Keeps as many nodes as there are in the trie, and room for as many states. */
static int follow(struct pattern_trie *patterns)
{
	const uint32_t allocated = patterns->trie.count * 2;
	struct pattern_node *nodes;

	if (patterns->trie.count > patterns->allocated) {
		nodes = reallocarray(patterns->nodes, allocated,
				     sizeof(*nodes));
		if (!nodes)
			return -ENOMEM;
		patterns->nodes = nodes;
		if (grow(&patterns->states[0], allocated) ||
		    grow(&patterns->states[1], allocated) ||
		    grow(&patterns->marks, allocated))
			return -ENOMEM;
		patterns->allocated = allocated;
	}
	for (; patterns->count < patterns->trie.count; patterns->count++) {
		patterns->marks[patterns->count] = 0;
		patterns->nodes[patterns->count] = (struct pattern_node){
			.deep = TRIE_NONE,
			.shapes = TRIE_NONE,
		};
	}
	return 0;
}

/* Adds what is beneath a node, if it is not there. */
static int enter(struct pattern_trie *patterns, const char *bytes,
		 size_t length, uint32_t *node)
{
	const struct trie_component edge = trie_component(bytes, length);
	int error = trie_enter(&patterns->trie, *node, &edge, node);

	return error ? error : follow(patterns);
}

static int enter_glob(struct pattern_trie *patterns,
		      const struct pattern_part *part, uint32_t *node)
{
	const uint32_t above = *node;
	struct shape shape;
	int error = enter(patterns, SHAPES, EDGE_LENGTH, node);

	if (error)
		return error;
	patterns->nodes[above].shapes = *node;
	find_shape(part, &shape);
	error = enter(patterns, (const char *)shape.lengths,
		      sizeof(shape.lengths), node);
	if (!error)
		error = enter(patterns, shape.bytes, shape.count, node);
	if (!error)
		error = enter(patterns, part->text, part->length, node);
	return error;
}

static int enter_part(struct pattern_trie *patterns,
		      const struct pattern_part *part, uint32_t *node)
{
	const uint32_t above = *node;
	char name[NAME_MAX];
	int error;

	switch (part->kind) {
	case PATTERN_NAME:
		return enter(patterns, name,
			     pattern_unescape(part->text, part->length, name),
			     node);
	case PATTERN_GLOB:
		return enter_glob(patterns, part, node);
	case PATTERN_DEEP:
		break;
	}
	error = enter(patterns, DEEP, EDGE_LENGTH, node);
	if (error)
		return error;
	patterns->nodes[above].deep = *node;
	patterns->nodes[*node].loops = true;
	return 0;
}

int pattern_trie_add(struct pattern_trie *patterns, const char *text,
		     uint32_t *ret)
{
	uint32_t node = OBJECT_PATH;
	struct pattern_part part;
	int error = 0;

	if (!patterns->trie.nodes)
		error = trie_init(&patterns->trie);
	if (!error)
		error = follow(patterns);
	while (!error && pattern_next(&text, &part))
		error = enter_part(patterns, &part, &node);
	if (!error)
		*ret = node;
	return error;
}

static uint32_t child_of(const struct pattern_trie *patterns, uint32_t node,
			 const char *bytes, size_t length)
{
	const struct trie_component edge = trie_component(bytes, length);

	return node == TRIE_NONE ? TRIE_NONE
				 : trie_child(&patterns->trie, node, &edge);
}

static uint32_t find_glob(const struct pattern_trie *patterns, uint32_t node,
			  const struct pattern_part *part)
{
	struct shape shape;

	find_shape(part, &shape);
	node = child_of(patterns, patterns->nodes[node].shapes,
			(const char *)shape.lengths, sizeof(shape.lengths));
	node = child_of(patterns, node, shape.bytes, shape.count);
	return child_of(patterns, node, part->text, part->length);
}

uint32_t pattern_trie_find(const struct pattern_trie *patterns,
			   const char *text)
{
	uint32_t node = patterns->trie.nodes ? OBJECT_PATH : TRIE_NONE;
	struct pattern_part part;
	char name[NAME_MAX];

	while (node != TRIE_NONE && pattern_next(&text, &part)) {
		if (part.kind == PATTERN_DEEP)
			node = patterns->nodes[node].deep;
		else if (part.kind == PATTERN_GLOB)
			node = find_glob(patterns, node, &part);
		else
			node = child_of(
				patterns, node, name,
				pattern_unescape(part.text, part.length, name));
	}
	return node;
}

void pattern_trie_note(struct pattern_trie *patterns, uint32_t node,
		       rights_t refused, rights_t allowed)
{
	while ((node = patterns->trie.nodes[node].parent) != TRIE_NONE) {
		patterns->nodes[node].refused |= refused;
		patterns->nodes[node].allowed |= allowed;
	}
}

/* --- The way --------------------------------------------------------- */

/* Adds a state, and the one that "**" makes of it at once. */
static void reach(struct pattern_trie *patterns, struct pattern_states *states,
		  uint32_t node)
{
	for (; node != TRIE_NONE; node = patterns->nodes[node].deep) {
		if (patterns->marks[node] == patterns->mark)
			return;
		patterns->marks[node] = patterns->mark;
		patterns->states[states->turn][states->count++] = node;
	}
}

static void begin_turn(struct pattern_trie *patterns,
		       struct pattern_states *states)
{
	states->turn = !states->turn;
	states->count = 0;
	states->items = patterns->states[states->turn];
	if (++patterns->mark)
		return;
	memset(patterns->marks, 0, patterns->count * sizeof(*patterns->marks));
	patterns->mark = 1;
}

void pattern_trie_begin(struct pattern_trie *patterns,
			struct pattern_states *ret)
{
	*ret = (struct pattern_states){0};
	if (!patterns->trie.nodes)
		return;
	begin_turn(patterns, ret);
	reach(patterns, ret, OBJECT_PATH);
}

/* Those names with wildcards that begin and end with some bytes. */
static void step_to_globs(struct pattern_trie *patterns, uint32_t family,
			  const struct trie_component *name,
			  struct pattern_states *states)
{
	const struct trie *const trie = &patterns->trie;
	uint32_t node =
		family == TRIE_NONE ? TRIE_NONE : trie->nodes[family].child;

	for (; node != TRIE_NONE; node = trie->nodes[node].sibling) {
		const struct trie_node *const glob = &trie->nodes[node];

		if (glob_match_bytes(trie->names + glob->name,
				     glob->name_length, name->name,
				     name->length))
			reach(patterns, states, node);
	}
}

static void step_by_shape(struct pattern_trie *patterns, uint32_t shape,
			  const struct trie_component *name,
			  struct pattern_states *states)
{
	const struct trie *const trie = &patterns->trie;
	const unsigned char *const lengths =
		(const unsigned char *)trie->names + trie->nodes[shape].name;
	const size_t begin = lengths[0], end = lengths[1];
	char bytes[2 * NAME_MAX];

	if (name->length < begin + end)
		return;
	memcpy(bytes, name->name, begin);
	memcpy(bytes + begin, name->name + name->length - end, end);
	step_to_globs(patterns, child_of(patterns, shape, bytes, begin + end),
		      name, states);
}

/* Any name there may be: only "*" is about all of them. */
static void step_to_any(struct pattern_trie *patterns, uint32_t node,
			struct pattern_states *states)
{
	const struct pattern_part any = {PATTERN_GLOB, "*", 1};

	reach(patterns, states, find_glob(patterns, node, &any));
}

static void step_from(struct pattern_trie *patterns, uint32_t node,
		      const struct trie_component *name,
		      struct pattern_states *states)
{
	const struct trie *const trie = &patterns->trie;
	const uint32_t shapes = patterns->nodes[node].shapes;

	if (patterns->nodes[node].loops)
		reach(patterns, states, node);
	if (name->length == 1 && !*name->name) {
		step_to_any(patterns, node, states);
		return;
	}
	reach(patterns, states, trie_child(trie, node, name));
	if (shapes == TRIE_NONE)
		return;
	for (uint32_t shape = trie->nodes[shapes].child; shape != TRIE_NONE;
	     shape = trie->nodes[shape].sibling)
		step_by_shape(patterns, shape, name, states);
}

void pattern_trie_step(struct pattern_trie *patterns,
		       const struct trie_component *name,
		       struct pattern_states *states)
{
	const struct pattern_states before = *states;

	begin_turn(patterns, states);
	for (uint32_t i = 0; i < before.count; i++)
		step_from(patterns, before.items[i], name, states);
}

struct pattern_rights pattern_trie_beneath(const struct pattern_trie *patterns,
					   const struct pattern_states *states)
{
	struct pattern_rights rights = {0};

	for (uint32_t i = 0; i < states->count; i++) {
		const struct pattern_node *const node =
			&patterns->nodes[states->items[i]];

		rights.refused |= node->refused;
		rights.allowed |= node->allowed;
	}
	return rights;
}
