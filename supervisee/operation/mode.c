/* SPDX-License-Identifier: GPL-2.0-or-later */
/* chmod(2), fchmod(2), fchmodat(2), fchmodat2(2). */
#include <errno.h>
#include <sys/stat.h>

#include "operation/call.h"
#include "operation/metadata.h"
#include "operation/operations.h"
#include "path/opath.h"

static int gather(struct notif *notif)
{
	notif->mode =
		(mode_t)notif_argument(notif, notif->call->mode, 0) & 07777;
	return metadata_gather(notif,
			       notif_argument(notif, notif->call->flags, 0),
			       METADATA_EMPTY_PATH);
}

/* A link has no mode that could be changed, whoever asks. */
static int check(const struct notif *notif)
{
	const int error = metadata_check(notif);

	if (error)
		return error;
	return S_ISLNK(notif->pins[0].stat.st_mode)
		       ? -EOPNOTSUPP
		       : metadata_check_owner(notif);
}

static int perform(struct notif *notif)
{
	char link[OPATH_LINK_BYTES];
	const int result =
		notif->fd >= 0 ? fchmod(notif->fd, notif->mode)
			       : chmod(metadata_link(notif, link), notif->mode);

	return result < 0 ? -errno : 0;
}

const struct operation operation_mode = {
	.rights = "metadata, as fs.write_file",
	.gather = gather,
	.resolve = metadata_resolve,
	.check = check,
	.perform = perform,
};
