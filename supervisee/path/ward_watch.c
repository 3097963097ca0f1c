// SPDX-License-Identifier: GPL-2.0-or-later
/* The directories above wards: see ward_layout.h. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/fanotify.h>

#include "path/ward_layout.h"

/* Watches one directory. Returns: 0 or a negative errno. */
static int watch(const struct wards *wards, const char *directory)
{
	const uint64_t moves = FAN_MOVED_FROM | FAN_MOVED_TO | FAN_MOVE_SELF |
			       FAN_CREATE | FAN_ONDIR;

	if (wards->events < 0)
		return -ENOSYS;
	return fanotify_mark(wards->events, FAN_MARK_ADD | FAN_MARK_ONLYDIR,
			     moves, AT_FDCWD, directory) < 0
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

/* Notes what has come of a directory. */
static void note(struct ward_watching *watching, size_t length, int error)
{
	if (error && !watching->failed)
		watching->failed = length + 1;
	if (error == -ENOENT || error == -ENOTDIR)
		watching->absent = length + 1;
}

/* Forgets what was noted of directories that a ward is not in. */
static void leave(struct ward_watching *watching, size_t common)
{
	if (watching->failed > common + 1)
		watching->failed = 0;
	if (watching->absent > common + 1)
		watching->absent = 0;
}

bool ward_watch_above(struct ward_watching *watching, const struct wards *wards,
		      const struct ward *ward)
{
	const char *path = ward->path;
	const size_t last = (size_t)(strrchr(path, '/') - path);
	char directory[PATH_MAX];
	size_t length = 0;

	if (watching->path) {
		length = common_directory(watching->path, path);
		leave(watching, length);
	} else {
		note(watching, 0, watch(wards, "/"));
	}
	watching->path = path;
	/* Nothing is beneath what is not there. */
	while (length < last && !watching->absent) {
		length += 1 + strcspn(path + length + 1, "/");
		memcpy(directory, path, length);
		directory[length] = '\0';
		note(watching, length, watch(wards, directory));
	}
	return !watching->failed;
}
