/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Suggestions one by one: see suggest_each.h. */
#include "trace/suggest_each.h"

#include <stddef.h>
#include <string.h>

#include "base/list_sort.h"
#include "trace/suggest_parts.h"
#include "trace/suggest_plan.h"

/* --- Order ------------------------------------------------------- */

static bool comes_first(const void *a, const void *b)
{
	const struct evidence_node *x = a, *y = b;

	return strcmp(x->name, y->name) < 0;
}

static void sort_all(struct evidence_node *node)
{
	node->child = list_sort(
		node->child, offsetof(struct evidence_node, next), comes_first);
	for (node = node->child; node; node = node->next)
		sort_all(node);
}

int suggest_prepare(struct suggest *suggest)
{
	int error;

	suggest_moves_apply(&suggest->moves, suggest->wanted);
	error = suggest_plan(suggest->wanted, suggest->left, suggest->options);
	sort_all(evidence_root(suggest->wanted));
	sort_all(evidence_root(suggest->left));
	return error;
}

/* --- Each -------------------------------------------------------- */

/* Counts what is beneath, and joins what speaks for it. */
static uint64_t collect(const struct evidence_node *node, int class,
			struct evidence *ret)
{
	uint64_t names = node->of[class].count > 0;
	const struct evidence_node *child;

	evidence_join(ret, &node->of[class]);
	evidence_join(ret, &node->beneath[class]);
	for (child = node->child; child; child = child->next)
		names += collect(child, class, ret);
	return names;
}

static int tell_node(struct evidence_node *node, int class,
		     suggestion_fn callback, void *userdata)
{
	struct suggestion suggestion = {
		.node = node,
		.class = class,
		.whole = node->plan[class].whole,
		.evidence = node->of[class],
	};

	if (suggestion.whole) {
		suggestion.evidence = (struct evidence){0};
		suggestion.names = collect(node, class, &suggestion.evidence);
	}
	return suggestion.evidence.count ? callback(userdata, &suggestion) : 0;
}

/* @covered: classes that a directory above has as a whole */
static int each_node(struct evidence_node *node, unsigned int covered,
		     suggestion_fn callback, void *userdata)
{
	struct evidence_node *child;
	int error = 0;

	for (int class = 0; class < EVIDENCE_CLASSES_; class ++) {
		if (covered >> class & 1)
			continue;
		error = tell_node(node, class, callback, userdata);
		if (error)
			return error;
		covered |= (unsigned int)node->plan[class].whole << class;
	}
	for (child = node->child; !error && child; child = child->next)
		error = each_node(child, covered, callback, userdata);
	return error;
}

static int each(const struct evidence_tree *tree, suggestion_fn callback,
		void *userdata)
{
	const struct evidence_object *objects;
	size_t count;
	int error = each_node(evidence_root(tree), 0, callback, userdata);

	objects = evidence_objects(tree, &count);
	for (size_t i = 0; !error && i < count; i++) {
		const struct suggestion suggestion = {
			.object = &objects[i],
			.evidence = objects[i].evidence,
		};

		error = callback(userdata, &suggestion);
	}
	return error;
}

int suggest_each(struct suggest *suggest, suggestion_fn callback,
		 void *userdata)
{
	return each(suggest->wanted, callback, userdata);
}

int suggest_each_left(struct suggest *suggest, suggestion_fn callback,
		      void *userdata)
{
	return each(suggest->left, callback, userdata);
}

/* --- A person's changes ------------------------------------------ */

static bool has_names(const struct evidence_node *node, int class)
{
	const struct evidence_node *child;

	if (node->of[class].count > 0)
		return true;
	for (child = node->child; child; child = child->next)
		if (has_names(child, class))
			return true;
	return false;
}

bool suggest_narrow(struct evidence_node *node, int class)
{
	const struct evidence_node *child;
	bool known = false;

	if (!node->plan[class].whole)
		return false;
	for (child = node->child; child; child = child->next)
		known |= has_names(child, class);
	/* What was counted at it has no name that could have a rule. */
	if (!known || node->beneath[class].count > 0)
		return false;
	node->plan[class].whole = false;
	return true;
}

int suggest_widen(struct suggest *suggest, struct evidence_node *node,
		  int class)
{
	const int result = suggest_may_be_whole(
		node->parent, class, suggest->left, suggest->options);

	if (result > 0)
		node->parent->plan[class].whole = true;
	return result;
}
