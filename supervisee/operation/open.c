// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * open(2), creat(2), openat(2), openat2(2).
 *
 * An existing object is pinned, and opened again through its own descriptor
 * with the program's flags. A missing one is created exclusively under its
 * name in the pinned directory; who else creates it first makes us resolve
 * again.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "operation/call.h"
#include "operation/operations.h"
#include "task/memory.h"
#include "task/tree.h"

/* Every right that some open could need. */
#define OPEN_RIGHTS                                                     \
	(RIGHT_FS_READ_FILE | RIGHT_FS_READ_DIR | RIGHT_FS_WRITE_FILE | \
	 RIGHT_FS_MAKE_REG)

static int gather_how(struct trap *trap)
{
	struct open_how how;
	const uint64_t size = trap->data.args[3];
	int error;

	if (size < sizeof(how))
		return -EINVAL;
	if (size > sizeof(how))
		return -E2BIG; /* a newer structure: let the caller retry */
	error = memory_read(trap->tid, trap->data.args[2], &how, sizeof(how));
	if (error)
		return error;
	trap->flags = how.flags;
	trap->mode = (mode_t)how.mode;
	trap->resolve_flags = how.resolve;
	trap->exposed = OPEN_RIGHTS | RIGHT_FS_TRUNCATE;
	return 0;
}

static int gather(struct trap *trap)
{
	const struct call *call = trap->call;
	int error = 0;

	if (call->number == SYS_openat2) {
		error = gather_how(trap);
		if (error)
			return error;
	} else {
		trap->flags =
			trap_argument(trap, call->flags, call->implied_flags);
		trap->mode = (mode_t)trap_argument(trap, call->mode, 0);
		trap->exposed = OPEN_RIGHTS;
		if (trap->flags & O_TRUNC)
			trap->exposed |= RIGHT_FS_TRUNCATE;
	}
	if (trap->flags & O_PATH)
		return STEP_NATIVE; /* opens nothing: Landlock does not mind */
	return trap_gather_path(trap, 0, call->path, call->dirfd);
}

static bool wants_creation(const struct trap *trap)
{
	return (trap->flags & O_CREAT) &&
	       (trap->flags & O_TMPFILE) != O_TMPFILE;
}

static rights_t rights_to_open(const struct trap *trap, bool directory)
{
	const uint64_t access = trap->flags & O_ACCMODE;
	rights_t rights = 0;

	if (access == O_RDONLY || access == O_RDWR)
		rights |= directory ? RIGHT_FS_READ_DIR : RIGHT_FS_READ_FILE;
	if (access == O_WRONLY || access == O_RDWR)
		rights |= RIGHT_FS_WRITE_FILE;
	return rights;
}

static int access_wanted(const struct trap *trap)
{
	switch (trap->flags & O_ACCMODE) {
	case O_RDONLY:
		return trap->flags & O_TRUNC ? R_OK | W_OK : R_OK;
	case O_WRONLY:
		return W_OK;
	default:
		return R_OK | W_OK;
	}
}

/*
 * What proc(5) shows of a process outside the tree depends on who looks, and
 * the monitor may look at more. /dev/tty is another terminal for each who
 * opens it.
 */
static bool shows_another_process(const struct trap *trap,
				  const struct pin *pin)
{
	const pid_t monitor = trap->views[0].monitor;
	long pid;

	if (S_ISCHR(pin->stat.st_mode) && pin->stat.st_rdev == makedev(5, 0))
		return true;
	return sscanf(pin->path, "/proc/%ld", &pid) == 1 &&
	       ((pid_t)pid == monitor || !tree_descends((pid_t)pid, monitor));
}

/* What would fail anyway is not asked about: the kernel says how. */
static int resolve_existing(struct trap *trap)
{
	const struct pin *pin = &trap->pins[0];
	rights_t rights;

	if (pin->internal || S_ISLNK(pin->stat.st_mode))
		return STEP_NATIVE;
	trap->native_only = shows_another_process(trap, pin);
	if (wants_creation(trap) &&
	    ((trap->flags & O_EXCL) || S_ISDIR(pin->stat.st_mode)))
		return trap->flags & O_EXCL ? -EEXIST : -EISDIR;
	if ((trap->flags & O_TMPFILE) == O_TMPFILE) {
		trap_need_path(trap, pin, rights_to_open(trap, false));
		return STEP_JUDGE;
	}
	if (S_ISDIR(pin->stat.st_mode) && (trap->flags & O_ACCMODE))
		return -EISDIR;
	if (!S_ISDIR(pin->stat.st_mode) && (trap->flags & O_DIRECTORY))
		return -ENOTDIR;
	if (S_ISSOCK(pin->stat.st_mode))
		return -ENXIO;
	rights = rights_to_open(trap, S_ISDIR(pin->stat.st_mode));
	if ((trap->flags & O_TRUNC) && S_ISREG(pin->stat.st_mode))
		rights |= RIGHT_FS_TRUNCATE;
	/* Where the kernel cannot refuse ioctl(2) later, it counts now. */
	if (!trap->kernel_ioctl &&
	    (S_ISCHR(pin->stat.st_mode) || S_ISBLK(pin->stat.st_mode)))
		rights |= RIGHT_FS_IOCTL_DEV;
	trap_need_path(trap, pin, rights);
	return STEP_JUDGE;
}

static int resolve_missing(struct trap *trap)
{
	const struct pin *pin = &trap->pins[0];
	char link[PIN_LINK_BYTES];

	if (faccessat(AT_FDCWD, pin_link(pin->parent, link), W_OK | X_OK,
		      AT_EACCESS) < 0)
		return -errno;
	trap_need_path(trap, pin,
		       RIGHT_FS_MAKE_REG | rights_to_open(trap, false));
	return STEP_JUDGE;
}

static int resolve(struct trap *trap)
{
	struct pin *pin = &trap->pins[0];
	enum pin_mode mode = PIN_FOLLOW;
	int error;

	if (wants_creation(trap))
		mode = trap->flags & O_EXCL ? PIN_NOFOLLOW : PIN_CREATE;
	else if (trap->flags & O_NOFOLLOW)
		mode = PIN_NOFOLLOW;
	if (mode == PIN_CREATE && (trap->flags & O_NOFOLLOW))
		mode = PIN_NOFOLLOW;
	error = pin_path(pin, &trap->views[0], trap->paths[0], mode,
			 trap->resolve_flags);
	if (error == -ENOENT && wants_creation(trap) && mode == PIN_NOFOLLOW) {
		pin_release(pin);
		error = pin_path(pin, &trap->views[0], trap->paths[0],
				 PIN_ENTRY, trap->resolve_flags);
		if (!error && pin->target >= 0)
			return STEP_AGAIN;
	}
	if (error)
		return error;
	return pin->target >= 0 ? resolve_existing(trap)
				: resolve_missing(trap);
}

static int check(const struct trap *trap)
{
	const struct pin *pin = &trap->pins[0];
	char link[PIN_LINK_BYTES];

	if (pin->target >= 0 && faccessat(AT_FDCWD, pin_link(pin->target, link),
					  access_wanted(trap), AT_EACCESS) < 0)
		return -errno;
	return 0;
}

static int open_pinned(const struct trap *trap)
{
	const uint64_t dropped = O_CREAT | O_EXCL | O_NOFOLLOW;
	uint64_t flags = trap->flags;
	char link[PIN_LINK_BYTES];

	if ((flags & O_TMPFILE) != O_TMPFILE)
		flags &= ~dropped;
	else
		flags &= ~(uint64_t)O_NOFOLLOW;
	/* A terminal must not become the monitor's controlling one. */
	flags |= O_CLOEXEC | O_NOCTTY;
	return open(pin_link(trap->pins[0].target, link), (int)flags,
		    trap->mode);
}

static int perform(struct trap *trap)
{
	const struct pin *pin = &trap->pins[0];
	int fd;

	if (pin->target >= 0)
		fd = open_pinned(trap);
	else
		fd = openat(pin->parent, pin->name,
			    (int)trap->flags | O_EXCL | O_NOFOLLOW | O_CLOEXEC |
				    O_NOCTTY,
			    trap->mode);
	if (fd < 0) {
		/* Somebody else was faster, and that is no error without
		 * O_EXCL: see what it is now. */
		if (errno == EEXIST && pin->target < 0 &&
		    !(trap->flags & O_EXCL))
			return STEP_AGAIN;
		return -errno;
	}
	trap->result_fd = fd;
	return 0;
}

static bool blocks(const struct trap *trap)
{
	const struct pin *pin = &trap->pins[0];

	return pin->target >= 0 && !(trap->flags & O_NONBLOCK) &&
	       (S_ISFIFO(pin->stat.st_mode) || S_ISCHR(pin->stat.st_mode) ||
		S_ISBLK(pin->stat.st_mode));
}

const struct operation operation_open = {
	.gather = gather,
	.resolve = resolve,
	.check = check,
	.perform = perform,
	.blocks = blocks,
	.uses_umask = true,
	.direct = true,
};
