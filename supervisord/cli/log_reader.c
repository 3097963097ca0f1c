/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads the record.
 */
#include "cli/log_reader.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "supervision/audit_log.h"

#define FOLLOW_MS 200
#define LINE_BYTES (1024 * 1024) /* no event is as long */

/*
 * Reads a line of any length into @text, without its newline.
 * Returns: whether it has ended; the end of the file may still be written.
 */
static bool read_line(FILE *file, char text[LINE_BYTES], bool *ret_whole)
{
	size_t length = 0;
	int byte;

	*ret_whole = true;
	while ((byte = getc_unlocked(file)) != EOF && byte != '\n') {
		if (length < LINE_BYTES - 1)
			text[length++] = (char)byte;
		else
			*ret_whole = false;
	}
	text[length] = '\0';
	return byte == '\n';
}

/* What is longer than any event, or none, is left out. */
static void read_lines(FILE *file, log_line_fn callback, void *userdata)
{
	_cleanup_free_ char *text = malloc(LINE_BYTES);
	off_t start = ftello(file);
	bool whole;

	while (text && read_line(file, text, &whole)) {
		json_t *object = whole ? json_loads(text, 0, NULL) : NULL;

		start = ftello(file);
		if (object)
			callback(userdata, object, text);
		json_decref(object);
	}
	fseeko(file, start, SEEK_SET);
	clearerr(file);
}

/* Returns: the file, or NULL with errno. */
static FILE *open_file(const char *path)
{
	const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat status;
	FILE *file;

	if (fd < 0)
		return NULL;
	if (fstat(fd, &status) < 0 || !S_ISREG(status.st_mode)) {
		close(fd);
		errno = EINVAL;
		return NULL;
	}
	file = fdopen(fd, "r");
	if (!file)
		close(fd);
	return file;
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
		*file = open_file(path);
	}
}

int log_read(bool follow, log_line_fn callback, void *userdata)
{
	_cleanup_free_ char *path = audit_log_path(), *old = NULL;
	FILE *file;

	if (!path || asprintf(&old, "%s.1", path) < 0)
		return -ENOENT;
	file = open_file(old);
	if (file) {
		read_lines(file, callback, userdata);
		fclose(file);
	}
	file = open_file(path);
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
