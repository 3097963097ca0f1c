/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads the record.
 */
#include "cli/log_reader.h"

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "supervision/record.h"

#define FOLLOW_MS 200

static void read_lines(FILE *file, log_line_fn callback, void *userdata)
{
	_cleanup_free_ char *line = NULL;
	size_t size = 0;
	long start = ftell(file);
	ssize_t length;

	while ((length = getline(&line, &size, file)) > 0) {
		json_t *object;

		/* The end of it is still being written. */
		if (line[length - 1] != '\n') {
			fseek(file, start, SEEK_SET);
			break;
		}
		start += length;
		line[length - 1] = '\0';
		object = json_loads(line, 0, NULL);
		if (object)
			callback(userdata, object, line);
		json_decref(object);
	}
	clearerr(file);
}

/* Whether the path now names another file. */
static bool replaced(FILE *file, const char *path)
{
	struct stat ours, named;

	return fstat(fileno(file), &ours) < 0 || stat(path, &named) < 0 ||
	       ours.st_ino != named.st_ino;
}

/* Waits a while. Returns: false when nobody reads what is printed any more. */
static bool wait_for_lines(void)
{
	struct pollfd out = {.fd = STDOUT_FILENO};

	fflush(stdout);
	return poll(&out, 1, FOLLOW_MS) <= 0 || !(out.revents & POLLERR);
}

static void follow_lines(const char *path, FILE **file, log_line_fn callback,
			 void *userdata)
{
	while (wait_for_lines()) {
		if (*file)
			read_lines(*file, callback, userdata);
		if (*file && !replaced(*file, path))
			continue;
		if (*file)
			fclose(*file);
		*file = fopen(path, "re");
	}
}

int log_read(bool follow, log_line_fn callback, void *userdata)
{
	_cleanup_free_ char *path = record_path(), *old = NULL;
	FILE *file;

	if (!path || asprintf(&old, "%s.1", path) < 0)
		return -ENOENT;
	file = fopen(old, "re");
	if (file) {
		read_lines(file, callback, userdata);
		fclose(file);
	}
	file = fopen(path, "re");
	if (file)
		read_lines(file, callback, userdata);
	else if (!follow)
		return -errno;
	if (follow)
		follow_lines(path, &file, callback, userdata);
	if (file)
		fclose(file);
	return 0;
}
