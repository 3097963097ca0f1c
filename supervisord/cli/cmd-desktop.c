/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * landlord desktop: programs that start supervised from their icon.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "cli/arguments.h"
#include "cli/desktop_entry.h"
#include "cli/manager_program.h"
#include "policy/expand.h"
#include "policy/policy.h"

#define SUFFIX ".desktop"
#define SYSTEM_DIRS "/usr/local/share:/usr/share"

/* An app, and the files that are about it. */
struct desktop_app {
	char *id;	/* without the suffix */
	char *original; /* NULL: not found */
	char *copy, *service;
};

static void entry_finish(struct desktop_app *entry)
{
	free(entry->id);
	free(entry->original);
	free(entry->copy);
	free(entry->service);
}

/* --- Where entries are ------------------------------------------- */

/* The first in the system's directories. NULL: there is none. */
static char *find_original(const char *id)
{
	const char *const dirs = getenv("XDG_DATA_DIRS");
	_cleanup_free_ char *copy =
		strdup(dirs && dirs[0] ? dirs : SYSTEM_DIRS);
	char *rest = copy, *dir, *path;

	while (copy && (dir = strsep(&rest, ":"))) {
		if (dir[0] != '/')
			continue;
		if (asprintf(&path, "%s/applications/%s" SUFFIX, dir, id) < 0)
			return NULL;
		if (access(path, R_OK) == 0)
			return path;
		free(path);
	}
	return NULL;
}

/* @what: ID, ID.desktop, or the path of an entry. Returns: 0 or -errno. */
static int entry_init(struct desktop_app *ret, const char *what)
{
	_cleanup_free_ char *data = NULL;
	const char *const slash = strrchr(what, '/');
	const char *const name = slash ? slash + 1 : what;
	const size_t length = strlen(name), suffix = strlen(SUFFIX);
	int error = expand_variable("XDG_DATA_HOME", EXPAND_ENVIRONMENT, NULL,
				    &data);

	*ret = (struct desktop_app){0};
	if (error)
		return error;
	ret->id = length > suffix && strcmp(name + length - suffix, SUFFIX) == 0
			  ? strndup(name, length - suffix)
			  : strdup(name);
	if (!ret->id)
		return -ENOMEM;
	if (!ret->id[0])
		return -EINVAL;
	ret->original = slash ? realpath(what, NULL) : find_original(ret->id);
	if (asprintf(&ret->copy, "%s/applications/%s" SUFFIX, data, ret->id) <
		    0 ||
	    asprintf(&ret->service, "%s/dbus-1/services/%s.service", data,
		     ret->id) < 0)
		return -ENOMEM;
	return 0;
}

/* Whether a file of the user's is one that this command has made. */
static bool is_ours(const char *path)
{
	_cleanup_free_ char *source = entry_source(path);

	return source != NULL;
}

/* --- What is written --------------------------------------------- */

/* The sets of rules that a program of this session needs. */
static const char *const *sets(void)
{
	static const char *const wayland[] = {"desktop", "wayland", "nobus",
					      NULL};
	static const char *const x11[] = {"desktop", "x11", "nobus", NULL};
	const char *const display = getenv("WAYLAND_DISPLAY");

	return display && display[0] ? wayland : x11;
}

/* "landlord run --agent bus --policy FILE ... -- ". Or NULL. */
static char *make_prefix(void)
{
	struct policy_options options;
	char program[PATH_MAX] = "landlord";
	char *text = NULL;
	size_t size = 0;
	FILE *const out = open_memstream(&text, &size);
	const ssize_t length =
		readlink("/proc/self/exe", program, sizeof(program) - 1);

	if (!out)
		return NULL;
	if (length > 0)
		program[length] = '\0';
	policy_options_default(&options);
	fprintf(out, "%s run --agent bus", program);
	for (const char *const *set = sets(); *set; set++)
		fprintf(out, " --policy %s/sets/%s.ini", options.vendor_dir,
			*set);
	fprintf(out, " -- ");
	return text_finish(out, &text);
}

static int make_directories(const char *path)
{
	_cleanup_free_ char *copy = strdup(path);
	char *slash;

	if (!copy)
		return -ENOMEM;
	for (slash = strchr(copy + 1, '/'); slash;
	     slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdir(copy, 0777) < 0 && errno != EEXIST)
			return -errno;
		*slash = '/';
	}
	return 0;
}

/* Replaces a file, as a whole or not at all. */
static int write_file(const char *path, const char *text)
{
	_cleanup_free_ char *temporary = NULL;
	FILE *file;
	int error = make_directories(path);

	if (error)
		return error;
	if (asprintf(&temporary, "%s.new", path) < 0) {
		temporary = NULL;
		return -ENOMEM;
	}
	file = fopen(temporary, "we");
	if (!file)
		return -errno;
	if (fputs(text, file) < 0 || fflush(file) != 0 ||
	    fsync(fileno(file)) < 0)
		error = -EIO;
	if (fclose(file) != 0)
		error = -EIO;
	if (!error && rename(temporary, path) < 0)
		error = -errno;
	if (error)
		unlink(temporary);
	return error;
}

/* Who asks the session bus for the app starts it supervised, too. */
static int write_service(const struct desktop_app *entry, const char *prefix,
			 const char *exec)
{
	_cleanup_free_ char *command = entry_without_codes(exec);
	_cleanup_free_ char *text = NULL;

	if (!command ||
	    asprintf(&text,
		     "[D-BUS Service]\n" ENTRY_SOURCE "=%s\nName=%s\n"
		     "Exec=%s%s\n",
		     entry->original, entry->id, prefix, command) < 0) {
		text = NULL;
		return -ENOMEM;
	}
	return write_file(entry->service, text);
}

static int copy_entry(const struct desktop_app *entry, const char *prefix,
		      char **ret_text, char **ret_exec, bool *ret_activatable)
{
	FILE *const from = fopen(entry->original, "re");
	size_t size = 0;
	FILE *to;
	int error;

	*ret_text = NULL;
	if (!from)
		return -errno;
	to = open_memstream(ret_text, &size);
	error = to ? entry_copy(from, to, prefix, entry->original, ret_exec,
				ret_activatable)
		   : -ENOMEM;
	if (to && !text_finish(to, ret_text) && !error)
		error = -ENOMEM;
	fclose(from);
	return error;
}

static int enable(const struct desktop_app *entry)
{
	_cleanup_free_ char *prefix = make_prefix(), *text = NULL, *exec = NULL;
	bool activatable = false;
	int error;

	if (!prefix)
		return -ENOMEM;
	if (!entry->original)
		return -ENOENT;
	/* What the user has made is his. */
	if (access(entry->copy, F_OK) == 0 && !is_ours(entry->copy))
		return -EEXIST;
	error = copy_entry(entry, prefix, &text, &exec, &activatable);
	if (!error && activatable && access(entry->service, F_OK) == 0 &&
	    !is_ours(entry->service))
		error = -EEXIST;
	if (!error && activatable)
		error = write_service(entry, prefix, exec);
	return error ? error : write_file(entry->copy, text);
}

static int disable(const struct desktop_app *entry)
{
	if (access(entry->copy, F_OK) < 0)
		return -ENOENT;
	if (!is_ours(entry->copy))
		return -EEXIST;
	if (is_ours(entry->service) && unlink(entry->service) < 0)
		return -errno;
	return unlink(entry->copy) < 0 ? -errno : 0;
}

/* --- What there is ----------------------------------------------- */

/* Whether an entry says what would be written for it now. */
static bool is_current(const struct desktop_app *entry)
{
	_cleanup_free_ char *prefix = make_prefix(), *text = NULL, *exec = NULL;
	_cleanup_free_ char *is = NULL;
	FILE *const file = fopen(entry->copy, "re");
	bool activatable, same = false;
	size_t size = 0;

	if (!file)
		return false;
	if (prefix &&
	    copy_entry(entry, prefix, &text, &exec, &activatable) == 0 &&
	    (getdelim(&is, &size, '\0', file) >= 0))
		same = strcmp(is, text) == 0;
	fclose(file);
	return same;
}

static const char *state_of(const struct desktop_app *entry)
{
	if (!entry->original)
		return "the original is gone";
	return is_current(entry) ? "supervised"
				 : "out of date; enable it again";
}

static int print_state(const char *path)
{
	_cleanup_free_ char *source = entry_source(path);
	struct desktop_app entry;
	int error;

	if (!source)
		return 0;
	error = entry_init(&entry, path);
	if (!error) {
		free(entry.original);
		entry.original =
			access(source, R_OK) == 0 ? strdup(source) : NULL;
		printf("%-32s %s\n", entry.id, state_of(&entry));
	}
	entry_finish(&entry);
	return error;
}

static int status(void)
{
	_cleanup_free_ char *data = NULL, *directory = NULL;
	struct dirent **names;
	int count, error = expand_variable("XDG_DATA_HOME", EXPAND_ENVIRONMENT,
					   NULL, &data);

	if (!error && asprintf(&directory, "%s/applications", data) < 0) {
		directory = NULL;
		error = -ENOMEM;
	}
	if (error)
		return error;
	count = scandir(directory, &names, NULL, alphasort);
	if (count < 0)
		return errno == ENOENT ? 0 : -errno;
	for (int i = 0; i < count; i++) {
		_cleanup_free_ char *path = NULL;

		if (asprintf(&path, "%s/%s", directory, names[i]->d_name) < 0)
			path = NULL;
		if (path && names[i]->d_name[0] != '.')
			print_state(path);
		free(names[i]);
	}
	free(names);
	return 0;
}

/* --- The command ------------------------------------------------- */

static int fail(int error, const char *what)
{
	_cleanup_free_ char *sentence = NULL;
	const char *why = strerror(-error);

	switch (error) {
	case -ENOENT:
		why = "there is no such entry";
		break;
	case -EEXIST:
		why = "the entry in your own directory is not of this command";
		break;
	case -EBUSY:
		why = "this is a copy that this command has made";
		break;
	case -ENODATA:
		why = "the entry starts no command";
		break;
	}
	if (asprintf(&sentence, "%s: %s", what, why) < 0)
		sentence = NULL;
	return cli_fail(&verb_desktop, error, sentence ? sentence : why);
}

static int change(const char *what, const char *name)
{
	struct desktop_app entry;
	int error = entry_init(&entry, name);

	if (!error)
		error = strcmp(what, "enable") == 0 ? enable(&entry)
						    : disable(&entry);
	entry_finish(&entry);
	return error ? fail(error, name) : 0;
}

static int run(int argc, char *argv[])
{
	struct arguments arguments;
	const char *what;
	int error;

	if (!arguments_parse(&verb_desktop, argc, argv, 0, 1, 2, &arguments,
			     &error))
		return error;
	what = arguments.operands[0];
	if (strcmp(what, "status") == 0 && arguments.count == 1) {
		error = status();
		return error ? cli_fail(&verb_desktop, error, NULL) : 0;
	}
	if (strcmp(what, "manager") == 0) {
		error = manager_program_execute(arguments.operands[1]);
		return cli_fail(&verb_desktop, error,
				error == -ENOENT
					? "the desktop agent is not installed"
					: NULL);
	}
	if (arguments.count == 2 &&
	    (strcmp(what, "enable") == 0 || strcmp(what, "disable") == 0))
		return change(what, arguments.operands[1]);
	return arguments_expected(&verb_desktop,
				  "enable ID, disable ID, status or "
				  "manager");
}

const struct verb verb_desktop = {
	.name = "desktop",
	.arguments = "enable ID | disable ID | status | manager [APP]",
	.summary = "Start programs supervised from their icon",
	.details =
		"  ID       of a desktop entry, such as org.gnome.Evince, or "
		"its "
		"path\n\n"
		"  enable   makes a copy of the entry in your own directory, "
		"which\n"
		"           starts the program supervised; the original stays "
		"as "
		"it is\n"
		"  disable  removes that copy\n"
		"  status   which entries there are such copies of\n"
		"  manager  opens a window with all programs and their rules\n",
	.run = run,
};
