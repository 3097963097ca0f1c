/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The policy file that a review ends with: see review_file.h. */
#include "cli/review_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/fd.h"
#include "core/app.h"
#include "policy/expand.h"
#include "store/directory.h"

/* ~/.config/landlord/apps/APP.d/reviewed-TIME.ini */
static int name_file(const char *app, char **ret)
{
	_cleanup_free_ char *config = NULL, *name = NULL;
	const time_t now = time(NULL);
	char stamp[32];
	struct tm tm;
	int error = expand_variable("XDG_CONFIG_HOME", EXPAND_ENVIRONMENT, NULL,
				    &config);

	if (!error)
		error = app_file_name(app, ".d", &name);
	if (error)
		return error;
	if (!gmtime_r(&now, &tm) ||
	    !strftime(stamp, sizeof(stamp), "%Y%m%d-%H%M%S", &tm))
		return -EINVAL;
	return asprintf(ret, "%s/landlord/apps/%s/reviewed-%s.ini", config,
			name, stamp) < 0
		       ? -ENOMEM
		       : 0;
}

static int write_text(const struct review *review, int fd)
{
	FILE *out = fdopen(fd, "w");
	int error;

	if (!out) {
		error = -errno;
		close(fd);
		return error;
	}
	fputs("# Accepted in a review, each for what is above it.\n\n[allow]\n",
	      out);
	error = review_write(review, out);
	if (!error && (fflush(out) != 0 || fsync(fileno(out)) < 0))
		error = -errno;
	if (fclose(out) != 0 && !error)
		error = -errno;
	return error;
}

/* Its name is on the disk, too. */
static int sync_directory(const char *path)
{
	_cleanup_free_ char *directory = strdup(path);
	_cleanup_fd_ int fd = -1;
	char *slash = directory ? strrchr(directory, '/') : NULL;

	if (!directory)
		return -ENOMEM;
	if (slash)
		slash[slash == directory] = '\0';
	fd = open(slash ? directory : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return fd < 0 || fsync(fd) < 0 ? -errno : 0;
}

/*
 * By another name first, which no policy file has; a link, unlike a renaming,
 * replaces nothing.
 */
static int write_file(const struct review *review, const char *path)
{
	_cleanup_free_ char *draft = NULL;
	int fd, error;

	if (asprintf(&draft, "%s.XXXXXX", path) < 0) {
		draft = NULL;
		return -ENOMEM;
	}
	fd = mkostemp(draft, O_CLOEXEC);
	if (fd < 0)
		return -errno;
	error = write_text(review, fd);
	if (!error && link(draft, path) < 0)
		error = -errno;
	unlink(draft);
	return error ? error : sync_directory(path);
}

int review_file_write(const struct review *review, const char *output,
		      char **ret_path)
{
	int error;

	*ret_path = NULL;
	if (output) {
		*ret_path = strdup(output);
		error = *ret_path ? 0 : -ENOMEM;
	} else {
		error = name_file(review->app, ret_path);
		if (!error)
			error = directory_make_parents(*ret_path);
	}
	return error ? error : write_file(review, *ret_path);
}
