/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "policy/apps.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "core/app.h"

/* What editors and package managers leave beside a file. */
static bool is_leftover(const char *name)
{
	static const char *const ends[] = {
		"~",	      ".bak",	   ".orig",   ".swp",	 ".dpkg-old",
		".dpkg-dist", ".dpkg-new", ".rpmnew", ".rpmsave"};

	for (size_t i = 0; i < ARRAY_SIZE(ends); i++) {
		const size_t length = strlen(name), end = strlen(ends[i]);

		if (length >= end && strcmp(name + length - end, ends[i]) == 0)
			return true;
	}
	return name[0] == '.';
}

static int tell_unread(struct file_errors *errors, const char *directory,
		       const char *name)
{
	_cleanup_free_ char *path = NULL;

	if (asprintf(&path, "%s/%s", directory, name) < 0) {
		path = NULL;
		return -ENOMEM;
	}
	file_errors_add(errors, path, 0,
			"is never read: no app can have that name; expected "
			"APP.ini or APP.d");
	return 0;
}

int apps_each(const char *layer,
	      int (*callback)(void *userdata, const char *app), void *userdata,
	      struct file_errors *errors)
{
	_cleanup_free_ char *directory = NULL;
	struct dirent **entries = NULL;
	char app[NAME_MAX + 1];
	int count, error = 0;

	if (asprintf(&directory, "%s/apps", layer) < 0) {
		directory = NULL;
		return -ENOMEM;
	}
	count = scandir(directory, &entries, NULL, alphasort);
	for (int i = 0; i < count; i++) {
		const char *name = entries[i]->d_name;

		if (error || is_leftover(name))
			;
		else if (app_of_file(name, ".ini", app) ||
			 app_of_file(name, ".d", app))
			error = callback(userdata, app);
		else
			error = tell_unread(errors, directory, name);
		free(entries[i]);
	}
	free(entries);
	return error;
}
