/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "policy/inspection.h"

#include <dirent.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "core/app.h"
#include "policy/apps.h"
#include "policy/load.h"
#include "policy/own.h"

/* Directories beneath the one that was named. */
#define NESTED_MAX 16

void inspection_finish(struct inspection *inspection)
{
	file_errors_finish(&inspection->errors);
}

static int begin(struct load *load, struct inspection *inspection)
{
	struct file_errors unread = {0};
	const struct policy_options *const options = load->options;
	int error;

	inspection->errors.max = SIZE_MAX - 1;
	load->errors = &inspection->errors;
	load->each = true;
	/* Elsewhere it does not matter what is wrong with what is here. */
	error = own_protect(options->instead_of ? options->instead_of : options,
			    &load->rules, &load->memo,
			    options->instead_of ? &unread : load->errors);
	file_errors_finish(&unread);
	load->own = load->rules.count;
	return error == -EPERM ? 0 : error;
}

static int end(struct load *load, int error, struct inspection *inspection)
{
	inspection->files += load->files_read;
	inspection->rules += load->rules_read;
	resolve_forget(&load->memo);
	rules_finish(&load->rules);
	return error;
}

/* What apps_each() calls back about. */
struct apps_visit {
	struct load *load;
	enum layer layer;
	const char *directory; /* of the apps */
	char last[NAME_MAX + 1];
};

static int visit_app(void *userdata, const char *app)
{
	struct apps_visit *const visit = userdata;
	_cleanup_free_ char *name = NULL;
	int error;

	/* One that has both a file and drop-ins is met twice. */
	if (strcmp(app, visit->last) == 0)
		return 0;
	strcpy(visit->last, app);
	error = app_file_name(app, "", &name);
	if (error)
		return error == -ENOMEM ? error : 0;
	return load_pair(visit->load, visit->layer, visit->directory, name);
}

/* Files that others include, or that are given by name. */
static int visit_named(struct load *load, enum layer layer,
		       const char *directory)
{
	static const char *const names[] = {"sets", "profiles"};
	int error = 0;

	for (size_t i = 0; i < ARRAY_SIZE(names) && !error; i++) {
		_cleanup_free_ char *path = NULL;

		if (asprintf(&path, "%s/%s", directory, names[i]) < 0)
			path = NULL;
		error = path ? load_drop_ins(load, layer, path) : -ENOMEM;
	}
	return error;
}

static int visit_layer(struct load *load, enum layer layer,
		       const char *directory)
{
	struct apps_visit visit = {.load = load, .layer = layer};
	_cleanup_free_ char *apps = NULL;
	int error;

	if (asprintf(&apps, "%s/apps", directory) < 0) {
		apps = NULL;
		return -ENOMEM;
	}
	visit.directory = apps;
	if (!load_check_directory(load, layer, directory))
		return 0;
	error = load_strays(load, directory);
	if (!error)
		error = load_pair(load, layer, directory, "base");
	if (!error)
		error = visit_named(load, layer, directory);
	if (error || !load_check_directory(load, layer, apps))
		return error;
	return apps_each(directory, visit_app, &visit, load->errors);
}

int inspection_in_place(const struct policy_options *options,
			struct inspection *ret)
{
	struct load load = {.options = options};
	int error = begin(&load, ret);

	if (!error)
		error = visit_layer(&load, LAYER_ADMIN, options->admin_dir);
	if (!error && options->user_dir)
		error = visit_layer(&load, LAYER_USER, options->user_dir);
	if (!error)
		error = visit_layer(&load, LAYER_VENDOR, options->vendor_dir);
	return end(&load, error, ret);
}

static bool is_directory(const char *parent, const char *name)
{
	_cleanup_free_ char *path = NULL;
	struct stat status;

	if (asprintf(&path, "%s/%s", parent, name) < 0) {
		path = NULL;
		return false;
	}
	/* No link: it may lead back. */
	return lstat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

static bool is_layer(const char *directory)
{
	_cleanup_free_ char *base = NULL;
	struct stat status;

	if (asprintf(&base, "%s/base.ini", directory) < 0) {
		base = NULL;
		return false;
	}
	return lstat(base, &status) == 0 || is_directory(directory, "base.d") ||
	       is_directory(directory, "apps");
}

static int is_shown(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

/* What files there include is there, too. */
static int visit_layer_elsewhere(struct load *load, enum layer layer,
				 const char *directory)
{
	const struct policy_options *const before = load->options;
	struct policy_options options = *before;
	int error;

	if (layer == LAYER_ADMIN)
		options.admin_dir = directory;
	else if (layer == LAYER_USER)
		options.user_dir = directory;
	else
		options.vendor_dir = directory;
	load->options = &options;
	error = visit_layer(load, layer, directory);
	load->options = before;
	return error;
}

static int visit_directory(struct load *load, enum layer layer,
			   const char *directory, unsigned int depth)
{
	struct dirent **entries = NULL;
	int count, error;

	if (is_layer(directory))
		return visit_layer_elsewhere(load, layer, directory);
	error = load_drop_ins(load, layer, directory);
	count = depth < NESTED_MAX
			? scandir(directory, &entries, is_shown, alphasort)
			: 0;
	for (int i = 0; i < count; i++) {
		_cleanup_free_ char *path = NULL;

		if (asprintf(&path, "%s/%s", directory, entries[i]->d_name) < 0)
			path = NULL;
		if (!path)
			error = -ENOMEM;
		else if (!error && is_directory(directory, entries[i]->d_name))
			error = visit_directory(load, layer, path, depth + 1);
		free(entries[i]);
	}
	free(entries);
	return error;
}

int inspection_elsewhere(const struct policy_options *options, enum layer layer,
			 const char *place, struct inspection *ret)
{
	struct policy_options judging = *options;
	struct load load = {.options = &judging};
	const size_t told = ret->errors.count;
	struct stat status;
	int error;

	judging.instead_of = options;
	error = begin(&load, ret);
	if (!error && stat(place, &status) == 0 && S_ISDIR(status.st_mode))
		error = visit_directory(&load, layer, place, 0);
	else if (!error)
		error = load_file(&load, layer, place, true);
	if (!error && load.files_read == 0 && ret->errors.count == told)
		file_errors_add(&ret->errors, place, 0,
				"has no policy file; expected NAME.ini");
	return end(&load, error, ret);
}
