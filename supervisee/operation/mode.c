// SPDX-License-Identifier: GPL-2.0-or-later
/* chmod(2), fchmod(2), fchmodat(2), fchmodat2(2). */
#include <errno.h>
#include <sys/stat.h>

#include "operation/call.h"
#include "operation/metadata.h"
#include "operation/operations.h"
#include "path/handle.h"

static int gather(struct trap *trap)
{
	trap->mode = (mode_t)trap_argument(trap, trap->call->mode, 0) & 07777;
	return metadata_gather(trap, trap_argument(trap, trap->call->flags, 0),
			       METADATA_EMPTY_PATH);
}

/* A link has no mode that could be changed, whoever asks. */
static int check(const struct trap *trap)
{
	const int error = metadata_check(trap);

	if (error)
		return error;
	return S_ISLNK(trap->pins[0].stat.st_mode) ? -EOPNOTSUPP
						   : metadata_check_owner(trap);
}

static int perform(struct trap *trap)
{
	char link[HANDLE_LINK_BYTES];
	const int result = trap->socket >= 0 ? fchmod(trap->socket, trap->mode)
					     : chmod(metadata_link(trap, link),
						     trap->mode);

	return result < 0 ? -errno : 0;
}

const struct operation operation_mode = {
	.rights = "metadata, as fs.write_file",
	.gather = gather,
	.resolve = metadata_resolve,
	.check = check,
	.perform = perform,
};
