/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "policy/expand.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/fd.h"
#include "base/text.h"
#include "core/object.h"
#include "policy/program_variables.h"
#include "policy/system.h"
#include "policy/trust.h"

/* A user-dirs.dirs is some ten lines; more is not one. */
#define USER_DIRS_MAX 16384

static const char expected_path[] =
	"an absolute path, or one that starts with \"~\", $HOME, "
	"$XDG_CONFIG_HOME, $XDG_DATA_HOME, $XDG_CACHE_HOME, $XDG_STATE_HOME, "
	"$XDG_RUNTIME_DIR, $XDG_DOCUMENTS_DIR and its like, $TMPDIR, $PWD, "
	"$PROJECT, $DISPLAY, $WAYLAND_DISPLAY or $XAUTHORITY";

/* Directories beneath the home directory and where they are by default. */
static const struct {
	const char *name;
	const char *beneath_home;
	bool user_dir; /* named in user-dirs.dirs, not in the environment */
} home_variables[] = {
	{"XDG_CONFIG_HOME", ".config", false},
	{"XDG_DATA_HOME", ".local/share", false},
	{"XDG_CACHE_HOME", ".cache", false},
	{"XDG_STATE_HOME", ".local/state", false},
	{"XDG_DESKTOP_DIR", "Desktop", true},
	{"XDG_DOWNLOAD_DIR", "Downloads", true},
	{"XDG_TEMPLATES_DIR", "Templates", true},
	{"XDG_PUBLICSHARE_DIR", "Public", true},
	{"XDG_DOCUMENTS_DIR", "Documents", true},
	{"XDG_MUSIC_DIR", "Music", true},
	{"XDG_PICTURES_DIR", "Pictures", true},
	{"XDG_VIDEOS_DIR", "Videos", true},
};

static int copy_path(const char *path, char **ret)
{
	if (!path || path[0] != '/')
		return -ENOENT;
	return text_copy(ret, path);
}

static int join(const char *directory, const char *rest, char **ret)
{
	if (asprintf(ret, "%s/%s", directory, rest) < 0) {
		*ret = NULL;
		return -ENOMEM;
	}
	return 0;
}

/* What the user's environment says, if it may be listened to. */
static const char *environment(const char *name, enum expand_source source)
{
	const char *const value =
		source == EXPAND_ENVIRONMENT ? getenv(name) : NULL;

	return value && value[0] == '/' ? value : NULL;
}

static int home(enum expand_source source, char **ret)
{
	const char *const value = environment("HOME", source);
	const struct passwd *const entry = value ? NULL : getpwuid(getuid());

	return copy_path(value ? value : entry ? entry->pw_dir : NULL, ret);
}

/* Finds NAME="VALUE" in the text of a user-dirs.dirs. */
static char *find_assignment(char *text, const char *name)
{
	const size_t length = strlen(name);
	char *line;

	while ((line = strsep(&text, "\n"))) {
		char *value = line + length + 2;

		if (strncmp(line, name, length) != 0 ||
		    strncmp(line + length, "=\"", 2) != 0)
			continue;
		value[strcspn(value, "\"")] = '\0';
		return value;
	}
	return NULL;
}

/*
 * Reads what fits.
 * Returns: 0; -ENOENT when there is no such file; -EPERM when it says nothing
 *          that could be believed.
 */
static int read_text(const char *path, char text[static USER_DIRS_MAX])
{
	const struct file_trust trust = {
		.owner = getuid(),
		.other_owner = system_owner(),
		.forbidden = 002,
	};
	_cleanup_fd_ int fd = -1;
	const char *advice;
	struct stat status;
	ssize_t length;

	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0 && errno == ENOENT && lstat(path, &status) < 0)
		return -ENOENT;
	if (fd < 0 || fstat(fd, &status) < 0 || !S_ISREG(status.st_mode) ||
	    trust_problem(&trust, &status, fd, &advice) ||
	    trust_check_way(&trust, path, NULL) < 0)
		return -EPERM;
	length = read(fd, text, USER_DIRS_MAX - 1);
	if (length < 0)
		return -EPERM;
	text[length] = '\0';
	return 0;
}

/*
 * Collapses what means the same directory.
 * Returns: 0, or -EINVAL for ".." (which a symbolic link would send elsewhere).
 */
static int canonicalise(char *path)
{
	char *out = path;

	for (char *in = path; *in;) {
		const size_t length = strcspn(in + 1, "/");

		if (length == 2 && strncmp(in + 1, "..", 2) == 0)
			return -EINVAL;
		if (length > 1 || (length == 1 && in[1] != '.')) {
			memmove(out, in, length + 1);
			out += length + 1;
		}
		in += length + 1;
	}
	if (out == path)
		*out++ = '/';
	*out = '\0';
	return 0;
}

/*
 * Whether a directory is the home directory, or holds it. It is left as it is
 * where that cannot be said: then it is refused later.
 */
static bool holds_home(const char *directory, const char *home_path)
{
	_cleanup_free_ char *inner = strdup(home_path);
	_cleanup_free_ char *outer = strdup(directory);

	return !inner || !outer ||
	       (canonicalise(inner) == 0 && canonicalise(outer) == 0 &&
		path_is_beneath(inner, outer));
}

int expand_user_dirs(char **ret)
{
	_cleanup_free_ char *config = NULL;
	const int error = expand_variable("XDG_CONFIG_HOME", EXPAND_ENVIRONMENT,
					  NULL, &config);

	return error ? error : join(config, "user-dirs.dirs", ret);
}

/*
 * Returns: 0; -ENOENT when the file does not say, or says that the directory is
 * the home directory itself, which means that there is none.
 */
static int user_dir(const char *name, const char *home_path, char **ret)
{
	_cleanup_free_ char *path = NULL, *directory = NULL;
	char text[USER_DIRS_MAX];
	char *value;
	int error;

	error = expand_user_dirs(&path);
	if (!error)
		error = read_text(path, text);
	if (error)
		return error;
	value = find_assignment(text, name);
	if (!value)
		return -ENOENT;
	if (strncmp(value, "$HOME/", 6) == 0)
		error = join(home_path, value + 6, &directory);
	else
		error = copy_path(value, &directory);
	if (error || holds_home(directory, home_path))
		return error ? error : -ENOENT;
	*ret = directory;
	directory = NULL;
	return 0;
}

static int runtime_dir(enum expand_source source, char **ret)
{
	const char *const value = environment("XDG_RUNTIME_DIR", source);

	if (value)
		return copy_path(value, ret);
	if (asprintf(ret, "/run/user/%u", (unsigned int)getuid()) < 0) {
		*ret = NULL;
		return -ENOMEM;
	}
	return 0;
}

int expand_variable(const char *name, enum expand_source source,
		    const char *const *program, char **ret)
{
	_cleanup_free_ char *home_path = NULL;
	int error;

	if (strcmp(name, "HOME") == 0)
		return home(source, ret);
	if (strcmp(name, "XDG_RUNTIME_DIR") == 0)
		return runtime_dir(source, ret);
	if (strcmp(name, "TMPDIR") == 0 && source == EXPAND_SYSTEM)
		return text_copy(ret, "/tmp");
	if (program_variable_is_known(name))
		return program_variable_value(name, program, ret);
	for (size_t i = 0; i < ARRAY_SIZE(home_variables); i++) {
		if (strcmp(home_variables[i].name, name) != 0)
			continue;
		if (!home_variables[i].user_dir && environment(name, source))
			return copy_path(environment(name, source), ret);
		error = home(source, &home_path);
		if (!error && home_variables[i].user_dir &&
		    source == EXPAND_ENVIRONMENT) {
			error = user_dir(name, home_path, ret);
			if (error != -ENOENT)
				return error;
			error = 0;
		}
		if (error)
			return error;
		return join(home_path, home_variables[i].beneath_home, ret);
	}
	return -EINVAL;
}

int expand_default(const char *name, const char *home_path, char **ret)
{
	if (strcmp(name, "HOME") == 0)
		return copy_path(home_path, ret);
	for (size_t i = 0; i < ARRAY_SIZE(home_variables); i++)
		if (strcmp(home_variables[i].name, name) == 0)
			return join(home_path, home_variables[i].beneath_home,
				    ret);
	return -EINVAL;
}

/* Splits a text into the variable at its start and what follows. */
static int expand_start(const char *text, enum expand_source source,
			const char *const *program, char **ret)
{
	const size_t length = strcspn(text, "/");
	_cleanup_free_ char *name = NULL, *value = NULL;
	int error;

	if (text[0] == '/')
		return text_copy(ret, text);
	if (text[0] == '~' && length == 1)
		name = strdup("HOME");
	else if (text[0] == '$')
		name = strndup(text + 1, length - 1);
	else
		return -EINVAL;
	if (!name)
		return -ENOMEM;
	error = expand_variable(name, source, program, &value);
	if (error)
		return error;
	if (asprintf(ret, "%s%s", value, text + length) < 0) {
		*ret = NULL;
		return -ENOMEM;
	}
	return 0;
}

bool expand_is_optional(const char *text)
{
	const size_t length = strcspn(text, "/");
	_cleanup_free_ char *name =
		text[0] == '$' ? strndup(text + 1, length - 1) : NULL;

	return name && program_variable_is_optional(name);
}

int expand_path(const char *text, enum expand_source source,
		const char *const *program, char **ret,
		const char **ret_expected)
{
	_cleanup_free_ char *path = NULL;
	int error;

	*ret_expected = expected_path;
	error = expand_start(text, source, program, &path);
	if (error == -ENOENT)
		*ret_expected = "a variable that has a value here";
	if (error == -EPERM)
		*ret_expected = "a user-dirs.dirs that can be read, belongs to "
				"you and nobody else can write";
	if (error)
		return error;
	error = canonicalise(path);
	if (error) {
		*ret_expected = "a path without \"..\"";
		return error;
	}
	*ret = path;
	path = NULL;
	return 0;
}
