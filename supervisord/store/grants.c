/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A change takes the lock, reads the file as lines, changes the lines, and
 * replaces the file.
 */
#include "store/grants.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/fd.h"
#include "store/grants_file.h"
#include "store/lines.h"
#include "store/merge.h"

struct grants {
	struct grants_file file;
};

static int read_lines(const struct grants *grants, struct lines *ret,
		      struct file_errors *errors)
{
	_cleanup_free_ char *text = NULL;
	size_t length;
	int result = grants_file_read(&grants->file, &text, &length);

	*ret = (struct lines){0};
	if (result == 0 && text)
		result = lines_parse(ret, text, length, grants->file.path,
				     errors);
	if (result < 0)
		lines_finish(ret);
	return result;
}

static int write_lines(const struct grants *grants, struct lines *lines)
{
	_cleanup_free_ char *text = NULL;
	size_t length;
	const int result = lines_join(lines, GRANTS_FILE_MAX, &text, &length);

	return result < 0 ? result
			  : grants_file_replace(&grants->file, text, length);
}

/* What the caller's rules get when all is on the disk. */
struct label {
	char *id, *origin;
};

static int add_rules(struct lines *lines, const struct rules *rules,
		     const char *agent, int64_t now, struct label *labels)
{
	int result = 0;

	merge_remove_expired(lines, now);
	for (size_t i = 0; result == 0 && i < rules->count; i++)
		result = merge_rule(lines, &rules->items[i], agent, now,
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
	lock = grants_file_lock(&grants->file);
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
	_cleanup_fd_ int lock = grants_file_lock(&grants->file);
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
	if (result < 0 && result != -ENOMEM)
		file_errors_add(errors, grants->file.path, 0,
				"cannot be trusted or read (%s); expected a "
				"file of yours that nobody else can write, "
				"mode 0600",
				strerror(-result));
	for (size_t i = 0; result == 0 && i < lines.count; i++)
		if (lines.items[i].understood &&
		    !rule_has_expired(&lines.items[i].grant.rule, now))
			result = rules_take(&rules, &lines.items[i].grant.rule);
	lines_finish(&lines);
	if (result < 0) {
		rules_finish(&rules);
		return result;
	}
	*ret = rules;
	return 0;
}

int grants_open(struct grants **ret, const char *directory, const char *app)
{
	struct grants *const grants = calloc(1, sizeof(*grants));
	int result;

	if (!grants)
		return -ENOMEM;
	result = grants_file_open(&grants->file, directory, app);
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
	grants_file_close(&grants->file);
	free(grants);
	return NULL;
}

void grants_do_not_wait(struct grants *grants)
{
	grants->file.wait_ms = 0;
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
