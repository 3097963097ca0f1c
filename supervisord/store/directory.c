/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Directories of the user's own.
 */
#include "store/directory.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"

int directory_make_parents(const char *path)
{
	_cleanup_free_ char *copy = strdup(path);

	if (!copy)
		return -ENOMEM;
	for (char *slash = strchr(copy + 1, '/'); slash;
	     slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdir(copy, 0700) < 0 && errno != EEXIST)
			return -errno;
		*slash = '/';
	}
	return 0;
}

int directory_make_all(const char *path)
{
	const int error = directory_make_parents(path);

	if (error)
		return error;
	return mkdir(path, 0700) < 0 && errno != EEXIST ? -errno : 0;
}

char *directory_runtime(void)
{
	const char *const runtime = getenv("XDG_RUNTIME_DIR");
	const unsigned int uid = geteuid();
	char usual[64], *path;
	int result;

	snprintf(usual, sizeof(usual), "/run/user/%u", uid);
	if (runtime && runtime[0] == '/')
		result = asprintf(&path, "%s/landlord", runtime);
	else if (access(usual, X_OK) == 0)
		result = asprintf(&path, "%s/landlord", usual);
	else
		result = asprintf(&path, "/tmp/landlord-%u", uid);
	return result < 0 ? NULL : path;
}
