// SPDX-License-Identifier: GPL-2.0-or-later
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
static int owner_argument(const struct trap *trap)
{
	return trap->call->path < 0 ? 1 : trap->call->path + 1;
}

static int gather(struct trap *trap)
{
	return metadata_gather(trap,
			       trap_argument(trap, trap->call->flags,
					     trap->call->implied_flags),
			       METADATA_EMPTY_PATH);
}

static int perform(struct trap *trap)
{
	const int at = owner_argument(trap);
	const uid_t owner = (uid_t)trap->data.args[at];
	const gid_t group = (gid_t)trap->data.args[at + 1];
	const int result = trap->socket >= 0
				   ? fchown(trap->socket, owner, group)
				   : fchownat(trap->pins[0].target, "", owner,
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
