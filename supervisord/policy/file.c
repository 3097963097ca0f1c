/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * inih splits a file into sections, keys and values, but holds a line in 200
 * bytes and cuts a longer one without a word, takes an indented line for the
 * rest of the one above, and tells only the first bad line. So lines are read
 * here, bounded and counted; inih gets each with its indentation removed, and
 * the value is taken from the line itself. What inih passes over in silence is
 * noticed because no entry came of it.
 */
#include "policy/file.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <ini.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "policy/parser.h"
#include "policy/seen.h"

static const char *const section_names[] = {
	[SECTION_ALLOW] = "allow",
	[SECTION_DENY] = "deny",
	[SECTION_ASK] = "ask",
	[SECTION_SETTINGS] = "settings",
};

/* Called by inih for an entry. Returns: non-zero, as inih wants it. */
static int handle_entry(void *userdata, const char *section, const char *key,
			const char *inih_value)
{
	struct parser *const parser = userdata;
	struct parser_value taken;
	char *value;

	(void)section;
	(void)inih_value;
	parser->pending = false;
	if (parser->section == SECTION_UNKNOWN)
		return 1; /* told where the section starts */
	value = parser_trim(strpbrk(parser->text, "=:") + 1);
	if (parser->section == SECTION_NONE) {
		if (file_include(parser, key, value) < 0)
			parser->out_of_memory = true;
		return 1;
	}
	if (*value == '\0') {
		parser_complain(parser, key, "no value for", "KEY = VALUE");
		return 1;
	}
	if (parser_take_value(parser, value, &taken) < 0)
		return 1;
	if (parser->section == SECTION_SETTINGS)
		file_settings_set(parser, key, taken.text);
	else if (file_rules_add(parser, key, &taken) < 0)
		parser->out_of_memory = true;
	return 1;
}

enum line_kind {
	LINE_OK,
	LINE_END,
	LINE_TOO_LONG,
	LINE_NUL,
};

/* Reads a line of any length, keeping what fits. */
static enum line_kind read_line(struct parser *parser)
{
	enum line_kind result = LINE_OK;
	size_t length = 0;
	int c = EOF;

	while (parser->bytes < POLICY_FILE_MAX &&
	       (c = getc_unlocked(parser->stream)) != EOF) {
		parser->bytes++;
		if (c == '\n')
			break;
		if (c == '\0')
			result = LINE_NUL;
		else if (length == sizeof(parser->text) - 1)
			result = result == LINE_OK ? LINE_TOO_LONG : result;
		else
			parser->text[length++] = c;
	}
	parser->text[length] = '\0';
	memcpy(parser->raw, parser->text, length + 1);
	return c == EOF && length == 0 && result == LINE_OK ? LINE_END : result;
}

/*
 * Enters a section. One that is malformed must not leave its lines to the
 * section before it.
 */
static void enter_section(struct parser *parser)
{
	char name[16] = "";
	const char *const end = strchr(parser->text, ']');
	const size_t length = end ? end - parser->text - 1 : 0;
	const char *rest = end ? end + 1 : "?";

	if (length < sizeof(name))
		memcpy(name, parser->text + 1, length);
	while (isspace((unsigned char)*rest))
		rest++;
	parser->section = SECTION_UNKNOWN;
	for (enum section i = SECTION_ALLOW; i <= SECTION_SETTINGS; i++)
		if (strcmp(parser_trim(name), section_names[i]) == 0 &&
		    (*rest == '\0' || *rest == ';' || *rest == '#'))
			parser->section = i;
	if (parser->section == SECTION_UNKNOWN)
		parser_complain(parser, parser->text, "unknown section",
				"[allow], [deny], [ask] or [settings]");
}

/* Brings the line into the shape that inih takes. */
static void prepare_line(struct parser *parser)
{
	static const char mark[] = "\xef\xbb\xbf"; /* byte order */
	char *start = parser->text;

	if (parser->line == 1 && strncmp(start, mark, strlen(mark)) == 0)
		start += strlen(mark);
	start = parser_trim(start);
	memmove(parser->text, start, strlen(start) + 1);
	parser->pending = *parser->text && !strchr(";#[", *parser->text);
	if (parser->text[0] == '[')
		enter_section(parser);
}

/* inih has made no entry of the line it was given. */
static void check_pending(struct parser *parser)
{
	if (!parser->pending)
		return;
	parser->pending = false;
	if (parser->section != SECTION_UNKNOWN)
		parser_complain(parser, parser->text, "cannot understand",
				"KEY = VALUE");
}

/* Called by inih for the next line, which may hold @size bytes. */
static char *next_line(char *out, int size, void *stream)
{
	struct parser *const parser = stream;

	check_pending(parser);
	for (;;) {
		const enum line_kind line = read_line(parser);

		if (line == LINE_END || parser->out_of_memory)
			break;
		parser->line++;
		if (line == LINE_OK) {
			prepare_line(parser);
			/* The name of a section matters only here. */
			snprintf(out, size, "%s",
				 parser->text[0] == '[' ? "[]" : parser->text);
			return out;
		}
		/* It may have begun a section of refusals. */
		if (*parser_trim(parser->text) == '[')
			parser->section = SECTION_UNKNOWN;
		parser_complain(parser, NULL,
				line == LINE_NUL ? "a NUL byte in the line"
						 : "the line is too long",
				line == LINE_NUL ? "text"
						 : "at most 8191 bytes");
	}
	if (parser->bytes >= POLICY_FILE_MAX) {
		parser->file->incomplete = true;
		parser_complain(parser, NULL, "the file is too long",
				"at most 4 MiB");
	}
	return NULL;
}

int policy_file_parse(struct policy_file *file, FILE *stream)
{
	struct parser *const parser = calloc(1, sizeof(*parser));
	int error;

	if (!parser)
		return -ENOMEM;
	parser->file = file;
	parser->stream = stream;
	/* Its result is the first bad line; all were told already. */
	ini_parse_stream(next_line, parser, handle_entry, parser);
	check_pending(parser);
	error = parser->out_of_memory ? -ENOMEM : 0;
	if (ferror(stream)) {
		file->incomplete = true;
		parser_complain(parser, NULL, "cannot be read further", NULL);
	}
	seen_finish(parser->seen);
	free(parser);
	return error;
}

static int refuse(struct policy_file *file, int error, const char *problem)
{
	file_errors_add(file->errors, file->path, 0, "%s", problem);
	return error;
}

static int check_file(struct policy_file *file, int fd,
		      const struct file_trust *trust)
{
	const char *problem, *advice;
	struct stat status;

	if (fstat(fd, &status) < 0)
		return refuse(file, -errno, "cannot be examined");
	if (S_ISDIR(status.st_mode))
		return refuse(file, -EISDIR,
			      "is a directory; expected a regular file");
	if (!S_ISREG(status.st_mode))
		return refuse(file, -EINVAL,
			      "is no regular file; expected one");
	problem = trust ? trust_problem(trust, &status, fd, &advice) : NULL;
	if (!problem)
		return 0;
	file_errors_add(file->errors, file->path, 0, "%s; %s", problem, advice);
	return -EPERM;
}

int policy_file_load(struct policy_file *file, const struct file_trust *trust)
{
	_cleanup_fd_ int fd = -1;
	FILE *stream;
	int error;

	/* A FIFO must not block, nor a terminal become ours. */
	fd = open(file->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0 && errno == ENOENT)
		return -ENOENT;
	if (fd < 0) {
		error = -errno;
		file_errors_add(file->errors, file->path, 0,
				"cannot be opened: %s; make it readable, or "
				"remove it",
				strerror(-error));
		return error;
	}
	error = check_file(file, fd, trust);
	if (error)
		return error;
	stream = fdopen(fd, "r");
	if (!stream)
		return -errno;
	fd_take(&fd);
	error = policy_file_parse(file, stream);
	fclose(stream);
	return error;
}
