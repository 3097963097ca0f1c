/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tries by component: for each object type one root, beneath it a node for
 * every prefix of an object that some rule is about.
 *
 * A path's components are its names; an abstract socket's are its bytes (so
 * that a prefix is an inner node); what is a number is one component of eight
 * bytes. All children are in one hash table keyed by parent and name: a step
 * down costs one hash and one comparison, and allocates nothing.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/object.h"

#define TRIE_NONE UINT32_MAX

/* Parents have smaller indices than their children. */
struct trie_node {
	uint32_t parent;	    /* TRIE_NONE for the roots */
	uint32_t name, name_length; /* in the names of the trie */
	uint32_t child, sibling;    /* the newest beneath; the next older one */
};

/* The first OBJECT_TYPES_ nodes are the roots, indexed by type. */
struct trie {
	struct trie_node *nodes;
	uint32_t count, allocated;
	uint32_t *slots;      /* indices of nodes, TRIE_NONE when free */
	uint32_t slots_count; /* a power of two */
	char *names;
	uint32_t names_length, names_allocated;
};

/* Returns: 0 or -ENOMEM (then *trie needs no trie_finish()). */
int trie_init(struct trie *trie);
void trie_finish(struct trie *trie);

/* What is looked up: an object's bytes, not copied. */
struct trie_key {
	enum object_type type;
	const char *bytes;
	size_t length;
	size_t at; /* start with 0 */
};

/*
 * Adds the nodes of a key.
 * Returns: 0 (*ret is the index of the last one), -EINVAL for a path that is
 *          not canonical, -ENOMEM.
 */
int trie_add(struct trie *trie, struct trie_key key, uint32_t *ret);

enum trie_step {
	TRIE_STEP,  /* *node is one level deeper */
	TRIE_END,   /* *node is the key's own node */
	TRIE_LEAVE, /* the key goes on, but has no node beneath *node */
	TRIE_BAD,   /* the key is not canonical */
};

/* A part of a key, with its hash, which is the same in every trie. */
struct trie_component {
	const char *name;
	size_t length;
	uint64_t hash;
};

/*
 * Cuts the next component off a key.
 * Returns: TRIE_STEP, TRIE_END when there is none, or TRIE_BAD.
 */
enum trie_step trie_next(struct trie_key *key, struct trie_component *ret);

/* Returns: TRIE_BAD when what is left of a key is not canonical. */
enum trie_step trie_finish_key(struct trie_key *key);

/* Returns: the node of a component beneath another, or TRIE_NONE. */
uint32_t trie_child(const struct trie *trie, uint32_t parent,
		    const struct trie_component *component);

/* A part of a key that is not cut off one, with its hash. */
struct trie_component trie_component(const char *name, size_t length);

/*
 * The node of a component beneath another, added if it is not there.
 * Returns: 0 or -ENOMEM.
 */
int trie_enter(struct trie *trie, uint32_t parent,
	       const struct trie_component *component, uint32_t *ret);

/*
 * The next node beneath @top, parents first; start with *node = top.
 * Returns: false when there is none.
 */
bool trie_walk(const struct trie *trie, uint32_t top, uint32_t *node);

/* Steps down by one component; *node starts at the root of the key's type. */
enum trie_step trie_step(const struct trie *trie, struct trie_key *key,
			 uint32_t *node);

/*
 * Writes the path of a node of the PATH trie.
 * Returns: a new string (free(3)), or NULL when memory is short.
 */
char *trie_path(const struct trie *trie, uint32_t node);

/* The number of a node one level beneath the root of a numeric type. */
uint64_t trie_number(const struct trie *trie, uint32_t node);

/* The type whose root the node is, or is beneath. */
enum object_type trie_type(const struct trie *trie, uint32_t node);
