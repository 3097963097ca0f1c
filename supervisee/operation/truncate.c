/* SPDX-License-Identifier: GPL-2.0-or-later */
/* truncate(2). */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include "operation/call.h"
#include "operation/operations.h"
#include "path/opath.h"
#include "task/file_size_limit.h"

static int gather(struct notif *notif)
{
	int error;

	notif->exposed = RIGHT_FS_TRUNCATE;
	if ((int64_t)notif->data.args[1] < 0)
		return -EINVAL;
	error = file_size_limit(notif->tid, &notif->extra.file_size);
	if (error)
		return error;
	notif->use_extra = notif->extra.file_size >= 0;
	return notif_gather_path(notif, 0, notif->call->path, -1);
}

static int resolve(struct notif *notif)
{
	struct pin *pin = &notif->pins[0];
	int error =
		pin_path(pin, &notif->bases[0], notif->paths[0], PIN_FOLLOW, 0);

	if (error)
		return error;
	if (S_ISDIR(pin->stat.st_mode))
		return -EISDIR;
	if (!S_ISREG(pin->stat.st_mode) || (int64_t)notif->data.args[1] < 0)
		return -EINVAL;
	error = opath_access(pin->fd, W_OK);
	if (error)
		return error;
	notif_need_path(notif, pin, RIGHT_FS_TRUNCATE);
	return STEP_JUDGE;
}

static int perform(struct notif *notif)
{
	char link[OPATH_LINK_BYTES];

	if (!truncate(opath_link(notif->pins[0].fd, link),
		      (off_t)notif->data.args[1]))
		return 0;
	/* The signal that goes with the limit (we ignore our own). */
	if (errno == EFBIG && notif->extra.file_size >= 0) {
		notif->raises = SIGXFSZ;
		return -EFBIG;
	}
	return -errno;
}

/* For whoever has a lease on the file; nothing says so before. */
static bool blocks(const struct notif *notif)
{
	(void)notif;
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
