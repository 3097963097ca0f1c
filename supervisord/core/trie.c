/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/trie.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#define FNV_PRIME UINT64_C(0x100000001b3)

/* Names of rules come from others: no chosen collisions. */
static uint64_t seed;

static int add_node(struct trie *trie, uint32_t parent,
		    const struct trie_component *component, uint32_t *ret);

static void choose_seed(void)
{
	/* Without entropy yet a fixed seed does. */
	if (seed == 0 && getrandom(&seed, sizeof(seed), GRND_NONBLOCK) < 0)
		errno = 0;
	if (seed == 0)
		seed = UINT64_C(0xcbf29ce484222325);
}

int trie_init(struct trie *trie)
{
	choose_seed();
	*trie = (struct trie){0};
	for (enum object_type type = 0; type < OBJECT_TYPES_; type++) {
		const struct trie_component none = {.name = ""};
		uint32_t index;

		if (add_node(trie, TRIE_NONE, &none, &index) < 0) {
			trie_finish(trie);
			return -ENOMEM;
		}
	}
	return 0;
}

void trie_finish(struct trie *trie)
{
	free(trie->nodes);
	free(trie->slots);
	free(trie->names);
	*trie = (struct trie){0};
}

static bool is_dots(const char *name, size_t length)
{
	return length <= 2 && name[0] == '.' && (length == 1 || name[1] == '.');
}

enum trie_step trie_next(struct trie_key *key, struct trie_component *ret)
{
	size_t at = key->at, end = key->length;
	uint64_t hash = seed;

	if (key->type == OBJECT_PATH) {
		if (at == 0 && (key->length == 0 || key->bytes[0] != '/'))
			return TRIE_BAD;
		if (at == 0 && key->length == 1)
			key->at = at = 1;
	}
	if (at == key->length)
		return TRIE_END;
	if (key->type == OBJECT_PATH)
		at++;
	if (key->type == OBJECT_ABSTRACT)
		end = at + 1;
	ret->name = key->bytes + at;
	for (; at < end; at++) {
		const unsigned char byte = key->bytes[at];

		if (byte == '/' && key->type == OBJECT_PATH)
			break;
		hash = (hash ^ byte) * FNV_PRIME;
	}
	ret->length = key->bytes + at - ret->name;
	ret->hash = hash;
	key->at = at;
	if (key->type == OBJECT_PATH &&
	    (ret->length == 0 || is_dots(ret->name, ret->length)))
		return TRIE_BAD;
	return TRIE_STEP;
}

static uint32_t slot_of(const struct trie *trie, uint32_t parent, uint64_t hash)
{
	hash = (hash ^ parent) * UINT64_C(0x9e3779b97f4a7c15);
	return hash >> 32 & (trie->slots_count - 1);
}

uint32_t trie_child(const struct trie *trie, uint32_t parent,
		    const struct trie_component *component)
{
	uint32_t slot = slot_of(trie, parent, component->hash);

	for (; trie->slots[slot] != TRIE_NONE;
	     slot = (slot + 1) & (trie->slots_count - 1)) {
		const struct trie_node *const node =
			&trie->nodes[trie->slots[slot]];

		if (node->parent == parent &&
		    node->name_length == component->length &&
		    memcmp(trie->names + node->name, component->name,
			   component->length) == 0)
			return trie->slots[slot];
	}
	return TRIE_NONE;
}

struct trie_component trie_component(const char *name, size_t length)
{
	struct trie_component component = {name, length, seed};

	for (size_t i = 0; i < length; i++)
		component.hash =
			(component.hash ^ (unsigned char)name[i]) * FNV_PRIME;
	return component;
}

enum trie_step trie_finish_key(struct trie_key *key)
{
	struct trie_component component;
	enum trie_step step = TRIE_STEP;

	while (step == TRIE_STEP && key->type == OBJECT_PATH)
		step = trie_next(key, &component);
	return step;
}

enum trie_step trie_step(const struct trie *trie, struct trie_key *key,
			 uint32_t *node)
{
	struct trie_component component;
	const enum trie_step step = trie_next(key, &component);
	uint32_t child;

	if (step != TRIE_STEP)
		return step;
	child = trie_child(trie, *node, &component);
	if (child != TRIE_NONE) {
		*node = child;
		return TRIE_STEP;
	}
	/* No rule is about the rest, but it must not climb back up. */
	return trie_finish_key(key) == TRIE_BAD ? TRIE_BAD : TRIE_LEAVE;
}

bool trie_walk(const struct trie *trie, uint32_t top, uint32_t *node)
{
	uint32_t at = *node;

	if (trie->nodes[at].child != TRIE_NONE) {
		*node = trie->nodes[at].child;
		return true;
	}
	for (; at != top; at = trie->nodes[at].parent)
		if (trie->nodes[at].sibling != TRIE_NONE) {
			*node = trie->nodes[at].sibling;
			return true;
		}
	return false;
}

static void insert_slot(struct trie *trie, uint32_t index)
{
	const struct trie_node *const node = &trie->nodes[index];
	uint64_t hash = seed;
	uint32_t slot;

	for (uint32_t i = 0; i < node->name_length; i++)
		hash = (hash ^ (unsigned char)trie->names[node->name + i]) *
		       FNV_PRIME;
	slot = slot_of(trie, node->parent, hash);
	while (trie->slots[slot] != TRIE_NONE)
		slot = (slot + 1) & (trie->slots_count - 1);
	trie->slots[slot] = index;
}

/* Keeps the table at most half full. */
static int reserve_slot(struct trie *trie)
{
	const uint32_t count = trie->slots_count ? trie->slots_count * 2 : 64;
	uint32_t *slots;

	if (trie->count < trie->slots_count / 2)
		return 0;
	slots = reallocarray(NULL, count, sizeof(*slots));
	if (!slots)
		return -ENOMEM;
	free(trie->slots);
	trie->slots = slots;
	trie->slots_count = count;
	for (uint32_t i = 0; i < count; i++)
		slots[i] = TRIE_NONE;
	for (uint32_t i = OBJECT_TYPES_; i < trie->count; i++)
		insert_slot(trie, i);
	return 0;
}

/* Makes room for one more node and @length more bytes of names. */
static int reserve(struct trie *trie, size_t length)
{
	if (trie->count == trie->allocated) {
		const uint32_t allocated =
			trie->allocated ? trie->allocated * 2 : 32;
		struct trie_node *const nodes =
			reallocarray(trie->nodes, allocated, sizeof(*nodes));

		if (!nodes)
			return -ENOMEM;
		trie->nodes = nodes;
		trie->allocated = allocated;
	}
	if (length > UINT32_MAX / 4 - trie->names_length ||
	    trie->count >= UINT32_MAX / 4)
		return -ENOMEM;
	if (trie->names_length + length > trie->names_allocated) {
		const uint32_t allocated =
			(trie->names_length + length) * 2 + 256;
		char *const names = realloc(trie->names, allocated);

		if (!names)
			return -ENOMEM;
		trie->names = names;
		trie->names_allocated = allocated;
	}
	return reserve_slot(trie);
}

static int add_node(struct trie *trie, uint32_t parent,
		    const struct trie_component *component, uint32_t *ret)
{
	if (reserve(trie, component->length) < 0)
		return -ENOMEM;
	trie->nodes[trie->count] = (struct trie_node){
		.parent = parent,
		.name = trie->names_length,
		.name_length = component->length,
		.child = TRIE_NONE,
		.sibling = parent == TRIE_NONE ? TRIE_NONE
					       : trie->nodes[parent].child,
	};
	if (parent != TRIE_NONE)
		trie->nodes[parent].child = trie->count;
	if (component->length > 0)
		memcpy(trie->names + trie->names_length, component->name,
		       component->length);
	trie->names_length += component->length;
	*ret = trie->count++;
	if (parent != TRIE_NONE)
		insert_slot(trie, *ret);
	return 0;
}

int trie_enter(struct trie *trie, uint32_t parent,
	       const struct trie_component *component, uint32_t *ret)
{
	const uint32_t child = trie_child(trie, parent, component);

	if (child == TRIE_NONE)
		return add_node(trie, parent, component, ret);
	*ret = child;
	return 0;
}

int trie_add(struct trie *trie, struct trie_key key, uint32_t *ret)
{
	uint32_t node = key.type;

	for (;;) {
		struct trie_component component;

		switch (trie_next(&key, &component)) {
		case TRIE_END:
			*ret = node;
			return 0;
		case TRIE_STEP:
			break;
		default:
			return -EINVAL;
		}
		if (trie_enter(trie, node, &component, &node) < 0)
			return -ENOMEM;
	}
}

char *trie_path(const struct trie *trie, uint32_t node)
{
	size_t length = 0, at;
	char *path;

	for (uint32_t n = node; n != OBJECT_PATH; n = trie->nodes[n].parent)
		length += 1 + trie->nodes[n].name_length;
	if (length == 0)
		return strdup("/");
	path = malloc(length + 1);
	if (!path)
		return NULL;
	path[at = length] = '\0';
	for (uint32_t n = node; n != OBJECT_PATH; n = trie->nodes[n].parent) {
		at -= trie->nodes[n].name_length;
		memcpy(path + at, trie->names + trie->nodes[n].name,
		       trie->nodes[n].name_length);
		path[--at] = '/';
	}
	return path;
}

uint64_t trie_number(const struct trie *trie, uint32_t node)
{
	uint64_t number = 0;

	if (trie->nodes[node].name_length == sizeof(number))
		memcpy(&number, trie->names + trie->nodes[node].name,
		       sizeof(number));
	return number;
}

enum object_type trie_type(const struct trie *trie, uint32_t node)
{
	while (trie->nodes[node].parent != TRIE_NONE)
		node = trie->nodes[node].parent;
	return node;
}
