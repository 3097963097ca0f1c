/* SPDX-License-Identifier: GPL-2.0-or-later */
/* symlink(2), symlinkat(2). */
#include <errno.h>
#include <unistd.h>

#include "operation/call.h"
#include "operation/directory_entry.h"
#include "operation/operations.h"
#include "task/memory.h"

/* The text of the link: kept as a path that is never resolved. */
#define TEXT 1

static int gather(struct notif *notif)
{
	ssize_t length;

	notif->exposed = RIGHT_FS_MAKE_SYM;
	length = memory_read_string(notif->tid, notif->data.args[0],
				    notif->paths[TEXT], PATH_MAX);
	if (length < 0)
		return (int)length;
	if (length == 0)
		return -ENOENT;
	return notif_gather_path(notif, 0, notif->call->path,
				 notif->call->dirfd);
}

static int resolve(struct notif *notif)
{
	return directory_entry_resolve_new(notif, 0, RIGHT_FS_MAKE_SYM);
}

static int perform(struct notif *notif)
{
	const struct pin *pin = &notif->pins[0];

	return symlinkat(notif->paths[TEXT], pin->parent, pin->name) < 0
		       ? -errno
		       : 0;
}

const struct operation operation_symlink = {
	.rights = "fs.make_*",
	.kernel_asks = RIGHTS_ALL,
	.gather = gather,
	.resolve = resolve,
	.check = directory_entry_check,
	.makes = true,
	.perform = perform,
	.direct = true,
};
