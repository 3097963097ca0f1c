/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the operations on metadata share: see metadata.h. */
#include "operation/metadata.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "operation/call.h"
#include "operation/directory_entry.h"
#include "path/opath.h"
#include "task/descriptor.h"

/* Nodes are not what can be read and written through them. */
static bool is_device(mode_t mode)
{
	return S_ISCHR(mode) || S_ISBLK(mode);
}

static int gather_descriptor(struct notif *notif)
{
	const int fd = (int)notif->data.args[0];
	int error;

	notif->exposed = RIGHTS_NEVER_HELD;
	if (!notif->tree->shared_tables &&
	    descriptor_is_written(notif->tid, fd) &&
	    descriptors_are_private(notif->tid)) {
		notif->exposed = 0;
		return STEP_NATIVE;
	}
	error = notif_copy_fd(notif, fd);
	if (error)
		return error;
	return fcntl(notif->fd, F_GETFL) & O_PATH ? -EBADF : STEP_JUDGE;
}

int metadata_gather(struct notif *notif, uint64_t flags,
		    enum metadata_empty empty)
{
	const struct call *call = notif->call;
	int error;

	notif->exposed = RIGHTS_NEVER_HELD;
	notif->flags = flags;
	if (call->path < 0)
		return gather_descriptor(notif);
	if (flags & ~(uint64_t)(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH))
		return -EINVAL;
	if (empty == METADATA_EMPTY_DESCRIPTOR && (flags & AT_EMPTY_PATH) &&
	    !notif->data.args[call->path])
		return (int)notif->data.args[call->dirfd] == AT_FDCWD
			       ? -EFAULT
			       : gather_descriptor(notif);
	error = notif_gather_path(notif, 0, call->path, call->dirfd);
	if (!error && empty == METADATA_EMPTY_DESCRIPTOR &&
	    !notif->paths[0][0] && (int)notif->data.args[call->dirfd] >= 0) {
		lookup_base_close(&notif->bases[0]);
		return gather_descriptor(notif);
	}
	return error;
}

int metadata_pin(struct notif *notif, bool follow)
{
	const char *path = notif->paths[0];
	const size_t length = strlen(path);

	follow = follow || (length && path[length - 1] == '/');
	return pin_path(&notif->pins[0], &notif->bases[0], path,
			follow ? PIN_FOLLOW : PIN_NOFOLLOW, 0);
}

static int pin_object(struct notif *notif)
{
	struct pin *pin = &notif->pins[0];
	const bool named = notif->fd < 0 && notif->paths[0][0];
	int fd;

	if (named)
		return metadata_pin(notif,
				    !(notif->flags & AT_SYMLINK_NOFOLLOW));
	fd = fcntl(notif->fd >= 0 ? notif->fd : notif->bases[0].origin,
		   F_DUPFD_CLOEXEC, 3);
	return fd < 0 ? -errno : pin_fd(pin, fd);
}

static bool is_written(const struct notif *notif)
{
	const int mode = notif->fd < 0 ? O_RDONLY
				       : fcntl(notif->fd, F_GETFL) & O_ACCMODE;

	return mode == O_WRONLY || mode == O_RDWR;
}

/* Of what is no file, those who may make one may change it. */
static rights_t needed(mode_t mode)
{
	return S_ISREG(mode) || S_ISDIR(mode)
		       ? RIGHT_FS_WRITE_FILE
		       : directory_entry_make_right(mode);
}

int metadata_resolve(struct notif *notif)
{
	const struct pin *pin = &notif->pins[0];
	const int error = pin_object(notif);

	if (error)
		return error;
	if (pin->internal ||
	    (is_written(notif) && !is_device(pin->stat.st_mode)))
		return STEP_PERFORM;
	notif_need_path(notif, pin, needed(pin->stat.st_mode));
	return STEP_JUDGE;
}

int metadata_check(const struct notif *notif)
{
	struct statvfs fs;

	return !fstatvfs(notif->pins[0].fd, &fs) && (fs.f_flag & ST_RDONLY)
		       ? -EROFS
		       : 0;
}

int metadata_check_owner(const struct notif *notif)
{
	const int error = metadata_check(notif);

	if (error)
		return error;
	return directory_entry_target() == notif->pins[0].stat.st_uid ||
			       directory_entry_owns_all()
		       ? 0
		       : -EPERM;
}

const char *metadata_link(const struct notif *notif, char *buffer)
{
	return opath_link(notif->pins[0].fd, buffer);
}
