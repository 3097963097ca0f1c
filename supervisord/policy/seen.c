/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the lines of one policy file have said: a tree of objects.
 */
#include "policy/seen.h"

#include <errno.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

struct said {
	char *object;
	rights_t rights[EFFECTS_];
	unsigned int lines[EFFECTS_]; /* the last one of each effect */
};

static int compare(const void *a, const void *b)
{
	return strcmp(((const struct said *)a)->object,
		      ((const struct said *)b)->object);
}

static void free_said(void *node)
{
	struct said *const said = node;

	free(said->object);
	free(said);
}

static struct said *find(void **seen, const char *object)
{
	struct said *const fresh = calloc(1, sizeof(*fresh));
	struct said **found = NULL;

	if (!fresh)
		return NULL;
	fresh->object = strdup(object);
	if (fresh->object)
		found = tsearch(fresh, seen, compare);
	if (!found || *found != fresh)
		free_said(fresh);
	return found ? *found : NULL;
}

int seen_add(void **seen, const char *object, enum effect effect,
	     rights_t rights, unsigned int line, struct seen_before *ret)
{
	struct said *const said = find(seen, object);

	*ret = (struct seen_before){0};
	if (!said)
		return -ENOMEM;
	for (enum effect other = 0; other < EFFECTS_; other++)
		if (other == effect ? !(rights & ~said->rights[other])
				    : (rights & said->rights[other]) != 0)
			*ret = (struct seen_before){said->lines[other], other};
	if (ret->line)
		return 0;
	said->rights[effect] |= rights;
	said->lines[effect] = line;
	return 0;
}

void seen_finish(void *seen)
{
	tdestroy(seen, free_said);
}
