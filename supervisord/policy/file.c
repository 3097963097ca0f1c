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

#include "base/cleanup.h"
#include "base/escape.h"
#include "base/fd.h"
#include "core/decision.h"
#include "core/object_names.h"
#include "policy/expand.h"
#include "policy/resolve.h"

/* What is quoted of a bad line. */
#define QUOTE_MAX 64

enum section {
	SECTION_NONE, /* before the first one */
	SECTION_ALLOW,
	SECTION_DENY,
	SECTION_ASK,
	SECTION_SETTINGS,
	SECTION_UNKNOWN,
};

static const char *const section_names[] = {
	[SECTION_ALLOW] = "allow",
	[SECTION_DENY] = "deny",
	[SECTION_ASK] = "ask",
	[SECTION_SETTINGS] = "settings",
};

static const enum effect section_effects[] = {
	[SECTION_ALLOW] = EFFECT_ALLOW,
	[SECTION_DENY] = EFFECT_DENY,
	[SECTION_ASK] = EFFECT_ASK,
};

struct parser {
	struct policy_file *file;
	FILE *stream;
	size_t bytes; /* read so far */
	unsigned int line;
	char text[POLICY_LINE_MAX]; /* the line, trimmed */
	enum section section;
	bool pending; /* the line is an entry inih has yet to see */
	bool out_of_memory;
};

/* --- Errors ------------------------------------------------------ */

/*
 * Whether leaving a line out would lift what an administrator meant to refuse.
 * A section that is not understood may have been one of refusals.
 */
static bool must_be_complete(const struct parser *parser)
{
	return parser->file->layer == LAYER_ADMIN &&
	       (parser->section == SECTION_DENY ||
		parser->section == SECTION_ASK ||
		parser->section == SECTION_UNKNOWN ||
		parser->section == SECTION_NONE);
}

/* @what: may be NULL, else is quoted, shortened and escaped */
static void complain(struct parser *parser, const char *what,
		     const char *problem, const char *expected)
{
	_cleanup_free_ char *quoted = NULL;

	if (what)
		quoted = escape_bytes(what, strlen(what), QUOTE_MAX);
	if (must_be_complete(parser))
		parser->file->incomplete = true;
	file_errors_add(parser->file->errors, parser->file->path, parser->line,
			quoted ? "%s \"%s\"%s%s" : "%s%s%s%s", problem,
			quoted ? quoted : "", expected ? "; expected " : "",
			expected ? expected : "");
}

/* --- Rules ------------------------------------------------------- */

static int take_rule(struct parser *parser, struct rule *rule)
{
	struct rules *const rules = parser->file->rules;

	if (rules->count >= POLICY_RULES_MAX) {
		complain(parser, NULL, "too many rules", "at most 65536");
		rule_finish(rule);
		return 0;
	}
	if (asprintf(&rule->origin, "%s:%u", parser->file->path, parser->line) <
	    0)
		rule->origin = NULL;
	if (!rule->origin || rules_take(rules, rule) < 0) {
		rule_finish(rule);
		return -ENOMEM;
	}
	return 0;
}

static int add_path(struct parser *parser, rights_t rights, const char *path,
		    bool beneath)
{
	struct rule rule = {
		.layer = parser->file->layer,
		.effect = section_effects[parser->section],
		.rights = rights,
		.beneath = beneath,
	};
	const int result = object_init_path(&rule.object, path);

	return result < 0 ? result : take_rule(parser, &rule);
}

/*
 * Adds the rule for a path and, where symbolic links lead elsewhere, for what
 * the kernel will see.
 */
static int add_resolved(struct parser *parser, rights_t rights,
			const char *path, bool beneath)
{
	const bool allow = parser->section == SECTION_ALLOW;
	_cleanup_free_ char *resolved = NULL;
	int result;

	result = resolve_path(path, allow ? RESOLVE_ROOTS : RESOLVE_ALL,
			      &resolved);
	if (result == -ENOMEM)
		return result;
	if (result == -EPERM)
		complain(parser, path,
			 "a symbolic link that its owner can "
			 "point elsewhere leads on from",
			 "the path that is meant in the end");
	else if (result < 0)
		complain(parser, path, "cannot follow", "a path that exists");
	if (result == 0 && strcmp(resolved, path) != 0)
		result = add_path(parser, rights, resolved, beneath);
	else
		result = 0;
	if (result == 0)
		result = add_path(parser, rights, path, beneath);
	return result;
}

/*
 * Expands and adds a path. An administrator's refusals hold for the places of
 * the system's records and for those that the environment names.
 */
static int add_expanded(struct parser *parser, rights_t rights,
			const char *text, bool beneath)
{
	const bool admin = parser->file->layer == LAYER_ADMIN;
	enum expand_source source = admin ? EXPAND_SYSTEM : EXPAND_ENVIRONMENT;
	_cleanup_free_ char *path = NULL, *other = NULL;
	const char *expected;
	int result;

	result = expand_path(text, source, parser->file->pwd, &path, &expected);
	if (result == -ENOMEM)
		return result;
	if (result < 0) {
		complain(parser, text, "cannot expand", expected);
		return 0;
	}
	result = add_resolved(parser, rights, path, beneath);
	if (result < 0 || !admin || parser->section == SECTION_ALLOW)
		return result;
	result = expand_path(text, EXPAND_ENVIRONMENT, parser->file->pwd,
			     &other, &expected);
	if (result == 0 && strcmp(other, path) != 0)
		return add_resolved(parser, rights, other, beneath);
	return result == -ENOMEM ? result : 0;
}

static int add_path_value(struct parser *parser, rights_t rights, char *value)
{
	size_t length = strlen(value);
	bool beneath = true;

	if (length >= 2 && strcmp(value + length - 2, "/$") == 0) {
		beneath = false;
		/* The slash stays when it is the whole path. */
		value[length > 2 ? length - 2 : 1] = '\0';
	}
	return add_expanded(parser, rights, value, beneath);
}

static int add_other_value(struct parser *parser, rights_t rights,
			   const char *value)
{
	struct rule rule = {
		.layer = parser->file->layer,
		.effect = section_effects[parser->section],
	};
	const char *expected;
	const int result = object_parse(value, rights, &rule.object,
					&rule.beneath, &expected);

	if (result == -EINVAL) {
		complain(parser, value, "bad object", expected);
		return 0;
	}
	if (result < 0)
		return result;
	rule.rights = rights & object_rights(rule.object.type);
	return take_rule(parser, &rule);
}

static char *trim(char *text)
{
	size_t length;

	while (isspace((unsigned char)*text))
		text++;
	length = strlen(text);
	while (length > 0 && isspace((unsigned char)text[length - 1]))
		text[--length] = '\0';
	return text;
}

/*
 * Parses the comma list of a key.
 * @suit: rights that suit the object; each right or group must have one
 * Returns: 0, or -EINVAL after a complaint.
 */
static int parse_rights(struct parser *parser, const char *key, rights_t suit,
			rights_t *ret)
{
	char copy[POLICY_LINE_MAX], *rest = copy, *item;
	rights_t rights = 0;

	snprintf(copy, sizeof(copy), "%s", key);
	while ((item = strsep(&rest, ","))) {
		rights_t some;

		item = trim(item);
		if (right_parse(item, &some) < 0) {
			complain(parser, item, "unknown right",
				 "a right as fs.read_file or net.connect_tcp, "
				 "or one of read, write, create, remove, "
				 "execute, connect, bind");
			return -EINVAL;
		}
		if (!(some & suit)) {
			complain(parser, item, "the object does not suit",
				 "a path for fs, a port for net");
			return -EINVAL;
		}
		rights |= some;
	}
	*ret = rights;
	return 0;
}

static int add_rules(struct parser *parser, const char *key, char *value)
{
	const rights_t path_rights = object_rights(OBJECT_PATH);
	const bool path = strchr("/~$", value[0]) && value[0];
	rights_t rights;

	if (parse_rights(parser, key, path ? path_rights : ~UINT64_C(0),
			 &rights) < 0)
		return 0;
	if (path)
		return add_path_value(parser, rights & path_rights, value);
	return add_other_value(parser, rights, value);
}

/* --- Settings ---------------------------------------------------- */

static int parse_timeout(const char *value, int64_t *ret)
{
	const int64_t max = 24 * 60 * 60;

	if (number_parse(value, max, ret) < 0 && duration_parse(value, ret) < 0)
		return -EINVAL;
	return *ret > 0 && *ret <= max ? 0 : -EINVAL;
}

static int parse_no_agent(const char *value, int64_t *ret)
{
	*ret = strcmp(value, "wait") == 0;
	return *ret || strcmp(value, "deny") == 0 ? 0 : -EINVAL;
}

static int parse_bound(const char *value, int64_t *ret)
{
	return number_parse(value, 10000, ret) < 0 || *ret == 0 ? -EINVAL : 0;
}

static void set_setting(struct parser *parser, const char *key,
			const char *value)
{
	struct file_settings *const settings = parser->file->settings;
	const struct {
		const char *name;
		int *field;
		int (*parse)(const char *value, int64_t *ret);
		const char *expected;
	} known[] = {
		{"timeout", &settings->timeout, parse_timeout,
		 "seconds or a duration as \"2m\", at most a day"},
		{"no-agent", &settings->no_agent, parse_no_agent,
		 "\"deny\" or \"wait\""},
		{"max-questions", &settings->max_questions, parse_bound,
		 "a number from 1 to 10000"},
		{"max-rate", &settings->max_rate, parse_bound,
		 "a number from 1 to 10000"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(known); i++) {
		int64_t number;

		if (strcmp(known[i].name, key) != 0)
			continue;
		if (known[i].parse(value, &number) < 0)
			complain(parser, value, "bad value", known[i].expected);
		else
			*known[i].field = number;
		return;
	}
	complain(parser, key, "unknown setting",
		 "timeout, no-agent, max-questions or max-rate");
}

/* --- Lines ------------------------------------------------------- */

/* An entry's value in the line itself, without an inline comment. */
static char *line_value(char *line)
{
	char *const value = strpbrk(line, "=:") + 1;

	for (char *c = value; *c; c++)
		if (*c == ';' && isspace((unsigned char)c[-1])) {
			*c = '\0';
			break;
		}
	return trim(value);
}

/* Called by inih for an entry. Returns: non-zero, as inih wants it. */
static int handle_entry(void *userdata, const char *section, const char *key,
			const char *inih_value)
{
	struct parser *const parser = userdata;
	char *value;

	(void)section;
	(void)inih_value;
	parser->pending = false;
	if (parser->section == SECTION_UNKNOWN)
		return 1; /* told where the section starts */
	if (parser->section == SECTION_NONE) {
		complain(parser, key, "no section above",
			 "[allow], [deny], [ask] or [settings] first");
		return 1;
	}
	value = line_value(parser->text);
	if (*value == '\0')
		complain(parser, key, "no value for", "KEY = VALUE");
	else if (parser->section == SECTION_SETTINGS)
		set_setting(parser, key, value);
	else if (add_rules(parser, key, value) < 0)
		parser->out_of_memory = true;
	return 1;
}

enum line {
	LINE_OK,
	LINE_END,
	LINE_TOO_LONG,
	LINE_NUL,
};

/* Reads a line of any length, keeping what fits. */
static enum line read_line(struct parser *parser)
{
	enum line result = LINE_OK;
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
		if (strcmp(trim(name), section_names[i]) == 0 &&
		    (*rest == '\0' || *rest == ';' || *rest == '#'))
			parser->section = i;
	if (parser->section == SECTION_UNKNOWN)
		complain(parser, parser->text, "unknown section",
			 "[allow], [deny], [ask] or [settings]");
}

/* Brings the line into the shape that inih takes. */
static void prepare_line(struct parser *parser)
{
	static const char mark[] = "\xef\xbb\xbf"; /* byte order */
	char *start = parser->text;

	if (parser->line == 1 && strncmp(start, mark, strlen(mark)) == 0)
		start += strlen(mark);
	start = trim(start);
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
		complain(parser, parser->text, "cannot understand",
			 "KEY = VALUE");
}

/* Called by inih for the next line, which may hold @size bytes. */
static char *next_line(char *out, int size, void *stream)
{
	struct parser *const parser = stream;

	check_pending(parser);
	for (;;) {
		const enum line line = read_line(parser);

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
		complain(parser, NULL,
			 line == LINE_NUL ? "a NUL byte in the line"
					  : "the line is too long",
			 line == LINE_NUL ? "text" : "at most 8191 bytes");
	}
	if (parser->bytes >= POLICY_FILE_MAX)
		complain(parser, NULL, "the file is too long", "at most 4 MiB");
	return NULL;
}

int policy_file_parse(struct policy_file *file, FILE *stream)
{
	struct parser *const parser = calloc(1, sizeof(*parser));
	int result;

	if (!parser)
		return -ENOMEM;
	parser->file = file;
	parser->stream = stream;
	/* Its result is the first bad line; all were told already. */
	ini_parse_stream(next_line, parser, handle_entry, parser);
	check_pending(parser);
	result = parser->out_of_memory ? -ENOMEM : 0;
	if (ferror(stream)) {
		file->incomplete = true;
		complain(parser, NULL, "cannot be read further", NULL);
	}
	free(parser);
	return result;
}

/* --- Files ------------------------------------------------------- */

static int refuse(struct policy_file *file, int result, const char *problem)
{
	file_errors_add(file->errors, file->path, 0, "%s", problem);
	return result;
}

static int check_file(struct policy_file *file, int fd,
		      const struct file_trust *trust)
{
	struct stat status;

	if (fstat(fd, &status) < 0)
		return refuse(file, -errno, "cannot be examined");
	if (S_ISDIR(status.st_mode))
		return refuse(file, -EISDIR,
			      "is a directory; expected a regular file");
	if (!S_ISREG(status.st_mode))
		return refuse(file, -EINVAL,
			      "is no regular file; expected one");
	if (status.st_uid != trust->owner &&
	    status.st_uid != trust->other_owner)
		return refuse(file, -EPERM, "belongs to another user");
	if (status.st_mode & trust->forbidden)
		return refuse(file, -EPERM,
			      "may be written by others; expected mode 0644");
	return 0;
}

int policy_file_load(struct policy_file *file, const struct file_trust *trust)
{
	_cleanup_fd_ int fd = -1;
	FILE *stream;
	int result;

	/* A FIFO must not block, nor a terminal become ours. */
	fd = open(file->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0 && errno == ENOENT)
		return -ENOENT;
	if (fd < 0) {
		result = -errno;
		file_errors_add(file->errors, file->path, 0,
				"cannot be opened: %s", strerror(-result));
		return result;
	}
	result = check_file(file, fd, trust);
	if (result < 0)
		return result;
	stream = fdopen(fd, "r");
	if (!stream)
		return -errno;
	fd_take(&fd);
	result = policy_file_parse(file, stream);
	fclose(stream);
	return result;
}
