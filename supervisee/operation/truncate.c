// SPDX-License-Identifier: GPL-2.0-or-later
/* truncate(2). */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include "operation/call.h"
#include "operation/operations.h"
#include "path/handle.h"
#include "task/file_size_limit.h"

static int gather(struct trap *trap)
{
	int error;

	trap->exposed = RIGHT_FS_TRUNCATE;
	if ((int64_t)trap->data.args[1] < 0)
		return -EINVAL;
	error = file_size_limit(trap->tid, &trap->extra.file_size);
	if (error)
		return error;
	trap->use_extra = trap->extra.file_size >= 0;
	return trap_gather_path(trap, 0, trap->call->path, -1);
}

static int resolve(struct trap *trap)
{
	struct pin *pin = &trap->pins[0];
	int error =
		pin_path(pin, &trap->views[0], trap->paths[0], PIN_FOLLOW, 0);

	if (error)
		return error;
	if (S_ISDIR(pin->stat.st_mode))
		return -EISDIR;
	if (!S_ISREG(pin->stat.st_mode) || (int64_t)trap->data.args[1] < 0)
		return -EINVAL;
	error = handle_access(pin->target, W_OK);
	if (error)
		return error;
	trap_need_path(trap, pin, RIGHT_FS_TRUNCATE);
	return STEP_JUDGE;
}

static int perform(struct trap *trap)
{
	char link[HANDLE_LINK_BYTES];

	if (!truncate(handle_link(trap->pins[0].target, link),
		      (off_t)trap->data.args[1]))
		return 0;
	/* The signal that goes with the limit (we ignore our own). */
	if (errno == EFBIG && trap->extra.file_size >= 0) {
		trap->raises = SIGXFSZ;
		return -EFBIG;
	}
	return -errno;
}

/* For whoever has a lease on the file; nothing says so before. */
static bool blocks(const struct trap *trap)
{
	(void)trap;
	return true;
}

const struct operation operation_truncate = {
	.rights = "fs.truncate",
	.kernel_asks = RIGHTS_ALL,
	.gather = gather,
	.resolve = resolve,
	.perform = perform,
	.blocks = blocks,
	.direct = true,
};
