/* SPDX-License-Identifier: GPL-2.0-or-later */
/* unlink(2), unlinkat(2), rmdir(2). */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "operation/call.h"
#include "operation/directory_entry.h"
#include "operation/operations.h"

static rights_t right_needed(const struct notif *notif)
{
	return notif->flags & AT_REMOVEDIR ? RIGHT_FS_REMOVE_DIR
					   : RIGHT_FS_REMOVE_FILE;
}

static int gather(struct notif *notif)
{
	notif->flags = notif_argument(notif, notif->call->flags,
				      notif->call->implied_flags);
	notif->exposed = right_needed(notif);
	if (notif->flags & ~(uint64_t)AT_REMOVEDIR & UINT32_MAX)
		return -EINVAL;
	return notif_gather_path(notif, 0, notif->call->path,
				 notif->call->dirfd);
}

static int resolve(struct notif *notif)
{
	struct pin *pin = &notif->pins[0];
	int error =
		pin_path(pin, &notif->bases[0], notif->paths[0], PIN_ENTRY, 0);

	/* "." and its like: every one of them fails, in its own way. */
	if (error == -EEXIST || (!error && pin->fd < 0))
		return STEP_NATIVE;
	if (error)
		return error;
	/* The wrong kind of object is refused after Landlock, not before. */
	notif_need_path(notif, pin, right_needed(notif));
	return STEP_JUDGE;
}

static int perform(struct notif *notif)
{
	const struct pin *pin = &notif->pins[0];

	/* Decided for this one, not for what has its name by now. */
	if (!directory_entry_unchanged(pin))
		return STEP_AGAIN;
	return unlinkat(pin->parent, pin->name, (int)notif->flags) < 0 ? -errno
								       : 0;
}

const struct operation operation_remove = {
	.rights = "fs.remove_*",
	.kernel_asks = RIGHTS_ALL,
	.gather = gather,
	.resolve = resolve,
	.check = directory_entry_check,
	.perform = perform,
	.removes = true,
	.direct = true,
};
