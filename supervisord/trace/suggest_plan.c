/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "trace/suggest_plan.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "trace/program_places.h"

/* How many rules one for a directory must save, */
static const uint32_t enough[EVIDENCE_CLASSES_] = {
	[EVIDENCE_READ] = 4,
	[EVIDENCE_EXECUTE] = 6,
	[EVIDENCE_CHANGE] = 6,
};
#define ENOUGH_MORE 2 /* and so many more for each level that is beneath it */
#define ENOUGH_OWN 2  /* but of a program's own directory */

#define DAY (24 * 60 * 60 * INT64_C(1000000))
#define SERIES_MAX 16 /* of versions, in one directory */

/* Directories that hold what has nothing to do with each other. */
static const char *const unlike[] = {
	SUGGEST_HOME,
	SUGGEST_HOME "/.cache",
	SUGGEST_HOME "/.config",
	SUGGEST_HOME "/.local",
	SUGGEST_HOME "/.local/bin",
	SUGGEST_HOME "/.local/lib",
	SUGGEST_HOME "/.local/share",
	SUGGEST_HOME "/.local/state",
	SUGGEST_HOME "/Desktop",
	SUGGEST_HOME "/Documents",
	SUGGEST_HOME "/Downloads",
	SUGGEST_HOME "/Music",
	SUGGEST_HOME "/Pictures",
	SUGGEST_HOME "/Public",
	SUGGEST_HOME "/Templates",
	SUGGEST_HOME "/Videos",
	"/dev/shm",
	"/etc/ssl",
	"/run/lock",
	"/run/user",
	"/usr/lib",
	"/usr/local",
	"/usr/share",
	"/var/cache",
	"/var/lib",
	"/var/log",
	"/var/run",
	"/var/spool",
	"/var/tmp",
};

/* What opens other doors. No policy need name it for it to be none of these. */
static const char *const secrets[] = {
	SUGGEST_HOME "/.aws",
	SUGGEST_HOME "/.azure",
	SUGGEST_HOME "/.config/gcloud",
	SUGGEST_HOME "/.config/gh",
	SUGGEST_HOME "/.docker/config.json",
	SUGGEST_HOME "/.git-credentials",
	SUGGEST_HOME "/.gnupg",
	SUGGEST_HOME "/.kube",
	SUGGEST_HOME "/.local/share/keyrings",
	SUGGEST_HOME "/.netrc",
	SUGGEST_HOME "/.password-store",
	SUGGEST_HOME "/.pgpass",
	SUGGEST_HOME "/.pypirc",
	SUGGEST_HOME "/.ssh",
};

bool suggest_is_foreign(const char *path)
{
	return path_is_beneath(path, "/home") || path_is_beneath(path, "/root");
}

bool suggest_is_secret(const char *path)
{
	for (size_t i = 0; i < ARRAY_SIZE(secrets); i++)
		if (path_is_beneath(path, secrets[i]))
			return true;
	return false;
}

const char *suggest_secret(size_t number)
{
	return number < ARRAY_SIZE(secrets)
		       ? secrets[number] + strlen(SUGGEST_HOME)
		       : NULL;
}

static bool has_secrets(const char *path)
{
	for (size_t i = 0; i < ARRAY_SIZE(secrets); i++)
		if (path_is_beneath(secrets[i], path))
			return true;
	return false;
}

char *suggest_real_path(const struct suggest_options *options, const char *path)
{
	char *real;

	if (!options->home || !path_is_beneath(path, SUGGEST_HOME))
		return strdup(path);
	if (asprintf(&real, "%s%s", options->home,
		     path + strlen(SUGGEST_HOME)) < 0)
		return NULL;
	return real;
}

/* Whether the path is of a process or of a login, and not for long. */
static bool is_numbered(const char *path)
{
	const char *rest = strncmp(path, "/proc/", 6) == 0	  ? path + 6
			   : strncmp(path, "/run/user/", 10) == 0 ? path + 10
								  : NULL;

	return rest && !strchr(rest, '/');
}

static bool is_too_wide(const char *path)
{
	if (!strchr(path + 1, '/') || is_numbered(path))
		return true;
	for (size_t i = 0; i < ARRAY_SIZE(unlike); i++)
		if (strcmp(path, unlike[i]) == 0)
			return true;
	return suggest_is_foreign(path);
}

bool suggest_is_restless(const struct evidence_node *node)
{
	return node->kind == NAME_TEMPORARY && node->last - node->first < DAY;
}

static bool has_restless_name(const struct evidence_node *node)
{
	for (; node->parent; node = node->parent)
		if (suggest_is_restless(node))
			return true;
	return false;
}

/* From when to when a node was used, and what is beneath it. */
static void note_times(struct evidence_node *node)
{
	struct evidence all = {0};
	struct evidence_node *child;

	for (int class = 0; class < EVIDENCE_CLASSES_; class ++) {
		evidence_join(&all, &node->of[class]);
		evidence_join(&all, &node->beneath[class]);
	}
	for (child = node->child; child; child = child->next) {
		struct evidence of = {0};

		note_times(child);
		of.count = child->last > 0; /* 0: not known */
		of.first = child->first;
		of.last = child->last;
		evidence_join(&all, &of);
	}
	node->first = all.first;
	node->last = all.last;
}

static rights_t rights_within(const struct evidence_node *node, int class)
{
	rights_t rights = node->of[class].rights | node->beneath[class].rights;

	for (node = node->child; node; node = node->next)
		rights |= rights_within(node, class);
	return rights;
}

/* Whether something beneath a directory has been left out. */
static bool has_left(const struct evidence_node *node, int class,
		     const struct evidence_tree *left)
{
	const struct evidence_node *same = evidence_find(left, node);

	return same && rights_within(same, class);
}

int suggest_may_be_whole(const struct evidence_node *node, int class,
			 const struct evidence_tree *left,
			 const struct suggest_options *options)
{
	_cleanup_free_ char *path = NULL, *real = NULL;

	if (!node->parent || has_restless_name(node) ||
	    has_left(node, class, left))
		return 0;
	path = evidence_path(node);
	if (!path)
		return -ENOMEM;
	if (is_too_wide(path) || has_secrets(path))
		return 0;
	real = suggest_real_path(options, path);
	if (!real)
		return -ENOMEM;
	return options->look(options->userdata, real,
			     rights_within(node, class)) == SUGGEST_FREE;
}

/* What the directory costs if nothing is generalised at it. */
static uint32_t sum_up(struct evidence_node *node, int class)
{
	struct evidence_plan *plan = &node->plan[class];
	const struct evidence_node *child;
	uint32_t beneath = 0;

	plan->restless = false;
	for (child = node->child; child; child = child->next) {
		const struct evidence_plan *of = &child->plan[class];

		beneath += of->rules;
		if (of->level > plan->level)
			plan->level = of->level;
		plan->restless |= of->rules > 0 && !of->whole &&
				  (of->restless || suggest_is_restless(child));
	}
	if (node->beneath[class].count > 0)
		beneath += enough[class];
	plan->rules = beneath + (node->of[class].count > 0);
	return beneath;
}

/*
 * How many names with versions there are of which several were used: each has
 * shown that there will be a next one, which counts as if it was there.
 */
static uint32_t count_series(const struct evidence_node *node, int class)
{
	struct {
		uint32_t pattern, names;
	} series[SERIES_MAX];
	uint32_t count = 0, several = 0;

	for (node = node->child; node; node = node->next) {
		uint32_t i = 0;

		if (node->kind != NAME_VERSIONED || !node->plan[class].rules)
			continue;
		while (i < count && series[i].pattern != node->pattern)
			i++;
		if (i == SERIES_MAX)
			continue;
		if (i == count) {
			series[count].pattern = node->pattern;
			series[count++].names = 0;
		}
		several += ++series[i].names == 2;
	}
	return several;
}

static uint64_t programs_within(const struct evidence_node *node, int class)
{
	uint64_t programs =
		node->of[class].programs | node->beneath[class].programs;

	for (node = node->child; node; node = node->next)
		programs |= programs_within(node, class);
	return programs;
}

/*
 * Whether a directory is one of the program's own, and nobody else used it.
 * Returns: 1, 0, -ENOMEM.
 */
static int is_own(const struct evidence_tree *tree,
		  const struct evidence_node *node, int class)
{
	static const char home[] = SUGGEST_HOME "/";
	_cleanup_free_ char *path = evidence_path(node);
	uint64_t programs;

	if (!path)
		return -ENOMEM;
	if (strncmp(path, home, strlen(home)) != 0)
		return 0;
	programs = programs_within(node, class);
	for (int bit = 0; bit <= EVIDENCE_PROGRAMS_MAX; bit++)
		if (programs >> bit & 1 &&
		    !program_has_place(evidence_program(tree, bit),
				       path + strlen(home)))
			return 0;
	return programs != 0;
}

static int plan_class(const struct evidence_tree *tree,
		      struct evidence_node *node, int class,
		      const struct evidence_tree *left,
		      const struct suggest_options *options)
{
	struct evidence_plan *plan = &node->plan[class];
	const uint32_t beneath =
		sum_up(node, class) + count_series(node, class);
	uint32_t needed = enough[class] + ENOUGH_MORE * plan->level;
	int result = 0;

	/* A rule for a name that never comes again saves nothing. */
	if (plan->restless)
		needed = class == EVIDENCE_CHANGE ? 1 : 2;
	if (beneath < needed && beneath >= ENOUGH_OWN)
		result = is_own(tree, node, class);
	if (result < 0)
		return result;
	if (beneath < needed && !result)
		return 0;
	result = suggest_may_be_whole(node, class, left, options);
	if (result <= 0)
		return result;
	plan->whole = true;
	plan->rules = 1;
	plan->level++;
	return 0;
}

static int plan_node(const struct evidence_tree *tree,
		     struct evidence_node *node,
		     const struct evidence_tree *left,
		     const struct suggest_options *options)
{
	struct evidence_node *child;
	int error = 0;

	for (child = node->child; !error && child; child = child->next)
		error = plan_node(tree, child, left, options);
	for (int class = 0; !error && class < EVIDENCE_CLASSES_; class ++)
		error = plan_class(tree, node, class, left, options);
	return error;
}

int suggest_plan(struct evidence_tree *tree, const struct evidence_tree *left,
		 const struct suggest_options *options)
{
	note_times(evidence_root(tree));
	return plan_node(tree, evidence_root(tree), left, options);
}
