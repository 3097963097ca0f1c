// SPDX-License-Identifier: GPL-2.0-or-later
/* mknod(2), mknodat(2). */
#include <errno.h>
#include <sys/stat.h>

#include "operation/call.h"
#include "operation/directory_entry.h"
#include "operation/operations.h"

static int gather(struct trap *trap)
{
	const mode_t mode = (mode_t)trap_argument(trap, trap->call->mode, 0);

	trap->mode = mode;
	trap->flags = trap_argument(trap, trap->call->flags, 0);
	trap->exposed = directory_entry_make_right(mode);
	switch (mode & S_IFMT) {
	case S_IFDIR:
		return -EPERM;
	case S_IFREG:
	case S_IFCHR:
	case S_IFBLK:
	case S_IFIFO:
	case S_IFSOCK:
	case 0:
		break;
	default:
		return -EINVAL;
	}
	return trap_gather_path(trap, 0, trap->call->path, trap->call->dirfd);
}

static int resolve(struct trap *trap)
{
	return directory_entry_resolve_new(
		trap, 0, directory_entry_make_right(trap->mode));
}

static int perform(struct trap *trap)
{
	const struct pin *pin = &trap->pins[0];

	return mknodat(pin->parent, pin->name, trap->mode, (dev_t)trap->flags) <
			       0
		       ? -errno
		       : 0;
}

const struct operation operation_mknod = {
	.rights = "fs.make_*",
	.kernel_asks = RIGHTS_ALL,
	.gather = gather,
	.resolve = resolve,
	.perform = perform,
	.uses_umask = true,
	.direct = true,
};
