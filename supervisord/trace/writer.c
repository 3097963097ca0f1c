/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "trace/writer.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/fd.h"
#include "trace/codec.h"

#define PENDING_MAX (4 * 1024 * 1024) /* for a reader that is slow */
#define BATCH_MAX (256 * 1024)
#define DRAIN_MS 5000 /* without any progress */

struct trace_writer {
	int fd;
	bool socket;
	bool broken; /* nobody reads it any more */
	bool torn;   /* the last line has not been written to its end */

	struct trace_sink sink; /* put: NULL where it is none */

	/* A file. */
	char *path; /* NULL: a stream, or a sink */
	uint64_t limit, size;
	uint64_t lines, old_lines; /* of ours in the file, and in PATH.1 */
	char *header;		   /* for the next file */

	/* A stream: what could not be written yet, whole lines at its end. */
	char *pending;
	size_t pending_length, pending_allocated;

	/* What has been put and not been written, whole lines. */
	struct batch {
		char *bytes;
		size_t length, allocated;
	} batch;
	bool held;

	uint64_t untold, lost; /* since the last entry "lost", and in all */
};

/* --- Writing ----------------------------------------------------- */

/* Whoever reads may have gone: that is an error here, and no signal. */
static ssize_t write_quietly(const struct trace_writer *writer,
			     const char *bytes, size_t length)
{
	const struct timespec now = {0};
	sigset_t pipe, saved, before;
	ssize_t written;
	int error;

	if (writer->path)
		return write(writer->fd, bytes, length);
	if (writer->socket)
		return send(writer->fd, bytes, length,
			    MSG_DONTWAIT | MSG_NOSIGNAL);
	sigemptyset(&pipe);
	sigaddset(&pipe, SIGPIPE);
	sigpending(&before);
	pthread_sigmask(SIG_BLOCK, &pipe, &saved);
	written = write(writer->fd, bytes, length);
	error = errno;
	if (written < 0 && error == EPIPE && !sigismember(&before, SIGPIPE))
		sigtimedwait(&pipe, NULL, &now);
	pthread_sigmask(SIG_SETMASK, &saved, NULL);
	errno = error;
	return written;
}

/* Returns: how much the stream took, or a negative errno. */
static ssize_t write_some(struct trace_writer *writer, const char *bytes,
			  size_t length)
{
	ssize_t written;

	do {
		written = write_quietly(writer, bytes, length);
	} while (written < 0 && errno == EINTR);
	if (written >= 0)
		return written;
	if (errno == EAGAIN || errno == EWOULDBLOCK)
		return 0;
	writer->broken = writer->broken || !writer->path;
	return -errno;
}

void trace_writer_flush(struct trace_writer *writer)
{
	ssize_t written;

	if (writer->pending_length == 0 || writer->broken)
		return;
	written = write_some(writer, writer->pending, writer->pending_length);
	if (written <= 0)
		return;
	writer->pending_length -= (size_t)written;
	memmove(writer->pending, writer->pending + written,
		writer->pending_length);
}

int trace_writer_pending(const struct trace_writer *writer)
{
	return writer->pending_length > 0 && !writer->broken ? writer->fd : -1;
}

/* Keeps the rest of a line for later. Returns: 0, -ENOBUFS, -ENOMEM. */
static int keep(struct trace_writer *writer, const char *bytes, size_t length)
{
	const size_t needed = writer->pending_length + length;
	char *pending;

	if (needed > PENDING_MAX)
		return -ENOBUFS;
	if (needed > writer->pending_allocated) {
		pending = realloc(writer->pending, needed * 2);
		if (!pending)
			return -ENOMEM;
		writer->pending = pending;
		writer->pending_allocated = needed * 2;
	}
	memcpy(writer->pending + writer->pending_length, bytes, length);
	writer->pending_length = needed;
	return 0;
}

/* Returns: how much has been written or kept, or a negative errno. */
static ssize_t put_stream(struct trace_writer *writer, const char *lines,
			  size_t length)
{
	ssize_t written = 0;
	int error;

	if (writer->broken)
		return -EPIPE;
	trace_writer_flush(writer);
	if (writer->pending_length == 0)
		written = write_some(writer, lines, length);
	if (written < 0 || (size_t)written == length)
		return written;
	error = keep(writer, lines + written, length - (size_t)written);
	return error ? error : (ssize_t)length;
}

/* Returns: how much has been written, or a negative errno. */
static ssize_t put_file(struct trace_writer *writer, const char *lines,
			size_t length)
{
	ssize_t written;

	if (writer->torn && write_some(writer, "\n", 1) != 1)
		return -EIO;
	writer->size += writer->torn ? 1 : 0;
	writer->torn = false;
	written = write_some(writer, lines, length);
	if (written < 0)
		return written;
	writer->size += (uint64_t)written;
	writer->torn = written > 0 && lines[written - 1] != '\n';
	return written;
}

static uint64_t count_lines(const char *bytes, size_t length)
{
	uint64_t lines = 0;
	const char *feed;

	while (length > 0 && (feed = memchr(bytes, '\n', length))) {
		length -= (size_t)(feed + 1 - bytes);
		bytes = feed + 1;
		lines++;
	}
	return lines;
}

/* Writes what has been put. Returns: how many lines could not be. */
static uint64_t write_batch(struct trace_writer *writer)
{
	const size_t length = writer->batch.length;
	const ssize_t written =
		writer->path ? put_file(writer, writer->batch.bytes, length)
			     : put_stream(writer, writer->batch.bytes, length);
	const size_t done = written < 0 ? 0 : (size_t)written;

	writer->batch.length = 0;
	return count_lines(writer->batch.bytes + done, length - done);
}

static void lose(struct trace_writer *writer, uint64_t lines)
{
	writer->untold += lines;
	writer->lost += lines;
}

/* Writes the lines of entries that have been put. */
static void write_entries(struct trace_writer *writer)
{
	const uint64_t lost =
		writer->batch.length > 0 ? write_batch(writer) : 0;

	writer->lines -= lost;
	lose(writer, lost);
}

static int append_line(struct trace_writer *writer, const char *line)
{
	const size_t length = strlen(line);
	struct batch *batch = &writer->batch;
	const size_t needed = batch->length + length + 1;
	char *bytes;

	if (needed > batch->allocated) {
		bytes = realloc(batch->bytes, needed * 2);
		if (!bytes)
			return -ENOMEM;
		batch->bytes = bytes;
		batch->allocated = needed * 2;
	}
	memcpy(batch->bytes + batch->length, line, length);
	batch->bytes[needed - 1] = '\n';
	batch->length = needed;
	return 0;
}

/* Puts the line of an entry. */
static void put_line(struct trace_writer *writer, const char *line)
{
	const int error = writer->sink.put
				  ? writer->sink.put(writer->sink.userdata,
						     line, strlen(line))
				  : append_line(writer, line);

	if (error)
		lose(writer, 1);
	else
		writer->lines++;
	if (!writer->held || writer->batch.length > BATCH_MAX)
		write_entries(writer);
}

/* Puts one of the writer's own. Returns: whether it is there. */
static bool put_own_line(struct trace_writer *writer, const char *line)
{
	if (writer->sink.put)
		return writer->sink.put(writer->sink.userdata, line,
					strlen(line)) == 0;
	write_entries(writer);
	return append_line(writer, line) == 0 && write_batch(writer) == 0;
}

void trace_writer_hold(struct trace_writer *writer)
{
	writer->held = true;
}

void trace_writer_release(struct trace_writer *writer)
{
	writer->held = false;
	write_entries(writer);
}

/* --- Files ------------------------------------------------------- */

static bool ends_in_the_middle(int fd, off_t size)
{
	char last;

	return size > 0 && pread(fd, &last, 1, size - 1) == 1 && last != '\n';
}

/* Opens the file of a writer. Returns: 0 or a negative errno. */
static int open_file(struct trace_writer *writer)
{
	_cleanup_fd_ int fd = open(writer->path,
				   O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC |
					   O_NOFOLLOW | O_NONBLOCK | O_NOCTTY,
				   0600);
	struct stat status;

	if (fd < 0)
		return -errno;
	if (fstat(fd, &status) < 0)
		return -errno;
	if (!S_ISREG(status.st_mode))
		return -EINVAL;
	if (flock(fd, LOCK_EX | LOCK_NB) < 0)
		return errno == EWOULDBLOCK ? -EBUSY : -errno;
	writer->size = (uint64_t)status.st_size;
	writer->torn = ends_in_the_middle(fd, status.st_size);
	writer->lines = 0;
	fd_close(writer->fd);
	writer->fd = fd_take(&fd);
	return 0;
}

/*
 * Begins another file when this one is half of what is kept. What was in the
 * older part before is lost.
 */
static void rotate(struct trace_writer *writer)
{
	_cleanup_free_ char *old = NULL;
	const uint64_t lines = writer->lines;

	if (!writer->limit || writer->size < writer->limit / 2)
		return;
	write_entries(writer);
	if (asprintf(&old, "%s.1", writer->path) < 0) {
		old = NULL;
		return;
	}
	if (rename(writer->path, old) < 0)
		return;
	if (open_file(writer) < 0)
		return; /* goes on in what is now the older part */
	writer->untold += writer->old_lines;
	writer->lost += writer->old_lines;
	writer->old_lines = lines;
	if (writer->header)
		put_own_line(writer, writer->header);
}

int trace_writer_open(struct trace_writer **ret, const char *path,
		      uint64_t limit)
{
	struct trace_writer *writer = calloc(1, sizeof(*writer));
	int error;

	if (!writer)
		return -ENOMEM;
	writer->fd = -1;
	writer->limit = limit;
	writer->path = strdup(path);
	error = writer->path ? open_file(writer) : -ENOMEM;
	if (error) {
		trace_writer_close(writer);
		return error;
	}
	*ret = writer;
	return 0;
}

/* --- Streams ----------------------------------------------------- */

/*
 * Flags belong to the open file, which others have too. So it is opened once
 * more; a socket cannot be, and does not need it.
 */
static int open_again(int fd, bool *ret_socket)
{
	struct stat status;
	char name[64];
	int again;

	if (fstat(fd, &status) < 0)
		return -errno;
	*ret_socket = S_ISSOCK(status.st_mode);
	if (*ret_socket)
		return fcntl(fd, F_DUPFD_CLOEXEC, 3);
	snprintf(name, sizeof(name), "/proc/self/fd/%d", fd);
	again = open(name,
		     O_WRONLY | O_APPEND | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
	return again < 0 ? -errno : again;
}

int trace_writer_stream(struct trace_writer **ret, int fd)
{
	struct trace_writer *writer = calloc(1, sizeof(*writer));
	int error = -ENOMEM;

	if (writer) {
		writer->fd = open_again(fd, &writer->socket);
		error = writer->fd < 0 ? writer->fd : 0;
	}
	fd_close(fd);
	if (error) {
		trace_writer_close(writer);
		return error;
	}
	*ret = writer;
	return 0;
}

int trace_writer_sink(struct trace_writer **ret, const struct trace_sink *sink)
{
	struct trace_writer *writer = calloc(1, sizeof(*writer));

	if (!writer)
		return -ENOMEM;
	writer->fd = -1;
	writer->sink = *sink;
	*ret = writer;
	return 0;
}

/* The end of a program must not hang on who reads of it. */
static void drain(struct trace_writer *writer)
{
	struct pollfd poll_fd = {.fd = writer->fd, .events = POLLOUT};
	size_t before;

	while (trace_writer_pending(writer) >= 0) {
		before = writer->pending_length;
		if (poll(&poll_fd, 1, DRAIN_MS) <= 0)
			return;
		trace_writer_flush(writer);
		if (writer->pending_length == before &&
		    poll_fd.revents & (POLLERR | POLLHUP))
			return;
	}
}

struct trace_writer *trace_writer_close(struct trace_writer *writer)
{
	if (!writer)
		return NULL;
	trace_writer_release(writer);
	drain(writer);
	fd_close(writer->fd);
	free(writer->path);
	free(writer->header);
	free(writer->pending);
	free(writer->batch.bytes);
	free(writer);
	return NULL;
}

/* --- Entries ----------------------------------------------------- */

static void put_entry(struct trace_writer *writer,
		      const struct trace_entry *entry)
{
	_cleanup_free_ char *line = NULL;

	if (trace_encode(entry, &line) < 0)
		lose(writer, 1);
	else
		put_line(writer, line);
}

/* A file that goes on begins as the first one did. */
static void keep_header(struct trace_writer *writer,
			const struct trace_entry *entry)
{
	struct trace_entry again = *entry; /* its strings are borrowed */

	again.header.continues = true;
	free(writer->header);
	if (trace_encode(&again, &writer->header) < 0)
		writer->header = NULL;
}

/*
 * Says what is missing, before what comes now; at once, since it has to be said
 * again if it could not be written.
 */
static void put_lost(struct trace_writer *writer, const struct trace_entry *now)
{
	struct trace_entry entry = {
		.event = TRACE_LOST, .time = now->time, .run = now->run};
	_cleanup_free_ char *line = NULL;

	if (writer->untold == 0)
		return;
	write_entries(writer);
	entry.lost = writer->untold;
	if (trace_encode(&entry, &line) == 0 && put_own_line(writer, line))
		writer->untold = 0;
}

void trace_writer_put(struct trace_writer *writer,
		      const struct trace_entry *entry)
{
	if (entry->event == TRACE_HEADER && writer->path)
		keep_header(writer, entry);
	if (writer->path)
		rotate(writer);
	put_lost(writer, entry);
	if (writer->untold > 0)
		lose(writer, 1);
	else
		put_entry(writer, entry);
}

void trace_writer_put_text(struct trace_writer *writer, const char *line)
{
	char no_run[] = "";
	const struct trace_entry now = {
		.time = clock_real.wall(&clock_real) / 1000, .run = no_run};

	put_lost(writer, &now);
	if (writer->untold > 0)
		lose(writer, 1);
	else
		put_line(writer, line);
}

uint64_t trace_writer_lost(const struct trace_writer *writer)
{
	return writer->lost;
}
