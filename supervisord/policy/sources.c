/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The directories that an app's policy is read from.
 */
#include "policy/sources.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/fd.h"
#include "core/app.h"

/* Takes @path and @file, also on failure; a NULL path is a failed asprintf. */
static int take_source(struct sources *sources, char *path, char *file)
{
	if (path && sources->count == sources->allocated) {
		const size_t allocated = sources->allocated * 2 + 8;
		struct source *const items =
			reallocarray(sources->items, allocated, sizeof(*items));

		if (items) {
			sources->items = items;
			sources->allocated = allocated;
		}
	}
	if (!path || sources->count == sources->allocated) {
		free(path);
		free(file);
		return -ENOMEM;
	}
	sources->items[sources->count++] = (struct source){path, file};
	return 0;
}

/* Adds one file of a directory. */
static int add_file(struct sources *sources, const char *path)
{
	const char *const slash = strrchr(path, '/');
	char *const file = strdup(slash ? slash + 1 : path);
	char *const directory =
		!slash ? strdup(".")
		       : strndup(path, slash == path ? 1 : slash - path);

	if (!file) {
		free(directory);
		return -ENOMEM;
	}
	return take_source(sources, directory, file);
}

/* Adds the directory PARENT/NAME. */
static int add_directory(struct sources *sources, const char *parent,
			 const char *name)
{
	char *path;

	if (asprintf(&path, "%s/%s", parent, name) < 0)
		path = NULL;
	return take_source(sources, path, NULL);
}

static int add_layer(struct sources *sources, const char *directory,
		     const char *app_file)
{
	_cleanup_free_ char *apps = NULL, *file = NULL, *drop_ins = NULL;
	int error;

	if (!directory)
		return 0;
	if (asprintf(&apps, "%s/apps", directory) < 0 ||
	    asprintf(&file, "%s/%s.ini", apps, app_file) < 0 ||
	    asprintf(&drop_ins, "%s.d", app_file) < 0)
		return -ENOMEM;
	error = take_source(sources, strdup(directory), NULL);
	if (!error)
		error = add_directory(sources, directory, "base.d");
	if (!error)
		error = add_directory(sources, directory, "sets");
	if (!error)
		error = add_directory(sources, apps, drop_ins);
	return error ? error : add_file(sources, file);
}

static int add_grants(struct sources *sources, const char *directory,
		      const char *app_file)
{
	_cleanup_free_ char *path = NULL;

	if (!directory)
		return 0;
	if (asprintf(&path, "%s/%s.jsonl", directory, app_file) < 0) {
		path = NULL;
		return -ENOMEM;
	}
	return add_file(sources, path);
}

int sources_list(const char *app, const struct policy_options *options,
		 struct sources *ret)
{
	_cleanup_free_ char *app_file = NULL;
	int error = app_file_name(app, "", &app_file);

	if (!error)
		error = add_layer(ret, options->admin_dir, app_file);
	if (!error)
		error = add_layer(ret, options->user_dir, app_file);
	if (!error)
		error = add_layer(ret, options->vendor_dir, app_file);
	if (!error)
		error = add_grants(ret, options->grants_dir, app_file);
	for (size_t i = 0; options->files && options->files[i]; i++)
		if (!error)
			error = add_file(ret, options->files[i]);
	return error;
}

void sources_finish(struct sources *sources)
{
	for (size_t i = 0; i < sources->count; i++) {
		free(sources->items[i].path);
		free(sources->items[i].file);
	}
	free(sources->items);
	*sources = (struct sources){0};
}

static bool ends_with(const char *name, const char *end)
{
	const size_t length = strlen(name), end_length = strlen(end);

	return length > end_length &&
	       strcmp(name + length - end_length, end) == 0;
}

bool source_concerns(const struct source *source, const char *name)
{
	if (source->file)
		return strcmp(name, source->file) == 0;
	return ends_with(name, ".ini") || *name == '\0';
}

/* FNV-1a over one more number. */
static uint64_t mix(uint64_t hash, uint64_t number)
{
	for (int i = 0; i < 64; i += 8)
		hash = (hash ^ (number >> i & 0xff)) * UINT64_C(0x100000001b3);
	return hash;
}

static uint64_t mix_time(uint64_t hash, const struct timespec *time)
{
	return mix(mix(hash, (uint64_t)time->tv_sec), (uint64_t)time->tv_nsec);
}

static uint64_t name_signature(int directory, const char *name)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);
	struct stat status;

	if (fstatat(directory, name, &status, 0) < 0 &&
	    fstatat(directory, name, &status, AT_SYMLINK_NOFOLLOW) < 0)
		return 0;
	for (const char *c = name; *c; c++)
		hash = mix(hash, (unsigned char)*c);
	hash = mix(hash, status.st_dev);
	hash = mix(hash, status.st_ino);
	hash = mix(hash, status.st_mode);
	hash = mix(hash, (uint64_t)status.st_size);
	hash = mix_time(hash, &status.st_mtim);
	return mix_time(hash, &status.st_ctim);
}

/* The sum over its names: their order is the file system's business. */
static uint64_t source_signature(const struct source *source)
{
	const int fd = open(source->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	const struct dirent *entry;
	uint64_t sum = 1;
	DIR *directory;

	if (fd < 0)
		return 0;
	if (source->file) {
		sum += name_signature(fd, source->file);
		close(fd);
		return sum;
	}
	directory = fdopendir(fd);
	if (!directory) {
		close(fd);
		return 0;
	}
	while ((entry = readdir(directory)))
		/* A directory's own names count where it is a source. */
		if (ends_with(entry->d_name, ".ini"))
			sum += name_signature(fd, entry->d_name);
	closedir(directory);
	return sum;
}

uint64_t sources_signature(const struct sources *sources)
{
	uint64_t hash = 0;

	for (size_t i = 0; i < sources->count; i++)
		hash = mix(hash, source_signature(&sources->items[i]));
	return hash;
}
