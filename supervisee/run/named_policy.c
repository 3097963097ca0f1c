/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Policies by name: see named_policy.h. */
#include "run/named_policy.h"

#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "policy/policy.h"

#define LAYERS 3

static void layers(const char *ret[LAYERS])
{
	struct policy_options options;

	policy_options_default(&options);
	ret[0] = options.user_dir;
	ret[1] = options.admin_dir;
	ret[2] = options.vendor_dir;
}

/* Whether the directory entry is a file of rules. */
static int is_policy(const struct dirent *entry)
{
	const char *end = strrchr(entry->d_name, '.');

	return end && end > entry->d_name && strcmp(end, ".ini") == 0;
}

/* Writes the names that there are, as far as there is room. */
static void list(const char *const directories[LAYERS], char *names,
		 size_t size)
{
	FILE *out = fmemopen(names, size, "w");
	const char *separator = "";

	for (size_t i = 0; out && i < LAYERS; i++) {
		_cleanup_free_ char *path = NULL;
		struct dirent **entries = NULL;
		int count;

		if (!directories[i] ||
		    asprintf(&path, "%s/profiles", directories[i]) < 0)
			continue;
		count = scandir(path, &entries, is_policy, alphasort);
		for (int j = 0; j < count; j++) {
			fprintf(out, "%s%.*s", separator,
				(int)strlen(entries[j]->d_name) - 4,
				entries[j]->d_name);
			separator = ", ";
			free(entries[j]);
		}
		free(entries);
	}
	if (out)
		fclose(out);
}

/* A name, and no path: others may be told of it. */
static bool is_name(const char *name)
{
	return *name && *name != '.' && !strchr(name, '/');
}

/* @ret_path: NULL: no layer has such a file. Returns: 0 or -ENOMEM. */
static int find(const char *const directories[LAYERS], size_t layers_count,
		const char *form, const char *name, char **ret_path)
{
	*ret_path = NULL;
	for (size_t i = 0; is_name(name) && i < layers_count; i++) {
		char *path;

		if (!directories[i])
			continue;
		if (asprintf(&path, "%s/%s/%s.ini", directories[i], form,
			     name) < 0)
			return -ENOMEM;
		if (access(path, F_OK) == 0) {
			*ret_path = path;
			return 0;
		}
		free(path);
	}
	return 0;
}

int named_policy_find(const char *name, char **ret_path)
{
	const char *directories[LAYERS];
	char names[1024] = "";
	int error;

	layers(directories);
	error = find(directories, LAYERS, "profiles", name, ret_path);
	if (error || *ret_path)
		return error;
	list(directories, names, sizeof(names));
	log_error("--profile %s: expected the name of a file in "
		  "~/.config/landlord/profiles, or one of: %s",
		  name, *names ? names : "(there are none)");
	return -ENOENT;
}

void named_policy_offer(const char *app)
{
	_cleanup_free_ char *profile = NULL, *own = NULL;
	const char *directories[LAYERS];

	layers(directories);
	/* What somebody has written for it here is what it is to have. */
	if (find(directories, LAYERS - 1, "apps", app, &own) || own)
		return;
	if (find(directories, LAYERS, "profiles", app, &profile) || !profile)
		return;
	log_notice("%s asks less with --profile %s; what that allows is in %s",
		   app, app, profile);
}
