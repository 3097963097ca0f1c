/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text files of proc(5): see status.h. */
#include "task/status.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fd.h"

#define LENGTH_MAX (16 * 1024 * 1024) /* 65,536 groups are far below it */

/* Makes room for as much again. */
static int grow(struct status *status, size_t *room)
{
	char *text = status->text == status->room ? NULL : status->text;

	if (*room >= LENGTH_MAX)
		return -E2BIG;
	text = realloc(text, *room * 2);
	if (!text)
		return -ENOMEM;
	if (status->text == status->room)
		memcpy(text, status->room, status->length);
	status->text = text;
	*room *= 2;
	return 0;
}

int status_read_fd(struct status *ret, int fd)
{
	size_t room = sizeof(ret->room);
	ssize_t length;
	int error = 0;

	ret->text = ret->room;
	ret->length = 0;
	/* Less than there is room for is the end: no second look for it. */
	do {
		const size_t wanted = room - ret->length - 1;

		length = pread(fd, ret->text + ret->length, wanted,
			       (off_t)ret->length);
		if (length < 0) {
			error = -errno;
			break;
		}
		ret->length += (size_t)length;
		if ((size_t)length < wanted)
			break;
		error = grow(ret, &room);
	} while (!error);
	ret->text[ret->length] = '\0';
	if (error)
		status_finish(ret);
	return error;
}

int status_read_file(struct status *ret, const char *path)
{
	_cleanup_fd_ int fd = open(path, O_RDONLY | O_CLOEXEC);

	ret->text = ret->room;
	ret->length = 0;
	ret->room[0] = '\0';
	if (fd < 0)
		return errno == ENOENT ? -ESRCH : -errno;
	return status_read_fd(ret, fd);
}

int status_read(struct status *ret, pid_t tid)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/status", (int)tid);
	return status_read_file(ret, path);
}

void status_finish(struct status *status)
{
	if (status->text != status->room)
		free(status->text);
	status->text = NULL;
}

const char *status_field(const char *text, const char *name, size_t *ret_length)
{
	const size_t length = strlen(name);
	const char *at, *end;

	for (const char *line = text; line; line = strchr(line, '\n')) {
		if (*line == '\n')
			line++;
		if (strncmp(line, name, length) || line[length] != ':')
			continue;
		at = line + length + 1;
		at += strspn(at, " \t");
		end = at + strcspn(at, "\n");
		while (end > at && (end[-1] == ' ' || end[-1] == '\t'))
			end--;
		if (ret_length)
			*ret_length = (size_t)(end - at);
		return at;
	}
	return NULL;
}

static int64_t parse_number(const char *at)
{
	char *end;
	long long value;

	/* Neither a sign nor blanks. */
	if (*at < '0' || *at > '9')
		return -EPROTO;
	errno = 0;
	value = strtoll(at, &end, 10);
	return errno ? -EPROTO : (int64_t)value;
}

int64_t status_number(const char *text, const char *name)
{
	const char *at = status_field(text, name, NULL);

	return at ? parse_number(at) : -EPROTO;
}

int64_t status_last_number(const char *text, const char *name)
{
	size_t length;
	const char *field = status_field(text, name, &length);
	const char *at;

	if (!field)
		return -EPROTO;
	at = field + length;
	while (at > field && at[-1] != ' ' && at[-1] != '\t')
		at--;
	return parse_number(at);
}

int status_octal(const char *text, const char *name, uint64_t *ret)
{
	const char *at = status_field(text, name, NULL);

	if (!at || *at < '0' || *at > '7')
		return -EPROTO;
	errno = 0;
	*ret = strtoull(at, NULL, 8);
	return errno ? -EPROTO : 0;
}

int status_parse_stat(const char *text, size_t length, struct status_stat *ret)
{
	const char *end = memrchr(text, ')', length);
	struct status_stat stat;

	/* Field 22 of proc_pid_stat(5); the first one here is number 3. */
	if (!end || sscanf(end + 1,
			   " %c %d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u"
			   " %*d %*d %*d %*d %*d %*d %" SCNu64,
			   &stat.state, &stat.parent, &stat.start) != 3)
		return -EPROTO;
	*ret = stat;
	return 0;
}
