/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "trace/reader.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "trace/codec.h"
#include "trace/log_lines.h"

struct trace_reader {
	char *const *files; /* those that are still to be read */
	bool nothing_named; /* so it is standard input, once */
	trace_damage_fn damage;
	void *userdata;
	struct trace_counts counts;
	struct trace_place place;
	int fd;
	bool ended;    /* nothing more can be read of this file */
	bool too_long; /* the line that is being read */
	struct log_lines log;
	struct trace_entry made[LOG_LINES_ENTRIES]; /* of one line of a log */
	size_t made_count, made_next;
	size_t begin, end; /* what has been read and not looked at */
	char bytes[2 * TRACE_LINE_MAX];
};

int trace_reader_new(struct trace_reader **ret, char *const *files,
		     trace_damage_fn damage, void *userdata)
{
	struct trace_reader *reader = malloc(sizeof(*reader));

	if (!reader)
		return -ENOMEM;
	memset(reader, 0, offsetof(struct trace_reader, bytes));
	reader->files = files;
	reader->nothing_named = !files[0];
	reader->damage = damage;
	reader->userdata = userdata;
	reader->fd = -1;
	*ret = reader;
	return 0;
}

struct trace_reader *trace_reader_free(struct trace_reader *reader)
{
	if (!reader)
		return NULL;
	fd_close(reader->fd);
	while (reader->made_next < reader->made_count)
		trace_entry_finish(&reader->made[reader->made_next++]);
	free(reader);
	return NULL;
}

struct trace_counts trace_reader_counts(const struct trace_reader *reader)
{
	struct trace_counts counts = reader->counts;

	counts.untold = reader->log.untold;
	return counts;
}

/* A log is of the user whose file it is, and of none that is known if it comes
 * through a pipe. */
static void begin_log(struct trace_reader *reader)
{
	struct stat status;

	reader->log.uid = getuid();
	if (fstat(reader->fd, &status) == 0 && S_ISREG(status.st_mode))
		reader->log.uid = status.st_uid;
	reader->log.home = reader->log.uid == getuid() ? getenv("HOME") : NULL;
}

/* Returns: 1, 0 when there is no other file, or a negative errno. */
static int open_next(struct trace_reader *reader)
{
	const char *name = reader->nothing_named ? "-" : reader->files[0];

	if (!name)
		return 0;
	if (reader->nothing_named)
		reader->nothing_named = false;
	else
		reader->files++;
	reader->place = (struct trace_place){.file = name};
	reader->begin = reader->end = 0;
	reader->ended = reader->too_long = false;
	if (strcmp(name, "-") == 0)
		reader->fd = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3);
	else
		reader->fd = open(name, O_RDONLY | O_CLOEXEC);
	if (reader->fd < 0)
		return -errno;
	begin_log(reader);
	return 1;
}

/*
 * Reads more behind what is there. Of a line that is longer than any, only the
 * end is waited for. Returns: 0, or a negative errno.
 */
static int fill(struct trace_reader *reader)
{
	const size_t kept = reader->end - reader->begin;
	ssize_t got;

	if (kept >= TRACE_LINE_MAX) {
		reader->too_long = true;
		reader->begin = reader->end = 0;
	} else if (reader->begin > 0) {
		memmove(reader->bytes, reader->bytes + reader->begin, kept);
		reader->begin = 0;
		reader->end = kept;
	}
	do {
		got = read(reader->fd, reader->bytes + reader->end,
			   sizeof(reader->bytes) - reader->end);
	} while (got < 0 && errno == EINTR);
	if (got < 0)
		return -errno;
	reader->ended = got == 0;
	reader->end += (size_t)got;
	return 0;
}

/* A line, in the buffer until the next one is asked for. */
struct raw_line {
	const char *bytes;
	size_t length;
	bool whole; /* it has its line feed */
};

/* Returns: 1, 0 at the end of the file, or a negative errno. */
static int next_line(struct trace_reader *reader, struct raw_line *ret)
{
	size_t looked = 0;
	int error;

	for (;;) {
		char *from = reader->bytes + reader->begin;
		const size_t length = reader->end - reader->begin;
		char *feed = memchr(from + looked, '\n', length - looked);

		if (feed || (reader->ended && length > 0)) {
			ret->bytes = from;
			ret->length = feed ? (size_t)(feed - from) : length;
			ret->whole = feed;
			reader->begin += ret->length + (feed ? 1 : 0);
			reader->place.line++;
			return 1;
		}
		if (reader->ended)
			return 0;
		looked = length;
		error = fill(reader);
		if (error)
			return error;
		if (reader->begin == reader->end || reader->too_long)
			looked = 0;
	}
}

static void tell_damage(struct trace_reader *reader, const char *problem)
{
	reader->counts.damaged++;
	if (reader->damage)
		reader->damage(reader->userdata, &reader->place, problem);
}

static bool is_blank(const struct raw_line *line)
{
	for (size_t i = 0; i < line->length; i++)
		if (!strchr(" \t\r", line->bytes[i]) || !line->bytes[i])
			return false;
	return true;
}

/* Returns: whether there is an entry that was made of a line of a log. */
static bool take_made(struct trace_reader *reader, struct trace_entry *ret)
{
	if (reader->made_next == reader->made_count)
		return false;
	*ret = reader->made[reader->made_next++];
	return true;
}

/* Makes entries of a line of a log. Returns: as trace_decode(). */
static int take_logged(struct trace_reader *reader, const struct raw_line *line,
		       const char **ret_problem)
{
	const int error =
		log_lines_take(&reader->log, line->bytes, line->length,
			       reader->made, &reader->made_count, ret_problem);

	reader->made_next = 0;
	reader->counts.logged += !error;
	return error;
}

/* Returns: whether the line is an entry. */
static bool take_line(struct trace_reader *reader, const struct raw_line *line,
		      struct trace_entry *ret)
{
	const char *problem = "the line is too long";
	const bool too_long = reader->too_long;
	int error = -EINVAL;

	reader->too_long = false;
	if (!too_long && is_blank(line))
		return false;
	reader->counts.lines++;
	if (!too_long && log_lines_match(line->bytes, line->length)) {
		error = take_logged(reader, line, &problem);
		if (!error)
			return take_made(reader, ret);
	} else if (!too_long) {
		error = trace_decode(line->bytes, line->length, ret, &problem);
		if (!error)
			return true;
	}
	if (line->whole)
		tell_damage(reader, problem);
	else
		reader->counts.torn++;
	return false;
}

int trace_reader_next(struct trace_reader *reader, struct trace_entry *ret,
		      struct trace_place *ret_place)
{
	struct raw_line line = {0};
	int result;

	if (take_made(reader, ret)) {
		*ret_place = reader->place;
		return 1;
	}
	for (;;) {
		if (reader->fd < 0)
			result = open_next(reader);
		else
			result = next_line(reader, &line);
		*ret_place = reader->place;
		if (result < 0)
			return result;
		if (reader->fd < 0)
			return 0;
		if (!reader->place.line && result == 1)
			continue; /* just opened */
		if (result == 0)
			reader->fd = fd_close(reader->fd);
		else if (take_line(reader, &line, ret))
			return 1;
	}
}
