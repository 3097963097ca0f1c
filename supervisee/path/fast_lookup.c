/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fast lookups: see fast_lookup.h. */
#include "path/fast_lookup.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "task/thread_source.h"

#define LINK_BYTES 64 /* of what a link of the root directory leads to */

/*
 * Links of the root directory by which programs call what lies in /usr. They
 * are not looked at again: who moves them makes us guess wrong, no more.
 */
static struct root_link {
	const char *name;
	char target[LINK_BYTES]; /* "": it is none */
} root_links[] = {{"/lib", ""}, {"/lib64", ""}, {"/bin", ""}, {"/sbin", ""}};

static void learn_root_links(void)
{
	static bool known;

	if (known)
		return;
	known = true;
	for (size_t i = 0; i < ARRAY_SIZE(root_links); i++) {
		struct root_link *link = &root_links[i];
		const ssize_t length =
			readlink(link->name, link->target, LINK_BYTES - 1);

		link->target[length < 0 ? 0 : length] = '\0';
	}
}

/* Whether each component is a name: the path is its own canonical form. */
static bool is_clean(const char *path)
{
	for (const char *at = path;; at++) {
		const size_t length = strcspn(at, "/");

		if (length == 0 || (at[0] == '.' && length == 1) ||
		    (at[0] == '.' && at[1] == '.' && length == 2))
			return false;
		at += length;
		if (!*at)
			return true;
	}
}

/* What is in proc(5) may be another thing for everybody who looks. */
static bool is_personal(const char *path)
{
	return strncmp(path, "/proc/", 6) == 0;
}

static int join(struct pin *ret, const char *first, size_t first_length,
		const char *second)
{
	const size_t length = strlen(second);

	if (first_length + length >= sizeof(ret->path))
		return -EAGAIN;
	memmove(ret->path, first, first_length);
	memcpy(ret->path + first_length, second, length + 1);
	ret->length = first_length + length;
	return 0;
}

static int place_absolute(struct pin *ret, const char *path)
{
	learn_root_links();
	for (size_t i = 0; i < ARRAY_SIZE(root_links); i++) {
		const struct root_link *link = &root_links[i];
		const size_t length = strlen(link->name);
		char target[LINK_BYTES + 1];
		int target_length;

		if (!*link->target || strncmp(path, link->name, length) != 0 ||
		    path[length] != '/')
			continue;
		target_length =
			snprintf(target, sizeof(target), "%s%s",
				 *link->target == '/' ? "" : "/", link->target);
		return join(ret, target, (size_t)target_length, path + length);
	}
	return join(ret, path, 0, path);
}

static int place_relative(struct pin *ret, struct thread_source *source,
			  pid_t tid, int dirfd, const char *path)
{
	char name[32] = "cwd";
	ssize_t length;

	if (dirfd != AT_FDCWD)
		snprintf(name, sizeof(name), "fd/%d", dirfd);
	length = thread_source_link(source, tid, name, ret->path,
				    sizeof(ret->path) - 1);
	if (length <= 0 || ret->path[0] != '/')
		return -EAGAIN;
	if (length > 1)
		ret->path[length++] = '/';
	return join(ret, ret->path, (size_t)length, path);
}

/* What is in a directory for sure needs no more than one look. */
static int look_at_entry(struct pin *ret)
{
	return lstat(ret->path, &ret->stat) < 0 ? -errno : 0;
}

/* On the way there is no link; at the end there may be one. */
static int look_along(struct pin *ret)
{
	const struct open_how how = {
		.flags = O_PATH | O_NOFOLLOW | O_CLOEXEC,
		.resolve = RESOLVE_NO_SYMLINKS,
	};
	const long fd =
		syscall(SYS_openat2, AT_FDCWD, ret->path, &how, sizeof(how));
	int error;

	if (fd < 0)
		return -errno;
	error = fstat((int)fd, &ret->stat) < 0 ? -errno : 0;
	close((int)fd);
	return error;
}

/* Goes to where a link at the end leads, if that is in the same directory. */
static int follow_last(struct pin *ret)
{
	char text[NAME_MAX + 1];
	const ssize_t length = readlink(ret->path, text, sizeof(text) - 1);
	const char *slash = strrchr(ret->path, '/');

	if (length <= 0)
		return -EAGAIN;
	text[length] = '\0';
	if (strchr(text, '/') || !is_clean(text))
		return -EAGAIN;
	return join(ret, ret->path, (size_t)(slash + 1 - ret->path), text);
}

static int look(struct pin *ret, bool in_known_directory, bool follow)
{
	int (*const at)(struct pin * ret) =
		in_known_directory ? look_at_entry : look_along;

	const int error = at(ret);

	if (error)
		return error == -ENOENT ? error : -EAGAIN;
	if (!follow || !S_ISLNK(ret->stat.st_mode))
		return 0;
	return follow_last(ret) || at(ret) ? -EAGAIN : 0;
}

/*
 * Whether a path is one name in what is surely a directory: what a descriptor
 * refers to may be a link, which a look must not follow either.
 */
static bool is_known_directory(int dirfd, const char *path)
{
	return dirfd == AT_FDCWD && !strchr(path, '/');
}

int fast_lookup(struct pin *ret, struct thread_source *source, pid_t tid,
		int dirfd, const char *path, bool follow)
{
	const bool relative = path[0] != '/';
	int error;

	if (!is_clean(relative ? path : path + 1))
		return -EAGAIN;
	error = relative ? place_relative(ret, source, tid, dirfd, path)
			 : place_absolute(ret, path);
	if (!error && is_personal(ret->path))
		error = -EAGAIN;
	if (!error)
		error = look(ret, is_known_directory(dirfd, path), follow);
	if (error)
		return error;
	ret->internal = false;
	/* What else there is does not open so. */
	return S_ISLNK(ret->stat.st_mode) || S_ISSOCK(ret->stat.st_mode)
		       ? -EAGAIN
		       : 0;
}
