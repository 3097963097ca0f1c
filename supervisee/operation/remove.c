// SPDX-License-Identifier: GPL-2.0-or-later
/* unlink(2), unlinkat(2), rmdir(2). */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "operation/call.h"
#include "operation/directory_entry.h"
#include "operation/operations.h"

static rights_t right_needed(const struct trap *trap)
{
	return trap->flags & AT_REMOVEDIR ? RIGHT_FS_REMOVE_DIR
					  : RIGHT_FS_REMOVE_FILE;
}

static int gather(struct trap *trap)
{
	trap->flags = trap_argument(trap, trap->call->flags,
				    trap->call->implied_flags);
	trap->exposed = right_needed(trap);
	if (trap->flags & ~(uint64_t)AT_REMOVEDIR & UINT32_MAX)
		return -EINVAL;
	return trap_gather_path(trap, 0, trap->call->path, trap->call->dirfd);
}

static int resolve(struct trap *trap)
{
	struct pin *pin = &trap->pins[0];
	int error =
		pin_path(pin, &trap->views[0], trap->paths[0], PIN_ENTRY, 0);

	/* "." and its like: every one of them fails, in its own way. */
	if (error == -EEXIST || (!error && pin->target < 0))
		return STEP_NATIVE;
	if (error)
		return error;
	/* The wrong kind of object is refused after Landlock, not before. */
	error = directory_entry_check_writable(pin);
	if (error)
		return error;
	trap_need_path(trap, pin, right_needed(trap));
	return STEP_JUDGE;
}

static int perform(struct trap *trap)
{
	const struct pin *pin = &trap->pins[0];

	/* Decided for this one, not for what has its name by now. */
	if (!directory_entry_unchanged(pin))
		return STEP_AGAIN;
	return unlinkat(pin->parent, pin->name, (int)trap->flags) < 0 ? -errno
								      : 0;
}

const struct operation operation_remove = {
	.rights = "fs.remove_*",
	.kernel_asks = RIGHTS_ALL,
	.gather = gather,
	.resolve = resolve,
	.perform = perform,
	.direct = true,
};
