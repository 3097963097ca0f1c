/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is beneath a directory that is to be moved: see ward.h. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/fd.h"
#include "path/ward_layout.h"

/* Whoever moves more than that is told so: see wards_contents(). */
#define CONTENTS_MS 100
#define DEPTH_MAX 64

struct contents {
	const struct ruleset *ruleset;
	rights_t found, rights;
	int64_t end;
	char path[PATH_MAX];
};

static int look_into(struct contents *contents, int directory, int depth);

static int look_at(struct contents *contents, int directory,
		   const struct dirent *entry, int depth)
{
	const size_t length = strlen(contents->path);

	contents->found |=
		ruleset_matched(contents->ruleset, contents->path, length) &
		contents->rights;
	if ((entry->d_type != DT_DIR && entry->d_type != DT_UNKNOWN) ||
	    !ruleset_reaches_beneath(contents->ruleset, contents->path, length))
		return 0;
	directory = openat(directory, entry->d_name,
			   O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (directory < 0)
		return errno == ENOTDIR || errno == ELOOP || errno == ENOENT
			       ? 0
			       : -errno;
	return look_into(contents, directory, depth + 1);
}

/* @directory: taken */
static int look_into(struct contents *contents, int directory, int depth)
{
	const size_t length = contents->path[1] ? strlen(contents->path) : 0;
	DIR *const names = fdopendir(directory);
	const struct dirent *entry;
	int error = depth > DEPTH_MAX || clock_monotonic_ms() > contents->end
			    ? -EAGAIN
			    : 0;

	if (!names) {
		fd_close(directory);
		return -ENOMEM;
	}
	while (!error && contents->found != contents->rights &&
	       (entry = readdir(names))) {
		if (strcmp(entry->d_name, ".") == 0 ||
		    strcmp(entry->d_name, "..") == 0)
			continue;
		if (snprintf(contents->path + length, PATH_MAX - length, "/%s",
			     entry->d_name) >= (int)(PATH_MAX - length))
			error = -ENAMETOOLONG;
		else
			error = look_at(contents, directory, entry, depth);
	}
	contents->path[length] = '\0';
	closedir(names);
	return error;
}

bool wards_have_patterns(const struct wards *wards, rights_t rights)
{
	return wards->reached & rights;
}

rights_t wards_contents(const struct wards *wards, const char *path,
			int directory, rights_t rights)
{
	struct contents contents = {
		.ruleset = wards->ruleset,
		.rights = rights & wards->reached,
		.end = clock_monotonic_ms() + CONTENTS_MS,
	};
	int fd;

	if (!contents.rights)
		return 0;
	fd = openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || strlen(path) >= PATH_MAX) {
		fd_close(fd);
		return contents.rights;
	}
	strcpy(contents.path, path);
	return look_into(&contents, fd, 0) ? contents.rights : contents.found;
}
