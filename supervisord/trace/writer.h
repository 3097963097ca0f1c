/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writes traces: to a file that only grows, or live to whoever has the other
 * end of a descriptor.
 *
 * Writing never blocks on a reader, never fails the caller, and changes no
 * decision. What cannot be written is counted, and an entry "lost" says how
 * many lines are missing, in the place where they are.
 */
#pragma once

#include <stdint.h>

#include "trace/trace_entry.h"

struct trace_writer;

/*
 * Opens a file, making it (0600) if it is not there; what is in it stays, and a
 * line that was torn is ended. It has one writer at a time.
 * @path: copied
 * @limit: bytes to be kept, in the file and an older part of it, PATH.1; 0: all
 * Returns: 0; -EBUSY: somebody else writes to it; -EINVAL: it is no regular
 *          file; or another negative errno.
 */
int trace_writer_open(struct trace_writer **ret, const char *path,
		      uint64_t limit);

/*
 * Writes to a pipe, a socket or whatever a descriptor is of. It is taken: it is
 * closed, now or with the writer. Its other users see no change of its flags.
 * Returns: 0, or a negative errno: it is closed, too.
 */
int trace_writer_stream(struct trace_writer **ret, int fd);

/* Where lines go that are neither written to a file nor to a descriptor. */
struct trace_sink {
	/*
	 * @line: without its newline
	 * Returns: 0, or a negative errno: it is lost.
	 */
	int (*put)(void *userdata, const char *line, size_t length);
	void *userdata;
};

/* @sink: copied. Returns: 0 or -ENOMEM. */
int trace_writer_sink(struct trace_writer **ret, const struct trace_sink *sink);

/*
 * Writes what a stream still takes, for some seconds, and closes it. Takes
 * NULL; always returns NULL.
 */
struct trace_writer *trace_writer_close(struct trace_writer *writer);

/* Appends an entry. */
void trace_writer_put(struct trace_writer *writer,
		      const struct trace_entry *entry);

/* Appends a line that somebody else has encoded, without its newline. */
void trace_writer_put_text(struct trace_writer *writer, const char *line);

/*
 * Keeps what is put until it is released, and writes it at once then, in one
 * piece. A sink gets its lines nevertheless.
 */
void trace_writer_hold(struct trace_writer *writer);
void trace_writer_release(struct trace_writer *writer);

/* How many entries are missing. */
uint64_t trace_writer_lost(const struct trace_writer *writer);

/*
 * A descriptor that has to become writable for what waits, -1 when nothing
 * does; then trace_writer_flush() goes on.
 */
int trace_writer_pending(const struct trace_writer *writer);
void trace_writer_flush(struct trace_writer *writer);
