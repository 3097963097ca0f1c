/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "policy/resolve.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "policy/system.h"

#define LINKS_MAX 40

/* Both are bounded by PATH_MAX, with room for the NUL. */
struct walk {
	char done[PATH_MAX]; /* resolved: "" or "/a/b" */
	char rest[PATH_MAX]; /* yet to resolve: "" or "c/d" */
	int links;
};

/* Puts the target of a link in front of what is left. */
static int follow(struct walk *walk, const char *target)
{
	char rest[PATH_MAX];
	const size_t length = strlen(target);

	if (++walk->links > LINKS_MAX)
		return -ELOOP;
	if (length + 1 + strlen(walk->rest) >= sizeof(rest))
		return -ENAMETOOLONG;
	memcpy(rest, target, length);
	rest[length] = '/';
	strcpy(rest + length + 1, walk->rest);
	strcpy(walk->rest, rest);
	if (target[0] == '/')
		walk->done[0] = '\0';
	else
		*strrchr(walk->done, '/') = '\0';
	return 0;
}

/* Moves one name from the rest to what is done. Returns: 0 or an errno. */
static int step(struct walk *walk)
{
	const size_t length = strcspn(walk->rest, "/");
	const size_t done = strlen(walk->done);
	const bool more = walk->rest[length] == '/';
	const bool up = length == 2 && strncmp(walk->rest, "..", 2) == 0;

	if (up && done > 0)
		*strrchr(walk->done, '/') = '\0';
	if (!up && length > 0 && !(length == 1 && walk->rest[0] == '.')) {
		if (done + 1 + length >= sizeof(walk->done))
			return -ENAMETOOLONG;
		walk->done[done] = '/';
		memcpy(walk->done + done + 1, walk->rest, length);
		walk->done[done + 1 + length] = '\0';
	}
	memmove(walk->rest, walk->rest + length + more,
		strlen(walk->rest + length + more) + 1);
	return 0;
}

/*
 * Follows what is done if it is a link now. Links in /proc mean something else
 * to everybody ("/proc/self" would be this process), so they stay.
 */
static int check_link(struct walk *walk, enum resolve_links links)
{
	char target[PATH_MAX];
	struct stat status;
	ssize_t length;

	if (strncmp(walk->done, "/proc/", 6) == 0)
		return 0;
	if (walk->done[0] == '\0' || lstat(walk->done, &status) < 0 ||
	    !S_ISLNK(status.st_mode))
		return 0;
	if (links == RESOLVE_ROOTS && status.st_uid != system_owner())
		return -EPERM;
	length = readlink(walk->done, target, sizeof(target) - 1);
	if (length <= 0)
		return 0;
	target[length] = '\0';
	return follow(walk, target);
}

int resolve_path(const char *path, enum resolve_links links, char **ret)
{
	struct walk walk = {.done = ""};
	int result = 0;

	if (strlen(path) >= sizeof(walk.rest))
		return -ENAMETOOLONG;
	strcpy(walk.rest, path);
	while (result == 0 && walk.rest[0]) {
		result = step(&walk);
		if (result == 0)
			result = check_link(&walk, links);
	}
	if (result < 0)
		return result;
	return text_copy(ret, walk.done[0] ? walk.done : "/");
}
