/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "policy/resolve.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "policy/system.h"

#define LINKS_MAX 40

/* Both are bounded by PATH_MAX, with room for the NUL. */
struct resolution {
	char done[PATH_MAX]; /* resolved: "" or "/a/b" */
	char rest[PATH_MAX]; /* yet to resolve: "" or "c/d" */
	int links;
};

/* Puts the target of a link in front of what is left. */
static int follow(struct resolution *resolution, const char *target)
{
	char rest[PATH_MAX];
	const size_t length = strlen(target);

	if (++resolution->links > LINKS_MAX)
		return -ELOOP;
	if (length + 1 + strlen(resolution->rest) >= sizeof(rest))
		return -ENAMETOOLONG;
	memcpy(rest, target, length);
	rest[length] = '/';
	strcpy(rest + length + 1, resolution->rest);
	strcpy(resolution->rest, rest);
	if (target[0] == '/')
		resolution->done[0] = '\0';
	else
		*strrchr(resolution->done, '/') = '\0';
	return 0;
}

/* Moves one name from the rest to what is done. Returns: 0 or an errno. */
static int step(struct resolution *resolution)
{
	const size_t length = strcspn(resolution->rest, "/");
	const size_t done = strlen(resolution->done);
	const bool more = resolution->rest[length] == '/';
	const bool up = length == 2 && strncmp(resolution->rest, "..", 2) == 0;

	if (up && done > 0)
		*strrchr(resolution->done, '/') = '\0';
	if (!up && length > 0 && !(length == 1 && resolution->rest[0] == '.')) {
		if (done + 1 + length >= sizeof(resolution->done))
			return -ENAMETOOLONG;
		resolution->done[done] = '/';
		memcpy(resolution->done + done + 1, resolution->rest, length);
		resolution->done[done + 1 + length] = '\0';
	}
	memmove(resolution->rest, resolution->rest + length + more,
		strlen(resolution->rest + length + more) + 1);
	return 0;
}

struct resolve_seen {
	struct resolve_seen *next;
	int error; /* 0, or what lstat(2) said */
	struct stat status;
	struct folder *folder; /* the names in it; NULL: not read */
	size_t length;
	char path[];
};

void resolve_forget(struct resolve_memo *memo)
{
	for (size_t i = 0; i < RESOLVE_BUCKETS; i++) {
		while (memo->buckets[i]) {
			struct resolve_seen *const seen = memo->buckets[i];

			memo->buckets[i] = seen->next;
			folder_free(seen->folder);
			free(seen);
		}
	}
}

static struct resolve_seen **bucket_of(struct resolve_memo *memo,
				       const char *path, size_t length)
{
	unsigned int hash = 0;

	for (size_t i = 0; i < length; i++)
		hash = hash * 31 + (unsigned char)path[i];
	return &memo->buckets[hash % RESOLVE_BUCKETS];
}

static struct resolve_seen *recall(struct resolve_memo *memo, const char *path,
				   size_t length)
{
	struct resolve_seen *seen = *bucket_of(memo, path, length);

	while (seen && (seen->length != length ||
			memcmp(seen->path, path, length) != 0))
		seen = seen->next;
	return seen;
}

/* When memory is short it is looked at again. */
static void remember(struct resolve_memo *memo, const char *path, size_t length,
		     int error, const struct stat *status)
{
	struct resolve_seen **const bucket = bucket_of(memo, path, length);
	struct resolve_seen *const seen = malloc(sizeof(*seen) + length + 1);

	if (!seen)
		return;
	*seen = (struct resolve_seen){
		.next = *bucket,
		.error = error,
		.length = length,
	};
	if (!error)
		seen->status = *status;
	memcpy(seen->path, path, length + 1);
	*bucket = seen;
}

void resolve_list(struct resolve_memo *memo, const char *directory)
{
	struct resolve_seen *seen;
	struct stat status;

	if (!memo || resolve_look(memo, directory, true, &status) < 0 ||
	    !S_ISDIR(status.st_mode))
		return;
	seen = recall(memo, directory, strlen(directory));
	if (seen && !seen->folder &&
	    folder_read(&seen->folder, AT_FDCWD, directory) < 0)
		seen->folder = NULL;
}

static enum folder_kind kind_of(struct resolve_memo *memo, const char *path,
				size_t length)
{
	const char *const slash = memrchr(path, '/', length);
	const struct resolve_seen *above;

	if (!memo || slash == path)
		return FOLDER_UNKNOWN;
	above = recall(memo, path, slash - path);
	/* Nothing is beneath what is not there. */
	if (above ? above->error == -ENOENT
		  : kind_of(memo, path, slash - path) == FOLDER_NOTHING)
		return FOLDER_NOTHING;
	return above ? folder_find(above->folder, slash + 1,
				   length - (slash + 1 - path))
		     : FOLDER_UNKNOWN;
}

enum folder_kind resolve_kind(struct resolve_memo *memo, const char *path)
{
	return kind_of(memo, path, strlen(path));
}

int resolve_look(struct resolve_memo *memo, const char *path, bool directory,
		 struct stat *ret)
{
	const size_t length = strlen(path);
	const struct resolve_seen *const seen =
		memo ? recall(memo, path, length) : NULL;
	int error = 0;

	if (seen) {
		*ret = seen->status;
		return seen->error;
	}
	if (resolve_kind(memo, path) == FOLDER_NOTHING)
		error = -ENOENT;
	else if (lstat(path, ret) < 0)
		error = -errno;
	/* A link may be exchanged: who owns it, and where it leads, belong
	 * together. */
	if (memo && directory && (error || S_ISDIR(ret->st_mode)))
		remember(memo, path, length, error, ret);
	return error;
}

/* What is done with a name that was passed. */
struct visitor {
	struct resolve_memo *memo; /* may be NULL */
	enum resolve_links links;
	resolve_visit_fn visit; /* may be NULL */
	void *userdata;
};

/* Whether a path is in a directory that holds nothing but the installed system.
 */
static bool is_installed(const char *path)
{
	static const char *const prefixes[] = {
		"/usr/",   "/etc/",    "/bin/", "/sbin/", "/lib/", "/lib32/",
		"/lib64/", "/libx32/", "/nix/", "/gnu/",  "/dev/", "/sys/",
	};
	const size_t directory = (size_t)(strrchr(path, '/') - path);

	if (directory == 0 || (directory == 4 && strncmp(path, "/var", 4) == 0))
		return true;
	for (size_t i = 0; i < ARRAY_SIZE(prefixes); i++)
		if (strncmp(path, prefixes[i], strlen(prefixes[i])) == 0)
			return true;
	return false;
}

/*
 * Whether a link cannot be of a supervised program's making. What root runs
 * makes root's links, wherever rules let it.
 */
static bool is_roots(const char *path, const struct stat *status)
{
	const uid_t root = system_owner();

	return status->st_uid == root &&
	       (geteuid() != root || is_installed(path));
}

/*
 * Looks at what is done, and follows it if it is a link now. Links in /proc
 * mean something else to everybody ("/proc/self" would be this process), so
 * they stay.
 */
static int look(struct resolution *resolution, const struct visitor *visitor)
{
	char target[PATH_MAX];
	struct stat status;
	ssize_t length;
	int result = 0, error;

	if (strncmp(resolution->done, "/proc/", 6) == 0 ||
	    resolution->done[0] == '\0')
		return 0;
	/* Who does not visit wants to know of links only. */
	if (!visitor->visit &&
	    resolve_kind(visitor->memo, resolution->done) == FOLDER_OTHER)
		return 0;
	error = resolve_look(visitor->memo, resolution->done,
			     resolution->rest[0] != '\0', &status);
	if (error && error != -ENOENT && error != -ENOTDIR && visitor->visit)
		return error;
	if (visitor->visit)
		result = visitor->visit(visitor->userdata, resolution->done,
					!error ? &status : NULL);
	if (result < 0 || error || !S_ISLNK(status.st_mode))
		return result;
	if (visitor->links == RESOLVE_ROOTS &&
	    !is_roots(resolution->done, &status))
		return -EPERM;
	length = readlink(resolution->done, target, sizeof(target) - 1);
	if (length <= 0)
		return 0;
	target[length] = '\0';
	return follow(resolution, target);
}

static int resolve(const char *path, const struct visitor *visitor, char **ret)
{
	struct resolution resolution;
	int error = 0;

	if (strlen(path) >= sizeof(resolution.rest))
		return -ENAMETOOLONG;
	resolution.done[0] = '\0';
	strcpy(resolution.rest, path);
	resolution.links = 0;
	while (!error && resolution.rest[0]) {
		error = step(&resolution);
		if (!error)
			error = look(&resolution, visitor);
	}
	if (error || !ret)
		return error;
	return text_copy(ret, resolution.done[0] ? resolution.done : "/");
}

int resolve_path(struct resolve_memo *memo, const char *path,
		 enum resolve_links links, char **ret)
{
	return resolve(path,
		       &(const struct visitor){.memo = memo, .links = links},
		       ret);
}

bool resolve_is_of_process(const char *path)
{
	char above[PATH_MAX];
	const char *end = path + strlen("/proc");
	struct stat status;

	if (strncmp(path, "/proc/", strlen("/proc/")) != 0 ||
	    strlen(path) >= sizeof(above))
		return false;
	while (*end) {
		end += 1 + strcspn(end + 1, "/");
		memcpy(above, path, end - path);
		above[end - path] = '\0';
		if (lstat(above, &status) < 0)
			return false;
		if (S_ISLNK(status.st_mode))
			return true;
	}
	return false;
}

int resolve_visit(struct resolve_memo *memo, const char *path,
		  resolve_visit_fn visit, void *userdata, char **ret)
{
	const struct visitor visitor = {
		.memo = memo,
		.links = RESOLVE_ALL,
		.visit = visit,
		.userdata = userdata,
	};

	return resolve(path, &visitor, ret);
}
