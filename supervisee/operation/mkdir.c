// SPDX-License-Identifier: GPL-2.0-or-later
/* mkdir(2), mkdirat(2). */
#include <errno.h>
#include <sys/stat.h>

#include "operation/call.h"
#include "operation/directory_entry.h"
#include "operation/operations.h"

static int gather(struct trap *trap)
{
	trap->mode = (mode_t)trap_argument(trap, trap->call->mode, 0);
	trap->exposed = RIGHT_FS_MAKE_DIR;
	return trap_gather_path(trap, 0, trap->call->path, trap->call->dirfd);
}

static int resolve(struct trap *trap)
{
	return directory_entry_resolve_new(trap, 0, RIGHT_FS_MAKE_DIR);
}

static int perform(struct trap *trap)
{
	const struct pin *pin = &trap->pins[0];

	return mkdirat(pin->parent, pin->name, trap->mode) < 0 ? -errno : 0;
}

const struct operation operation_mkdir = {
	.rights = "fs.make_*",
	.kernel_asks = RIGHTS_ALL,
	.gather = gather,
	.resolve = resolve,
	.perform = perform,
	.uses_umask = true,
	.direct = true,
};
