/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Variables of programs: see program_variables.h. */
#include "policy/program_variables.h"

#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "core/object.h"
#include "policy/project.h"

/* An absolute path in the environment, or NULL. */
static const char *path_in(const char *name)
{
	const char *const value = getenv(name);

	return value && value[0] == '/' ? value : NULL;
}

static int format(char **ret, const char *first, const char *second)
{
	if (asprintf(ret, "%s%s", first, second) < 0) {
		*ret = NULL;
		return -ENOMEM;
	}
	return 0;
}

static int find_pwd(char **ret)
{
	*ret = getcwd(NULL, 0);
	return *ret ? 0 : errno == ENOMEM ? -ENOMEM : -ENOENT;
}

static const char *home(void)
{
	const struct passwd *const entry =
		path_in("HOME") ? NULL : getpwuid(getuid());

	return entry ? entry->pw_dir : path_in("HOME");
}

/* Somebody in the home directory itself works at no project. */
static int find_project(char **ret)
{
	const char *const place = home();
	_cleanup_free_ char *canonical = place ? realpath(place, NULL) : NULL;
	char *project = project_of(".");
	const int error = project ? 0 : find_pwd(&project);

	if (error)
		return error;
	if (!canonical || path_is_beneath(canonical, project)) {
		free(project);
		return -ENOENT;
	}
	*ret = project;
	return 0;
}

static int find_tmpdir(char **ret)
{
	return text_copy(ret, path_in("TMPDIR") ?: "/tmp");
}

/* ":0", ":0.1" and "unix:0" are sockets, "host:0" is none. */
static int find_display(char **ret)
{
	const char *display = getenv("DISPLAY");
	char number[16];
	size_t digits;

	if (display && strncmp(display, "unix:", 5) == 0)
		display += 4;
	if (!display || *display != ':')
		return -ENOENT;
	digits = strspn(++display, "0123456789");
	if (!digits || digits >= sizeof(number) ||
	    (display[digits] && display[digits] != '.'))
		return -ENOENT;
	snprintf(number, sizeof(number), "%.*s", (int)digits, display);
	return format(ret, "/tmp/.X11-unix/X", number);
}

/* As libwayland finds it. */
static int find_wayland(char **ret)
{
	const char *const display = getenv("WAYLAND_DISPLAY") ?: "wayland-0";
	const char *const runtime = path_in("XDG_RUNTIME_DIR");
	_cleanup_free_ char *directory = NULL;
	int error;

	if (display[0] == '/')
		return text_copy(ret, display);
	if (!runtime || !*display || strchr(display, '/'))
		return -ENOENT;
	error = format(&directory, runtime, "/");
	return error ? error : format(ret, directory, display);
}

static int find_xauthority(char **ret)
{
	const char *const place = home();

	if (path_in("XAUTHORITY"))
		return text_copy(ret, path_in("XAUTHORITY"));
	return place ? format(ret, place, "/.Xauthority") : -ENOENT;
}

static const struct {
	const char *name;
	bool optional;
	int (*find)(char **ret);
} variables[] = {
	{"PWD", false, find_pwd},
	{"PROJECT", true, find_project},
	{"TMPDIR", false, find_tmpdir},
	{"DISPLAY", true, find_display},
	{"WAYLAND_DISPLAY", true, find_wayland},
	{"XAUTHORITY", true, find_xauthority},
};

static size_t find(const char *name)
{
	size_t i = 0;

	while (i < ARRAY_SIZE(variables) &&
	       strcmp(variables[i].name, name) != 0)
		i++;
	return i;
}

bool program_variable_is_known(const char *name)
{
	return find(name) < ARRAY_SIZE(variables);
}

bool program_variable_is_optional(const char *name)
{
	const size_t i = find(name);

	return i < ARRAY_SIZE(variables) && variables[i].optional;
}

int program_variable_value(const char *name, const char *const *given,
			   char **ret)
{
	const size_t i = find(name), length = strlen(name);

	if (i == ARRAY_SIZE(variables))
		return -ENOENT;
	if (!given)
		return variables[i].find(ret);
	for (; *given; given++)
		if (strncmp(*given, name, length) == 0 &&
		    (*given)[length] == '=' && (*given)[length + 1] == '/')
			return text_copy(ret, *given + length + 1);
	return strcmp(name, "TMPDIR") == 0 ? text_copy(ret, "/tmp") : -ENOENT;
}

int program_variables_collect(char ***ret)
{
	char **all = calloc(ARRAY_SIZE(variables) + 1, sizeof(*all));
	size_t count = 0;
	int error = all ? 0 : -ENOMEM;

	for (size_t i = 0; !error && i < ARRAY_SIZE(variables); i++) {
		_cleanup_free_ char *value = NULL;

		error = variables[i].find(&value);
		if (!error && asprintf(&all[count], "%s=%s", variables[i].name,
				       value) < 0) {
			all[count] = NULL;
			error = -ENOMEM;
		} else if (!error) {
			count++;
		} else if (error == -ENOENT) {
			error = 0;
		}
	}
	if (!error) {
		*ret = all;
		return 0;
	}
	for (size_t i = 0; all && all[i]; i++)
		free(all[i]);
	free(all);
	return error;
}
