// SPDX-License-Identifier: GPL-2.0-or-later
/* rename(2), renameat(2), renameat2(2). */
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "operation/call.h"
#include "operation/entry.h"
#include "operation/operations.h"

enum { FROM, TO };

static bool flags_are_valid(uint64_t flags)
{
	const uint64_t known =
		RENAME_NOREPLACE | RENAME_EXCHANGE | RENAME_WHITEOUT;

	if (flags & ~known)
		return false;
	return !(flags & RENAME_EXCHANGE) ||
	       !(flags & (RENAME_NOREPLACE | RENAME_WHITEOUT));
}

static int gather(struct trap *trap)
{
	const struct call *call = trap->call;
	int error;

	trap->flags = (uint32_t)trap_argument(trap, call->flags, 0);
	/*
	 * Never the kernel's: rules are bound to names, and Landlock's own lets
	 * any file change its name where files may come and go.
	 */
	trap->exposed = RIGHTS_NEVER_HELD;
	if (!flags_are_valid(trap->flags))
		return -EINVAL;
	error = trap_gather_path(trap, FROM, call->path, call->dirfd);
	if (error)
		return error;
	return trap_gather_path(trap, TO, call->path2, call->dirfd2);
}

static bool same_directory(const struct pin *a, const struct pin *b)
{
	struct stat sa, sb;

	return !fstat(a->parent, &sa) && !fstat(b->parent, &sb) &&
	       sa.st_dev == sb.st_dev && sa.st_ino == sb.st_ino;
}

/* What rename(2) refuses before it asks any security module. */
static int check_possible(const struct trap *trap)
{
	const struct pin *from = &trap->pins[FROM], *to = &trap->pins[TO];
	const bool exchange = trap->flags & RENAME_EXCHANGE;
	struct statx a, b;
	int error;

	if (!statx(from->parent, "", AT_EMPTY_PATH, STATX_MNT_ID, &a) &&
	    !statx(to->parent, "", AT_EMPTY_PATH, STATX_MNT_ID, &b) &&
	    a.stx_mnt_id != b.stx_mnt_id)
		return -EXDEV;
	if (from->target < 0)
		return -ENOENT;
	if (exchange && to->target < 0)
		return -ENOENT;
	if ((trap->flags & RENAME_NOREPLACE) && to->target >= 0)
		return -EEXIST;
	error = entry_check_writable(from);
	if (!error)
		error = entry_check_writable(to);
	if (error)
		return error;
	if (!exchange && to->target >= 0 &&
	    S_ISDIR(from->stat.st_mode) != S_ISDIR(to->stat.st_mode))
		return S_ISDIR(to->stat.st_mode) ? -EISDIR : -ENOTDIR;
	return 0;
}

static int resolve(struct trap *trap)
{
	struct pin *from = &trap->pins[FROM], *to = &trap->pins[TO];
	const bool exchange = trap->flags & RENAME_EXCHANGE;
	rights_t leaving, arriving;
	int error;

	error = pin_path(from, &trap->views[FROM], trap->paths[FROM], PIN_ENTRY,
			 0);
	if (!error)
		error = pin_path(to, &trap->views[TO], trap->paths[TO],
				 PIN_ENTRY, 0);
	if (error == -EEXIST && !(trap->flags & RENAME_NOREPLACE))
		return -EBUSY;
	if (error)
		return error;
	error = check_possible(trap);
	if (error)
		return error;
	leaving = entry_remove_right(from->stat.st_mode);
	arriving = entry_make_right(from->stat.st_mode);
	if (to->target >= 0)
		arriving |= entry_remove_right(to->stat.st_mode);
	if (exchange)
		leaving |= entry_make_right(to->stat.st_mode);
	if (trap->flags & RENAME_WHITEOUT)
		leaving |= RIGHT_FS_MAKE_CHAR;
	if (!same_directory(from, to)) {
		leaving |= RIGHT_FS_REFER;
		arriving |= RIGHT_FS_REFER;
	}
	/* In its own directory, too: rules may tell its names apart. */
	trap->reparents = true;
	trap->exchanges = exchange;
	trap_need_path(trap, from, leaving);
	trap_need_path(trap, to, arriving);
	return STEP_JUDGE;
}

static int perform(struct trap *trap)
{
	const struct pin *from = &trap->pins[FROM], *to = &trap->pins[TO];

	/* Decided for these two, not for what has their names by now. */
	if (!entry_unchanged(from) || !entry_unchanged(to))
		return STEP_AGAIN;
	return syscall(SYS_renameat2, from->parent, from->name, to->parent,
		       to->name, (unsigned int)trap->flags) < 0
		       ? -errno
		       : 0;
}

const struct operation operation_rename = {
	.gather = gather,
	.resolve = resolve,
	.perform = perform,
};
