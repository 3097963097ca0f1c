/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "policy/load.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/fd.h"
#include "policy/system.h"
#include "policy/trust.h"

/* Files that include each other. */
#define DEPTH_MAX 8

static struct file_trust trust_of(const struct load *load, enum layer layer)
{
	const uid_t admin = load->options->admin_uid ? load->options->admin_uid
						     : system_owner();

	if (layer == LAYER_ADMIN)
		return (struct file_trust){
			.owner = admin,
			.other_owner = admin,
			.forbidden = 022,
		};
	/* Groups of one user are common, and so is umask 002. */
	return (struct file_trust){
		.owner = getuid(),
		.other_owner = system_owner(),
		.forbidden = 002,
	};
}

/* A link to nowhere once led somewhere: that is not the same as no file. */
static bool is_dangling(const char *path)
{
	struct stat status;

	return lstat(path, &status) == 0;
}

bool load_check_directory(struct load *load, enum layer layer,
			  const char *directory)
{
	const struct file_trust trust = trust_of(load, layer);
	_cleanup_fd_ int fd = -1;
	const char *problem, *advice;
	struct stat status;

	if (!load->options->instead_of &&
	    trust_check_way(&trust, directory, load->errors) < 0) {
		load->failed = true;
		return false;
	}
	fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0 && errno == ENOENT && !is_dangling(directory))
		return false;
	if (fd < 0 || fstat(fd, &status) < 0) {
		file_errors_add(load->errors, directory, 0,
				"cannot be listed: %s; expected a directory "
				"of policy files, or nothing",
				strerror(errno));
		load->failed = true;
		return false;
	}
	problem = load->options->instead_of
			  ? NULL
			  : trust_problem(&trust, &status, fd, &advice);
	if (!problem)
		return true;
	if (status.st_mode & trust.forbidden)
		problem = "may be changed by others; expected mode 0755";
	file_errors_add(load->errors, directory, 0, "%s; %s", problem, advice);
	load->failed = true;
	return false;
}

/* Notes what a file has given. */
static void count_file(struct load *load, size_t before)
{
	struct rules *const rules = &load->rules;

	load->files_read++;
	load->rules_read += rules->count - before;
	while (load->each && rules->count > before)
		rule_finish(&rules->items[--rules->count]);
}

/* A file that is read, and what it includes is read for. */
struct loading_file {
	struct load *load;
	enum layer layer;
};

static int load_set(void *userdata, const char *name);

/*
 * Loads a file as one of a layer.
 * @owner: the layer whose place it is in
 */
static int load_one(struct load *load, enum layer owner, enum layer layer,
		    const char *path, bool required)
{
	const struct file_trust trust = trust_of(load, owner);
	struct loading_file loading = {load, layer};
	struct policy_file file = {
		.path = path,
		.layer = layer,
		.program = load->options->program,
		.rules = &load->rules,
		.own = load->own,
		.memo = &load->memo,
		.settings = &load->settings[layer],
		.errors = load->errors,
		.include = load_set,
		.userdata = &loading,
	};
	const bool judging = load->options->instead_of != NULL;
	const size_t before = load->rules.count;
	int error = judging ? 0 : trust_check_way(&trust, path, load->errors);

	if (!error) {
		error = policy_file_load(&file, judging ? NULL : &trust);
		if (error == -ENOENT && !required && !is_dangling(path))
			return 0;
		if (error == -ENOENT)
			file_errors_add(load->errors, path, 0,
					is_dangling(path)
						? "is a link that leads "
						  "nowhere; expected one to a "
						  "policy file"
						: "does not exist; expected a "
						  "policy file");
	}
	if (error == -ENOMEM)
		return error;
	if (error || file.incomplete)
		load->failed = true;
	if (!error)
		count_file(load, before);
	return 0;
}

int load_file(struct load *load, enum layer layer, const char *path,
	      bool required)
{
	return load_one(load, layer, layer, path, required);
}

/*
 * Loads sets/NAME.ini of a layer, if it is there.
 * @found: whether it is
 */
static int load_set_of(struct loading_file *loading, enum layer owner,
		       const char *directory, const char *name, bool *found)
{
	_cleanup_free_ char *path = NULL;
	struct stat status;

	if (asprintf(&path, "%s/sets/%s.ini", directory, name) < 0) {
		path = NULL;
		return -ENOMEM;
	}
	*found = lstat(path, &status) == 0 || errno != ENOENT;
	return *found ? load_one(loading->load, owner, loading->layer, path,
				 true)
		      : 0;
}

/* Who stands above another takes nothing from there. */
static int load_set(void *userdata, const char *name)
{
	struct loading_file *const loading = userdata;
	struct load *const load = loading->load;
	const struct {
		enum layer layer;
		const char *directory;
	} places[] = {
		{LAYER_USER, load->options->user_dir},
		{LAYER_ADMIN, load->options->admin_dir},
		{LAYER_VENDOR, load->options->vendor_dir},
	};
	bool found = false;
	int error = 0;

	if (load->depth == DEPTH_MAX)
		return -ELOOP;
	load->depth++;
	for (size_t i = 0; i < ARRAY_SIZE(places) && !error && !found; i++) {
		if (!places[i].directory ||
		    (loading->layer == LAYER_ADMIN &&
		     places[i].layer == LAYER_USER) ||
		    (loading->layer == LAYER_VENDOR &&
		     places[i].layer != LAYER_VENDOR))
			continue;
		error = load_set_of(loading, places[i].layer,
				    places[i].directory, name, &found);
	}
	load->depth--;
	return error || found ? error : -ENOENT;
}

static int is_policy_name(const struct dirent *entry)
{
	const size_t length = strlen(entry->d_name);

	return entry->d_name[0] != '.' && length > 4 &&
	       strcmp(entry->d_name + length - 4, ".ini") == 0;
}

/* The order of names is the order of files, whatever the locale. */
static int compare_names(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

int load_drop_ins(struct load *load, enum layer layer, const char *directory)
{
	struct dirent **entries = NULL;
	int count, error = 0;

	if (!load_check_directory(load, layer, directory))
		return 0;
	count = scandir(directory, &entries, is_policy_name, compare_names);
	if (count < 0 && errno == ENOMEM)
		return -ENOMEM;
	if (count < 0) {
		file_errors_add(load->errors, directory, 0,
				"cannot be listed: %s", strerror(errno));
		load->failed = true;
	}
	for (int i = 0; i < count; i++) {
		_cleanup_free_ char *path = NULL;

		if (asprintf(&path, "%s/%s", directory, entries[i]->d_name) < 0)
			path = NULL;
		if (!error)
			error = path ? load_file(load, layer, path, false)
				     : -ENOMEM;
		free(entries[i]);
	}
	free(entries);
	return error;
}

int load_pair(struct load *load, enum layer layer, const char *directory,
	      const char *name)
{
	_cleanup_free_ char *file = NULL, *drop_ins = NULL;
	int error;

	if (asprintf(&file, "%s/%s.ini", directory, name) < 0)
		file = NULL;
	if (asprintf(&drop_ins, "%s/%s.d", directory, name) < 0)
		drop_ins = NULL;
	if (!file || !drop_ins)
		return -ENOMEM;
	error = load_file(load, layer, file, false);
	return error ? error : load_drop_ins(load, layer, drop_ins);
}

/* Whether --policy names a file, which then is read all the same. */
static bool is_named(const struct load *load, const char *path)
{
	const char *const *const files = load->options->files;

	for (size_t i = 0; files && files[i]; i++)
		if (strcmp(files[i], path) == 0)
			return true;
	return false;
}

int load_strays(struct load *load, const char *directory)
{
	struct dirent **entries = NULL;
	const int count =
		scandir(directory, &entries, is_policy_name, compare_names);
	int error = 0;

	for (int i = 0; i < count; i++) {
		_cleanup_free_ char *path = NULL;

		if (asprintf(&path, "%s/%s", directory, entries[i]->d_name) < 0)
			path = NULL;
		if (!path)
			error = -ENOMEM;
		else if (strcmp(entries[i]->d_name, "base.ini") != 0 &&
			 !is_named(load, path)) {
			file_errors_add(load->errors, path, 0,
					"is never read; expected base.ini, "
					"base.d/NAME.ini, apps/APP.ini or "
					"apps/APP.d/NAME.ini");
			load->failed = true;
		}
		free(entries[i]);
	}
	free(entries);
	return error;
}
