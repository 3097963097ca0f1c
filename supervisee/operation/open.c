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
#include <linux/openat2.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "operation/call.h"
#include "operation/operations.h"
#include "operation/proc.h"
#include "path/fast_lookup.h"
#include "path/opath.h"
#include "path/protect.h"
#include "task/descriptor.h"
#include "task/memory.h"
#include "task/tree.h"

/* Every right that some open could need. */
#define OPEN_RIGHTS                                                     \
	(RIGHT_FS_READ_FILE | RIGHT_FS_READ_DIR | RIGHT_FS_WRITE_FILE | \
	 RIGHT_FS_MAKE_REG)

/*
 * What lies in memory can be any other flags by the time the kernel reads it,
 * those with which Landlock lets everything pass included: see gather().
 */
static void use_how(struct notif *notif, const struct open_how *how)
{
	notif->flags = how->flags;
	notif->mode = (mode_t)how->mode;
	notif->resolve_flags = how->resolve;
	notif->exposed = RIGHTS_NEVER_HELD;
	notif->may_look_up_fast = false;
}

/* As much of a newer structure as a program may hand in. */
#define HOW_BYTES_MAX 4096

/*
 * What the kernel has against these flags, whatever the path: it looks at them
 * first, and an empty path never leads anywhere.
 */
static int check_how(const void *how, size_t size)
{
	if (syscall(SYS_openat2, -1, "", how, size) < 0 && errno != ENOENT)
		return -errno;
	return 0;
}

static int gather_how(struct notif *notif)
{
	union {
		struct open_how how;
		unsigned char bytes[HOW_BYTES_MAX];
	} structure;
	const uint64_t size = notif->data.args[3];
	int error;

	if (size < sizeof(structure.how))
		return -EINVAL;
	if (size > sizeof(structure))
		return -E2BIG;
	error = memory_read(notif->tid, notif->data.args[2], &structure,
			    (size_t)size);
	if (!error)
		error = check_how(&structure, (size_t)size);
	if (error)
		return error;
	use_how(notif, &structure.how);
	return 0;
}

/* Flags that cannot go together, where only newer kernels say so. */
static int check_flags(const struct notif *notif)
{
	const uint64_t odd = O_TMPFILE & ~(uint64_t)O_DIRECTORY;

	if (!(notif->flags & odd) &&
	    (notif->flags & (O_CREAT | O_DIRECTORY)) != (O_CREAT | O_DIRECTORY))
		return 0;
	return open("", (int)notif->flags, notif->mode) < 0 && errno != ENOENT
		       ? -errno
		       : 0;
}

/* Whether the kernel checks again whatever the arguments become. */
static bool is_held(const struct notif *notif)
{
	return !(notif->exposed & ~notif->tree->held);
}

static int gather(struct notif *notif)
{
	const struct call *call = notif->call;
	int error = 0;

	if (call->number == SYS_openat2) {
		error = gather_how(notif);
	} else {
		notif->flags =
			notif_argument(notif, call->flags, call->implied_flags);
		notif->mode = (mode_t)notif_argument(notif, call->mode, 0);
		notif->exposed = OPEN_RIGHTS;
		if (notif->flags & O_TRUNC)
			notif->exposed |= RIGHT_FS_TRUNCATE;
		error = check_flags(notif);
	}
	if (error)
		return error;
	/* Landlock lets pass what neither reads nor writes. */
	if ((notif->flags & O_ACCMODE) == O_ACCMODE)
		notif->exposed |= RIGHTS_NEVER_HELD;
	/* Whatever the path becomes, it could be that of a device. */
	if (notif->tree->open_devices)
		notif->exposed |= RIGHT_FS_IOCTL_DEV;
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
	return notif_gather_path(notif, 0, call->path, call->dirfd);
}

static bool wants_creation(const struct notif *notif)
{
	return (notif->flags & O_CREAT) &&
	       (notif->flags & O_TMPFILE) != O_TMPFILE;
}

static rights_t rights_to_open(const struct notif *notif, bool directory)
{
	const uint64_t access = notif->flags & O_ACCMODE;
	rights_t rights = 0;

	/* What is neither needs both permissions. */
	if (access != O_WRONLY)
		rights |= directory ? RIGHT_FS_READ_DIR : RIGHT_FS_READ_FILE;
	if (access != O_RDONLY)
		rights |= RIGHT_FS_WRITE_FILE;
	return rights;
}

static int access_wanted(const struct notif *notif)
{
	if ((notif->flags & O_TMPFILE) == O_TMPFILE)
		return W_OK | X_OK;
	switch (notif->flags & O_ACCMODE) {
	case O_RDONLY:
		return notif->flags & O_TRUNC ? R_OK | W_OK : R_OK;
	case O_WRONLY:
		return W_OK;
	default:
		return R_OK | W_OK;
	}
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
	error = opath_access(pin->fd, access_wanted(notif));
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

	if (!wants_creation(notif) || !protect_concerns(&pin->stat))
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

/* What would fail anyway is not asked about: the kernel says how. */
static int resolve_existing(struct notif *notif)
{
	const struct pin *pin = &notif->pins[0];
	rights_t rights;
	int step;

	if (wants_creation(notif) && (notif->flags & O_EXCL))
		return -EEXIST;
	if (pin->internal)
		return resolve_internal(notif);
	if (wants_creation(notif) && S_ISDIR(pin->stat.st_mode))
		return -EISDIR;
	step = check_shared(notif);
	if (step)
		return step;
	/* A last slash is followed, so that only a loop ends at a link. */
	if (S_ISLNK(pin->stat.st_mode))
		return (notif->flags & O_DIRECTORY) &&
				       !ends_in_slash(notif->paths[0])
			       ? -ENOTDIR
			       : -ELOOP;
	/* A fast lookup leads nowhere in proc(5), nor to anything but native.
	 */
	if (!notif->looked_up_fast && proc_is_personal(notif, pin)) {
		/* As for O_PATH. */
		if (notif->call->number == SYS_openat2)
			return notif_fail(notif, -ENOSYS);
		notif->maker = MAKER_KERNEL;
	}
	notif->accesses.reason =
		"what it shows depends on who opens it, and nobody can "
		"do so in the place of the program";
	if (!S_ISDIR(pin->stat.st_mode) && (notif->flags & O_DIRECTORY))
		return -ENOTDIR;
	if ((notif->flags & O_TMPFILE) == O_TMPFILE) {
		notif_need_path(notif, pin, rights_to_open(notif, false));
		return STEP_JUDGE;
	}
	if (S_ISDIR(pin->stat.st_mode) &&
	    (notif->flags & (O_ACCMODE | O_TRUNC)))
		return -EISDIR;
	/* After Landlock, which could only say something else. */
	if (S_ISSOCK(pin->stat.st_mode)) {
		const int error = check(notif);

		return error ? error : notif_fail(notif, -ENXIO);
	}
	rights = rights_to_open(notif, S_ISDIR(pin->stat.st_mode));
	if ((notif->flags & O_TRUNC) && S_ISREG(pin->stat.st_mode))
		rights |= RIGHT_FS_TRUNCATE;
	if (S_ISCHR(pin->stat.st_mode) || S_ISBLK(pin->stat.st_mode)) {
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
			RIGHT_FS_MAKE_REG | rights_to_open(notif, false));
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

	if (wants_creation(notif) && ends_in_slash(notif->paths[0])) {
		error = resolve_slash(notif);
		if (error != -EEXIST)
			return error;
		pin_release(pin);
	}
	if (wants_creation(notif))
		mode = notif->flags & O_EXCL ? PIN_NOFOLLOW : PIN_CREATE;
	else if (notif->flags & O_NOFOLLOW)
		mode = PIN_NOFOLLOW;
	if (mode == PIN_CREATE && (notif->flags & O_NOFOLLOW))
		mode = PIN_NOFOLLOW;
	error = pin_path(pin, &notif->bases[0], notif->paths[0], mode,
			 notif->resolve_flags);
	if (error == -ENOENT && wants_creation(notif) && mode == PIN_NOFOLLOW) {
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
	int error = fast_lookup(&notif->pins[0], notif->tid, dirfd,
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

	if ((flags & O_TMPFILE) != O_TMPFILE)
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
	.perform = perform,
	.looks_up_fast = true,
	.blocks = blocks,
	.uses_umask = true,
	.direct = true,
};
