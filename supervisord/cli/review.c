/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A review: see review.h. */
#include "cli/review.h"

#include <errno.h>
#include <stdlib.h>

/* --- The list ---------------------------------------------------- */

static int add_item(void *userdata, const struct suggestion *suggestion)
{
	struct review *review = userdata;
	const size_t allocated = review->allocated * 2 + 64;
	struct review_item *items;

	if (suggestion_problem(suggestion)) {
		review->unwritable++;
		return 0;
	}
	if (review->count == review->allocated) {
		items = reallocarray(review->items, allocated, sizeof(*items));
		if (!items)
			return -ENOMEM;
		review->items = items;
		review->allocated = allocated;
	}
	review->items[review->count++] =
		(struct review_item){.suggestion = *suggestion};
	return 0;
}

static bool is_same(const struct suggestion *a, const struct suggestion *b)
{
	return a->node == b->node && a->object == b->object &&
	       a->class == b->class;
}

/* Of a path it is with the plan; the others never change. */
static void set_verdict(struct review_item *item, enum review_verdict verdict)
{
	const struct suggestion *suggestion = &item->suggestion;

	item->verdict = verdict;
	if (suggestion->node)
		suggestion->node->plan[suggestion->class].verdict = verdict;
}

/* Lists them by the plan as it is now, with the verdicts that there are. */
static int list(struct review *review)
{
	struct review_item *before = review->items;
	const size_t count = review->count;
	int error;

	review->items = NULL;
	review->count = review->allocated = review->unwritable = 0;
	error = suggest_each(review->suggest, add_item, review);
	for (size_t i = 0; i < review->count; i++) {
		struct review_item *item = &review->items[i];
		const struct suggestion *suggestion = &item->suggestion;

		if (suggestion->node)
			item->verdict =
				suggestion->node->plan[suggestion->class]
					.verdict;
		for (size_t j = 0; !suggestion->node && j < count; j++)
			if (is_same(suggestion, &before[j].suggestion))
				item->verdict = before[j].verdict;
	}
	free(before);
	return error;
}

int review_begin(struct review *review, struct suggest *suggest,
		 const char *app)
{
	*review = (struct review){.suggest = suggest, .app = app};
	return list(review);
}

void review_finish(struct review *review)
{
	free(review->items);
}

size_t review_count(const struct review *review, enum review_verdict verdict)
{
	size_t count = 0;

	for (size_t i = 0; i < review->count; i++)
		count += review->items[i].verdict == verdict;
	return count;
}

/* --- Keys -------------------------------------------------------- */

static int narrow(struct review *review)
{
	struct review_item *item = &review->items[review->at];
	const struct suggestion suggestion = item->suggestion;

	if (!suggestion.node ||
	    !suggest_narrow(suggestion.node, suggestion.class)) {
		review->notice = "It is as narrow as it can be.";
		return 0;
	}
	set_verdict(item, VERDICT_OPEN);
	review->notice = "One by one now.";
	/* In its place is the first of those that were in it. */
	return list(review);
}

/* The rule of a directory, wherever it is in the list. */
static void go_to(struct review *review, const struct evidence_node *node,
		  int class)
{
	for (size_t i = 0; i < review->count; i++)
		if (review->items[i].suggestion.node == node &&
		    review->items[i].suggestion.class == class)
			review->at = i;
	if (review->at > review->count)
		review->at = review->count;
}

static int widen(struct review *review)
{
	const struct suggestion suggestion =
		review->items[review->at].suggestion;
	struct evidence_node *parent;
	int result;

	review->notice = "It cannot be wider.";
	if (!suggestion.node)
		return 0;
	parent = suggestion.node->parent;
	result = suggest_widen(review->suggest, suggestion.node,
			       suggestion.class);
	if (result < 0)
		return result;
	if (result == 0) {
		review->notice = "Not wider: the directory above has secrets, "
				 "or something denied, protected or unlike.";
		return 0;
	}
	parent->plan[suggestion.class].verdict = VERDICT_OPEN;
	review->notice = "Wider: all that is beneath it.";
	result = list(review);
	if (!result)
		go_to(review, parent, suggestion.class);
	return result;
}

static int judge(struct review *review, enum review_verdict verdict)
{
	set_verdict(&review->items[review->at], verdict);
	review->at++;
	return REVIEW_ON;
}

static int end_key(const struct review *review, char key)
{
	if (key == 'w' && review_count(review, VERDICT_ACCEPTED) > 0)
		return REVIEW_WRITE;
	return REVIEW_ON;
}

int review_key(struct review *review, char key)
{
	int error;

	review->notice = NULL;
	if (key == 'q')
		return REVIEW_QUIT;
	if (key == 'b' && review->at > 0)
		review->at--;
	if (key == 'b')
		return REVIEW_ON;
	if (review->at == review->count)
		return end_key(review, key);
	switch (key) {
	case 'a':
		return judge(review, VERDICT_ACCEPTED);
	case 'r':
		return judge(review, VERDICT_REJECTED);
	case 'n':
		error = narrow(review);
		return error ? error : REVIEW_ON;
	case 'w':
		error = widen(review);
		return error ? error : REVIEW_ON;
	default:
		return REVIEW_ON;
	}
}

/* --- The file ---------------------------------------------------- */

int review_write(const struct review *review, FILE *out)
{
	for (size_t i = 0; i < review->count; i++) {
		const struct review_item *item = &review->items[i];

		if (item->verdict == VERDICT_ACCEPTED &&
		    suggestion_write(review->suggest, out, &item->suggestion) <
			    0)
			return -ENOMEM;
	}
	return 0;
}
