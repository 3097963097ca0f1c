/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Pins: see pin.h. */
#include "path/pin.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <linux/openat2.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/fd.h"
#include "path/mounts.h"
#include "path/opath.h"
#include "path/protect.h"
#include "path/walk.h"

#define LINKS_MAX 40 /* MAXSYMLINKS of path_resolution(7) */
/* With these the thread's root does not matter: a path stays beneath where it
 * starts. */
#define SCOPED (RESOLVE_IN_ROOT | RESOLVE_BENEATH)
#define RACES_MAX 8 /* openat2(2) asks to be called again */

/*
 * Whether a path was resolved through our own directory of proc(5): then
 * "self" has to be resolved again, as the thread that asks. The thread may
 * also mean our directory by its number, which the walk sorts out. "We" are
 * the process that resolves, which need not be the monitor: see identity.h.
 */
static bool through_own_proc(const char *path)
{
	char own[32];
	int length;

	if (strncmp(path, "/proc/", 6))
		return false;
	length = snprintf(own, sizeof(own), "/proc/%d", (int)getpid());
	return strncmp(path, own, (size_t)length) == 0 &&
	       (path[length] == '/' || path[length] == '\0');
}

static int open_by_kernel(const struct lookup_base *base, const char *path,
			  int oflags, uint64_t resolve)
{
	const struct open_how how = {
		.flags = (uint64_t)(O_PATH | O_CLOEXEC | oflags),
		.resolve = resolve | RESOLVE_NO_MAGICLINKS,
	};
	const bool from_root = path[0] == '/' && !(resolve & RESOLVE_IN_ROOT);
	const int origin = from_root ? AT_FDCWD : base->origin;

	for (int race = 0;; race++) {
		const long fd =
			syscall(SYS_openat2, origin, path, &how, sizeof(how));

		if (fd >= 0)
			return (int)fd;
		if (errno != EAGAIN || race == RACES_MAX)
			return -errno;
	}
}

static bool on_proc(int fd)
{
	struct statfs fs;

	return !fstatfs(fd, &fs) && fs.f_type == PROC_SUPER_MAGIC;
}

/*
 * Splits a path at its last component.
 * @directory: PATH_MAX bytes
 * Returns: 0, -EEXIST for a last "." or ".." or none, -ENAMETOOLONG.
 */
static int split(const char *path, char *directory, char name[NAME_MAX + 2])
{
	size_t end = strlen(path), start;
	bool slash = false;

	while (end > 0 && path[end - 1] == '/') {
		slash = true;
		end--;
	}
	for (start = end; start > 0 && path[start - 1] != '/'; start--)
		;
	if (start == end)
		return -EEXIST;
	memcpy(directory, path, start);
	directory[start] = '\0';
	if (end - start > NAME_MAX)
		return -ENAMETOOLONG;
	memcpy(name, path + start, end - start);
	name[end - start] = '\0';
	if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
		return -EEXIST;
	if (slash)
		strcat(name, "/");
	return 0;
}

/*
 * Whether a path that leads nowhere for us may lead somewhere for the thread:
 * it does not when its last name is missing in a directory that is the same for
 * everybody.
 */
static bool may_be_personal(const struct lookup_base *base, const char *path,
			    uint64_t resolve)
{
	char directory[PATH_MAX], name[NAME_MAX + 2];
	_cleanup_fd_ int parent = -1;
	struct stat st;

	if (resolve & (SCOPED | RESOLVE_CACHED))
		return false;
	if (split(path, directory, name))
		return true;
	if (*directory)
		strcat(directory, ".");
	else if (path[0] != '/')
		strcpy(directory, ".");
	parent = open_by_kernel(base, directory, O_DIRECTORY, resolve);
	if (parent < 0 || on_proc(parent))
		return true;
	name[strcspn(name, "/")] = '\0';
	return !fstatat(parent, name, &st, AT_SYMLINK_NOFOLLOW) &&
	       S_ISLNK(st.st_mode);
}

/*
 * Opens a path as the thread would see it, and says its canonical path.
 * @ret_number: see struct pin
 */
static int open_target(const struct lookup_base *base, const char *path,
		       int oflags, uint64_t resolve, char canonical[PATH_MAX],
		       size_t *ret_length, int *ret_number)
{
	_cleanup_fd_ int fd = -1;
	bool walk = base->root >= 0 && !(resolve & SCOPED);
	int error;

	*ret_number = -1;
	if (!walk) {
		fd = open_by_kernel(base, path, oflags, resolve);
		walk = fd == -ELOOP ||
		       (fd == -ENOENT && may_be_personal(base, path, resolve));
		if (fd < 0 && !walk)
			return fd_take(&fd);
	}
	if (!walk) {
		error = opath_path(fd, canonical, ret_length);
		if (error)
			return error;
		walk = through_own_proc(canonical);
	}
	if (walk) {
		fd_close(fd);
		fd = walk_path(base, path, oflags, resolve, ret_number);
		if (fd < 0)
			return fd;
		error = opath_path(fd, canonical, ret_length);
		if (error)
			return error;
	}
	return fd_take(&fd);
}

/* Objects of the kernel's own file systems, that no path leads to. */
static bool is_internal(const struct pin *pin)
{
	return pin->path[0] != '/' || (pin->stat.st_nlink == 0 &&
				       strncmp(pin->path, "/memfd:", 7) == 0);
}

static bool is_same(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

/*
 * An object whose name was removed is judged by where it was: so the kernel's
 * own mark goes. It may have other names; and one that ends like the mark.
 */
static void strip_deleted(struct pin *pin)
{
	static const char mark[] = " (deleted)";
	const size_t length = sizeof(mark) - 1;
	struct stat named;

	if (pin->length <= length ||
	    strcmp(pin->path + pin->length - length, mark))
		return;
	if (pin->stat.st_nlink != 0 && !lstat(pin->path, &named) &&
	    is_same(&named, &pin->stat))
		return;
	pin->length -= length;
	pin->path[pin->length] = '\0';
}

static int finish_target(struct pin *pin)
{
	const int error =
		mounts_stat(pin->fd, &pin->stat, &pin->mount, &pin->born);

	if (error)
		return error;
	pin->internal = is_internal(pin);
	if (!pin->internal)
		strip_deleted(pin);
	return 0;
}

int pin_fd(struct pin *ret, int fd)
{
	int error;

	ret->fd = fd;
	error = opath_path(fd, ret->path, &ret->length);
	return error ? error : finish_target(ret);
}

/* Appends the entry's name to the path of its directory. */
static int join_entry(struct pin *pin)
{
	const size_t name = strcspn(pin->name, "/");
	size_t at = pin->length;

	if (at + 1 + name >= PATH_MAX)
		return -ENAMETOOLONG;
	if (at > 1)
		pin->path[at++] = '/';
	memcpy(pin->path + at, pin->name, name);
	pin->path[at + name] = '\0';
	pin->length = at + name;
	return 0;
}

static int pin_parent(struct pin *pin, const struct lookup_base *base,
		      const char *path, uint64_t resolve)
{
	char directory[PATH_MAX];
	int number;
	const int name_error = split(path, directory, pin->name);
	int error = 0;

	/* A name that is too long counts once its directory is found. */
	if (name_error && name_error != -ENAMETOOLONG)
		return name_error;
	if (!*directory) {
		/* A bare name: the directory is where the thread is. */
		pin->parent = base->origin;
		pin->lent = true;
		error = opath_path(pin->parent, pin->path, &pin->length);
	} else {
		/* In the whole path it is no link at its end. */
		strcat(directory, ".");
		pin->parent = open_target(base, directory, O_DIRECTORY, resolve,
					  pin->path, &pin->length, &number);
		if (pin->parent < 0)
			error = pin->parent;
	}
	if (error)
		return error;
	if (name_error)
		return name_error;
	/* The directory may be unlinked; nothing can appear in it then. */
	return join_entry(pin);
}

static int pin_entry(struct pin *pin, const struct lookup_base *base,
		     const char *path, uint64_t resolve)
{
	char name[NAME_MAX + 1];
	int error = pin_parent(pin, base, path, resolve);

	if (error)
		return error;
	snprintf(name, sizeof(name), "%.*s", (int)strcspn(pin->name, "/"),
		 pin->name);
	pin->fd = openat(pin->parent, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	if (pin->fd < 0) {
		error = errno == ENOENT ? 0 : -errno;
		pin->fd = -1;
		return error;
	}
	return mounts_stat(pin->fd, &pin->stat, &pin->mount, &pin->born);
}

/*
 * Puts a link's text in the place of the link's name, the last one of a path:
 * what resolves from where the whole path did stays beneath the same directory.
 */
static int expand(char path[PATH_MAX], const char *text)
{
	size_t length = strlen(path);

	while (length > 0 && path[length - 1] == '/')
		length--;
	while (length > 0 && path[length - 1] != '/')
		length--;
	if (*text == '/')
		length = 0;
	if (length + strlen(text) >= PATH_MAX)
		return -ENAMETOOLONG;
	strcpy(path + length, text);
	return 0;
}

/* The parent, for somebody to own. Returns: a descriptor or a negative errno. */
static int take_parent(struct pin *pin)
{
	int fd;

	if (!pin->lent)
		return fd_take(&pin->parent);
	fd = fcntl(pin->parent, F_DUPFD_CLOEXEC, 3);
	return fd < 0 ? -errno : fd;
}

/* Goes on with the text of the link that a pin is. */
static int follow(struct pin *pin, struct lookup_base *there, int *origin,
		  char path[PATH_MAX], uint64_t resolve)
{
	char text[PATH_MAX];
	ssize_t length;
	int error = protect_follow(pin->parent, pin->fd, &pin->stat, true);

	if (error)
		return error;
	if (resolve & RESOLVE_NO_SYMLINKS)
		return -ELOOP;
	length = readlinkat(pin->fd, "", text, PATH_MAX - 1);
	if (length < 0)
		return -errno;
	text[length] = '\0';
	if (resolve & (RESOLVE_BENEATH | RESOLVE_IN_ROOT)) {
		error = expand(path, text);
	} else {
		const int parent = take_parent(pin);

		strcpy(path, text);
		fd_close(*origin);
		*origin = there->origin = parent;
		error = parent < 0 ? parent : 0;
	}
	pin_release(pin);
	return error;
}

/*
 * Pins the name at the end of all last links, and what is there.
 * @there, @origin: where the last link has led, and what of that is ours
 */
static int pin_after_links(struct pin *pin, struct lookup_base *there,
			   int *origin, char path[PATH_MAX], uint64_t resolve)
{
	int error = 0;

	for (int links = 0; !error && links <= LINKS_MAX; links++) {
		error = pin_entry(pin, there, path, resolve);
		if (error || pin->fd < 0 || !S_ISLNK(pin->stat.st_mode))
			return error;
		if (on_proc(pin->fd))
			return -ENOLINK;
		error = follow(pin, there, origin, path, resolve);
	}
	return error ? error : -ELOOP;
}

/* The same. Returns: 0, -ENOLINK for a link without a text of its own, ... */
static int pin_last(struct pin *pin, const struct lookup_base *base,
		    const char *path, uint64_t resolve)
{
	char text[PATH_MAX];
	struct lookup_base there = *base;
	_cleanup_fd_ int origin = -1;
	int error;

	snprintf(text, sizeof(text), "%s", path);
	error = pin_after_links(pin, &there, &origin, text, resolve);
	/* What a link has led to does not live longer than this. */
	if (pin->lent && pin->parent == origin) {
		pin->parent = fd_take(&origin);
		pin->lent = false;
	}
	return error;
}

/* What a missing object of open(O_CREAT) would be called, and where. */
static int pin_missing(struct pin *pin, const struct lookup_base *base,
		       const char *path, uint64_t resolve)
{
	const int error = pin_last(pin, base, path, resolve);

	if (error)
		return error == -ENOLINK ? -ENOENT : error;
	return pin->fd < 0 ? 0 : -EAGAIN; /* it has just appeared */
}

int pin_directory(struct pin *pin, const struct lookup_base *base,
		  const char *path, bool follow, uint64_t resolve)
{
	struct pin last = PIN_INIT;
	int error = follow ? pin_last(&last, base, path, resolve)
			   : pin_entry(&last, base, path, resolve);

	if (!error && (last.fd < 0 || last.stat.st_dev != pin->stat.st_dev ||
		       last.stat.st_ino != pin->stat.st_ino))
		error = -EAGAIN;
	if (!error) {
		pin->parent = take_parent(&last);
		error = pin->parent < 0 ? pin->parent : 0;
	}
	pin_release(&last);
	return error;
}

int pin_path(struct pin *ret, const struct lookup_base *base, const char *path,
	     enum pin_mode mode, uint64_t resolve)
{
	const int oflags = mode == PIN_NOFOLLOW ? O_NOFOLLOW : 0;

	if (!*path)
		return -ENOENT;
	if (mode == PIN_ENTRY)
		return pin_entry(ret, base, path, resolve);
	for (int race = 0; race < RACES_MAX; race++) {
		int error;

		ret->fd = open_target(base, path, oflags, resolve, ret->path,
				      &ret->length, &ret->number);
		if (ret->fd >= 0)
			return finish_target(ret);
		error = fd_take(&ret->fd);
		if (error != -ENOENT || mode != PIN_CREATE)
			return error;
		error = pin_missing(ret, base, path, resolve);
		if (error != -EAGAIN)
			return error;
		pin_release(ret);
	}
	return -EAGAIN;
}

bool pin_is_named(const struct pin *pin)
{
	const char *slash = strrchr(pin->path, '/');
	char directory[PATH_MAX];
	struct stat named, pinned;

	if (pin->internal)
		return true;
	if (pin->fd >= 0)
		return !lstat(pin->path, &named) && is_same(&named, &pin->stat);
	if (pin->parent < 0)
		return true; /* nothing is */
	if (!slash)
		return false;
	snprintf(directory, sizeof(directory), "%.*s",
		 slash == pin->path ? 1 : (int)(slash - pin->path), pin->path);
	return !stat(directory, &named) && !fstat(pin->parent, &pinned) &&
	       is_same(&named, &pinned);
}

void pin_init(struct pin *pin)
{
	memset(pin, 0, offsetof(struct pin, name));
	pin->parent = pin->fd = pin->number = -1;
	pin->name[0] = pin->path[0] = '\0';
}

void pin_release(struct pin *pin)
{
	if (!pin->lent)
		fd_close(pin->parent);
	pin->lent = false;
	pin->parent = -1;
	pin->fd = fd_close(pin->fd);
	pin->number = -1;
}
