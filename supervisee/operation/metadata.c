// SPDX-License-Identifier: GPL-2.0-or-later
/* What the operations on metadata share: see metadata.h. */
#include "operation/metadata.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/fd.h"
#include "operation/call.h"
#include "operation/directory_entry.h"
#include "path/handle.h"
#include "task/descriptor.h"

/* Nodes are not what can be read and written through them. */
static bool is_device(mode_t mode)
{
	return S_ISCHR(mode) || S_ISBLK(mode);
}

int metadata_gather_descriptor(struct trap *trap)
{
	const int fd = (int)trap->data.args[0];

	trap->exposed = RIGHTS_NEVER_HELD;
	if (!trap->tree->shared_tables &&
	    descriptor_is_written(trap->tid, fd) &&
	    descriptors_are_private(trap->tid)) {
		trap->exposed = 0;
		return STEP_NATIVE;
	}
	trap->socket = descriptor_copy(trap->tid, fd);
	if (trap->socket < 0)
		return fd_take(&trap->socket);
	return fcntl(trap->socket, F_GETFL) & O_PATH ? -EBADF : STEP_JUDGE;
}

int metadata_gather(struct trap *trap, uint64_t flags,
		    enum metadata_empty empty)
{
	const struct call *call = trap->call;
	int error;

	trap->exposed = RIGHTS_NEVER_HELD;
	trap->flags = flags;
	if (call->path < 0)
		return metadata_gather_descriptor(trap);
	if (flags & ~(uint64_t)(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH))
		return -EINVAL;
	if (empty == METADATA_EMPTY_DESCRIPTOR && (flags & AT_EMPTY_PATH) &&
	    !trap->data.args[call->path])
		return (int)trap->data.args[call->dirfd] == AT_FDCWD
			       ? -EFAULT
			       : metadata_gather_descriptor(trap);
	error = trap_gather_path(trap, 0, call->path, call->dirfd);
	if (!error && empty == METADATA_EMPTY_DESCRIPTOR &&
	    !trap->paths[0][0] && (int)trap->data.args[call->dirfd] >= 0) {
		view_close(&trap->views[0]);
		return metadata_gather_descriptor(trap);
	}
	return error;
}

int metadata_pin(struct trap *trap, bool follow)
{
	const char *path = trap->paths[0];
	const size_t length = strlen(path);

	follow = follow || (length && path[length - 1] == '/');
	return pin_path(&trap->pins[0], &trap->views[0], path,
			follow ? PIN_FOLLOW : PIN_NOFOLLOW, 0);
}

static int pin_object(struct trap *trap)
{
	struct pin *pin = &trap->pins[0];
	const bool named = trap->socket < 0 && trap->paths[0][0];
	int fd;

	if (named)
		return metadata_pin(trap, !(trap->flags & AT_SYMLINK_NOFOLLOW));
	fd = fcntl(trap->socket >= 0 ? trap->socket : trap->views[0].origin,
		   F_DUPFD_CLOEXEC, 3);
	return fd < 0 ? -errno : pin_fd(pin, fd);
}

static bool is_written(const struct trap *trap)
{
	const int mode = trap->socket < 0
				 ? O_RDONLY
				 : fcntl(trap->socket, F_GETFL) & O_ACCMODE;

	return mode == O_WRONLY || mode == O_RDWR;
}

/* Of what is no file, those who may make one may change it. */
static rights_t needed(mode_t mode)
{
	return S_ISREG(mode) || S_ISDIR(mode)
		       ? RIGHT_FS_WRITE_FILE
		       : directory_entry_make_right(mode);
}

int metadata_resolve(struct trap *trap)
{
	const struct pin *pin = &trap->pins[0];
	const int error = pin_object(trap);

	if (error)
		return error;
	if (pin->internal ||
	    (is_written(trap) && !is_device(pin->stat.st_mode)))
		return STEP_PERFORM;
	trap_need_path(trap, pin, needed(pin->stat.st_mode));
	return STEP_JUDGE;
}

int metadata_check(const struct trap *trap)
{
	struct statvfs fs;

	return !fstatvfs(trap->pins[0].target, &fs) && (fs.f_flag & ST_RDONLY)
		       ? -EROFS
		       : 0;
}

int metadata_check_owner(const struct trap *trap)
{
	const int error = metadata_check(trap);

	if (error)
		return error;
	return directory_entry_asker() == trap->pins[0].stat.st_uid ||
			       directory_entry_owns_all()
		       ? 0
		       : -EPERM;
}

const char *metadata_link(const struct trap *trap, char *buffer)
{
	return handle_link(trap->pins[0].target, buffer);
}
