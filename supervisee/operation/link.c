/* SPDX-License-Identifier: GPL-2.0-or-later */
/* link(2), linkat(2). */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "operation/call.h"
#include "operation/directory_entry.h"
#include "operation/operations.h"
#include "path/opath.h"

enum { FROM, TO };

static bool by_descriptor(const struct notif *notif)
{
	return (notif->flags & AT_EMPTY_PATH) && !notif->paths[FROM][0];
}

static int gather(struct notif *notif)
{
	notif->flags = notif_argument(notif, notif->call->flags, 0);
	notif->exposed = RIGHTS_NEVER_HELD; /* as for a rename */
	if (notif->flags & ~(uint64_t)(AT_SYMLINK_FOLLOW | AT_EMPTY_PATH))
		return -EINVAL;
	return notif_gather_paths(notif);
}

static int pin_source(struct notif *notif)
{
	struct lookup_base *base = &notif->bases[FROM];
	int fd;

	if (!by_descriptor(notif))
		return pin_path(&notif->pins[FROM], base, notif->paths[FROM],
				notif->flags & AT_SYMLINK_FOLLOW ? PIN_FOLLOW
								 : PIN_NOFOLLOW,
				0);
	fd = fcntl(base->origin, F_DUPFD_CLOEXEC, 3);
	return fd < 0 ? -errno : pin_fd(&notif->pins[FROM], fd);
}

/* Whether an object lies in the directory where the new name will be. */
static bool same_directory(const struct pin *from, const struct pin *to)
{
	const char *a = strrchr(from->path, '/');
	const char *b = strrchr(to->path, '/');

	return a && b && a - from->path == b - to->path &&
	       memcmp(from->path, to->path, (size_t)(a - from->path)) == 0;
}

static bool same_mount(int a, int b)
{
	struct statx sa, sb;

	return statx(a, "", AT_EMPTY_PATH, STATX_MNT_ID, &sa) < 0 ||
	       statx(b, "", AT_EMPTY_PATH, STATX_MNT_ID, &sb) < 0 ||
	       sa.stx_mnt_id == sb.stx_mnt_id;
}

/* Of others' files only what can be used anyway: protected_hardlinks. */
static bool is_protected(const struct pin *from)
{
	const unsigned int set_gid = S_ISGID | S_IXGRP;
	char text[2] = "0";
	_cleanup_fd_ int fd = -1;

	if (directory_entry_target() == from->stat.st_uid ||
	    directory_entry_owns_all())
		return false;
	if (S_ISREG(from->stat.st_mode) && !(from->stat.st_mode & S_ISUID) &&
	    (from->stat.st_mode & set_gid) != set_gid &&
	    !opath_access(from->fd, R_OK | W_OK))
		return false;
	fd = open("/proc/sys/fs/protected_hardlinks", O_RDONLY | O_CLOEXEC);
	return fd < 0 || read(fd, text, 1) != 1 || text[0] != '0';
}

/* What link(2) refuses, in the kernel's order. */
static int check_possible(const struct pin *from, const struct pin *to)
{
	int error;

	if (to->fd >= 0)
		return -EEXIST;
	if (strchr(to->name, '/'))
		return -ENOENT;
	error = directory_entry_check_read_only(to);
	if (error)
		return error;
	if (!same_mount(from->fd, to->parent))
		return -EXDEV;
	if (is_protected(from))
		return -EPERM;
	error = directory_entry_check_writable(to);
	if (error)
		return error;
	return S_ISDIR(from->stat.st_mode) ? -EPERM : 0;
}

static int resolve(struct notif *notif)
{
	struct pin *from = &notif->pins[FROM], *to = &notif->pins[TO];
	rights_t leaving = 0, arriving;
	int error = pin_source(notif);

	if (error)
		return error;
	if (from->internal)
		return -EXDEV; /* no two file systems share a file */
	error = notif->late_error ? notif->late_error
				  : directory_entry_pin(notif, TO);
	if (error)
		return error;
	error = check_possible(from, to);
	if (error)
		return error;
	arriving = directory_entry_make_right(from->stat.st_mode);
	if (!same_directory(from, to)) {
		leaving |= RIGHT_FS_REFER;
		arriving |= RIGHT_FS_REFER;
	}
	/* In its own directory, too: rules may tell its names apart. */
	notif->accesses.reparents = true;
	notif->accesses.directories[0] = S_ISDIR(from->stat.st_mode);
	notif_need_path(notif, from, leaving);
	notif_need_path(notif, to, arriving);
	return STEP_JUDGE;
}

static int perform(struct notif *notif)
{
	const struct pin *to = &notif->pins[TO];
	char link[OPATH_LINK_BYTES];

	return linkat(AT_FDCWD, opath_link(notif->pins[FROM].fd, link),
		      to->parent, to->name, AT_SYMLINK_FOLLOW) < 0
		       ? -errno
		       : 0;
}

const struct operation operation_link = {
	.rights = "fs.refer, fs.make_*, fs.remove_*",
	.kernel_asks = RIGHTS_ALL,
	.gather = gather,
	.resolve = resolve,
	.perform = perform,
};
