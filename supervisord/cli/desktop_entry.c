/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Desktop entries that stand in for those of packages.
 */
#include "cli/desktop_entry.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"

#define MAIN_GROUP "[Desktop Entry]"

/* The value of "KEY=value", or NULL; spaces around the "=" do not count. */
static const char *value_of(const char *line, const char *key)
{
	const size_t length = strlen(key);

	if (strncmp(line, key, length) != 0)
		return NULL;
	line += length;
	line += strspn(line, " \t");
	if (*line != '=')
		return NULL;
	line++;
	return line + strspn(line, " \t");
}

struct copying {
	const char *prefix, *source;
	bool in_main, had_main;
	char *exec; /* of the main group */
	bool activatable;
};

static int start_group(struct copying *copying, const char *line, FILE *to)
{
	copying->in_main = strcmp(line, MAIN_GROUP) == 0;
	fprintf(to, "%s\n", line);
	if (!copying->in_main || copying->had_main)
		return 0;
	copying->had_main = true;
	fprintf(to, ENTRY_SOURCE "=%s\n", copying->source);
	return 0;
}

static int copy_line(struct copying *copying, const char *line, FILE *to)
{
	const char *value;

	if (line[0] == '[')
		return start_group(copying, line, to);
	if (value_of(line, ENTRY_SOURCE))
		return -EBUSY;
	value = value_of(line, "Exec");
	if (value) {
		fprintf(to, "Exec=%s%s\n", copying->prefix, value);
		if (!copying->in_main || copying->exec)
			return 0;
		copying->exec = strdup(value);
		return copying->exec ? 0 : -ENOMEM;
	}
	value = value_of(line, "DBusActivatable");
	if (value) {
		/* Else the command would not be used at all. */
		copying->activatable |= strcmp(value, "true") == 0;
		fprintf(to, "DBusActivatable=false\n");
		return 0;
	}
	fprintf(to, "%s\n", line);
	return 0;
}

int entry_copy(FILE *from, FILE *to, const char *prefix, const char *source,
	       char **ret_exec, bool *ret_activatable)
{
	struct copying copying = {.prefix = prefix, .source = source};
	_cleanup_free_ char *line = NULL;
	size_t size = 0;
	ssize_t length;
	int error = 0;

	while (!error && (length = getline(&line, &size, from)) >= 0) {
		line[strcspn(line, "\r\n")] = '\0';
		error = copy_line(&copying, line, to);
	}
	if (!error && (ferror(from) || ferror(to)))
		error = -EIO;
	if (!error && !copying.exec)
		error = -ENODATA;
	if (error) {
		free(copying.exec);
		return error;
	}
	*ret_exec = copying.exec;
	*ret_activatable = copying.activatable;
	return 0;
}

char *entry_source(const char *path)
{
	FILE *const file = fopen(path, "re");
	_cleanup_free_ char *line = NULL;
	const char *value = NULL;
	char *source = NULL;
	size_t size = 0;

	if (!file)
		return NULL;
	while (!value && getline(&line, &size, file) >= 0) {
		line[strcspn(line, "\r\n")] = '\0';
		value = value_of(line, ENTRY_SOURCE);
	}
	if (value)
		source = strdup(value);
	fclose(file);
	return source;
}

char *entry_without_codes(const char *exec)
{
	char *const command = strdup(exec), *to = command;

	if (!command)
		return NULL;
	for (const char *from = exec; *from; from++) {
		if (*from != '%' || !from[1]) {
			*to++ = *from;
			continue;
		}
		from++;
		if (*from == '%')
			*to++ = '%';
	}
	while (to > command && to[-1] == ' ')
		to--;
	*to = '\0';
	return command;
}
