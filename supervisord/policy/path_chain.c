/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The names on the way to what decisions are made of: see path_chain.h.
 */
#include "policy/path_chain.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "policy/resolve.h"

#define CHANGE                                                               \
	(RIGHTS_WRITE | RIGHTS_CREATE | RIGHTS_REMOVE | RIGHT_FS_MAKE_CHAR | \
	 RIGHT_FS_MAKE_BLOCK)
/*
 * A directory is made where it is with this one, and moved with others; to
 * write to it is to change who may do what in it.
 */
#define REPLACE (CHANGE & ~(RIGHT_FS_TRUNCATE | RIGHT_FS_MAKE_DIR))

/* More names are no policy, but somebody's whole file system. */
#define ENTRIES_MAX 4096

/* Paths that this process believes: NULL, or allocated for good. */
static char **own;
static size_t own_count;

static bool is_protected(const struct rules *rules, const struct rule *rule)
{
	for (size_t i = 0; i < rules->count; i++) {
		const struct rule *const other = &rules->items[i];

		if (other->layer == rule->layer &&
		    other->effect == rule->effect &&
		    other->beneath == rule->beneath &&
		    !(rule->rights & ~other->rights) &&
		    object_equal(&other->object, &rule->object))
			return true;
	}
	return false;
}

/* Adds a refusal that no file takes away. */
static int refuse(struct rules *rules, const char *path, rights_t rights,
		  bool beneath)
{
	struct rule rule = {
		.layer = LAYER_ADMIN,
		.effect = EFFECT_DENY,
		.rights = rights,
		.beneath = beneath,
	};
	int error = object_init_path(&rule.object, path);

	if (error)
		return error;
	if (!is_protected(rules, &rule)) {
		error = text_copy(&rule.origin, "built in");
		if (!error)
			error = rules_take(rules, &rule);
	}
	rule_finish(&rule);
	return error;
}

/* The walk along a chain. */
struct chain_walk {
	struct rules *rules;
	char *passed; /* the last name; owned; NULL: none yet */
	bool link;    /* it is a symbolic link */
};

/* What was passed before is not the end. */
static int protect_passed(const struct chain_walk *chain)
{
	if (!chain->passed)
		return 0;
	return chain->link
		       ? refuse(chain->rules, chain->passed, CHANGE, true)
		       : refuse(chain->rules, chain->passed, REPLACE, false);
}

static int visit(void *userdata, const char *path, const struct stat *status)
{
	struct chain_walk *const chain = userdata;
	const int error = protect_passed(chain);

	free(chain->passed);
	chain->link = status && S_ISLNK(status->st_mode);
	chain->passed = strdup(path);
	return error ? error : chain->passed ? 0 : -ENOMEM;
}

/* What is there for everybody is nobody's file: pipes, terminals. */
static bool is_file(const char *path)
{
	return strncmp(path, "/proc/", 6) != 0 &&
	       strncmp(path, "/dev/", 5) != 0;
}

int path_chain_protect(struct rules *rules, struct resolve_memo *memo,
		       const char *path)
{
	struct chain_walk chain = {.rules = rules};
	_cleanup_free_ char *end = NULL;
	int error, last;

	error = resolve_visit(memo, path, visit, &chain, &end);
	last = error == -ENOMEM ? 0 : protect_passed(&chain);
	free(chain.passed);
	if (!error && last == 0 && is_file(end))
		last = refuse(rules, end, CHANGE, true);
	return error ? error : last;
}

static bool is_directory(int fd, const char *name)
{
	struct stat status;

	return fstatat(fd, name, &status, 0) == 0 && S_ISDIR(status.st_mode);
}

static bool is_link(int fd, const char *name)
{
	struct stat status;

	return fstatat(fd, name, &status, AT_SYMLINK_NOFOLLOW) < 0 ||
	       S_ISLNK(status.st_mode);
}

static int protect_entry(struct rules *rules, struct resolve_memo *memo,
			 DIR *stream, const struct dirent *entry,
			 const char *directory, int depth)
{
	const int fd = dirfd(stream);
	_cleanup_free_ char *path = NULL;

	/* Files that the directory's own rule is about are most of them. */
	if (entry->d_type == DT_REG || entry->d_name[0] == '.')
		return 0;
	if (asprintf(&path, "%s/%s", directory, entry->d_name) < 0) {
		path = NULL;
		return -ENOMEM;
	}
	if (depth > 0 && is_directory(fd, entry->d_name))
		return path_chain_protect_tree(rules, memo, path, depth - 1);
	return is_link(fd, entry->d_name)
		       ? path_chain_protect(rules, memo, path)
		       : 0;
}

int path_chain_protect_tree(struct rules *rules, struct resolve_memo *memo,
			    const char *directory, int depth)
{
	const struct dirent *entry;
	size_t count = 0;
	DIR *stream;
	int error = path_chain_protect(rules, memo, directory);

	if (error)
		return error;
	stream = opendir(directory);
	if (!stream)
		return errno == ENOENT ? 0 : -errno;
	while (!error && (entry = readdir(stream)))
		error = ++count > ENTRIES_MAX
				? -E2BIG
				: protect_entry(rules, memo, stream, entry,
						directory, depth);
	closedir(stream);
	return error;
}

int path_chain_add_own(const char *path)
{
	char **const paths = reallocarray(own, own_count + 1, sizeof(*paths));
	_cleanup_free_ char *cwd = NULL;
	char *absolute = NULL;

	if (!paths)
		return -ENOMEM;
	own = paths;
	if (path[0] != '/') {
		cwd = getcwd(NULL, 0);
		if (!cwd)
			return -errno;
	}
	if (asprintf(&absolute, "%s%s%s", cwd ? cwd : "", cwd ? "/" : "",
		     path) < 0)
		return -ENOMEM;
	own[own_count++] = absolute;
	return 0;
}

int path_chain_add_program(void)
{
	char path[PATH_MAX];
	const ssize_t length = readlink("/proc/self/exe", path, sizeof(path));

	if (length <= 0 || length == (ssize_t)sizeof(path) || path[0] != '/')
		return 0; /* without /proc: nobody could name it either */
	path[length] = '\0';
	return path_chain_add_own(path);
}

int path_chain_protect_own(struct rules *rules, struct resolve_memo *memo)
{
	int error = 0;

	for (size_t i = 0; !error && i < own_count; i++)
		error = path_chain_protect(rules, memo, own[i]);
	return error;
}
