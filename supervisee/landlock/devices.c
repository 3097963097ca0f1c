/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where device nodes may be: see devices.h. */
#include "landlock/devices.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"

struct device_mount {
	char *path;
	bool without; /* device nodes */
};

struct devices {
	struct device_mount *mounts; /* later ones may cover earlier ones */
	size_t count;
};

/* What the kernel shows there is all that there is. */
static bool has_none(const char *type)
{
	static const char *const types[] = {
		"proc",	   "sysfs",   "cgroup",	    "cgroup2",
		"debugfs", "tracefs", "securityfs", "configfs",
	};

	for (size_t i = 0; i < ARRAY_SIZE(types); i++)
		if (strcmp(type, types[i]) == 0)
			return true;
	return false;
}

static bool is_octal(char byte)
{
	return byte >= '0' && byte <= '7';
}

/* Blanks and their like are written as three octal digits. */
static void unescape(char *text)
{
	char *to = text;

	for (const char *at = text; *at; to++) {
		/* Each looks only where the one before has found something. */
		if (at[0] == '\\' && is_octal(at[1]) && is_octal(at[2]) &&
		    is_octal(at[3])) {
			*to = (char)((at[1] - '0') << 6 | (at[2] - '0') << 3 |
				     (at[3] - '0'));
			at += 4;
		} else {
			*to = *at++;
		}
	}
	*to = '\0';
}

/* Whether one of the options, separated by commas, is "nodev". */
static bool is_nodev(const char *options)
{
	while (options) {
		const size_t length = strcspn(options, ",");

		if (length == strlen("nodev") &&
		    strncmp(options, "nodev", length) == 0)
			return true;
		options = options[length] ? options + length + 1 : NULL;
	}
	return false;
}

static int add_mount(struct devices *devices, const char *line)
{
	_cleanup_free_ char *path = NULL, *options = NULL, *type = NULL;
	const char *separator = strstr(line, " - ");
	struct device_mount *mounts;

	if (!separator || sscanf(separator, " - %ms", &type) != 1 ||
	    sscanf(line, "%*s %*s %*s %*s %ms %ms", &path, &options) != 2)
		return -EPROTO;
	mounts = reallocarray(devices->mounts, devices->count + 1,
			      sizeof(*mounts));
	if (!mounts)
		return -ENOMEM;
	devices->mounts = mounts;
	unescape(path);
	mounts[devices->count++] = (struct device_mount){
		.path = path,
		.without = is_nodev(options) || has_none(type),
	};
	path = NULL;
	return 0;
}

int devices_read(struct devices **ret, FILE *table)
{
	struct devices *devices = calloc(1, sizeof(*devices));
	_cleanup_free_ char *line = NULL;
	size_t room = 0;
	int error = devices ? 0 : -ENOMEM;

	while (!error && getline(&line, &room, table) > 0)
		error = add_mount(devices, line);
	if (!error && ferror(table))
		error = -EIO;
	if (error)
		devices_free(devices);
	else
		*ret = devices;
	return error;
}

int devices_new(struct devices **ret)
{
	FILE *table = fopen("/proc/self/mountinfo", "re");
	int error;

	if (!table)
		return -errno;
	error = devices_read(ret, table);
	fclose(table);
	return error;
}

struct devices *devices_free(struct devices *devices)
{
	if (!devices)
		return NULL;
	for (size_t i = 0; i < devices->count; i++)
		free(devices->mounts[i].path);
	free(devices->mounts);
	free(devices);
	return NULL;
}

/* Whether a path is another one, or lies beneath it. */
static bool is_within(const char *path, const char *above)
{
	const size_t length = strlen(above);

	if (strcmp(above, "/") == 0)
		return true;
	return strncmp(path, above, length) == 0 &&
	       (path[length] == '/' || path[length] == '\0');
}

bool devices_possible(const struct devices *devices, const char *path)
{
	const struct device_mount *holds = NULL;

	for (size_t i = 0; i < devices->count; i++) {
		const struct device_mount *mount = &devices->mounts[i];

		if (is_within(path, mount->path)) {
			if (!holds ||
			    strlen(mount->path) >= strlen(holds->path))
				holds = mount;
		} else if (!mount->without && is_within(mount->path, path)) {
			return true;
		}
	}
	return !holds || !holds->without;
}
