// SPDX-License-Identifier: GPL-2.0-or-later
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

#include "base/fd.h"
#include "operation/call.h"
#include "operation/metadata.h"
#include "operation/operations.h"
#include "path/handle.h"
#include "task/descriptor.h"

#define EVENTS (IN_ALL_EVENTS | IN_UNMOUNT | IN_Q_OVERFLOW | IN_IGNORED)
#define OPTIONS                                                       \
	(IN_ONLYDIR | IN_DONT_FOLLOW | IN_EXCL_UNLINK | IN_MASK_ADD | \
	 IN_MASK_CREATE | IN_ISDIR | IN_ONESHOT)

static uint32_t mask_of(const struct trap *trap)
{
	return (uint32_t)trap->data.args[2];
}

static bool is_inotify(int fd)
{
	char path[PATH_MAX];
	size_t length;

	return !handle_path(fd, path, &length) &&
	       !strcmp(path, "anon_inode:inotify");
}

static int gather(struct trap *trap)
{
	const uint32_t mask = mask_of(trap);

	trap->exposed = RIGHTS_NEVER_HELD;
	if (!mask || (mask & ~(uint32_t)(EVENTS | OPTIONS)))
		return -EINVAL;
	trap->socket = descriptor_copy(trap->tid, (int)trap->data.args[0]);
	if (trap->socket < 0)
		return fd_take(&trap->socket);
	if (fcntl(trap->socket, F_GETFL) & O_PATH)
		return -EBADF;
	if (((mask & IN_MASK_ADD) && (mask & IN_MASK_CREATE)) ||
	    !is_inotify(trap->socket))
		return -EINVAL;
	return trap_gather_path(trap, 0, trap->call->path, -1);
}

static int resolve(struct trap *trap)
{
	const uint32_t mask = mask_of(trap);
	struct pin *pin = &trap->pins[0];
	int error = metadata_pin(trap, !(mask & IN_DONT_FOLLOW));

	if (error)
		return error;
	if ((mask & IN_ONLYDIR) && !S_ISDIR(pin->stat.st_mode))
		return -ENOTDIR;
	error = handle_access(pin->target, R_OK);
	if (error)
		return error;
	if (pin->internal)
		return STEP_PERFORM;
	trap_need_path(trap, pin,
		       S_ISDIR(pin->stat.st_mode) ? RIGHT_FS_READ_DIR
						  : RIGHT_FS_READ_FILE);
	return STEP_JUDGE;
}

/* The descriptor is the program's own queue: what is added is added for it. */
static int perform(struct trap *trap)
{
	const uint32_t lookup = IN_DONT_FOLLOW | IN_ONLYDIR;
	char link[HANDLE_LINK_BYTES];
	const int watch =
		inotify_add_watch(trap->socket, metadata_link(trap, link),
				  mask_of(trap) & ~lookup);

	if (watch < 0)
		return -errno;
	trap->value = watch;
	return 0;
}

const struct operation operation_watch = {
	.rights = "fs.read_dir, fs.read_file",
	.gather = gather,
	.resolve = resolve,
	.perform = perform,
};
