/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Resolving a path component by component: see walk.h. */
#include "path/walk.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <linux/openat2.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include "base/cleanup.h"
#include "base/fd.h"
#include "path/opath.h"
#include "path/protect.h"
#include "task/tree.h"

#define LINKS_MAX 40 /* MAXSYMLINKS of path_resolution(7) */

struct walk {
	const struct lookup_base *base;
	uint64_t resolve;
	uint64_t mount; /* where it started, for RESOLVE_NO_XDEV */
	int at;		/* where we are; owned */
	int number;	/* of the descriptor whose link led here; -1: none */
	bool slash;	/* after the last component: it is a directory */
	char *text;	/* of the path and of links so far; owned */
	char *rest;	/* what is left of it to resolve */
	unsigned links; /* followed so far */
};

#define SCOPED (RESOLVE_IN_ROOT | RESOLVE_BENEATH)

static int open_origin(const struct lookup_base *base)
{
	const int fd = fcntl(base->origin, F_DUPFD_CLOEXEC, 3);

	return fd < 0 ? -errno : fd;
}

/* What "/" means, and where ".." ends. */
static int open_root(const struct walk *walk)
{
	const struct lookup_base *base = walk->base;
	int fd;

	if (walk->resolve & SCOPED)
		return open_origin(base);
	fd = base->root >= 0 ? openat(base->root, ".", O_PATH | O_CLOEXEC)
			     : open("/", O_PATH | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

static uint64_t mount_of(int fd)
{
	struct statx place;

	return statx(fd, "", AT_EMPTY_PATH, STATX_MNT_ID, &place) < 0
		       ? 0
		       : place.stx_mnt_id;
}

/* Takes the descriptor over. */
static int move_to(struct walk *walk, int fd)
{
	if (fd < 0)
		return fd;
	if ((walk->resolve & RESOLVE_NO_XDEV) && mount_of(fd) != walk->mount) {
		fd_close(fd);
		return -EXDEV;
	}
	fd_close(walk->at);
	walk->at = fd;
	return 0;
}

/* The same directory on the same mount. */
static bool same_place(int a, int b)
{
	struct statx sa, sb;
	const unsigned int mask = STATX_INO | STATX_MNT_ID;

	return !statx(a, "", AT_EMPTY_PATH, mask, &sa) &&
	       !statx(b, "", AT_EMPTY_PATH, mask, &sb) &&
	       sa.stx_ino == sb.stx_ino && sa.stx_mnt_id == sb.stx_mnt_id &&
	       sa.stx_dev_major == sb.stx_dev_major &&
	       sa.stx_dev_minor == sb.stx_dev_minor;
}

static int step_up(struct walk *walk)
{
	_cleanup_fd_ int root = open_root(walk);
	int fd;

	if (root < 0)
		return root;
	if (same_place(root, walk->at))
		return walk->resolve & RESOLVE_BENEATH ? -EXDEV : 0;
	fd = openat(walk->at, "..", O_PATH | O_CLOEXEC);
	return move_to(walk, fd < 0 ? -errno : fd);
}

static bool on_proc(int fd)
{
	struct statfs fs;

	return !fstatfs(fd, &fs) && fs.f_type == PROC_SUPER_MAGIC;
}

/*
 * Whether a directory of proc(5) belongs to a process of the thread's tree.
 * @ret_descriptors: its names are numbers of descriptors
 */
static bool proc_dir_is_ours(const struct lookup_base *base, int fd,
			     bool *ret_descriptors)
{
	char path[PATH_MAX];
	size_t length;
	long pid;

	if (opath_path(fd, path, &length))
		return false;
	if (sscanf(path, "/proc/%ld/", &pid) != 1)
		return false;
	*ret_descriptors = length > 3 && strcmp(path + length - 3, "/fd") == 0;
	return tree_supervised((pid_t)pid, base->monitor);
}

/*
 * Puts a link's text in front of what is left: together they may be longer than
 * a path, as to the kernel. There are no more than LINKS_MAX of them.
 */
static int push_text(struct walk *walk, const char *text)
{
	char *joined;

	if (asprintf(&joined, "%s/%s", text, walk->rest) < 0)
		return -ENOMEM;
	if (!*walk->rest && !walk->slash)
		joined[strlen(text)] = '\0';
	free(walk->text);
	walk->text = walk->rest = joined;
	if (text[0] == '/') {
		if (walk->resolve & RESOLVE_BENEATH)
			return -EXDEV;
		return move_to(walk, open_root(walk));
	}
	return 0;
}

/* Magic links jump to an object instead of having a text. */
static bool is_magic(const char *text, const char *name, int directory)
{
	struct stat st;

	if (strcmp(name, "self") == 0 || strcmp(name, "thread-self") == 0)
		return false;
	/* net -> self/net, mounts -> self/mounts: in the root of proc. */
	if (strncmp(text, "self/", 5) == 0 && !fstat(directory, &st) &&
	    st.st_ino == 1)
		return false;
	return true;
}

static int follow_proc_link(struct walk *walk, int link, const char *name)
{
	char text[PATH_MAX];
	char self[64];
	ssize_t length = readlinkat(link, "", text, sizeof(text) - 1);
	bool descriptors;
	int fd, error;

	if (length < 0)
		return -errno;
	text[length] = '\0';
	if (!is_magic(text, name, walk->at)) {
		const pid_t tgid = tree_tgid(walk->base->tid);

		if (tgid < 0)
			return tgid;
		if (strcmp(name, "thread-self") == 0)
			snprintf(self, sizeof(self), "%d/task/%d", (int)tgid,
				 (int)walk->base->tid);
		else if (strcmp(name, "self") == 0)
			snprintf(self, sizeof(self), "%d", (int)tgid);
		else
			return push_text(walk, text);
		return push_text(walk, self);
	}
	if (walk->resolve & RESOLVE_NO_MAGICLINKS)
		return -ELOOP;
	if (walk->resolve & SCOPED)
		return -EXDEV;
	if (!proc_dir_is_ours(walk->base, walk->at, &descriptors))
		return -EACCES;
	fd = openat(walk->at, name, O_PATH | O_CLOEXEC);
	error = move_to(walk, fd < 0 ? -errno : fd);
	if (!error && descriptors)
		walk->number = atoi(name);
	return error;
}

static int follow_link(struct walk *walk, int link, const struct stat *st,
		       const char *name, bool last)
{
	char text[PATH_MAX];
	ssize_t length;
	int error;

	if (++walk->links > LINKS_MAX)
		return -ELOOP;
	error = protect_follow(walk->at, link, st, last);
	if (error)
		return error;
	if (walk->resolve & RESOLVE_NO_SYMLINKS)
		return -ELOOP;
	if (on_proc(link))
		return follow_proc_link(walk, link, name);
	length = readlinkat(link, "", text, sizeof(text) - 1);
	if (length < 0)
		return -errno;
	if (length == 0)
		return -ENOENT;
	text[length] = '\0';
	return push_text(walk, text);
}

/* Cuts the first component off what is left. */
static int take_component(struct walk *walk, char name[NAME_MAX + 1],
			  bool *ret_last, bool *ret_directory)
{
	char *start = walk->rest + strspn(walk->rest, "/");
	const size_t length = strcspn(start, "/");
	char *after = start + length;

	if (length > NAME_MAX)
		return -ENAMETOOLONG;
	memcpy(name, start, length);
	name[length] = '\0';
	*ret_directory = *after == '/';
	after += strspn(after, "/");
	*ret_last = !*after;
	walk->rest = after;
	return 0;
}

static int step_into(struct walk *walk, const char *name, bool follow,
		     bool last)
{
	_cleanup_fd_ int fd = -1;
	struct stat st;

	fd = openat(walk->at, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st) < 0)
		return -errno;
	if (S_ISLNK(st.st_mode) && follow)
		return follow_link(walk, fd, &st, name, last);
	return move_to(walk, fd_take(&fd));
}

/* A last "." is no name, and yet needs the right to search the directory. */
static int may_search(int directory)
{
	_cleanup_fd_ int fd = openat(directory, ".", O_PATH | O_CLOEXEC);

	return fd < 0 ? -errno : 0;
}

static int walk_component(struct walk *walk, int oflags)
{
	char name[NAME_MAX + 1];
	bool last, directory;
	struct stat st;
	int error;

	error = take_component(walk, name, &last, &directory);
	if (error)
		return error;
	walk->slash = directory;
	if (fstat(walk->at, &st) < 0)
		return -errno;
	if (!S_ISDIR(st.st_mode))
		return -ENOTDIR;
	if (!*name)
		return 0;
	if (strcmp(name, ".") == 0)
		return may_search(walk->at);
	walk->number = -1;
	if (strcmp(name, "..") == 0)
		return step_up(walk);
	error = step_into(walk, name,
			  !last || directory || !(oflags & O_NOFOLLOW), last);
	if (error || !directory || *walk->rest)
		return error;
	if (fstat(walk->at, &st) < 0)
		return -errno;
	return S_ISDIR(st.st_mode) ? 0 : -ENOTDIR;
}

int walk_path(const struct lookup_base *base, const char *path, int oflags,
	      uint64_t resolve, int *ret_number)
{
	struct walk walk = {
		.base = base, .resolve = resolve, .at = -1, .number = -1};
	int error = 0;

	if (!*path)
		return -ENOENT;
	if (path[0] == '/' && (resolve & RESOLVE_BENEATH))
		return -EXDEV;
	walk.at = path[0] == '/' ? open_root(&walk) : open_origin(base);
	if (walk.at < 0)
		return walk.at;
	walk.mount = mount_of(walk.at);
	walk.text = walk.rest = strdup(path);
	if (!walk.text)
		error = -ENOMEM;
	while (!error && *walk.rest)
		error = walk_component(&walk, oflags);
	free(walk.text);
	if (error) {
		fd_close(walk.at);
		return error;
	}
	*ret_number = walk.number;
	return walk.at;
}
