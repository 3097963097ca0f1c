/* SPDX-License-Identifier: GPL-2.0-or-later */
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

#include "operation/operations.h"
#include "path/opath.h"
#include "task/file_size_limit.h"

static int gather(struct notif *notif)
{
	int error;

	notif->exposed = RIGHT_FS_TRUNCATE;
	error = notif_copy_fd(notif, (int)notif->data.args[0]);
	if (error)
		return error;
	error = file_size_limit(notif->tid, &notif->extra.file_size);
	if (error)
		return error;
	notif->use_extra = notif->extra.file_size >= 0;
	return 0;
}

static int resolve(struct notif *notif)
{
	const int flags = fcntl(notif->fd, F_GETFL);
	const int copy = fcntl(notif->fd, F_DUPFD_CLOEXEC, 3);
	int error;

	if (flags & O_PATH)
		return -EBADF;
	if (copy < 0)
		return -errno;
	error = pin_fd(&notif->pins[0], copy);
	if (error)
		return error;
	if (notif->pins[0].internal)
		return STEP_PERFORM;
	if (!S_ISREG(notif->pins[0].stat.st_mode) ||
	    (flags & O_ACCMODE) == O_RDONLY || (int64_t)notif->data.args[1] < 0)
		return -EINVAL;
	notif_need_path(notif, &notif->pins[0], RIGHT_FS_TRUNCATE);
	return STEP_JUDGE;
}

static int perform(struct notif *notif)
{
	const off_t length = (off_t)notif->data.args[1];
	char link[OPATH_LINK_BYTES];
	int result = ftruncate(notif->fd, length);

	/* Opened without the right to: the file itself, then. */
	if (result < 0 && errno == EACCES)
		result = truncate(opath_link(notif->fd, link), length);
	if (!result)
		return 0;
	if (errno == EFBIG && notif->extra.file_size >= 0) {
		notif->raises = SIGXFSZ;
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
