/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Directories above an object that mean something to a person. */
#include "agent/places.h"

#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"

#define DEPTH_MAX 32

static bool holds_project(const char *directory)
{
	static const char *const marks[] = {".git", ".hg", ".svn", ".bzr"};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(marks); i++) {
		_cleanup_free_ char *path = NULL;
		struct stat status;

		if (asprintf(&path, "%s/%s", directory, marks[i]) < 0)
			path = NULL;
		if (path && lstat(path, &status) == 0)
			return true;
	}
	return false;
}

/* The nearest directory above that is under version control, or NULL. */
static char *find_project(const char *path)
{
	char *const directory = strdup(path);
	int depth;

	for (depth = 0; directory && depth < DEPTH_MAX; depth++) {
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

char *places_project(const char *directory)
{
	_cleanup_free_ char *canonical = realpath(directory, NULL);
	_cleanup_free_ char *inside = NULL;

	if (!canonical || asprintf(&inside, "%s/.", canonical) < 0)
		inside = NULL;
	return inside ? find_project(inside) : NULL;
}

/* The canonical home directory of whoever runs us, or NULL. */
static char *find_home(void)
{
	const char *home = getenv("HOME");

	if (!home || home[0] != '/') {
		const struct passwd *const user = getpwuid(getuid());

		home = user ? user->pw_dir : NULL;
	}
	return home ? realpath(home, NULL) : NULL;
}

void places_find(struct places *ret, const struct request *request)
{
	*ret = (struct places){0};
	if (request->accesses_count == 0 ||
	    request->accesses[0].object.type != OBJECT_PATH)
		return;
	ret->project = find_project(request->accesses[0].object.bytes);
	ret->home = find_home();
}

void places_finish(struct places *places)
{
	free(places->project);
	free(places->home);
	*places = (struct places){0};
}
