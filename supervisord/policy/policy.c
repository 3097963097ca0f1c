/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "policy/policy.h"

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
#include "core/app.h"
#include "policy/expand.h"
#include "policy/file.h"
#include "policy/own.h"
#include "policy/resolve.h"
#include "policy/startup.h"
#include "policy/system.h"
#include "policy/trust.h"
#include "store/directory.h"
#include "store/grants.h"

#ifndef LANDLORD_VENDOR_DIR
#define LANDLORD_VENDOR_DIR "/usr/share/landlord"
#endif
#ifndef LANDLORD_ADMIN_DIR
#define LANDLORD_ADMIN_DIR "/etc/landlord"
#endif

/* A load under way. */
struct load {
	const struct policy_options *options;
	const char *app_file; /* name of the app's files, without suffix */
	struct rules rules;
	size_t own;		  /* the first of them: of own.h */
	struct resolve_memo memo; /* what was seen for them */
	struct file_settings settings[LAYERS_];
	struct file_errors *errors;
	bool failed; /* something is missing that must not be */
};

void policy_finish(struct policy *policy)
{
	rules_finish(&policy->rules);
}

bool policy_equal(const struct policy *a, const struct policy *b)
{
	return a->settings.timeout == b->settings.timeout &&
	       a->settings.no_agent == b->settings.no_agent &&
	       a->settings.max_questions == b->settings.max_questions &&
	       a->settings.max_rate == b->settings.max_rate &&
	       rules_equal(&a->rules, &b->rules);
}

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

/*
 * Checks a directory of policy files: what is in one that others may write was
 * put there by anybody, and what was there may be gone.
 * Returns: whether there is one to be read.
 */
static bool check_directory(struct load *load, enum layer layer,
			    const char *directory)
{
	const struct file_trust trust = trust_of(load, layer);
	_cleanup_fd_ int fd = -1;
	const char *problem, *advice;
	struct stat status;

	if (trust_check_way(&trust, directory, load->errors) < 0) {
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
	problem = trust_problem(&trust, &status, fd, &advice);
	if (!problem)
		return true;
	if (status.st_mode & trust.forbidden)
		problem = "may be changed by others; expected mode 0755";
	file_errors_add(load->errors, directory, 0, "%s; %s", problem, advice);
	load->failed = true;
	return false;
}

/*
 * Loads a file. Whatever is wrong with one that is there may have been a
 * refusal, and so is a failure.
 * @required: so is its absence
 * Returns: 0 or -ENOMEM; other failures are told and noted.
 */
static int load_file(struct load *load, enum layer layer, const char *path,
		     bool required)
{
	const struct file_trust trust = trust_of(load, layer);
	struct policy_file file = {
		.path = path,
		.layer = layer,
		.pwd = load->options->pwd,
		.rules = &load->rules,
		.own = load->own,
		.memo = &load->memo,
		.settings = &load->settings[layer],
		.errors = load->errors,
	};
	int error = trust_check_way(&trust, path, load->errors);

	if (!error) {
		error = policy_file_load(&file, &trust);
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
	return 0;
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

/* Loads a drop-in directory, in the order of the names. */
static int load_drop_ins(struct load *load, enum layer layer,
			 const char *directory)
{
	struct dirent **entries = NULL;
	int count, error = 0;

	if (!check_directory(load, layer, directory))
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

/* Loads DIRECTORY/NAME.ini and DIRECTORY/NAME.d. */
static int load_pair(struct load *load, enum layer layer, const char *directory,
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

/* A file beside base.ini is one that its author thinks is in force. */
static int tell_strays(struct load *load, const char *directory)
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

static int load_layer(struct load *load, enum layer layer,
		      const char *directory)
{
	_cleanup_free_ char *apps = NULL;
	int error;

	if (!directory)
		return 0;
	if (asprintf(&apps, "%s/apps", directory) < 0) {
		apps = NULL;
		return -ENOMEM;
	}
	if (!check_directory(load, layer, directory))
		return 0;
	error = tell_strays(load, directory);
	if (!error)
		error = load_pair(load, layer, directory, "base");
	if (error || !check_directory(load, layer, apps))
		return error;
	return load_pair(load, layer, apps, load->app_file);
}

static int load_all(struct load *load)
{
	const struct policy_options *const options = load->options;
	int error;

	error = own_protect(options, &load->rules, &load->memo, load->errors);
	if (error == -EPERM) {
		load->failed = true;
		error = 0;
	}
	load->own = load->rules.count;
	if (!error)
		error = startup_guard(&load->rules, &load->memo);
	if (!error)
		error = load_layer(load, LAYER_ADMIN, options->admin_dir);
	if (!error)
		error = load_layer(load, LAYER_USER, options->user_dir);
	if (!error)
		error = load_layer(load, LAYER_VENDOR, options->vendor_dir);
	for (size_t i = 0; options->files && options->files[i]; i++) {
		if (error)
			break;
		error = load_file(load, LAYER_USER, options->files[i], true);
	}
	if (!error && load->failed)
		error = -EBADMSG;
	return error;
}

/* The value of the highest layer that gives one. */
static void choose(int *value, int admin, int user, int vendor)
{
	const int given = admin >= 0 ? admin : user >= 0 ? user : vendor;

	if (given >= 0)
		*value = given;
}

static struct policy_settings merge_settings(const struct load *load)
{
	const struct file_settings *const admin = &load->settings[LAYER_ADMIN];
	const struct file_settings *const user = &load->settings[LAYER_USER];
	const struct file_settings *const vendor =
		&load->settings[LAYER_VENDOR];
	struct policy_settings settings = POLICY_SETTINGS_DEFAULT;
	int no_agent = settings.no_agent;

	choose(&settings.timeout, admin->timeout, user->timeout,
	       vendor->timeout);
	choose(&no_agent, admin->no_agent, user->no_agent, vendor->no_agent);
	choose(&settings.max_questions, admin->max_questions,
	       user->max_questions, vendor->max_questions);
	choose(&settings.max_rate, admin->max_rate, user->max_rate,
	       vendor->max_rate);
	settings.no_agent = no_agent;
	return settings;
}

int policy_load(const char *app, const struct policy_options *options,
		struct policy *ret, struct file_errors *errors)
{
	_cleanup_free_ char *app_file = NULL;
	struct load load = {
		.options = options,
		.errors = errors,
		.settings = {FILE_SETTINGS_NONE, FILE_SETTINGS_NONE,
			     FILE_SETTINGS_NONE},
	};
	int error;

	error = app_file_name(app, "", &app_file);
	if (error)
		return error;
	load.app_file = app_file;
	error = load_all(&load);
	resolve_forget(&load.memo);
	if (error) {
		rules_finish(&load.rules);
		return error;
	}
	ret->rules = load.rules;
	ret->settings = merge_settings(&load);
	return 0;
}

/* Computed once: borrowed for as long as the process lives. */
static const char *user_dir(void)
{
	static char *directory;
	_cleanup_free_ char *config = NULL;

	if (directory || expand_variable("XDG_CONFIG_HOME", EXPAND_ENVIRONMENT,
					 NULL, &config) < 0)
		return directory;
	if (asprintf(&directory, "%s/landlord", config) < 0)
		directory = NULL;
	return directory;
}

static const char *default_grants_dir(void)
{
	static char *directory;

	if (!directory && grants_directory(&directory) < 0)
		directory = NULL;
	return directory;
}

static const char *default_runtime_dir(void)
{
	static char *directory;

	if (!directory)
		directory = directory_runtime();
	return directory;
}

void policy_options_default(struct policy_options *ret)
{
	const char *const vendor = getenv("LANDLORD_VENDOR_DIR");

	*ret = (struct policy_options){
		.vendor_dir = vendor && vendor[0] == '/' ? vendor
							 : LANDLORD_VENDOR_DIR,
		.admin_dir = LANDLORD_ADMIN_DIR,
		.user_dir = user_dir(),
		.grants_dir = default_grants_dir(),
		.runtime_dir = default_runtime_dir(),
		.admin_uid = 0,
	};
}
