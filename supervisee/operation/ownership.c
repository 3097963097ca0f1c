/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * chown(2), fchown(2), lchown(2), fchownat(2). The numbers are those of the
 * program's user namespace, in which the call is performed.
 */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "operation/call.h"
#include "operation/metadata.h"
#include "operation/operations.h"

/* The owner's argument; the group's is the next one. */
static int owner_argument(const struct notif *notif)
{
	return notif->call->path < 0 ? 1 : notif->call->path + 1;
}

static int gather(struct notif *notif)
{
	return metadata_gather(notif,
			       notif_argument(notif, notif->call->flags,
					      notif->call->implied_flags),
			       METADATA_EMPTY_PATH);
}

static int perform(struct notif *notif)
{
	const int at = owner_argument(notif);
	const uid_t owner = (uid_t)notif->data.args[at];
	const gid_t group = (gid_t)notif->data.args[at + 1];
	const int result = notif->fd >= 0
				   ? fchown(notif->fd, owner, group)
				   : fchownat(notif->pins[0].fd, "", owner,
					      group, AT_EMPTY_PATH);

	return result < 0 ? -errno : 0;
}

const struct operation operation_ownership = {
	.rights = "metadata, as fs.write_file",
	.gather = gather,
	.resolve = metadata_resolve,
	.check = metadata_check,
	.perform = perform,
};
