/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What owns an agent or the user's next shell: see startup.h.
 */
#include "policy/startup.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "policy/startup_places.h"

#define CHANGE                                                               \
	(RIGHTS_WRITE | RIGHTS_CREATE | RIGHTS_REMOVE | RIGHT_FS_MAKE_CHAR | \
	 RIGHT_FS_MAKE_BLOCK)
/* Making a directory above is what many programs do; see path_chain.h. */
#define REPLACE (CHANGE & ~(RIGHTS_WRITE | RIGHT_FS_MAKE_DIR))

static int add_guard(struct rules *rules, const char *path, rights_t rights,
		     bool beneath)
{
	struct rule rule = {
		.layer = LAYER_USER,
		.effect = EFFECT_GUARD,
		.rights = rights,
		.beneath = beneath,
	};
	int error = object_init_path(&rule.object, path);

	/* A home that is not canonical has no name that a rule could be about.
	 */
	if (error == -EINVAL)
		return 0;
	if (!error)
		error = text_copy(&rule.origin, "built in");
	if (!error)
		error = rules_take(rules, &rule);
	if (error)
		rule_finish(&rule);
	return error;
}

/* What a guard was added for last: neighbours share what is above them. */
struct guarding {
	struct rules *rules;
	char *above; /* owned */
};

/* What is between the base and a place could be exchanged. */
static int guard_above(struct guarding *guarding,
		       const struct startup_place *place)
{
	_cleanup_free_ char *above = strdup(place->path);
	char *slash;
	int error = 0;

	if (!above)
		return -ENOMEM;
	while (!error && (slash = strrchr(above, '/')) && slash > above) {
		*slash = '\0';
		if (!path_is_beneath(above, place->base) ||
		    (guarding->above && strcmp(above, guarding->above) == 0))
			break;
		error = add_guard(guarding->rules, above, REPLACE, false);
	}
	return error;
}

/* Whether the last place was in the same directory. */
static bool is_neighbour(const struct guarding *guarding, const char *path,
			 size_t length)
{
	return guarding->above && strlen(guarding->above) == length &&
	       memcmp(guarding->above, path, length) == 0;
}

static int guard(void *userdata, const struct startup_place *place)
{
	struct guarding *const guarding = userdata;
	const char *const path = place->path, *slash = strrchr(path, '/');
	const size_t length = slash ? (size_t)(slash - path) : 0;
	int error = add_guard(guarding->rules, path, CHANGE, true);

	if (error || is_neighbour(guarding, path, length))
		return error;
	if (place->base)
		error = guard_above(guarding, place);
	free(guarding->above);
	guarding->above = strndup(path, length);
	return error;
}

int startup_guard(struct rules *rules, struct resolve_memo *memo)
{
	struct guarding guarding = {.rules = rules};
	const int error = startup_visit(memo, guard, &guarding);

	free(guarding.above);
	return error;
}

/* Visits all by what is there now, and remembers nothing. */
static int visit_once(startup_visit_fn callback, void *userdata)
{
	struct resolve_memo memo = {0};
	const int error = startup_visit(&memo, callback, userdata);

	resolve_forget(&memo);
	return error;
}

struct meaning_search {
	const char *path, *directory, *meaning;
};

static int find_meaning(void *userdata, const struct startup_place *place)
{
	struct meaning_search *const search = userdata;

	if (!path_is_beneath(search->path, place->path))
		return 0;
	search->meaning = place->meaning;
	return 1;
}

const char *startup_meaning(const char *path)
{
	struct meaning_search search = {.path = path};

	visit_once(find_meaning, &search);
	return search.meaning;
}

static int find_between(void *userdata, const struct startup_place *place)
{
	const struct meaning_search *const search = userdata;

	return path_is_beneath(search->path, place->path) &&
	       path_is_beneath(place->path, search->directory) &&
	       strcmp(place->path, search->directory) != 0;
}

bool startup_stands_between(const char *directory, const char *path)
{
	struct meaning_search search = {.path = path, .directory = directory};

	/* In doubt, when memory is short, it does. */
	return visit_once(find_between, &search) != 0;
}
