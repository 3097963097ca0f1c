/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A change takes the lock, and appends to the file. Where lines will not do it
 * reads the file as lines, changes these, and replaces the file.
 */
#include "store/grants.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/fd.h"
#include "base/text.h"
#include "store/grants_file.h"
#include "store/lines.h"
#include "store/merge.h"
#include "store/stored.h"

struct grants {
	struct grants_file file;
	struct stored stored;
	char *directory;
};

static int read_lines(const struct grants *grants, struct lines *ret,
		      struct file_errors *errors)
{
	_cleanup_free_ char *text = NULL;
	struct grants_stamp stamp;
	size_t length;
	int error = grants_file_read(&grants->file, &text, &length, &stamp);

	*ret = (struct lines){0};
	if (!error && text)
		error = lines_parse(ret, text, length, grants->file.path,
				    errors);
	if (error)
		lines_finish(ret);
	return error;
}

static int write_lines(const struct grants *grants, struct lines *lines)
{
	_cleanup_free_ char *text = NULL;
	size_t length;
	const int error = lines_join(lines, GRANTS_FILE_MAX, &text, &length);

	return error ? error : grants_file_replace(&grants->file, text, length);
}

/* What the caller's rules get when all is on the disk. */
struct label {
	char *id, *origin;
};

static int add_rules(struct lines *lines, const struct rules *rules,
		     const char *agent, int64_t now, struct label *labels)
{
	struct merge merge;
	int error;

	merge_remove_expired(lines, now);
	error = merge_begin(&merge, lines, rules->count);
	for (size_t i = 0; !error && i < rules->count; i++)
		error = merge_rule(&merge, &rules->items[i], agent, now,
				   &labels[i].id, &labels[i].origin);
	merge_end(&merge);
	return error;
}

static void swap_text(char **a, char **b)
{
	char *const text = *a;

	*a = *b;
	*b = text;
}

/* Writes the file anew, with what is added. */
static int rewrite(struct grants *grants, const struct rules *rules,
		   const char *agent, int64_t now, struct label *labels)
{
	struct lines lines = {0};
	int error = read_lines(grants, &lines, NULL);

	if (!error)
		error = add_rules(&lines, rules, agent, now, labels);
	if (!error)
		error = write_lines(grants, &lines);
	lines_finish(&lines);
	return error;
}

/* Whether two of the rules are about one object: then one line may not do. */
static bool have_doubles(const struct rules *rules)
{
	for (size_t i = 0; i < rules->count; i++)
		for (size_t j = 0; j < i; j++)
			if (object_equal(&rules->items[i].object,
					 &rules->items[j].object))
				return true;
	return false;
}

static int make_label(const struct rule *rule, struct label *ret)
{
	const int error = text_copy(&ret->id, rule->id);

	return error ? error : text_copy(&ret->origin, rule->origin);
}

/* What the file says is in memory, and worth being added to. */
static int look(struct grants *grants, int64_t now)
{
	struct stored *const stored = &grants->stored;
	const int error = stored_refresh(stored, &grants->file, NULL);

	if (error)
		return error;
	return stored->known && stored->stamp.exists &&
			       !stored_is_untidy(stored, now)
		       ? 0
		       : -EEXIST;
}

/*
 * Appends what is added.
 * Returns: 0; -EEXIST or -ESTALE: the file has to be written anew; or another
 *          negative errno.
 */
static int append(struct grants *grants, const struct rules *rules,
		  const char *agent, int64_t now, struct label *labels)
{
	struct additions additions = {0};
	int error = look(grants, now);

	if (!error && (rules->count > ADDITIONS_MAX || have_doubles(rules)))
		error = -EEXIST;
	for (size_t i = 0; !error && i < rules->count; i++) {
		const size_t at = additions.count;

		error = stored_prepare(&grants->stored, &rules->items[i], agent,
				       now, &additions);
		if (!error)
			error = make_label(&additions.items[at].grant.rule,
					   &labels[i]);
	}
	if (!error)
		error = stored_append(&grants->stored, &grants->file,
				      &additions);
	additions_finish(&additions);
	return error;
}

static void finish_labels(struct label *labels, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		free(labels[i].id);
		free(labels[i].origin);
		labels[i] = (struct label){0};
	}
}

int grants_add(struct grants *grants, struct rules *rules, const char *agent,
	       int64_t now)
{
	struct label *const labels = calloc(rules->count + 1, sizeof(*labels));
	_cleanup_fd_ int lock = -1;
	int error;

	if (!labels)
		return -ENOMEM;
	lock = grants_file_lock(&grants->file);
	error = lock < 0 ? lock : append(grants, rules, agent, now, labels);
	if (error == -EEXIST || error == -ESTALE) {
		finish_labels(labels, rules->count);
		error = rewrite(grants, rules, agent, now, labels);
	}
	for (size_t i = 0; !error && i < rules->count; i++) {
		swap_text(&rules->items[i].id, &labels[i].id);
		swap_text(&rules->items[i].origin, &labels[i].origin);
	}
	finish_labels(labels, rules->count);
	free(labels);
	return error;
}

/* As append(); -ENOENT when the file says nothing of it. */
static int append_revocation(struct grants *grants, const char *id,
			     const char *agent, int64_t now)
{
	struct additions additions = {0};
	const struct rule *rule;
	int error = look(grants, now);

	if (error)
		return error;
	rule = rulebook_find(grants->stored.book, id);
	if (!rule)
		return -ENOENT;
	error = stored_prepare_revocation(rule, agent, now, &additions);
	if (!error)
		error = stored_append(&grants->stored, &grants->file,
				      &additions);
	additions_finish(&additions);
	return error;
}

/* Writes the file anew, without one. */
static int rewrite_without(struct grants *grants, const char *id)
{
	struct lines lines = {0};
	int error = read_lines(grants, &lines, NULL);

	if (error)
		return error;
	error = -ENOENT;
	for (size_t i = 0; error && i < lines.count; i++) {
		if (!lines.items[i].understood ||
		    strcmp(lines.items[i].grant.rule.id, id) != 0)
			continue;
		lines.items[i].replaced = true;
		error = 0;
	}
	lines_sweep(&lines);
	if (!error)
		error = write_lines(grants, &lines);
	lines_finish(&lines);
	return error;
}

int grants_revoke(struct grants *grants, const char *id, const char *agent,
		  int64_t now)
{
	_cleanup_fd_ int lock = grants_file_lock(&grants->file);
	int error;

	if (lock < 0)
		return lock;
	error = append_revocation(grants, id, agent, now);
	return error == -EEXIST || error == -ESTALE
		       ? rewrite_without(grants, id)
		       : error;
}

int grants_revoke_some(struct grants *grants,
		       bool (*wanted)(void *userdata, const struct rule *rule),
		       void *userdata, int64_t now, size_t *ret_count)
{
	_cleanup_fd_ int lock = grants_file_lock(&grants->file);
	struct lines lines = {0};
	size_t count = 0;
	int error = lock < 0 ? lock : read_lines(grants, &lines, NULL);

	if (error)
		return error;
	merge_remove_expired(&lines, now);
	for (size_t i = 0; i < lines.count; i++) {
		struct line *const line = &lines.items[i];

		line->replaced =
			line->understood && wanted(userdata, &line->grant.rule);
		count += line->replaced;
	}
	lines_sweep(&lines);
	if (count)
		error = write_lines(grants, &lines);
	lines_finish(&lines);
	if (!error)
		*ret_count = count;
	return error;
}

int grants_forget(struct grants *grants)
{
	_cleanup_fd_ int lock = grants_file_lock(&grants->file);

	return lock < 0 ? lock : grants_file_remove(&grants->file);
}

int grants_refresh(struct grants *grants, struct rulebook **ret,
		   struct file_errors *errors)
{
	const int error =
		stored_refresh(&grants->stored, &grants->file, errors);

	if (error && error != -ENOMEM)
		file_errors_add(errors, grants->file.path, 0,
				"cannot be trusted or read (%s); expected a "
				"file of yours that nobody else can write, "
				"mode 0600",
				strerror(-error));
	if (!error)
		*ret = grants->stored.book;
	return error;
}

/* Rules being copied out of the book, but for those that have expired. */
struct loading {
	struct rules rules;
	int64_t now;
};

static int load_rule(void *userdata, const struct rule *rule)
{
	struct loading *const loading = userdata;
	struct rule copy;
	int error;

	if (rule_has_expired(rule, loading->now))
		return 0;
	error = rule_copy(&copy, rule);
	if (!error)
		error = rules_take(&loading->rules, &copy);
	rule_finish(&copy);
	return error;
}

int grants_load(struct grants *grants, int64_t now, struct rules *ret,
		struct file_errors *errors)
{
	struct loading loading = {.now = now};
	struct rulebook *book;
	int error = grants_refresh(grants, &book, errors);

	if (!error)
		error = rulebook_each(book, rulebook_version(book), load_rule,
				      &loading);
	if (error) {
		rules_finish(&loading.rules);
		return error;
	}
	*ret = loading.rules;
	return 0;
}

int grants_open(struct grants **ret, const char *directory, const char *app)
{
	struct grants *const grants = calloc(1, sizeof(*grants));
	int error;

	if (!grants)
		return -ENOMEM;
	error = grants_file_open(&grants->file, directory, app);
	if (!error && !(grants->directory = strdup(directory)))
		error = -ENOMEM;
	if (error) {
		grants_close(grants);
		return error;
	}
	*ret = grants;
	return 0;
}

struct grants *grants_close(struct grants *grants)
{
	if (!grants)
		return NULL;
	stored_finish(&grants->stored);
	free(grants->directory);
	grants_file_close(&grants->file);
	free(grants);
	return NULL;
}

void grants_set_wait(struct grants *grants, int64_t ms)
{
	grants->file.wait_ms = ms;
}

bool grants_are_in_place(const struct grants *grants)
{
	struct stat named, opened;

	return stat(grants->directory, &named) == 0 &&
	       fstat(grants->file.directory, &opened) == 0 &&
	       named.st_dev == opened.st_dev && named.st_ino == opened.st_ino;
}

bool grants_are_absent(const char *directory)
{
	struct stat status;

	return lstat(directory, &status) < 0 &&
	       (errno == ENOENT || errno == ENOTDIR);
}

const char *grants_path(const struct grants *grants)
{
	return grants->file.path;
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
