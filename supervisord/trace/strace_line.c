/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "trace/strace_line.h"

#include <ctype.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define UNFINISHED " <unfinished ...>"
#define RESUMED "<... "

/* --- Strings ----------------------------------------------------- */

static int digit(char c)
{
	if (isdigit((unsigned char)c))
		return c - '0';
	return isxdigit((unsigned char)c) ? tolower((unsigned char)c) - 'a' + 10
					  : 99;
}

/* A number of a base, of at most some digits. Returns: the byte, or -1. */
static int read_number(const char **at, int base, int most)
{
	int value = 0, read = 0;

	for (; read < most && digit(**at) < base; read++)
		value = value * base + digit(*(*at)++);
	return read > 0 && value <= 255 ? value : -1;
}

/* What a backslash stands before; passes it. Returns: the byte, or -1. */
static int read_escape(const char **at)
{
	static const char letters[] = "nrtvfa\"\\'",
			  bytes[] = "\n\r\t\v\f\a\"\\'";
	const char *letter = **at ? strchr(letters, **at) : NULL;

	if (letter) {
		(*at)++;
		return (unsigned char)bytes[letter - letters];
	}
	if (**at != 'x')
		return read_number(at, 8, 3);
	(*at)++;
	return read_number(at, 16, 2);
}

/* Up to a byte that ends it. @ret: a new string. Returns: as its callers. */
static int read_bytes(const char *at, char end, const char **ret_end,
		      char **ret)
{
	char *bytes = malloc(strlen(at) + 1), *to = bytes;
	int byte = 0;

	if (!bytes)
		return -ENOMEM;
	while (byte >= 0 && *at && *at != end) {
		byte = (unsigned char)*at++;
		if (byte == '\\')
			byte = read_escape(&at);
		if (byte == 0)
			byte = -1;
		if (byte > 0)
			*to++ = (char)byte;
	}
	*to = '\0';
	if (byte < 0 || *at != end) {
		free(bytes);
		return -EINVAL;
	}
	*ret_end = at + 1;
	*ret = bytes;
	return 0;
}

int strace_string(const char *argument, char **ret)
{
	const char *end;
	int error;

	*ret = NULL;
	if (*argument != '"')
		return -EINVAL;
	error = read_bytes(argument + 1, '"', &end, ret);
	if (error || !*end)
		return error;
	/* "..." is behind what was cut off. */
	free(*ret);
	*ret = NULL;
	return -EINVAL;
}

int strace_annotation(const char *argument, char **ret)
{
	const char *begin = strchr(argument, '<'), *end;

	*ret = NULL;
	return begin ? read_bytes(begin + 1, '>', &end, ret) : 0;
}

/* --- Lines ------------------------------------------------------- */

static char *skip(char *at)
{
	return at + strspn(at, " ");
}

/* "[pid N] " or "N ". */
static char *read_pid(char *at, struct strace_line *ret)
{
	char *end;
	long pid;

	if (strncmp(at, "[pid", 4) == 0)
		at = skip(at + 4);
	pid = strtol(at, &end, 10);
	if (end == at || pid <= 0 || pid > INT32_MAX ||
	    (*end != ' ' && *end != ']'))
		return at;
	ret->pid = (pid_t)pid;
	return skip(*end == ']' ? end + 1 : end);
}

/* Of -ttt; what -t and -r print is no time that could be compared. */
static char *read_time(char *at, struct strace_line *ret)
{
	const size_t length = strspn(at, "0123456789.:");
	char *end;
	double seconds;

	if (length == 0 || at[length] != ' ')
		return at;
	seconds = strtod(at, &end);
	if (end == at + length && seconds > 1e6 && seconds < 1e11)
		ret->time = (int64_t)(seconds * 1e6);
	return skip(at + length);
}

/* Passes "..." and <...> as a whole. Returns: where it ends, or NULL. */
static char *pass_quoted(char *at)
{
	if (*at == '"') {
		for (at++; *at && *at != '"'; at++)
			if (*at == '\\' && at[1])
				at++;
		return *at ? at : NULL;
	}
	/* "->" is in the name of a connection. */
	for (at++; *at && (*at != '>' || at[-1] == '-' || at[-1] == '=');)
		at++;
	return *at ? at : NULL;
}

static bool begins_quoted(const char *line, const char *at)
{
	return *at == '"' ||
	       (*at == '<' && at > line &&
		(isalnum((unsigned char)at[-1]) || at[-1] == '_'));
}

/*
 * Cuts the arguments apart.
 * @at: after the first parenthesis
 * Returns: after the last one, or NULL.
 */
static char *read_arguments(char *at, struct strace_line *ret)
{
	char *begin = skip(at);
	unsigned int depth = 0;

	for (at = begin; *at; at++) {
		if (begins_quoted(begin, at)) {
			at = pass_quoted(at);
			if (!at)
				return NULL;
		} else if (strchr("([{", *at)) {
			depth++;
		} else if (depth > 0 && strchr(")]}", *at)) {
			depth--;
		} else if (depth == 0 && (*at == ',' || *at == ')')) {
			const bool last = *at == ')';

			*at = '\0';
			if (ret->count < STRACE_ARGUMENTS_MAX &&
			    (*begin || !last))
				ret->arguments[ret->count++] = begin;
			if (last)
				return at + 1;
			begin = skip(at + 1);
			at = begin - 1;
		}
	}
	return NULL;
}

/* "= RESULT<path> ...". */
static bool read_result(char *at, struct strace_line *ret)
{
	char *end;

	at = skip(at);
	if (*at != '=')
		return false;
	at = skip(at + 1);
	if (*at == '?') {
		ret->failed = true;
		return true;
	}
	errno = 0;
	ret->result = strtoll(at, &end, 0);
	if (end == at || errno)
		return false;
	ret->failed = ret->result < 0;
	ret->in_progress = strncmp(end, " EINPROGRESS", 12) == 0;
	ret->result_path = *end == '<' ? at : NULL;
	return true;
}

static int signal_number(const char *name)
{
	for (int i = 1; i < NSIG; i++) {
		const char *known = sigabbrev_np(i);

		if (known && strncmp(name, "SIG", 3) == 0 &&
		    strcmp(name + 3, known) == 0)
			return i;
	}
	return 0;
}

/* "+++ exited with N +++", "+++ killed by SIGNAL +++". */
static enum strace_kind read_end(char *at, struct strace_line *ret)
{
	char name[16];

	if (sscanf(at, "+++ exited with %d +++", &ret->status) == 1) {
		ret->status &= 255;
		return STRACE_EXIT;
	}
	if (sscanf(at, "+++ killed by %15s", name) != 1)
		return STRACE_OTHER;
	ret->status = 128 + signal_number(name);
	return STRACE_EXIT;
}

/* "<... NAME resumed>REST". */
static enum strace_kind read_resumed(char *at, struct strace_line *ret)
{
	char *end;

	ret->name = at + strlen(RESUMED);
	end = strstr(ret->name, " resumed>");
	if (!end)
		return STRACE_BAD;
	*end = '\0';
	ret->rest = end + strlen(" resumed>");
	return STRACE_RESUMED;
}

static enum strace_kind read_call(char *at, struct strace_line *ret)
{
	const size_t length = strlen(at), mark = strlen(UNFINISHED);
	char *open = at;

	while (isalnum((unsigned char)*open) || *open == '_')
		open++;
	if (open == at || *open != '(')
		return STRACE_OTHER;
	ret->name = at;
	if (length > mark && strcmp(at + length - mark, UNFINISHED) == 0) {
		at[length - mark] = '\0';
		ret->rest = at;
		return STRACE_UNFINISHED;
	}
	*open = '\0';
	at = read_arguments(open + 1, ret);
	return at && read_result(at, ret) ? STRACE_CALL : STRACE_BAD;
}

void strace_line_parse(char *line, struct strace_line *ret)
{
	char *at = skip(line);

	*ret = (struct strace_line){0};
	at = read_time(read_pid(at, ret), ret);
	if (strncmp(at, "+++", 3) == 0)
		ret->kind = read_end(at, ret);
	else if (strncmp(at, RESUMED, strlen(RESUMED)) == 0)
		ret->kind = read_resumed(at, ret);
	else
		ret->kind = read_call(at, ret);
}
