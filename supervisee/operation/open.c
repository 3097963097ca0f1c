/* SPDX-License-Identifier: GPL-2.0-or-later */
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
#include <linux/magic.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "operation/call.h"
#include "operation/open_how.h"
#include "operation/operations.h"
#include "operation/proc.h"
#include "path/fast_lookup.h"
#include "path/opath.h"
#include "path/protect.h"
#include "task/descriptor.h"
#include "task/memory.h"
#include "task/tree.h"

/* Whether the kernel checks again whatever the arguments become. */
static bool is_held(const struct notif *notif)
{
	return !(notif->exposed & ~notif->tree->held);
}

static int gather(struct notif *notif)
{
	const int error = open_how_gather(notif);

	if (error)
		return error;
	/*
	 * Of openat2 alone: opens nothing, but the kernel would read the flags
	 * again, and no such descriptor can be handed over. Programs take
	 * openat for it, as on an older kernel.
	 */
	if (notif->flags & O_PATH)
		return -ENOSYS;
	/* To create, links are not followed everywhere, and it shows. */
	notif->may_look_up_fast =
		notif->may_look_up_fast && !(notif->flags & O_CREAT);
	return notif_gather_path(notif, 0, notif->call->path,
				 notif->call->dirfd);
}

/* No path governs it; the kernel says whether it can be opened again. */
static int resolve_internal(const struct notif *notif)
{
	return is_held(notif) ? STEP_NATIVE : STEP_PERFORM;
}

/* That no descriptor is free counts before all that is wrong with a path. */
static int refusal(const struct notif *notif, int error)
{
	return tree_has_room(notif->tid) ? error : -EMFILE;
}

static int check(const struct notif *notif)
{
	const struct pin *pin = &notif->pins[0];
	int error;

	if (pin->fd < 0)
		return 0;
	error = opath_access(pin->fd, open_how_access(notif));
	return error ? refusal(notif, error) : 0;
}

static void need_user_namespace(struct notif *notif)
{
	struct object object = {.type = OBJECT_NAMESPACE};

	object.namespaces = CLONE_NEWUSER;
	notif_need(notif, &object, RIGHT_PERM_NAMESPACE_ENTER);
}

/*
 * What somebody else has left in a shared directory is not opened by who would
 * have made it: the kernel does not see that the pinned object is opened so.
 */
static int check_shared(struct notif *notif)
{
	struct pin *pin = &notif->pins[0];
	int error;

	if (!open_how_creates(notif) || !protect_concerns(&pin->stat))
		return 0;
	error = pin_directory(pin, &notif->bases[0], notif->paths[0],
			      !(notif->flags & O_NOFOLLOW),
			      notif->resolve_flags);
	if (error == -ENOLINK)
		return 0;
	if (error)
		return error == -EAGAIN ? STEP_AGAIN : error;
	return protect_create(pin->parent, &pin->stat);
}

static bool ends_in_slash(const char *path)
{
	const size_t length = strlen(path);

	return length > 0 && path[length - 1] == '/';
}

/* What is another thing for everybody who opens it. */
static int check_personal(struct notif *notif)
{
	/* A fast lookup leads nowhere in proc(5), nor to anything but native. */
	if (notif->looked_up_fast || !proc_is_personal(notif, &notif->pins[0]))
		return 0;
	/* As for O_PATH. */
	if (notif->call->number == SYS_openat2)
		return notif_fail(notif, -ENOSYS);
	notif->maker = MAKER_KERNEL;
	return 0;
}

/* Whether something of this kind can be opened so. */
static int check_kind(struct notif *notif)
{
	const mode_t mode = notif->pins[0].stat.st_mode;
	int error;

	/* A last slash is followed, so that only a loop ends at a link. */
	if (S_ISLNK(mode))
		return (notif->flags & O_DIRECTORY) &&
				       !ends_in_slash(notif->paths[0])
			       ? -ENOTDIR
			       : -ELOOP;
	error = check_personal(notif);
	if (error)
		return error;
	if (!S_ISDIR(mode) && (notif->flags & O_DIRECTORY))
		return -ENOTDIR;
	if (S_ISDIR(mode) && !open_how_is_nameless(notif) &&
	    (notif->flags & (O_ACCMODE | O_TRUNC)))
		return -EISDIR;
	if (!S_ISSOCK(mode))
		return 0;
	/* After Landlock, which could only say something else. */
	error = check(notif);
	return error ? error : notif_fail(notif, -ENXIO);
}

/* Names what is needed to open what is there, and says what is exposed. */
static void need_existing(struct notif *notif)
{
	const struct pin *pin = &notif->pins[0];
	const mode_t mode = pin->stat.st_mode;
	rights_t rights = open_how_rights(notif, S_ISDIR(mode));

	if ((notif->flags & O_TRUNC) && S_ISREG(mode))
		rights |= RIGHT_FS_TRUNCATE;
	if (S_ISCHR(mode) || S_ISBLK(mode)) {
		/* Where the kernel cannot refuse ioctl(2) later, it counts now.
		 */
		notif->opens_device = tree_holds_ioctl(notif->tree);
		if (!tree_holds_ioctl(notif->tree))
			rights |= RIGHT_FS_IOCTL_DEV;
	}
	if ((rights & RIGHT_FS_WRITE_FILE) && proc_maps_users(notif, pin)) {
		need_user_namespace(notif);
		rights &= ~RIGHTS_WRITE;
	}
	if ((rights & RIGHT_FS_WRITE_FILE) && proc_is_own_setting(notif, pin)) {
		rights &= ~RIGHTS_WRITE;
		/* The kernel would miss the right to write. */
		notif->exposed |= RIGHTS_NEVER_HELD;
	}
	if (rights)
		notif_need_path(notif, pin, rights);
}

/* What would fail anyway is not asked about: the kernel says how. */
static int resolve_existing(struct notif *notif)
{
	const struct pin *pin = &notif->pins[0];
	int step;

	if (open_how_creates(notif) && (notif->flags & O_EXCL))
		return -EEXIST;
	if (pin->internal)
		return resolve_internal(notif);
	if (open_how_creates(notif) && S_ISDIR(pin->stat.st_mode))
		return -EISDIR;
	step = check_shared(notif);
	if (!step)
		step = check_kind(notif);
	if (step)
		return step;
	notif->accesses.reason =
		"what it shows depends on who opens it, and nobody can "
		"do so in the place of the program";
	if (open_how_is_nameless(notif))
		notif_need_path(notif, pin, open_how_rights(notif, false));
	else
		need_existing(notif);
	return notif->accesses.count ? STEP_JUDGE : STEP_PERFORM;
}

static int resolve_missing(struct notif *notif)
{
	const struct pin *pin = &notif->pins[0];
	struct statfs fs;
	int error;

	/* There, nothing can ever be made. */
	if (strncmp(pin->path, "/proc/", 6) == 0 &&
	    !fstatfs(pin->parent, &fs) && fs.f_type == PROC_SUPER_MAGIC)
		return -ENOENT;

	error = opath_access(pin->parent, W_OK | X_OK);
	if (error)
		return error;
	notif_need_path(notif, pin,
			RIGHT_FS_MAKE_REG | open_how_rights(notif, false));
	return STEP_JUDGE;
}

/*
 * Nothing is created as a directory, whether there is one or not. -EEXIST for
 * a last "." and its like.
 */
static int resolve_slash(struct notif *notif)
{
	int error = pin_path(&notif->pins[0], &notif->bases[0], notif->paths[0],
			     PIN_ENTRY, notif->resolve_flags);

	return error ? error : -EISDIR;
}

static int resolve_path(struct notif *notif)
{
	struct pin *pin = &notif->pins[0];
	enum pin_mode mode = PIN_FOLLOW;
	int error;

	if (open_how_creates(notif) && ends_in_slash(notif->paths[0])) {
		error = resolve_slash(notif);
		if (error != -EEXIST)
			return error;
		pin_release(pin);
	}
	if (open_how_creates(notif))
		mode = notif->flags & O_EXCL ? PIN_NOFOLLOW : PIN_CREATE;
	else if (notif->flags & O_NOFOLLOW)
		mode = PIN_NOFOLLOW;
	if (mode == PIN_CREATE && (notif->flags & O_NOFOLLOW))
		mode = PIN_NOFOLLOW;
	error = pin_path(pin, &notif->bases[0], notif->paths[0], mode,
			 notif->resolve_flags);
	if (error == -ENOENT && open_how_creates(notif) &&
	    mode == PIN_NOFOLLOW) {
		pin_release(pin);
		error = pin_path(pin, &notif->bases[0], notif->paths[0],
				 PIN_ENTRY, notif->resolve_flags);
		if (!error && pin->fd >= 0)
			return STEP_AGAIN;
	}
	/* "." and its like, in what is not there. */
	if (error)
		return error == -EEXIST ? -ENOENT : error;
	return pin->fd >= 0 ? resolve_existing(notif) : resolve_missing(notif);
}

static int resolve_looked_up_fast(struct notif *notif)
{
	const int dirfd = (int)notif_argument(notif, notif->call->dirfd,
					      (uint64_t)AT_FDCWD);
	int error =
		fast_lookup(&notif->pins[0], notif->source, notif->tid, dirfd,
			    notif->paths[0], !(notif->flags & O_NOFOLLOW));

	/* The kernel finds out by itself, and nobody would be asked. */
	if (error == -ENOENT)
		return STEP_NATIVE;
	if (!error)
		return resolve_existing(notif);
	error = notif_settle(notif);
	return error ? error : resolve_path(notif);
}

static int resolve(struct notif *notif)
{
	const int step = notif->looked_up_fast ? resolve_looked_up_fast(notif)
					       : resolve_path(notif);

	/* The kernel says so itself, where it is asked again. */
	return step < 0 && (notif->exact || !is_held(notif))
		       ? refusal(notif, step)
		       : step;
}

/*
 * What is found by a descriptor of the target's own, as /dev/stdout is, it has
 * open already: it may open it again for the same.
 */
static bool narrow(struct notif *notif)
{
	const struct pin *pin = &notif->pins[0];
	struct need *need;
	rights_t rights;

	if (pin->number < 0 || notif->accesses.count != 1)
		return false;
	need = &notif->accesses.needs[0];
	rights = descriptor_rights(notif->tid, pin->number, &pin->stat);
	if (need->within || need->rights & ~rights)
		return false;
	need->within = true;
	return true;
}

static bool tries_first(const struct notif *notif)
{
	return !notif->may_wait && !(notif->flags & O_NONBLOCK) &&
	       S_ISREG(notif->pins[0].stat.st_mode);
}

static int open_pinned(const struct notif *notif)
{
	const uint64_t dropped = O_CREAT | O_EXCL | O_NOFOLLOW;
	uint64_t flags = notif->flags;
	int fd;

	if (!open_how_is_nameless(notif))
		flags &= ~dropped;
	else
		flags &= ~(uint64_t)O_NOFOLLOW;
	/* A terminal must not become the monitor's controlling one. */
	flags |= O_CLOEXEC | O_NOCTTY;
	/* A lease on the file keeps waiting only who can wait. */
	if (tries_first(notif))
		flags |= O_NONBLOCK;
	fd = opath_open(notif->pins[0].fd, (int)flags, notif->mode);
	if (fd >= 0 && tries_first(notif))
		fcntl(fd, F_SETFL, (int)notif->flags);
	return fd;
}

static int create(const struct notif *notif)
{
	const struct pin *pin = &notif->pins[0];
	const int fd = openat(pin->parent, pin->name,
			      (int)notif->flags | O_EXCL | O_CLOEXEC | O_NOCTTY,
			      notif->mode);

	return fd < 0 ? -errno : fd;
}

static int perform(struct notif *notif)
{
	const struct pin *pin = &notif->pins[0];
	int fd;

	/* Nothing is made or emptied for a program that cannot have it. */
	if ((notif->flags & (O_CREAT | O_TRUNC)) && !tree_has_room(notif->tid))
		return -EMFILE;
	if (pin->fd >= 0)
		fd = open_pinned(notif);
	else
		fd = create(notif);
	/* Somebody else was faster, and that is no error without O_EXCL: see
	 * what it is now. */
	if (fd == -EEXIST && pin->fd < 0 && !(notif->flags & O_EXCL))
		return STEP_AGAIN;
	if (fd == -EWOULDBLOCK && pin->fd >= 0 && tries_first(notif))
		return STEP_WAIT;
	if (fd < 0)
		return refusal(notif, fd);
	notif->result_fd = fd;
	return 0;
}

static bool blocks(const struct notif *notif)
{
	const struct pin *pin = &notif->pins[0];

	if (pin->fd < 0 || notif->flags & O_NONBLOCK)
		return false;
	/* Who opens both ends of a pipe waits for nobody. */
	return (S_ISFIFO(pin->stat.st_mode) &&
		(notif->flags & O_ACCMODE) != O_RDWR) ||
	       (S_ISCHR(pin->stat.st_mode) || S_ISBLK(pin->stat.st_mode));
}

const struct operation operation_open = {
	.rights = "fs.read_file, fs.read_dir, fs.write_file, fs.truncate, "
		  "fs.make_reg",
	.kernel_asks = RIGHTS_ALL,
	.gather = gather,
	.resolve = resolve,
	.narrow = narrow,
	.check = check,
	.makes = true,
	.perform = perform,
	.looks_up_fast = true,
	.blocks = blocks,
	.uses_umask = true,
	.direct = true,
};
