/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "trace/suggest_patterns.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "trace/suggest_plan.h"

/* The first name on the way that does not stay, or NULL. */
static const struct evidence_node *find(const struct suggestion *suggestion)
{
	const struct evidence_node *node = suggestion->node, *found = NULL;

	if (suggestion->whole)
		return NULL;
	for (; node && node->parent; node = node->parent)
		if (suggest_is_restless(node))
			found = node;
	return found;
}

bool suggest_is_pattern(const struct suggestion *suggestion)
{
	return find(suggestion) != NULL;
}

int suggest_patterns_add(struct suggest_patterns *patterns,
			 const struct suggestion *suggestion)
{
	_cleanup_free_ char *path = evidence_pattern(find(suggestion));
	struct suggest_pattern *pattern = patterns->items;
	const struct suggest_pattern *end = pattern + patterns->count;

	if (!path)
		return -ENOMEM;
	while (pattern < end && strcmp(pattern->path, path) != 0)
		pattern++;
	if (pattern == patterns->items + PATTERNS_MAX) {
		patterns->more++;
		return 0;
	}
	if (pattern == end) {
		*pattern = (struct suggest_pattern){.path = path};
		path = NULL;
		patterns->count++;
	}
	evidence_join(&pattern->evidence, &suggestion->evidence);
	pattern->names++;
	return 0;
}

void suggest_patterns_finish(struct suggest_patterns *patterns)
{
	for (size_t i = 0; i < patterns->count; i++)
		free(patterns->items[i].path);
	*patterns = (struct suggest_patterns){0};
}
