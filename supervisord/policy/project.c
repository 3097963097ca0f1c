/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Projects: see project.h. */
#include "policy/project.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"

#define DEPTH_MAX 32

static bool holds_project(const char *directory)
{
	static const char *const marks[] = {".git", ".hg", ".svn", ".bzr"};

	for (size_t i = 0; i < ARRAY_SIZE(marks); i++) {
		_cleanup_free_ char *path = NULL;
		struct stat status;

		if (asprintf(&path, "%s/%s", directory, marks[i]) < 0)
			path = NULL;
		if (path && lstat(path, &status) == 0)
			return true;
	}
	return false;
}

char *project_above(const char *path)
{
	char *const directory = strdup(path);

	for (int depth = 0; directory && depth < DEPTH_MAX; depth++) {
		char *const slash = strrchr(directory, '/');

		if (!slash || slash == directory)
			break;
		*slash = '\0';
		if (holds_project(directory))
			return directory;
	}
	free(directory);
	return NULL;
}

char *project_of(const char *directory)
{
	_cleanup_free_ char *canonical = realpath(directory, NULL);
	_cleanup_free_ char *inside = NULL;

	if (!canonical || asprintf(&inside, "%s/.", canonical) < 0)
		inside = NULL;
	return inside ? project_above(inside) : NULL;
}
