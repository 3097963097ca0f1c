/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The place of the state: see state_place.h. */
#include "daemon/state_place.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/fd.h"
#include "control/lock_file.h"
#include "store/directory.h"
#include "supervision/audit_log.h"

#define LOCK_NAME "daemon.lock"

int state_place_open(struct state_place *place)
{
	int result;

	*place = (struct state_place)STATE_PLACE_INIT;
	place->path = audit_log_path();
	if (!place->path || directory_make_parents(place->path) < 0)
		return 0;
	*strrchr(place->path, '/') = '\0';
	place->directory =
		open(place->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (place->directory < 0)
		return 0;
	result = lock_file_take(place->directory, LOCK_NAME);
	if (result == -EADDRINUSE)
		return result;
	place->lock = result < 0 ? -1 : result;
	return 0;
}

static bool is_there(const struct state_place *place)
{
	struct stat ours, named;

	return fstat(place->directory, &ours) == 0 &&
	       stat(place->path, &named) == 0 && ours.st_ino == named.st_ino &&
	       ours.st_dev == named.st_dev;
}

int state_place_check(struct state_place *place)
{
	int result;

	if (place->directory < 0)
		return 0;
	if (!is_there(place))
		return -ENOENT;
	if (place->lock < 0 ||
	    lock_file_holds(place->lock, place->directory, LOCK_NAME))
		return 0;
	result = lock_file_take(place->directory, LOCK_NAME);
	if (result < 0)
		return result;
	fd_close(place->lock);
	place->lock = result;
	return 0;
}

void state_place_finish(struct state_place *place)
{
	fd_close(place->lock);
	fd_close(place->directory);
	free(place->path);
	*place = (struct state_place)STATE_PLACE_INIT;
}
