/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The directories above wards: see ward_layout.h. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/fanotify.h>

#include "base/fd.h"
#include "path/plain.h"
#include "path/ward_layout.h"

/* From so many names on it costs less to read a directory than to look each of
 * them up; they are among the wards that come next. */
#define NAMES_MIN 8
#define AHEAD_MAX 64

/* Has the kernel tell of one directory. Returns: 0 or a negative errno. */
static int watch(const struct wards *wards, int directory)
{
	const uint64_t moves = FAN_MOVED_FROM | FAN_MOVED_TO | FAN_MOVE_SELF |
			       FAN_CREATE | FAN_ONDIR;

	if (wards->events < 0)
		return -ENOSYS;
	return fanotify_mark(wards->events, FAN_MARK_ADD | FAN_MARK_ONLYDIR,
			     moves, directory, ".") < 0
		       ? -errno
		       : 0;
}

/* The length of the deepest directory that two paths are in. */
static size_t common_directory(const char *a, const char *b)
{
	size_t length = 0;

	for (size_t i = 0; a[i] && a[i] == b[i]; i++)
		if (a[i] == '/')
			length = i;
	return length;
}

int ward_way_open(const struct wards *wards, int at, const char *name,
		  const char *path)
{
	int fd = -EAGAIN;

	if (!wards->patient)
		fd = plain_open_in_cached(at, name);
	if (fd == -EAGAIN &&
	    (wards->patient || !mounts_may_wait(&wards->mounts, path)))
		fd = plain_open_in(at, name);
	return fd;
}

/* How many names in a directory wards have that are looked for. */
static bool has_many(const struct ward_way *way, const struct wards *wards,
		     size_t i, const char *path, size_t length)
{
	const size_t end = i + AHEAD_MAX;
	const char *last = "";
	size_t names = 0;

	for (; i < wards->count && i < end && names < NAMES_MIN; i++) {
		const struct ward *ward = &wards->items[i];
		const char *name;

		if (strncmp(ward->path, path, length) != 0 ||
		    ward->path[length] != '/')
			break;
		if (!way->all && !ward->fresh)
			continue;
		name = ward->path + length + 1;
		names += strncmp(name, last, strcspn(name, "/") + 1) != 0;
		last = name;
	}
	return names == NAMES_MIN;
}

static struct ward_level *push(struct ward_way *way)
{
	if (way->count == way->allocated) {
		const size_t allocated = way->allocated * 2 + 16;
		struct ward_level *levels =
			reallocarray(way->levels, allocated, sizeof(*levels));

		if (!levels)
			return NULL;
		way->levels = levels;
		way->allocated = allocated;
	}
	return &way->levels[way->count++];
}

static void leave(struct ward_way *way)
{
	struct ward_level *level = &way->levels[--way->count];

	fd_close(level->fd);
	folder_free(level->folder);
}

/* Returns: a descriptor, or a negative errno: see there. */
static int open_level(const struct ward_way *way, const struct wards *wards,
		      size_t begin, size_t length)
{
	const struct ward_level *above =
		way->count ? &way->levels[way->count - 1] : NULL;
	char directory[PATH_MAX];
	enum folder_kind kind;
	int fd;

	if (!above) {
		fd = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
		return fd < 0 ? -errno : fd;
	}
	memcpy(directory, way->path, length);
	directory[length] = '\0';
	kind = folder_find(above->folder, directory + begin, length - begin);
	/* Where there is a link nothing has the name that a rule says. */
	if (kind == FOLDER_NOTHING || kind == FOLDER_LINK)
		return -ENOENT;
	if (above->fd < 0 ||
	    (!wards->patient && mounts_may_wait(&wards->mounts, directory)))
		return -EAGAIN;
	return ward_way_open(wards, above->fd, directory + begin, directory);
}

/* Goes one directory further, where names are the wards from @i on. */
static struct ward_level *enter(struct ward_way *way, const struct wards *wards,
				size_t i, size_t begin, size_t length)
{
	const bool watched = !way->count || way->levels[way->count - 1].watched;
	int fd = open_level(way, wards, begin, length);
	const int error = fd < 0 ? fd : watch(wards, fd);
	struct ward_level *level = push(way);

	if (!level) {
		fd_close(fd);
		return NULL;
	}
	*level = (struct ward_level){
		.length = length,
		.fd = fd < 0 ? -1 : fd,
		.absent = error == -ENOENT || error == -ENOTDIR ||
			  error == -ELOOP,
		.watched = watched && !error,
	};
	/* What appears from now on is told. */
	if (!error && has_many(way, wards, i, way->path, length) &&
	    folder_read(&level->folder, fd, ".") < 0)
		level->folder = NULL;
	return level;
}

const struct ward_level *ward_way_to(struct ward_way *way,
				     const struct wards *wards, size_t i)
{
	const char *path = wards->items[i].path;
	const size_t last = (size_t)(strrchr(path, '/') - path);
	const size_t common = common_directory(way->path, path);
	struct ward_level *level;

	while (way->count && way->levels[way->count - 1].length > common)
		leave(way);
	strcpy(way->path, path);
	level = way->count ? &way->levels[way->count - 1]
			   : enter(way, wards, i, 0, 0);
	/* Nothing is beneath what is not there. */
	while (level && !level->absent && level->length < last) {
		const size_t begin = level->length + 1;

		level = enter(way, wards, i, begin,
			      begin + strcspn(path + begin, "/"));
	}
	return level;
}

void ward_way_finish(struct ward_way *way)
{
	while (way->count)
		leave(way);
	free(way->levels);
}
