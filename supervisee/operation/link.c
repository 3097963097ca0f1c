// SPDX-License-Identifier: GPL-2.0-or-later
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
#include "path/handle.h"

enum { FROM, TO };

static bool by_descriptor(const struct trap *trap)
{
	return (trap->flags & AT_EMPTY_PATH) && !trap->paths[FROM][0];
}

static int gather(struct trap *trap)
{
	trap->flags = trap_argument(trap, trap->call->flags, 0);
	trap->exposed = RIGHTS_NEVER_HELD; /* as for a rename */
	if (trap->flags & ~(uint64_t)(AT_SYMLINK_FOLLOW | AT_EMPTY_PATH))
		return -EINVAL;
	return trap_gather_paths(trap);
}

static int pin_source(struct trap *trap)
{
	struct view *view = &trap->views[FROM];
	int fd;

	if (!by_descriptor(trap))
		return pin_path(&trap->pins[FROM], view, trap->paths[FROM],
				trap->flags & AT_SYMLINK_FOLLOW ? PIN_FOLLOW
								: PIN_NOFOLLOW,
				0);
	fd = fcntl(view->origin, F_DUPFD_CLOEXEC, 3);
	return fd < 0 ? -errno : pin_fd(&trap->pins[FROM], fd);
}

/* Whether an object lies in the directory where the new name will be. */
static bool same_directory(const struct pin *from, const struct pin *to)
{
	const char *a = strrchr(from->path, '/');
	const char *b = strrchr(to->path, '/');

	return a && b && a - from->path == b - to->path &&
	       !memcmp(from->path, to->path, (size_t)(a - from->path));
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

	if (directory_entry_asker() == from->stat.st_uid ||
	    directory_entry_owns_all())
		return false;
	if (S_ISREG(from->stat.st_mode) && !(from->stat.st_mode & S_ISUID) &&
	    (from->stat.st_mode & set_gid) != set_gid &&
	    !handle_access(from->target, R_OK | W_OK))
		return false;
	fd = open("/proc/sys/fs/protected_hardlinks", O_RDONLY | O_CLOEXEC);
	return fd < 0 || read(fd, text, 1) != 1 || text[0] != '0';
}

/* What link(2) refuses, in the kernel's order. */
static int check_possible(const struct pin *from, const struct pin *to)
{
	int error;

	if (to->target >= 0)
		return -EEXIST;
	if (strchr(to->name, '/'))
		return -ENOENT;
	error = directory_entry_check_read_only(to);
	if (error)
		return error;
	if (!same_mount(from->target, to->parent))
		return -EXDEV;
	if (is_protected(from))
		return -EPERM;
	error = directory_entry_check_writable(to);
	if (error)
		return error;
	return S_ISDIR(from->stat.st_mode) ? -EPERM : 0;
}

static int resolve(struct trap *trap)
{
	struct pin *from = &trap->pins[FROM], *to = &trap->pins[TO];
	rights_t leaving = 0, arriving;
	int error = pin_source(trap);

	if (error)
		return error;
	if (from->internal)
		return -EXDEV; /* no two file systems share a file */
	error = trap->late_error ? trap->late_error
				 : directory_entry_pin(trap, TO);
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
	trap->accesses.reparents = true;
	trap->accesses.directories[0] = S_ISDIR(from->stat.st_mode);
	trap_need_path(trap, from, leaving);
	trap_need_path(trap, to, arriving);
	return STEP_JUDGE;
}

static int perform(struct trap *trap)
{
	const struct pin *to = &trap->pins[TO];
	char link[HANDLE_LINK_BYTES];

	return linkat(AT_FDCWD, handle_link(trap->pins[FROM].target, link),
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
