// SPDX-License-Identifier: GPL-2.0-or-later
/* truncate(2). */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "operation/call.h"
#include "operation/operations.h"

static int gather(struct trap *trap)
{
	struct rlimit limit;

	trap->exposed = RIGHT_FS_TRUNCATE;
	if (prlimit(trap->tid, RLIMIT_FSIZE, NULL, &limit) < 0)
		return -errno;
	if (limit.rlim_cur != RLIM_INFINITY) {
		trap->use_extra = true;
		trap->extra.file_size = (int64_t)limit.rlim_cur;
	}
	return trap_gather_path(trap, 0, trap->call->path, -1);
}

static int resolve(struct trap *trap)
{
	struct pin *pin = &trap->pins[0];
	char link[PIN_LINK_BYTES];
	int error =
		pin_path(pin, &trap->views[0], trap->paths[0], PIN_FOLLOW, 0);

	if (error)
		return error;
	if (S_ISDIR(pin->stat.st_mode))
		return -EISDIR;
	if (!S_ISREG(pin->stat.st_mode) || (int64_t)trap->data.args[1] < 0)
		return -EINVAL;
	if (faccessat(AT_FDCWD, pin_link(pin->target, link), W_OK, AT_EACCESS) <
	    0)
		return -errno;
	trap_need_path(trap, pin, RIGHT_FS_TRUNCATE);
	return STEP_JUDGE;
}

static int perform(struct trap *trap)
{
	char link[PIN_LINK_BYTES];

	if (!truncate(pin_link(trap->pins[0].target, link),
		      (off_t)trap->data.args[1]))
		return 0;
	/* The signal that goes with the limit (we ignore our own). */
	if (errno == EFBIG && trap->extra.file_size >= 0) {
		syscall(SYS_tkill, trap->tid, SIGXFSZ);
		return -EFBIG;
	}
	return -errno;
}

const struct operation operation_truncate = {
	.gather = gather,
	.resolve = resolve,
	.perform = perform,
	.direct = true,
};
