/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What an answer can be about: see scopes.h. */
#include "agent/scopes.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/translate.h"
#include "policy/startup.h"

/* Whether @path is @directory or lies beneath it. */
static bool is_beneath(const char *path, const char *directory)
{
	const size_t length = strlen(directory);

	return strncmp(path, directory, length) == 0 &&
	       (path[length] == '/' || path[length] == '\0');
}

/*
 * The directory of an access: the object itself where it is one for sure, else
 * what is above it. Returns: a new string, NULL when memory is short.
 */
static char *access_directory(const struct access *access)
{
	char *const path = strdup(access->object.bytes);
	char *slash;

	if (!path || access->missing == RIGHT_FS_READ_DIR)
		return path;
	slash = strrchr(path, '/');
	if (slash)
		*(slash == path ? slash + 1 : slash) = '\0';
	return path;
}

/* Cuts @directory back until @path lies beneath it. */
static void widen(char *directory, const char *path)
{
	while (directory[1] && !is_beneath(path, directory)) {
		char *const slash = strrchr(directory, '/');

		*(slash == directory ? slash + 1 : slash) = '\0';
	}
}

/* The directory above all paths of a request; NULL: it has other objects. */
static int common_directory(const struct request *request, char **ret)
{
	char *common = NULL;
	size_t i;

	for (i = 0; i < request->accesses_count; i++) {
		const struct access *const access = &request->accesses[i];
		_cleanup_free_ char *directory = NULL;

		if (access->object.type != OBJECT_PATH) {
			free(common);
			common = NULL;
			break;
		}
		directory = access_directory(access);
		if (!directory) {
			free(common);
			return -ENOMEM;
		}
		if (common) {
			widen(common, directory);
		} else {
			common = directory;
			directory = NULL;
		}
	}
	*ret = common;
	return 0;
}

/*
 * Offers a directory when all is beneath it and it is not offered already. The
 * root directory never is: nobody should give it away with two keys.
 */
static int add_scope(struct scopes *scopes, const struct request *request,
		     const char *directory, const char *path, const char *note)
{
	struct scope *const scope = &scopes->items[scopes->count];
	size_t i;

	if (!path || path[0] != '/' || !path[1] ||
	    !is_beneath(directory, path) || scopes->count == SCOPES_MAX)
		return 0;
	/* It would not be about what was asked. */
	for (i = 0; i < request->accesses_count; i++)
		if (startup_stands_between(path,
					   request->accesses[i].object.bytes))
			return 0;
	for (i = 1; i < scopes->count; i++) {
		if (scopes->items[i].beneath &&
		    strcmp(scopes->items[i].beneath, path) == 0) {
			scopes->items[i].note = note;
			return 0;
		}
	}
	scope->beneath = strdup(path);
	if (!scope->beneath)
		return -ENOMEM;
	scope->note = note;
	scopes->count++;
	return 0;
}

/* Whether a request is about ports of addresses that are known. */
static bool is_aimed(const struct request *request)
{
	for (size_t i = 0; i < request->accesses_count; i++) {
		const struct object *object = &request->accesses[i].object;

		if (object->type != OBJECT_PORT || !object->network.family)
			return false;
	}
	return request->accesses_count > 0;
}

int scopes_init(struct scopes *ret, const struct request *request,
		const struct prompt_places *places)
{
	_cleanup_free_ char *directory = NULL;
	int error;

	*ret = (struct scopes){.count = 1};
	if (is_aimed(request))
		ret->items[ret->count++] = (struct scope){.port_alone = true};
	error = common_directory(request, &directory);
	if (error || !directory)
		return error;
	error = add_scope(ret, request, directory, directory, NULL);
	if (!error)
		error = add_scope(ret, request, directory, places->project,
				  N_("the project"));
	if (!error)
		error = add_scope(ret, request, directory, places->home,
				  N_("the home directory"));
	return error;
}

void scopes_finish(struct scopes *scopes)
{
	for (size_t i = 0; i < scopes->count; i++)
		free(scopes->items[i].beneath);
	scopes->count = 0;
}
