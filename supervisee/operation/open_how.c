/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How a file is to be opened: see open_how.h. */
#include "operation/open_how.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "operation/call.h"
#include "task/memory.h"

/* Every right that some open could need. */
#define OPEN_RIGHTS                                                     \
	(RIGHT_FS_READ_FILE | RIGHT_FS_READ_DIR | RIGHT_FS_WRITE_FILE | \
	 RIGHT_FS_MAKE_REG)

/*
 * What lies in memory can be any other flags by the time the kernel reads it,
 * those with which Landlock lets everything pass included: see below.
 */
static void use_how(struct notif *notif, const struct open_how *how)
{
	notif->flags = how->flags;
	notif->mode = (mode_t)how->mode;
	notif->resolve_flags = how->resolve;
	notif->exposed = RIGHTS_NEVER_HELD;
	notif->may_look_up_fast = false;
}

/* As much of a newer structure as a program may hand in. */
#define HOW_BYTES_MAX 4096

/*
 * What the kernel has against these flags, whatever the path: it looks at them
 * first, and an empty path never leads anywhere.
 */
static int check_how(const void *how, size_t size)
{
	if (syscall(SYS_openat2, -1, "", how, size) < 0 && errno != ENOENT)
		return -errno;
	return 0;
}

static int gather_structure(struct notif *notif)
{
	union {
		struct open_how how;
		unsigned char bytes[HOW_BYTES_MAX];
	} structure;
	const uint64_t size = notif->data.args[3];
	int error;

	if (size < sizeof(structure.how))
		return -EINVAL;
	if (size > sizeof(structure))
		return -E2BIG;
	error = memory_read(notif->tid, notif->data.args[2], &structure,
			    (size_t)size);
	if (!error)
		error = check_how(&structure, (size_t)size);
	if (error)
		return error;
	use_how(notif, &structure.how);
	return 0;
}

/* Flags that cannot go together, where only newer kernels say so. */
static int check_flags(const struct notif *notif)
{
	const uint64_t odd = O_TMPFILE & ~(uint64_t)O_DIRECTORY;

	if (!(notif->flags & odd) &&
	    (notif->flags & (O_CREAT | O_DIRECTORY)) != (O_CREAT | O_DIRECTORY))
		return 0;
	return open("", (int)notif->flags, notif->mode) < 0 && errno != ENOENT
		       ? -errno
		       : 0;
}

int open_how_gather(struct notif *notif)
{
	const struct call *call = notif->call;
	int error;

	if (call->number == SYS_openat2) {
		error = gather_structure(notif);
	} else {
		notif->flags =
			notif_argument(notif, call->flags, call->implied_flags);
		notif->mode = (mode_t)notif_argument(notif, call->mode, 0);
		notif->exposed = OPEN_RIGHTS;
		if (notif->flags & O_TRUNC)
			notif->exposed |= RIGHT_FS_TRUNCATE;
		error = check_flags(notif);
	}
	if (error)
		return error;
	/* Landlock lets pass what neither reads nor writes. */
	if ((notif->flags & O_ACCMODE) == O_ACCMODE)
		notif->exposed |= RIGHTS_NEVER_HELD;
	/* Whatever the path becomes, it could be that of a device. */
	if (notif->tree->open_devices)
		notif->exposed |= RIGHT_FS_IOCTL_DEV;
	return 0;
}

bool open_how_is_nameless(const struct notif *notif)
{
	return (notif->flags & O_TMPFILE) == O_TMPFILE;
}

bool open_how_creates(const struct notif *notif)
{
	return (notif->flags & O_CREAT) && !open_how_is_nameless(notif);
}

rights_t open_how_rights(const struct notif *notif, bool directory)
{
	const uint64_t access = notif->flags & O_ACCMODE;
	rights_t rights = 0;

	/* What is neither needs both permissions. */
	if (access != O_WRONLY)
		rights |= directory ? RIGHT_FS_READ_DIR : RIGHT_FS_READ_FILE;
	if (access != O_RDONLY)
		rights |= RIGHT_FS_WRITE_FILE;
	return rights;
}

int open_how_access(const struct notif *notif)
{
	if (open_how_is_nameless(notif))
		return W_OK | X_OK;
	switch (notif->flags & O_ACCMODE) {
	case O_RDONLY:
		return notif->flags & O_TRUNC ? R_OK | W_OK : R_OK;
	case O_WRONLY:
		return W_OK;
	default:
		return R_OK | W_OK;
	}
}
