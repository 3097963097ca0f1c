// SPDX-License-Identifier: GPL-2.0-or-later
/* link(2), linkat(2). */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "operation/call.h"
#include "operation/entry.h"
#include "operation/operations.h"

enum { FROM, TO };

static bool by_descriptor(const struct trap *trap)
{
	return (trap->flags & AT_EMPTY_PATH) && !trap->paths[FROM][0];
}

static int gather(struct trap *trap)
{
	const struct call *call = trap->call;
	int error;

	trap->flags = trap_argument(trap, call->flags, 0);
	trap->exposed = RIGHTS_NEVER_HELD; /* as for a rename */
	if (trap->flags & ~(uint64_t)(AT_SYMLINK_FOLLOW | AT_EMPTY_PATH))
		return -EINVAL;
	error = trap_gather_path(trap, FROM, call->path, call->dirfd);
	if (error)
		return error;
	return trap_gather_path(trap, TO, call->path2, call->dirfd2);
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

static int resolve(struct trap *trap)
{
	struct pin *from = &trap->pins[FROM], *to = &trap->pins[TO];
	rights_t leaving = 0, arriving;
	int error = pin_source(trap);

	if (error)
		return error;
	if (from->internal)
		return -EXDEV; /* no two file systems share a file */
	error = pin_path(to, &trap->views[TO], trap->paths[TO], PIN_ENTRY, 0);
	if (error)
		return error;
	if (to->target >= 0)
		return -EEXIST;
	error = entry_check_writable(to);
	if (error)
		return error;
	if (S_ISDIR(from->stat.st_mode))
		return -EPERM;
	arriving = entry_make_right(from->stat.st_mode);
	if (!same_directory(from, to)) {
		leaving |= RIGHT_FS_REFER;
		arriving |= RIGHT_FS_REFER;
	}
	/* In its own directory, too: rules may tell its names apart. */
	trap->reparents = true;
	trap_need_path(trap, from, leaving);
	trap_need_path(trap, to, arriving);
	return STEP_JUDGE;
}

static int perform(struct trap *trap)
{
	const struct pin *to = &trap->pins[TO];
	char link[PIN_LINK_BYTES];

	return linkat(AT_FDCWD, pin_link(trap->pins[FROM].target, link),
		      to->parent, to->name, AT_SYMLINK_FOLLOW) < 0
		       ? -errno
		       : 0;
}

const struct operation operation_link = {
	.gather = gather,
	.resolve = resolve,
	.perform = perform,
};
