/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rename(2), renameat(2), renameat2(2).
 *
 * There is no way to rename an object rather than a name. That a name still is
 * the object's that was judged can be seen before, but somebody else may be
 * faster than what comes next. So where the rules tell kinds of objects apart
 * the call is made inside a one-shot domain (see landlock/oneshot_domain.h):
 * there the kernel itself, which then holds both directories, lets nothing pass
 * but an object of the kind that was judged, no link or directory where a file
 * may go. Another file
 * of the same name is no loss: it has the rights of that name, as rules are
 * bound to names. And where nothing lay when it was judged, nothing is
 * replaced.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/landlock.h"
#include "landlock/oneshot_domain.h"
#include "operation/call.h"
#include "operation/directory_entry.h"
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

static int gather(struct notif *notif)
{
	notif->flags = (uint32_t)notif_argument(notif, notif->call->flags, 0);
	/*
	 * Never the kernel's: rules are bound to names, and Landlock's own lets
	 * any file change its name where files may come and go.
	 */
	notif->exposed = RIGHTS_NEVER_HELD;
	if (!flags_are_valid(notif->flags))
		return -EINVAL;
	return notif_gather_paths(notif);
}

static bool same_directory(const struct pin *a, const struct pin *b)
{
	struct stat sa, sb;

	if (a->parent == b->parent)
		return true;
	return !fstat(a->parent, &sa) && !fstat(b->parent, &sb) &&
	       sa.st_dev == sb.st_dev && sa.st_ino == sb.st_ino;
}

static bool is_beneath(const struct pin *pin, const struct pin *above)
{
	return pin->length > above->length &&
	       memcmp(pin->path, above->path, above->length) == 0 &&
	       pin->path[above->length] == '/';
}

/* "." and its like are pinned as what they are. */
static int place(const struct pin *pin)
{
	return pin->parent >= 0 ? pin->parent : pin->fd;
}

static bool same_mount(const struct pin *a, const struct pin *b)
{
	struct statx sa, sb;

	if (place(a) == place(b))
		return true;
	return statx(place(a), "", AT_EMPTY_PATH, STATX_MNT_ID, &sa) < 0 ||
	       statx(place(b), "", AT_EMPTY_PATH, STATX_MNT_ID, &sb) < 0 ||
	       sa.stx_mnt_id == sb.stx_mnt_id;
}

/* What is refused for the names alone, in the kernel's order. */
static int check_names(const struct notif *notif)
{
	const struct pin *from = &notif->pins[FROM], *to = &notif->pins[TO];
	const bool exchange = notif->flags & RENAME_EXCHANGE;

	if ((notif->flags & RENAME_NOREPLACE) && to->fd >= 0)
		return -EEXIST;
	if (exchange && to->fd < 0)
		return -ENOENT;
	if (!S_ISDIR(from->stat.st_mode) &&
	    (strchr(from->name, '/') || (!exchange && strchr(to->name, '/'))))
		return -ENOTDIR;
	if (exchange && !S_ISDIR(to->stat.st_mode) && strchr(to->name, '/'))
		return -ENOTDIR;
	if (is_beneath(to, from))
		return -EINVAL;
	if (is_beneath(from, to))
		return exchange ? -EINVAL : -ENOTEMPTY;
	return 0;
}

/* What is refused for whose and what the objects are, in the same order. */
static int check_objects(const struct notif *notif)
{
	const struct pin *from = &notif->pins[FROM], *to = &notif->pins[TO];
	const bool exchange = notif->flags & RENAME_EXCHANGE;
	int error;

	/* Two names of one file stay as they are. */
	if (to->fd >= 0 && to->stat.st_dev == from->stat.st_dev &&
	    to->stat.st_ino == from->stat.st_ino)
		return 0;
	error = directory_entry_check_writable(from);
	if (error)
		return error;
	if (directory_entry_is_stuck(from))
		return -EPERM;
	error = directory_entry_check_writable(to);
	if (error)
		return error;
	if (directory_entry_is_stuck(to))
		return -EPERM;
	if (!exchange && to->fd >= 0 &&
	    S_ISDIR(from->stat.st_mode) != S_ISDIR(to->stat.st_mode))
		return S_ISDIR(to->stat.st_mode) ? -EISDIR : -ENOTDIR;
	return 0;
}

/* Whether an error is the name's, not the way's to it. */
static bool is_about_name(const struct pin *pin, int error)
{
	return place(pin) >= 0 && (error == -EEXIST || error == -ENAMETOOLONG);
}

/* Pins both names; what a name is counts after where both are. */
static int pin_both(struct notif *notif)
{
	const struct pin *from = &notif->pins[FROM], *to = &notif->pins[TO];
	const int first = directory_entry_pin(notif, FROM);
	int second, error;

	if (first && !is_about_name(from, first))
		return first;
	second = notif->late_error ? notif->late_error
				   : directory_entry_pin(notif, TO);
	if (second && !is_about_name(to, second))
		return second;
	if (!same_mount(from, to))
		return -EXDEV;
	if (first == -EEXIST)
		return -EBUSY;
	if (second == -EEXIST)
		return notif->flags & RENAME_NOREPLACE ? -EEXIST : -EBUSY;
	error = directory_entry_check_read_only(from);
	if (error || first)
		return error ? error : first;
	return from->fd < 0 ? -ENOENT : second;
}

static int resolve(struct notif *notif)
{
	struct pin *from = &notif->pins[FROM], *to = &notif->pins[TO];
	const bool exchange = notif->flags & RENAME_EXCHANGE;
	rights_t leaving, arriving;
	int error;

	error = pin_both(notif);
	if (!error)
		error = check_names(notif);
	if (!error)
		error = check_objects(notif);
	if (error)
		return error;
	leaving = directory_entry_remove_right(from->stat.st_mode);
	arriving = directory_entry_make_right(from->stat.st_mode);
	if (to->fd >= 0)
		arriving |= directory_entry_remove_right(to->stat.st_mode);
	if (exchange)
		leaving |= directory_entry_make_right(to->stat.st_mode);
	if (notif->flags & RENAME_WHITEOUT)
		leaving |= RIGHT_FS_MAKE_CHAR;
	if (!same_directory(from, to)) {
		leaving |= RIGHT_FS_REFER;
		arriving |= RIGHT_FS_REFER;
	}
	/* In its own directory, too: rules may tell its names apart. */
	notif->accesses.reparents = true;
	notif->accesses.exchanges = exchange;
	notif->accesses.directories[0] = S_ISDIR(from->stat.st_mode);
	notif->accesses.directories[1] = S_ISDIR(to->stat.st_mode);
	notif_need_path(notif, from, leaving);
	notif_need_path(notif, to, arriving);
	return STEP_JUDGE;
}

/* What the kernel itself shall refuse to make, remove or move. */
#define FENCED                                                          \
	(RIGHT_FS_MAKE_REG | RIGHT_FS_MAKE_DIR | RIGHT_FS_MAKE_SYM |    \
	 RIGHT_FS_MAKE_FIFO | RIGHT_FS_MAKE_SOCK | RIGHT_FS_MAKE_CHAR | \
	 RIGHT_FS_MAKE_BLOCK | RIGHT_FS_REMOVE_FILE | RIGHT_FS_REMOVE_DIR)

/*
 * Landlock compares what two directories allow when one moves between them: so
 * both allow the same then.
 */
static int allow_judged(const struct notif *notif, int oneshot, bool elsewhere)
{
	const struct pin *from = &notif->pins[FROM], *to = &notif->pins[TO];
	const bool exchange = notif->flags & RENAME_EXCHANGE;
	rights_t leaving = directory_entry_remove_right(from->stat.st_mode);
	rights_t arriving = directory_entry_make_right(from->stat.st_mode);
	bool directory = S_ISDIR(from->stat.st_mode);
	int error;

	if (to->fd >= 0)
		arriving |= directory_entry_remove_right(to->stat.st_mode);
	if (exchange) {
		leaving |= directory_entry_make_right(to->stat.st_mode);
		directory = directory || S_ISDIR(to->stat.st_mode);
	}
	if (notif->flags & RENAME_WHITEOUT)
		leaving |= RIGHT_FS_MAKE_CHAR;
	if (directory || !elsewhere)
		leaving = arriving = leaving | arriving;
	if (elsewhere) {
		leaving |= RIGHT_FS_REFER;
		arriving |= RIGHT_FS_REFER;
	}
	error = oneshot_domain_allow(oneshot, from->parent, leaving);
	return error ? error
		     : oneshot_domain_allow(oneshot, to->parent, arriving);
}

/* Before ABI 2 nothing moves elsewhere in any domain: then there is no oneshot.
 */
static int enter_fence(const struct notif *notif)
{
	const struct pin *from = &notif->pins[FROM], *to = &notif->pins[TO];
	const bool elsewhere = !same_directory(from, to);
	_cleanup_fd_ int oneshot = -1;
	int error;

	if (elsewhere && landlock_abi() < 2)
		return 0;
	oneshot = oneshot_domain_new(elsewhere ? FENCED | RIGHT_FS_REFER
					       : FENCED);
	if (oneshot < 0)
		return fd_take(&oneshot);
	error = allow_judged(notif, oneshot, elsewhere);
	return error ? error : oneshot_domain_enter(oneshot);
}

static int rename_pinned(const struct notif *notif)
{
	const struct pin *from = &notif->pins[FROM], *to = &notif->pins[TO];
	const unsigned int flags = (unsigned int)notif->flags;
	const unsigned int kept = to->fd < 0 ? RENAME_NOREPLACE : 0;

	if (!syscall(SYS_renameat2, from->parent, from->name, to->parent,
		     to->name, flags | kept))
		return 0;
	/* Not every file system can promise it. */
	if (errno == EINVAL && kept &&
	    !syscall(SYS_renameat2, from->parent, from->name, to->parent,
		     to->name, flags))
		return 0;
	return -errno;
}

/* Whether it still is what it was decided for. */
static bool is_unchanged(const struct notif *notif)
{
	return directory_entry_unchanged(&notif->pins[FROM]) &&
	       directory_entry_unchanged(&notif->pins[TO]);
}

static int perform(struct notif *notif)
{
	int error = is_unchanged(notif) ? 0 : STEP_AGAIN;

	if (!error && notif->use_extra)
		error = enter_fence(notif);
	if (error)
		return error;
	error = rename_pinned(notif);
	/* Natively, nothing would have been kept. */
	if (error == -EEXIST && !(notif->flags & RENAME_NOREPLACE))
		return STEP_AGAIN;
	return error && !is_unchanged(notif) ? STEP_AGAIN : error;
}

const struct operation operation_rename = {
	.rights = "fs.refer, fs.make_*, fs.remove_*",
	.kernel_asks = RIGHTS_ALL,
	.gather = gather,
	.resolve = resolve,
	.perform = perform,
	.moves = true,
};
