/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a review shows. It is text that goes on line by line, without colours
 * and without a place on the screen, so that any terminal shows it, and a
 * screen reader reads it; ten lines of forty columns are enough.
 */
#include "cli/review.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "agent/page.h"
#include "base/cleanup.h"

#define KEY_LINES 3 /* with what was typed */

static const char *const verdicts[] = {
	[VERDICT_OPEN] = "",
	[VERDICT_ACCEPTED] = "Accepted. ",
	[VERDICT_REJECTED] = "Rejected. ",
};

/* A rule is "rights = object": the former is ours. */
static void put_rule(struct page *page, const struct suggestion *suggestion,
		     size_t most)
{
	_cleanup_free_ char *rule = suggestion_rule(suggestion);
	char *object = rule ? strstr(rule, " = ") : NULL;

	page_line(page);
	if (!object)
		return;
	*object = '\0';
	page_say(page, "%s = ", rule);
	page_name(page, object + strlen(" = "), most);
	if (suggestion->whole)
		page_say(page, " and all beneath it");
}

/* Names for which it would be, as many lines as there are. */
static void put_names(struct page *page, const struct evidence_node *node,
		      int class, size_t lines, size_t most)
{
	const struct evidence_node *child;

	for (child = node->child; child; child = child->next) {
		if (page->lines >= lines)
			return;
		if (child->of[class].count == 0) {
			put_names(page, child, class, lines, most);
			continue;
		}
		page_line(page);
		page_say(page, "  ");
		page_name(page, child->name, most);
		page_say(page, " %" PRIu64, child->of[class].count);
	}
}

static void put_evidence(struct page *page, const struct review *review,
			 const struct suggestion *suggestion)
{
	_cleanup_free_ char *text =
		suggestion_evidence(review->suggest, suggestion);

	page_line(page);
	if (text)
		page_say(page, "%s", text);
}

static void put_item(struct page *page, const struct review *review,
		     size_t rows)
{
	const struct review_item *item = &review->items[review->at];
	const struct suggestion *suggestion = &item->suggestion;
	/* A name takes two lines at most. */
	const size_t most = page->columns;

	page_title(page);
	page_say(page, "%zu of %zu, for ", review->at + 1, review->count);
	page_name(page, review->app, page->columns / 2);
	put_rule(page, suggestion, most);
	put_evidence(page, review, suggestion);
	if (review->notice || item->verdict != VERDICT_OPEN) {
		page_line(page);
		page_say(page, "%s%s", verdicts[item->verdict],
			 review->notice ? review->notice : "");
	}
	if (suggestion->whole && rows > page->lines + KEY_LINES)
		put_names(page, suggestion->node, suggestion->class,
			  rows - KEY_LINES, page->columns / 2);
	page_line(page);
	page_say(page, "[a]ccept [n]arrow [w]iden [r]eject [b]ack [q]uit");
}

static void put_end(struct page *page, const struct review *review)
{
	const size_t accepted = review_count(review, VERDICT_ACCEPTED);

	page_title(page);
	page_say(page, "The end: %zu of %zu accepted, %zu rejected", accepted,
		 review->count, review_count(review, VERDICT_REJECTED));
	if (review->unwritable > 0) {
		page_line(page);
		page_say(page,
			 "%zu more have names that are new each time, or that "
			 "no policy file can have.",
			 review->unwritable);
	}
	page_line(page);
	page_say(page,
		 accepted > 0 ? "[w]rite [b]ack [q]uit" : "[b]ack [q]uit");
}

char *review_page(const struct review *review, size_t rows, size_t columns)
{
	struct page page;

	if (page_open(&page, columns) < 0)
		return NULL;
	if (review->at < review->count)
		put_item(&page, review, rows);
	else
		put_end(&page, review);
	return page_close(&page, NULL);
}
