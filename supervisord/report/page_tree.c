/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Trees of a report: lists within lists, that browsers open and close. */
#include <inttypes.h>

#include "report/html.h"
#include "report/page_parts.h"

#define OPEN_SHARE 20 /* a node is open if it is so much of the whole, in % */

const char *const came_names[CAMES_] = {
	[CAME_ALLOWED] = "allowed",
	[CAME_DENIED] = "denied",
	[CAME_UNANSWERED] = "unanswered",
};

/* The bar says again what the words say, and is left out when read aloud. */
static void put_bar(FILE *out, const struct counts *counts, uint64_t whole)
{
	fputs("<span class=bar aria-hidden=true>", out);
	for (int i = 0; i < CAMES_; i++)
		if (counts->of[i] > 0)
			fprintf(out, "<i class=%s style=\"width:%.2f%%\"></i>",
				came_names[i],
				100.0 * (double)counts->of[i] / (double)whole);
	fputs("</span>", out);
}

static void put_counts(FILE *out, const struct counts *counts)
{
	const char *before = " <span class=n>";

	for (int i = 0; i < CAMES_; i++) {
		if (counts->of[i] == 0)
			continue;
		fprintf(out, "%s%" PRIu64 " %s", before, counts->of[i],
			came_names[i]);
		before = ", ";
	}
	fputs("</span>", out);
}

static void put_line(FILE *out, const struct count_node *node, uint64_t whole)
{
	put_bar(out, &node->all, whole);
	fputs("<code>", out);
	html_bytes(out, *node->name ? node->name : "(not known)");
	fputs("</code>", out);
	put_counts(out, &node->all);
}

static bool has_shown_child(const struct count_node *node)
{
	for (node = node->child; node; node = node->next)
		if (node->shown)
			return true;
	return false;
}

static void put_children(FILE *out, const struct count_node *node,
			 uint64_t whole);

static void put_node(FILE *out, const struct count_node *node, uint64_t whole)
{
	fputs("<li data-came=\"", out);
	for (int i = 0; i < CAMES_; i++)
		if (node->all.of[i] > 0)
			fprintf(out, "%s ", came_names[i]);
	fputs("\">", out);
	if (!has_shown_child(node)) {
		fputs("<div class=leaf>", out);
		put_line(out, node, whole);
		if (node->hidden > 0)
			fprintf(out, " <span class=n>%" PRIu64 " names</span>",
				node->hidden);
		fputs("</div></li>\n", out);
		return;
	}
	fprintf(out, "<details%s><summary>",
		counts_sum(&node->all) * 100 >= whole * OPEN_SHARE ? " open"
								   : "");
	put_line(out, node, whole);
	fputs("</summary>\n", out);
	put_children(out, node, whole);
	fputs("</details></li>\n", out);
}

static void put_children(FILE *out, const struct count_node *node,
			 uint64_t whole)
{
	fputs("<ul>\n", out);
	for (const struct count_node *child = node->child; child;
	     child = child->next)
		if (child->shown)
			put_node(out, child, whole);
	if (node->hidden > 0)
		fprintf(out,
			"<li class=more>and %" PRIu64
			" more that were used less often</li>\n",
			node->hidden);
	fputs("</ul>\n", out);
}

void page_tree(FILE *out, const struct count_node *root, const char *label)
{
	const uint64_t whole = counts_sum(&root->all);

	fprintf(out, "<div class=tree role=group aria-label=\"%s\">\n", label);
	if (whole == 0)
		fputs("<p>Nothing.</p>\n", out);
	else
		put_children(out, root, whole);
	fputs("</div>\n", out);
}
