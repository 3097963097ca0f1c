/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A change takes the lock, reads the file as lines, changes the lines, writes
 * them to a temporary file beside it and renames that. Readers take no lock:
 * they see the old file or the new one.
 *
 * The lock is a file of its own, since the data file is replaced. It is waited
 * for with a deadline: a stopped process that holds it must not stop others.
 */
#include "store/grants.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>

#include "base/escape.h"
#include "base/fd.h"
#include "base/text.h"
#include "core/app.h"
#include "store/grant.h"

#define FILE_BYTES_MAX (16 * 1024 * 1024)
#define GRANTS_MAX 20000
#define LOCK_DEADLINE_MS 5000
#define LOCK_RETRY_MS 5
#define ID_LENGTH 8

struct grants {
	int directory;
	char *name; /* of the file in its directory */
	char *temporary;
	char *lock;
	char *path; /* for errors */
};

/* A line as it is in the file, and what it means if it is understood. */
struct line {
	char *text; /* without the line feed; owned; NULL: to be encoded */
	size_t length;
	bool understood;
	struct grant grant;
};

struct lines {
	struct line *items;
	size_t count, allocated;
};

/* --- Lines ------------------------------------------------------- */

static void line_finish(struct line *line)
{
	free(line->text);
	grant_finish(&line->grant);
	*line = (struct line){0};
}

static void lines_finish(struct lines *lines)
{
	for (size_t i = 0; i < lines->count; i++)
		line_finish(&lines->items[i]);
	free(lines->items);
	*lines = (struct lines){0};
}

/* Moves a line to the end. */
static int lines_take(struct lines *lines, struct line *line)
{
	if (lines->count == lines->allocated) {
		const size_t allocated = lines->allocated * 2 + 16;
		struct line *const items =
			reallocarray(lines->items, allocated, sizeof(*items));

		if (!items)
			return -ENOMEM;
		lines->items = items;
		lines->allocated = allocated;
	}
	lines->items[lines->count++] = *line;
	*line = (struct line){0};
	return 0;
}

static void lines_remove(struct lines *lines, size_t index)
{
	line_finish(&lines->items[index]);
	lines->count--;
	memmove(&lines->items[index], &lines->items[index + 1],
		(lines->count - index) * sizeof(*lines->items));
}

static int parse_line(struct lines *lines, const char *text, size_t length,
		      const char *path, struct file_errors *errors)
{
	struct line line = {.length = length};
	const char *problem;
	int result = 0;

	line.text = malloc(length + 1);
	if (!line.text)
		return -ENOMEM;
	memcpy(line.text, text, length);
	line.text[length] = '\0';
	if (length > 0)
		result = grant_decode(text, length, &line.grant, &problem);
	line.understood = length > 0 && result == 0;
	if (result == -EINVAL) {
		file_errors_add(errors, path, lines->count + 1,
				"%s; the line is kept but not in force",
				problem);
		result = 0;
	}
	if (result == 0)
		result = lines_take(lines, &line);
	if (result < 0)
		line_finish(&line);
	return result;
}

static int parse_lines(struct lines *lines, const char *text, size_t length,
		       const char *path, struct file_errors *errors)
{
	const char *const end = text + length;
	int result = 0;

	while (result == 0 && text < end) {
		const char *const feed = memchr(text, '\n', end - text);
		const size_t line_length = (feed ? feed : end) - text;

		result = parse_line(lines, text, line_length, path, errors);
		text += line_length + 1;
	}
	return result;
}

/* --- Reading ----------------------------------------------------- */

/* Whether nobody but this user could have written it. */
static int check_owner(const struct stat *status)
{
	if (status->st_uid != geteuid() || status->st_mode & 022)
		return -EPERM;
	return 0;
}

static int read_all(int fd, size_t size, char **ret, size_t *ret_length)
{
	_cleanup_free_ char *text = malloc(size + 1);
	size_t length = 0;

	if (!text)
		return -ENOMEM;
	while (length < size) {
		const ssize_t got = read(fd, text + length, size - length);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -errno;
		if (got == 0)
			break;
		length += got;
	}
	*ret_length = length;
	*ret = text;
	text = NULL;
	return 0;
}

static int read_lines(const struct grants *grants, struct lines *ret,
		      struct file_errors *errors)
{
	_cleanup_free_ char *text = NULL;
	_cleanup_fd_ int fd = -1;
	struct stat status;
	size_t length = 0;
	int result;

	*ret = (struct lines){0};
	fd = openat(grants->directory, grants->name,
		    O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return errno == ENOENT ? 0 : -errno;
	if (fstat(fd, &status) < 0)
		return -errno;
	if (!S_ISREG(status.st_mode))
		return -EINVAL;
	result = check_owner(&status);
	if (result < 0)
		return result;
	if (status.st_size > FILE_BYTES_MAX)
		return -EFBIG;
	result = read_all(fd, status.st_size, &text, &length);
	if (result == 0)
		result = parse_lines(ret, text, length, grants->path, errors);
	if (result < 0)
		lines_finish(ret);
	return result;
}

/* --- Writing ----------------------------------------------------- */

static int64_t milliseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * INT64_C(1000) + now.tv_nsec / 1000000;
}

/* Returns: a descriptor that holds the lock until it is closed, or an errno. */
static int take_lock(const struct grants *grants)
{
	static const struct timespec pause = {0, LOCK_RETRY_MS * 1000000};
	const int64_t deadline = milliseconds() + LOCK_DEADLINE_MS;
	_cleanup_fd_ int fd = -1;

	fd = openat(grants->directory, grants->lock,
		    O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK,
		    0600);
	if (fd < 0)
		return -errno;
	while (flock(fd, LOCK_EX | LOCK_NB) < 0) {
		if (errno != EWOULDBLOCK && errno != EINTR)
			return -errno;
		if (milliseconds() >= deadline)
			return -EBUSY;
		nanosleep(&pause, NULL);
	}
	return fd_take(&fd);
}

/* Encodes what has changed. Returns: 0 or a negative errno. */
static int encode_line(struct line *line)
{
	int result;

	if (line->text)
		return 0;
	result = grant_encode(&line->grant, &line->text);
	if (result == 0)
		line->length = strlen(line->text);
	return result;
}

/* Joins the lines to the new contents of the file. */
static int join_lines(struct lines *lines, char **ret, size_t *ret_length)
{
	size_t length = 0, at = 0;
	char *text;

	for (size_t i = 0; i < lines->count; i++) {
		const int result = encode_line(&lines->items[i]);

		if (result < 0)
			return result;
		length += lines->items[i].length + 1;
	}
	if (length > FILE_BYTES_MAX || lines->count > GRANTS_MAX)
		return -ENOSPC;
	text = malloc(length + 1);
	if (!text)
		return -ENOMEM;
	for (size_t i = 0; i < lines->count; i++) {
		memcpy(text + at, lines->items[i].text, lines->items[i].length);
		at += lines->items[i].length;
		text[at++] = '\n';
	}
	*ret = text;
	*ret_length = length;
	return 0;
}

static int write_all(int fd, const char *text, size_t length)
{
	while (length > 0) {
		const ssize_t written = write(fd, text, length);

		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return -errno;
		text += written;
		length -= written;
	}
	return 0;
}

/* Writes and renames; the lock is held, so the temporary name is ours. */
static int replace_file(const struct grants *grants, const char *text,
			size_t length)
{
	_cleanup_fd_ int fd = -1;
	int result;

	unlinkat(grants->directory, grants->temporary, 0);
	fd = openat(grants->directory, grants->temporary,
		    O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return -errno;
	result = write_all(fd, text, length);
	if (result == 0 && fsync(fd) < 0)
		result = -errno;
	if (result == 0 && renameat(grants->directory, grants->temporary,
				    grants->directory, grants->name) < 0)
		result = -errno;
	if (result < 0) {
		unlinkat(grants->directory, grants->temporary, 0);
		return result;
	}
	/*
	 * The name is on the disk only now. A failure is told, though the new
	 * file is there: then more is in force than was reported, never less.
	 */
	return fsync(grants->directory) < 0 ? -errno : 0;
}

static int write_lines(const struct grants *grants, struct lines *lines)
{
	_cleanup_free_ char *text = NULL;
	size_t length;
	const int result = join_lines(lines, &text, &length);

	return result < 0 ? result : replace_file(grants, text, length);
}

/* --- Changes ----------------------------------------------------- */

static bool expired(const struct rule *rule, int64_t now)
{
	return rule->expires != 0 && rule->expires <= now;
}

static void remove_expired(struct lines *lines, int64_t now)
{
	for (size_t i = lines->count; i-- > 0;)
		if (lines->items[i].understood &&
		    expired(&lines->items[i].grant.rule, now))
			lines_remove(lines, i);
}

/* The line has to be encoded anew. */
static void touch(struct line *line)
{
	free(line->text);
	line->text = NULL;
}

static bool same_scope(const struct rule *a, const struct rule *b)
{
	return a->beneath == b->beneath && object_equal(&a->object, &b->object);
}

/*
 * Whether a new rule takes its rights from an old one of another effect on the
 * same object: what was decided last counts. A refusal that ends is no reason
 * to forget what was allowed for good.
 */
static bool supersedes(const struct rule *new, const struct rule *old)
{
	return new->effect != old->effect &&same_scope(new, old) &&
	       (new->expires == 0 || old->effect == EFFECT_DENY);
}

static void supersede(struct lines *lines, const struct rule *rule)
{
	for (size_t i = lines->count; i-- > 0;) {
		struct line *const line = &lines->items[i];
		struct rule *const old = &line->grant.rule;

		if (!line->understood || !supersedes(rule, old) ||
		    !(old->rights & rule->rights))
			continue;
		old->rights &= ~rule->rights;
		touch(line);
		if (!old->rights)
			lines_remove(lines, i);
	}
}

static struct line *find_same(struct lines *lines, const struct rule *rule)
{
	for (size_t i = 0; i < lines->count; i++) {
		const struct rule *const old = &lines->items[i].grant.rule;

		if (lines->items[i].understood && old->effect == rule->effect &&
		    old->expires == rule->expires && same_scope(old, rule))
			return &lines->items[i];
	}
	return NULL;
}

static bool id_is_used(const struct lines *lines, const char *id)
{
	for (size_t i = 0; i < lines->count; i++)
		if (lines->items[i].understood &&
		    strcmp(lines->items[i].grant.rule.id, id) == 0)
			return true;
	return false;
}

/* Short to type; no letters that look like digits. */
static int make_id(const struct lines *lines, char **ret)
{
	static const char letters[] = "abcdefghjkmnpqrstuvwxyz23456789x";
	unsigned char random[ID_LENGTH];
	char id[ID_LENGTH + 1];

	do {
		if (getrandom(random, sizeof(random), 0) !=
		    (ssize_t)sizeof(random))
			return -EIO;
		for (size_t i = 0; i < ID_LENGTH; i++)
			id[i] = letters[random[i] % (sizeof(letters) - 1)];
		id[ID_LENGTH] = '\0';
	} while (id_is_used(lines, id));
	return text_copy(ret, id);
}

/* Adds the line of a new grant. */
static int append(struct lines *lines, const struct rule *rule,
		  const char *agent, int64_t now, struct line **ret)
{
	struct line line = {.understood = true};
	int result;

	line.grant.time = now;
	result = rule_copy(&line.grant.rule, rule);
	if (result == 0) {
		line.grant.rule.layer = LAYER_USER;
		free(line.grant.rule.id);
		line.grant.rule.id = NULL;
		line.grant.agent = escape_string(agent);
		result = line.grant.agent ? make_id(lines, &line.grant.rule.id)
					  : -ENOMEM;
	}
	if (result == 0)
		result = grant_set_origin(&line.grant);
	if (result == 0)
		result = lines_take(lines, &line);
	if (result < 0) {
		line_finish(&line);
		return result;
	}
	*ret = &lines->items[lines->count - 1];
	return 0;
}

static int join_rights(struct line *line, const struct rule *rule,
		       const char *agent, int64_t now)
{
	char *const escaped = escape_string(agent);

	if (!escaped)
		return -ENOMEM;
	free(line->grant.agent);
	line->grant.agent = escaped;
	line->grant.time = now;
	line->grant.rule.rights |= rule->rights;
	touch(line);
	return grant_set_origin(&line->grant);
}

/* Whether a rule can be persisted at all. */
static bool is_persistent(const struct rule *rule, int64_t now)
{
	return rule->pid == 0 && rule->pid_start == 0 && rule->rights != 0 &&
	       !(rule->rights & ~object_rights(rule->object.type)) &&
	       !expired(rule, now);
}

/*
 * Adds one rule to the lines.
 * @ret_id, @ret_origin: copies of what the rule is to get
 */
static int add_rule(struct lines *lines, const struct rule *rule,
		    const char *agent, int64_t now, char **ret_id,
		    char **ret_origin)
{
	struct line *line;
	int result;

	if (!is_persistent(rule, now))
		return -EINVAL;
	supersede(lines, rule);
	line = find_same(lines, rule);
	if (line)
		result = join_rights(line, rule, agent, now);
	else
		result = append(lines, rule, agent, now, &line);
	if (result == 0)
		result = text_copy(ret_id, line->grant.rule.id);
	if (result == 0)
		result = text_copy(ret_origin, line->grant.rule.origin);
	return result;
}

/* What the caller's rules get when all is on the disk. */
struct label {
	char *id, *origin;
};

static int add_rules(struct lines *lines, const struct rules *rules,
		     const char *agent, int64_t now, struct label *labels)
{
	int result = 0;

	remove_expired(lines, now);
	for (size_t i = 0; result == 0 && i < rules->count; i++)
		result = add_rule(lines, &rules->items[i], agent, now,
				  &labels[i].id, &labels[i].origin);
	return result;
}

static void swap_text(char **a, char **b)
{
	char *const text = *a;

	*a = *b;
	*b = text;
}

int grants_add(struct grants *grants, struct rules *rules, const char *agent,
	       int64_t now)
{
	struct label *const labels = calloc(rules->count + 1, sizeof(*labels));
	_cleanup_fd_ int lock = -1;
	struct lines lines = {0};
	int result;

	if (!labels)
		return -ENOMEM;
	lock = take_lock(grants);
	result = lock < 0 ? lock : read_lines(grants, &lines, NULL);
	if (result == 0)
		result = add_rules(&lines, rules, agent, now, labels);
	if (result == 0)
		result = write_lines(grants, &lines);
	for (size_t i = 0; i < rules->count; i++) {
		if (result == 0) {
			swap_text(&rules->items[i].id, &labels[i].id);
			swap_text(&rules->items[i].origin, &labels[i].origin);
		}
		free(labels[i].id);
		free(labels[i].origin);
	}
	free(labels);
	lines_finish(&lines);
	return result;
}

int grants_revoke(struct grants *grants, const char *id)
{
	_cleanup_fd_ int lock = take_lock(grants);
	struct lines lines = {0};
	int result;

	if (lock < 0)
		return lock;
	result = read_lines(grants, &lines, NULL);
	if (result < 0)
		return result;
	result = -ENOENT;
	for (size_t i = 0; result < 0 && i < lines.count; i++) {
		if (!lines.items[i].understood ||
		    strcmp(lines.items[i].grant.rule.id, id) != 0)
			continue;
		lines_remove(&lines, i);
		result = 0;
	}
	if (result == 0)
		result = write_lines(grants, &lines);
	lines_finish(&lines);
	return result;
}

int grants_load(struct grants *grants, int64_t now, struct rules *ret,
		struct file_errors *errors)
{
	struct rules rules = {0};
	struct lines lines;
	int result;

	result = read_lines(grants, &lines, errors);
	for (size_t i = 0; result == 0 && i < lines.count; i++)
		if (lines.items[i].understood &&
		    !expired(&lines.items[i].grant.rule, now))
			result = rules_take(&rules, &lines.items[i].grant.rule);
	lines_finish(&lines);
	if (result < 0) {
		rules_finish(&rules);
		return result;
	}
	*ret = rules;
	return 0;
}

/* --- Opening ----------------------------------------------------- */

/* Makes a directory and those above it, for this user only. */
static int make_directories(const char *path)
{
	_cleanup_free_ char *copy = strdup(path);

	if (!copy)
		return -ENOMEM;
	for (char *slash = strchr(copy + 1, '/'); slash;
	     slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdir(copy, 0700) < 0 && errno != EEXIST)
			return -errno;
		*slash = '/';
	}
	return mkdir(copy, 0700) < 0 && errno != EEXIST ? -errno : 0;
}

/* Returns: a descriptor or a negative errno. */
static int open_directory(const char *path)
{
	_cleanup_fd_ int fd = -1;
	struct stat status;
	int result;

	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0 && errno == ENOENT) {
		result = make_directories(path);
		if (result < 0)
			return result;
		fd = open(path,
			  O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	}
	if (fd < 0) {
		result = -errno;
		if (lstat(path, &status) == 0 && S_ISLNK(status.st_mode))
			return -ELOOP;
		return result;
	}
	if (fstat(fd, &status) < 0)
		return -errno;
	result = check_owner(&status);
	return result < 0 ? result : fd_take(&fd);
}

static int make_names(struct grants *grants, const char *directory,
		      const char *app)
{
	const int result = app_file_name(app, ".jsonl", &grants->name);

	if (result < 0)
		return result;
	if (asprintf(&grants->temporary, ".%s.new", grants->name) < 0)
		grants->temporary = NULL;
	if (asprintf(&grants->lock, ".%s.lock", grants->name) < 0)
		grants->lock = NULL;
	if (asprintf(&grants->path, "%s/%s", directory, grants->name) < 0)
		grants->path = NULL;
	return grants->temporary && grants->lock && grants->path ? 0 : -ENOMEM;
}

int grants_open(struct grants **ret, const char *directory, const char *app)
{
	struct grants *const grants = calloc(1, sizeof(*grants));
	int result;

	if (!grants)
		return -ENOMEM;
	grants->directory = -1;
	result = make_names(grants, directory, app);
	if (result == 0) {
		result = open_directory(directory);
		grants->directory = result;
	}
	if (result < 0) {
		grants_close(grants);
		return result;
	}
	*ret = grants;
	return 0;
}

struct grants *grants_close(struct grants *grants)
{
	if (!grants)
		return NULL;
	fd_close(grants->directory);
	free(grants->name);
	free(grants->temporary);
	free(grants->lock);
	free(grants->path);
	free(grants);
	return NULL;
}

const char *grants_path(const struct grants *grants)
{
	return grants->path;
}

int grants_directory(char **ret)
{
	const char *const state = getenv("XDG_STATE_HOME");
	const char *const home = getenv("HOME");
	int length;

	if (state && state[0] == '/')
		length = asprintf(ret, "%s/landlord/grants", state);
	else if (home && home[0] == '/')
		length = asprintf(ret, "%s/.local/state/landlord/grants", home);
	else
		return -ENOENT;
	return length < 0 ? -ENOMEM : 0;
}
