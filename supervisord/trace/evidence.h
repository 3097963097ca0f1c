/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Evidence: what programs used, how often, which of them, and since when; in a
 * tree of paths whose size has a bound. When it is full, what is new is counted
 * at the nearest directory that is there.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/object.h"
#include "core/right.h"
#include "trace/name_kind.h"

#define EVIDENCE_NODES_MAX (128 * 1024)
#define EVIDENCE_PROGRAMS_MAX 63  /* told apart; the others are one */
#define EVIDENCE_OBJECTS_MAX 4096 /* that are no paths */

/* Rights that are generalised together: reading is not writing. */
enum evidence_class {
	EVIDENCE_READ,	  /* files and directories */
	EVIDENCE_EXECUTE, /* files */
	EVIDENCE_CHANGE,  /* all else */
	EVIDENCE_CLASSES_,
};

struct evidence {
	rights_t rights;
	uint64_t count;
	uint64_t programs;   /* a bit for each, see evidence_program() */
	int64_t first, last; /* microseconds since the epoch */
};

/* What is to become of a class of rights at a node; see suggest_plan.h. */
struct evidence_plan {
	uint32_t rules;	 /* for all that is here and beneath */
	uint8_t level;	 /* how often it was generalised */
	bool whole;	 /* one rule, for all that is beneath */
	bool restless;	 /* something beneath has a new name each time */
	uint8_t verdict; /* a person's, see cli/review.h */
};

struct evidence_node {
	struct evidence_node *parent, *child, *next;
	struct evidence of[EVIDENCE_CLASSES_]; /* this very object */
	/* Of objects beneath that have no node of their own. */
	struct evidence beneath[EVIDENCE_CLASSES_];
	struct evidence_plan plan[EVIDENCE_CLASSES_];
	int64_t first, last; /* of all that is here and beneath; planned */
	enum name_kind kind;
	uint32_t pattern; /* the same for names of one; 0: it is plain */
	char name[];
};

struct evidence_object {
	struct object object;
	struct evidence evidence;
};

struct evidence_tree;

/* Returns: 0 or -ENOMEM. */
int evidence_new(struct evidence_tree **ret);
struct evidence_tree *evidence_free(struct evidence_tree *tree);

/*
 * Adds one use.
 * @program: path of the executable
 * Returns: 0 or -ENOMEM.
 */
int evidence_add(struct evidence_tree *tree, const struct object *object,
		 rights_t rights, const char *program, int64_t time);

/*
 * What was used of a file by one name is used by another, too, from which it was
 * moved there. Paths that have not been added are left out.
 */
void evidence_move(struct evidence_tree *tree, const struct object *from,
		   const struct object *to);

/* Plans a rule for all that is beneath a path which has been added. */
void evidence_mark_whole(struct evidence_tree *tree,
			 const struct object *object, rights_t rights);

/* Joins what is known of two. */
void evidence_join(struct evidence *to, const struct evidence *from);

struct evidence_node *evidence_root(const struct evidence_tree *tree);

/* The node of the same path in another tree. Returns: NULL: it has none. */
const struct evidence_node *evidence_find(const struct evidence_tree *tree,
					  const struct evidence_node *node);

/* The path of a node. Returns: a new string (free(3)), NULL without memory. */
char *evidence_path(const struct evidence_node *node);

/* The same, of names that do not stay their patterns. */
char *evidence_pattern(const struct evidence_node *node);

/* The name of a program by its bit; "others" for the last one. */
const char *evidence_program(const struct evidence_tree *tree, int bit);

/* What is no path, in the order in which it was first seen. */
const struct evidence_object *evidence_objects(const struct evidence_tree *tree,
					       size_t *ret_count);

/* How many uses were counted at a directory above, as the tree was full. */
uint64_t evidence_folded(const struct evidence_tree *tree);
