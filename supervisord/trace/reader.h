/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads traces: any number of files one after the other, in memory that does
 * not depend on how long they are.
 *
 * A log (log_lines.h) is read as well, and lines of both may be mixed.
 *
 * What is damaged costs the damaged lines only, and is counted. The last line
 * of a file may be torn, since its writer may have been killed, or still run.
 */
#pragma once

#include <stdint.h>

#include "base/cleanup.h"
#include "trace/trace_entry.h"

struct trace_reader;

struct trace_place {
	const char *file; /* "-": standard input; lives as long as the reader */
	uint64_t line;	  /* from 1 */
};

/*
 * A line that is not understood.
 * @problem: what was wrong with it, see trace_decode(); static storage
 */
typedef void (*trace_damage_fn)(void *userdata, const struct trace_place *place,
				const char *problem);

struct trace_counts {
	uint64_t lines;	  /* all */
	uint64_t damaged; /* not understood */
	uint64_t torn;	  /* last lines that were cut off */
	uint64_t logged;  /* that are of a log; see log_lines.h */
	uint64_t untold;  /* of these, about questions whose end they lack */
};

/*
 * @files: NULL-terminated, borrowed; "-" is standard input, which is also read
 *         when there are none
 * @damage: may be NULL
 * Returns: 0 or -ENOMEM.
 */
int trace_reader_new(struct trace_reader **ret, char *const *files,
		     trace_damage_fn damage, void *userdata);

/* Takes NULL; always returns NULL. */
struct trace_reader *trace_reader_free(struct trace_reader *reader);
DEFINE_CLEANUP(struct trace_reader *, trace_reader_free);

/*
 * Reads the next entry.
 * @ret: the caller finishes it
 * @ret_place: where it is; also set when a file cannot be read
 * Returns: 1, 0 at the end, or a negative errno: the file cannot be read.
 */
int trace_reader_next(struct trace_reader *reader, struct trace_entry *ret,
		      struct trace_place *ret_place);

struct trace_counts trace_reader_counts(const struct trace_reader *reader);
