// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ftruncate(2).
 *
 * Landlock decides it when the file is opened, and keeps the decision with the
 * open file, for whoever uses it. So what is granted later is done by path, on
 * the same file.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "operation/operations.h"
#include "path/handle.h"
#include "task/descriptor.h"
#include "task/file_size_limit.h"

static int gather(struct trap *trap)
{
	int error;

	trap->exposed = RIGHT_FS_TRUNCATE;
	trap->socket = descriptor_copy(trap->tid, (int)trap->data.args[0]);
	if (trap->socket < 0)
		return fd_take(&trap->socket);
	error = file_size_limit(trap->tid, &trap->extra.file_size);
	if (error)
		return error;
	trap->use_extra = trap->extra.file_size >= 0;
	return 0;
}

static int resolve(struct trap *trap)
{
	const int flags = fcntl(trap->socket, F_GETFL);
	const int copy = fcntl(trap->socket, F_DUPFD_CLOEXEC, 3);
	int error;

	if (flags & O_PATH)
		return -EBADF;
	if (copy < 0)
		return -errno;
	error = pin_fd(&trap->pins[0], copy);
	if (error)
		return error;
	if (trap->pins[0].internal)
		return STEP_PERFORM;
	if (!S_ISREG(trap->pins[0].stat.st_mode) ||
	    (flags & O_ACCMODE) == O_RDONLY || (int64_t)trap->data.args[1] < 0)
		return -EINVAL;
	trap_need_path(trap, &trap->pins[0], RIGHT_FS_TRUNCATE);
	return STEP_JUDGE;
}

static int perform(struct trap *trap)
{
	const off_t length = (off_t)trap->data.args[1];
	char link[HANDLE_LINK_BYTES];
	int result = ftruncate(trap->socket, length);

	/* Opened without the right to: the file itself, then. */
	if (result < 0 && errno == EACCES)
		result = truncate(handle_link(trap->socket, link), length);
	if (!result)
		return 0;
	if (errno == EFBIG && trap->extra.file_size >= 0) {
		trap->raises = SIGXFSZ;
		return -EFBIG;
	}
	return -errno;
}

const struct operation operation_ftruncate = {
	.rights = "fs.truncate",
	.kernel_asks = RIGHTS_ALL,
	.gather = gather,
	.resolve = resolve,
	.perform = perform,
};
