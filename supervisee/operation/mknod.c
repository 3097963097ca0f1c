/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mknod(2), mknodat(2). */
#include <errno.h>
#include <sys/stat.h>

#include "operation/call.h"
#include "operation/directory_entry.h"
#include "operation/operations.h"

static int gather(struct notif *notif)
{
	const mode_t mode = (mode_t)notif_argument(notif, notif->call->mode, 0);

	notif->mode = mode;
	notif->exposed = directory_entry_make_right(mode);
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
	return notif_gather_path(notif, 0, notif->call->path,
				 notif->call->dirfd);
}

static int resolve(struct notif *notif)
{
	return directory_entry_resolve_new(
		notif, 0, directory_entry_make_right(notif->mode));
}

static int perform(struct notif *notif)
{
	const struct pin *pin = &notif->pins[0];

	return mknodat(pin->parent, pin->name, notif->mode,
		       (dev_t)notif_argument(notif, notif->call->flags, 0)) < 0
		       ? -errno
		       : 0;
}

const struct operation operation_mknod = {
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
