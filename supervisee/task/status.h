/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Status: the text files that proc(5) has of a thread, read whole, however long
 * they are, and taken apart.
 *
 * Others choose how long they are: /proc/TID/status lists every group of a
 * thread, of which there may be 65,536. Names that programs choose are escaped in
 * them, so that no field can be forged.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* A text; status_finish() releases it. */
struct status {
	char *text; /* ends with NUL */
	size_t length;
	char room[4096]; /* most are shorter */
};

/* Returns: 0, -ESRCH when there is no such file, or a negative errno. */
int status_read_file(struct status *ret, const char *path);

/* Of a file that is open, from its beginning. */
int status_read_fd(struct status *ret, int fd);

/* /proc/TID/status. */
int status_read(struct status *ret, pid_t tid);

/* Takes also what was never read, if it is all zero. */
void status_finish(struct status *status);
#define _cleanup_status_ __attribute__((cleanup(status_finish)))

/*
 * What comes after "NAME:" at the start of a line, up to its end, without the
 * blanks around it. Returns: where it is in @text, or NULL.
 */
const char *status_field(const char *text, const char *name,
			 size_t *ret_length);

/* A decimal number of that line. Returns: it, or -EPROTO. */
int64_t status_number(const char *text, const char *name);

/* The last of the decimal numbers of that line. Returns: it, or -EPROTO. */
int64_t status_last_number(const char *text, const char *name);

/* A number in octal. Returns: 0 or -EPROTO. */
int status_octal(const char *text, const char *name, uint64_t *ret);

/* What this program looks at in /proc/TID/stat. */
struct status_stat {
	char state;
	pid_t parent;
	uint64_t start; /* clock ticks since boot */
};

/* Returns: 0 or -EPROTO. The name in it may hold anything. */
int status_parse_stat(const char *text, size_t length, struct status_stat *ret);
