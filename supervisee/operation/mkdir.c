/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mkdir(2), mkdirat(2). */
#include <errno.h>
#include <sys/stat.h>

#include "operation/call.h"
#include "operation/directory_entry.h"
#include "operation/operations.h"

static int gather(struct notif *notif)
{
	notif->mode = (mode_t)notif_argument(notif, notif->call->mode, 0);
	notif->exposed = RIGHT_FS_MAKE_DIR;
	return notif_gather_path(notif, 0, notif->call->path,
				 notif->call->dirfd);
}

static int resolve(struct notif *notif)
{
	return directory_entry_resolve_new(notif, 0, RIGHT_FS_MAKE_DIR);
}

static int perform(struct notif *notif)
{
	const struct pin *pin = &notif->pins[0];

	return mkdirat(pin->parent, pin->name, notif->mode) < 0 ? -errno : 0;
}

const struct operation operation_mkdir = {
	.rights = "fs.make_*",
	.kernel_asks = RIGHTS_ALL,
	.gather = gather,
	.resolve = resolve,
	.check = directory_entry_check,
	.makes = true,
	.perform = perform,
	.uses_umask = true,
	.direct = true,
};
