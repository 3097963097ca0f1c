/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * inotify_add_watch(2): who may watch a directory learns the names in it, and
 * who may watch a file, when it is used. So it needs what reading them does.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include "operation/call.h"
#include "operation/metadata.h"
#include "operation/operations.h"
#include "path/opath.h"

#define EVENTS (IN_ALL_EVENTS | IN_UNMOUNT | IN_Q_OVERFLOW | IN_IGNORED)
#define OPTIONS                                                       \
	(IN_ONLYDIR | IN_DONT_FOLLOW | IN_EXCL_UNLINK | IN_MASK_ADD | \
	 IN_MASK_CREATE | IN_ISDIR | IN_ONESHOT)

static uint32_t mask_of(const struct notif *notif)
{
	return (uint32_t)notif->data.args[2];
}

static bool is_inotify(int fd)
{
	char path[PATH_MAX];
	size_t length;

	return !opath_path(fd, path, &length) &&
	       strcmp(path, "anon_inode:inotify") == 0;
}

static int gather(struct notif *notif)
{
	const uint32_t mask = mask_of(notif);
	int error;

	notif->exposed = RIGHTS_NEVER_HELD;
	if (!mask || (mask & ~(uint32_t)(EVENTS | OPTIONS)))
		return -EINVAL;
	error = notif_copy_fd(notif, (int)notif->data.args[0]);
	if (error)
		return error;
	if (fcntl(notif->fd, F_GETFL) & O_PATH)
		return -EBADF;
	if (((mask & IN_MASK_ADD) && (mask & IN_MASK_CREATE)) ||
	    !is_inotify(notif->fd))
		return -EINVAL;
	return notif_gather_path(notif, 0, notif->call->path, -1);
}

static int resolve(struct notif *notif)
{
	const uint32_t mask = mask_of(notif);
	struct pin *pin = &notif->pins[0];
	int error = metadata_pin(notif, !(mask & IN_DONT_FOLLOW));

	if (error)
		return error;
	if ((mask & IN_ONLYDIR) && !S_ISDIR(pin->stat.st_mode))
		return -ENOTDIR;
	error = opath_access(pin->fd, R_OK);
	if (error)
		return error;
	if (pin->internal)
		return STEP_PERFORM;
	notif_need_path(notif, pin,
			S_ISDIR(pin->stat.st_mode) ? RIGHT_FS_READ_DIR
						   : RIGHT_FS_READ_FILE);
	return STEP_JUDGE;
}

/* The descriptor is the program's own queue: what is added is added for it. */
static int perform(struct notif *notif)
{
	const uint32_t lookup = IN_DONT_FOLLOW | IN_ONLYDIR;
	char link[OPATH_LINK_BYTES];
	const int watch =
		inotify_add_watch(notif->fd, metadata_link(notif, link),
				  mask_of(notif) & ~lookup);

	if (watch < 0)
		return -errno;
	notif->value = watch;
	return 0;
}

const struct operation operation_watch = {
	.rights = "fs.read_dir, fs.read_file",
	.gather = gather,
	.resolve = resolve,
	.perform = perform,
};
