/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A line of strace(1): a call with its arguments as they stand there, or what
 * else it tells of a process.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define STRACE_ARGUMENTS_MAX 8

enum strace_kind {
	STRACE_OTHER,	   /* a signal, a remark */
	STRACE_CALL,	   /* with its result */
	STRACE_UNFINISHED, /* a call that another line ends */
	STRACE_RESUMED,	   /* the end of one: only @name and @rest */
	STRACE_EXIT,
	STRACE_BAD,
};

/* Strings are parts of the line that it was parsed of. */
struct strace_line {
	enum strace_kind kind;
	pid_t pid;    /* 0: the line has none */
	int64_t time; /* microseconds; 0: the line has none */
	char *name;   /* of the call */
	char *rest;   /* UNFINISHED: the call; RESUMED: what follows */
	char *arguments[STRACE_ARGUMENTS_MAX];
	size_t count;
	int64_t result; /* a negative one: it failed */
	bool failed;
	bool in_progress;  /* failed, but goes on: EINPROGRESS */
	char *result_path; /* that -y says of the result; NULL: none */
	int status;	   /* EXIT: as a shell has it */
};

/* @line: NUL-terminated; changed */
void strace_line_parse(char *line, struct strace_line *ret);

/*
 * The bytes of an argument that is a string.
 * @argument: "..." in quotes
 * @ret: a new string (free(3))
 * Returns: 0; -EINVAL: it is none, was cut off, or has a NUL; -ENOMEM.
 */
int strace_string(const char *argument, char **ret);

/*
 * What -y says of a descriptor, "3</path>" or "AT_FDCWD</path>".
 * @ret: a new string (free(3)); NULL: it says nothing
 * Returns: the same.
 */
int strace_annotation(const char *argument, char **ret);
