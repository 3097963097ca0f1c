/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "trace/evidence.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"

#define SLOTS (256 * 1024) /* of children by name; twice the nodes */

struct evidence_tree {
	struct evidence_node *root;
	struct evidence_node **slots; /* all but the root */
	size_t nodes;
	char *programs[EVIDENCE_PROGRAMS_MAX];
	int programs_count;
	struct evidence_object *objects;
	size_t objects_count, objects_allocated;
	uint64_t folded;
};

int evidence_new(struct evidence_tree **ret)
{
	struct evidence_tree *tree = calloc(1, sizeof(*tree));

	if (!tree)
		return -ENOMEM;
	tree->root = calloc(1, sizeof(*tree->root) + 1);
	tree->slots = calloc(SLOTS, sizeof(struct evidence_node *));
	if (!tree->root || !tree->slots) {
		evidence_free(tree);
		return -ENOMEM;
	}
	*ret = tree;
	return 0;
}

struct evidence_tree *evidence_free(struct evidence_tree *tree)
{
	if (!tree)
		return NULL;
	for (size_t i = 0; tree->slots && i < SLOTS; i++)
		free(tree->slots[i]);
	for (size_t i = 0; i < tree->objects_count; i++)
		object_finish(&tree->objects[i].object);
	for (int i = 0; i < tree->programs_count; i++)
		free(tree->programs[i]);
	free(tree->objects);
	free(tree->slots);
	free(tree->root);
	free(tree);
	return NULL;
}

static enum evidence_class class_of(rights_t right)
{
	if (right & RIGHTS_READ)
		return EVIDENCE_READ;
	return right & RIGHT_FS_EXECUTE ? EVIDENCE_EXECUTE : EVIDENCE_CHANGE;
}

void evidence_join(struct evidence *to, const struct evidence *from)
{
	if (from->count == 0)
		return;
	if (to->count == 0 || from->first < to->first)
		to->first = from->first;
	if (from->last > to->last)
		to->last = from->last;
	to->rights |= from->rights;
	to->count += from->count;
	to->programs |= from->programs;
}

/* --- Programs ---------------------------------------------------- */

static uint64_t program_bit(struct evidence_tree *tree, const char *program)
{
	for (int i = 0; i < tree->programs_count; i++)
		if (strcmp(tree->programs[i], program) == 0)
			return UINT64_C(1) << i;
	if (tree->programs_count < EVIDENCE_PROGRAMS_MAX) {
		char *copy = strdup(program);

		if (copy) {
			tree->programs[tree->programs_count] = copy;
			return UINT64_C(1) << tree->programs_count++;
		}
	}
	return UINT64_C(1) << EVIDENCE_PROGRAMS_MAX;
}

const char *evidence_program(const struct evidence_tree *tree, int bit)
{
	return bit < tree->programs_count ? tree->programs[bit] : "others";
}

/* --- Paths ------------------------------------------------------- */

static size_t hash_child(const struct evidence_node *parent, const char *name,
			 size_t length)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325) ^ (uintptr_t)parent;

	for (size_t i = 0; i < length; i++)
		hash = (hash ^ (unsigned char)name[i]) *
		       UINT64_C(0x100000001b3);
	return (size_t)(hash >> 20);
}

static bool is_child(const struct evidence_node *node,
		     const struct evidence_node *parent, const char *name,
		     size_t length)
{
	return node->parent == parent &&
	       strncmp(node->name, name, length) == 0 &&
	       node->name[length] == '\0';
}

/* Returns: the slot of a child, which is empty if it is not there. */
static size_t find_slot(const struct evidence_tree *tree,
			const struct evidence_node *parent, const char *name,
			size_t length)
{
	size_t slot = hash_child(parent, name, length) % SLOTS;

	while (tree->slots[slot] &&
	       !is_child(tree->slots[slot], parent, name, length))
		slot = (slot + 1) % SLOTS;
	return slot;
}

/* Whether it is a directory for what does not stay. */
static bool is_passing(const struct evidence_node *node)
{
	static const char *const names[][2] = {
		{"", "tmp"}, {"var", "tmp"}, {"dev", "shm"}};

	for (size_t i = 0; node->parent && i < ARRAY_SIZE(names); i++)
		if (strcmp(node->parent->name, names[i][0]) == 0 &&
		    strcmp(node->name, names[i][1]) == 0 &&
		    (!node->parent->parent || !node->parent->parent->parent))
			return true;
	return false;
}

/* What there is in the name; without memory for that, it is a plain one. */
static void note_kind(struct evidence_node *node)
{
	const bool passing = is_passing(node->parent);
	const enum name_kind kind = name_kind(node->name, passing);
	_cleanup_free_ char *pattern =
		kind == NAME_PLAIN ? NULL : strdup(node->name);

	if (!pattern)
		return;
	name_pattern(pattern, passing);
	node->kind = kind;
	node->pattern =
		(uint32_t)hash_child(NULL, pattern, strlen(pattern)) | 1;
}

/* Returns: the node, NULL when there is no room for it. */
static struct evidence_node *get_child(struct evidence_tree *tree,
				       struct evidence_node *parent,
				       const char *name, size_t length)
{
	const size_t slot = find_slot(tree, parent, name, length);
	struct evidence_node *node = tree->slots[slot];

	if (node)
		return node;
	if (tree->nodes == EVIDENCE_NODES_MAX)
		return NULL;
	node = calloc(1, sizeof(*node) + length + 1);
	if (!node)
		return NULL;
	memcpy(node->name, name, length);
	node->parent = parent;
	note_kind(node);
	node->next = parent->child;
	parent->child = node;
	tree->slots[slot] = node;
	tree->nodes++;
	return node;
}

const struct evidence_node *evidence_find(const struct evidence_tree *tree,
					  const struct evidence_node *node)
{
	const struct evidence_node *parent;

	if (!node->parent)
		return tree->root;
	parent = evidence_find(tree, node->parent);
	return parent ? tree->slots[find_slot(tree, parent, node->name,
					      strlen(node->name))]
		      : NULL;
}

static void add_at(struct evidence_node *node, bool whole,
		   const struct evidence *use)
{
	rights_t rights[EVIDENCE_CLASSES_] = {0}, right;

	RIGHTS_FOREACH (right, use->rights)
		rights[class_of(right)] |= right;
	for (int class = 0; class < EVIDENCE_CLASSES_; class ++) {
		struct evidence one = *use;

		one.rights = rights[class];
		if (one.rights)
			evidence_join(whole ? &node->of[class]
					    : &node->beneath[class],
				      &one);
	}
}

static void add_path(struct evidence_tree *tree, const char *path,
		     const struct evidence *use)
{
	struct evidence_node *node = tree->root;

	while (*path == '/' && path[1]) {
		const size_t length = strcspn(++path, "/");
		struct evidence_node *child =
			get_child(tree, node, path, length);

		if (!child) {
			tree->folded++;
			add_at(node, false, use);
			return;
		}
		node = child;
		path += length;
	}
	add_at(node, true, use);
}

struct evidence_node *evidence_root(const struct evidence_tree *tree)
{
	return tree->root;
}

static struct evidence_node *find_path(const struct evidence_tree *tree,
				       const char *path)
{
	struct evidence_node *node = tree->root;

	while (node && *path == '/' && path[1]) {
		const size_t length = strcspn(++path, "/");

		node = tree->slots[find_slot(tree, node, path, length)];
		path += length;
	}
	return node;
}

void evidence_move(struct evidence_tree *tree, const struct object *from,
		   const struct object *to)
{
	static const rights_t of_files =
		RIGHT_FS_READ_FILE | RIGHT_FS_EXECUTE | RIGHTS_WRITE;
	struct evidence_node *old = find_path(tree, from->bytes);
	const struct evidence_node *new = find_path(tree, to->bytes);

	for (int class = 0; old && new &&class < EVIDENCE_CLASSES_; class ++) {
		struct evidence more = new->of[class];

		more.rights &= of_files & ~old->of[class].rights;
		if (more.rights)
			evidence_join(&old->of[class], &more);
	}
}

/* The path of a node, with names as they are or as patterns. */
static char *join_names(const struct evidence_node *node, bool patterns)
{
	const struct evidence_node *at;
	size_t length = 0;
	char *path, *to;

	if (!node->parent)
		return strdup("/");
	for (at = node; at->parent; at = at->parent)
		length += 1 + strlen(at->name);
	path = malloc(length + 1);
	if (!path)
		return NULL;
	/* Each name ends where the one below it begins, or shorter. */
	to = path + length;
	*to = '\0';
	for (at = node; at->parent; at = at->parent) {
		_cleanup_free_ char *name = strdup(at->name);

		if (!name) {
			free(path);
			return NULL;
		}
		if (patterns && at->kind != NAME_PLAIN)
			name_pattern(name, is_passing(at->parent));
		to -= strlen(name);
		memcpy(to, name, strlen(name));
		*--to = '/';
	}
	memmove(path, to, strlen(to) + 1);
	return path;
}

char *evidence_path(const struct evidence_node *node)
{
	return join_names(node, false);
}

char *evidence_pattern(const struct evidence_node *node)
{
	return join_names(node, true);
}

uint64_t evidence_folded(const struct evidence_tree *tree)
{
	return tree->folded;
}

/* --- Other objects ----------------------------------------------- */

static int make_room(struct evidence_tree *tree)
{
	const size_t allocated = tree->objects_allocated * 2 + 16;
	struct evidence_object *objects;

	if (tree->objects_count < tree->objects_allocated)
		return 0;
	objects = reallocarray(tree->objects, allocated, sizeof(*objects));
	if (!objects)
		return -ENOMEM;
	tree->objects = objects;
	tree->objects_allocated = allocated;
	return 0;
}

static int add_object(struct evidence_tree *tree, const struct object *object,
		      const struct evidence *use)
{
	struct evidence_object *added;

	for (size_t i = 0; i < tree->objects_count; i++) {
		struct evidence_object *known = &tree->objects[i];

		if (!object_equal(&known->object, object))
			continue;
		evidence_join(&known->evidence, use);
		return 0;
	}
	if (tree->objects_count == EVIDENCE_OBJECTS_MAX) {
		tree->folded++;
		return 0;
	}
	if (make_room(tree) < 0)
		return -ENOMEM;
	added = &tree->objects[tree->objects_count];
	added->evidence = *use;
	if (object_copy(&added->object, object) < 0)
		return -ENOMEM;
	tree->objects_count++;
	return 0;
}

const struct evidence_object *evidence_objects(const struct evidence_tree *tree,
					       size_t *ret_count)
{
	*ret_count = tree->objects_count;
	return tree->objects;
}

void evidence_mark_whole(struct evidence_tree *tree,
			 const struct object *object, rights_t rights)
{
	const char *path = object->bytes;
	struct evidence_node *node = tree->root;
	rights_t right;

	while (node && *path == '/' && path[1]) {
		const size_t length = strcspn(++path, "/");

		node = tree->slots[find_slot(tree, node, path, length)];
		path += length;
	}
	if (node)
		RIGHTS_FOREACH (right, rights)
			node->plan[class_of(right)].whole = true;
}

int evidence_add(struct evidence_tree *tree, const struct object *object,
		 rights_t rights, const char *program, int64_t time)
{
	const struct evidence use = {
		.rights = rights,
		.count = 1,
		.programs = program_bit(tree, program),
		.first = time,
		.last = time,
	};

	struct object port;

	if (object->type == OBJECT_PORT) {
		/* A name has other addresses tomorrow. */
		port = *object;
		port.network = (struct network){0};
		return add_object(tree, &port, &use);
	}
	if (object->type != OBJECT_PATH)
		return add_object(tree, object, &use);
	add_path(tree, object->bytes, &use);
	return 0;
}
