/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ioctl(2) on devices.
 *
 * Landlock decides it when a device is opened, and keeps the decision with the
 * open file, for whoever uses it. What an argument of a driver's command points
 * to nobody can know, so nobody can make the call in the program's place. What
 * is granted later is a descriptor: the device is opened once more, out of the
 * domain, takes the place of the program's descriptor, and the kernel runs the
 * call, on whatever is there by then. As with all that is open, it is not taken
 * back.
 *
 * FIOSETOWN has nothing to do with it: see owner.c. Nor have the commands of
 * file systems: see flags.c.
 */
#include <asm/ioctls.h>
#include <asm/sockios.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/fiemap.h>
#include <linux/fs.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/fd.h"
#include "operation/flags.h"
#include "operation/operations.h"
#include "path/opath.h"
#include "task/descriptor.h"
#include "task/tree.h"

/* Of Linux 6.9. */
#ifndef FS_IOC_GETFSUUID
#define FS_IOC_GETFSUUID 0x80111500
#endif
#ifndef FS_IOC_GETFSSYSFSPATH
#define FS_IOC_GETFSSYSFSPATH 0x80811501
#endif

static unsigned int command(const struct notif *notif)
{
	return (unsigned int)notif->data.args[1];
}

static bool is_about_owner(const struct notif *notif)
{
	return command(notif) == FIOSETOWN || command(notif) == SIOCSPGRP;
}

/* What Landlock lets pass on every device: it never reaches a driver. */
static bool is_exempt(const struct notif *notif)
{
	static const unsigned int exempt[] = {
		FIOCLEX,	  FIONCLEX,
		FIONBIO,	  FIOASYNC,
		FIOQSIZE,	  FIFREEZE,
		FITHAW,		  FS_IOC_FIEMAP,
		FIGETBSZ,	  FICLONE,
		FICLONERANGE,	  FIDEDUPERANGE,
		FS_IOC_GETFSUUID, FS_IOC_GETFSSYSFSPATH,
	};

	for (size_t i = 0; i < ARRAY_SIZE(exempt); i++)
		if (exempt[i] == command(notif))
			return true;
	return false;
}

/* Whether the kernel keeps ioctl(2) from an open device, whoever uses it. */
static bool is_restricted(int fd)
{
	long answer[4];
	struct stat st;

	if (fstat(fd, &st) < 0 ||
	    !(S_ISCHR(st.st_mode) || S_ISBLK(st.st_mode)) ||
	    (fcntl(fd, F_GETFL) & O_PATH))
		return false;
	/* Something that no device does. */
	return ioctl(fd, FS_IOC_GETFLAGS, answer) < 0 && errno == EACCES;
}

/*
 * A command of file systems; where the descriptor is of something else, nobody
 * may exchange it before the kernel looks.
 */
/* @lost: why the descriptor could not be copied; 0: it was. */
static int gather_flags(struct notif *notif, int lost)
{
	const bool kept = !notif->tree->shared_tables &&
			  descriptors_are_private(notif->tid);

	if (lost)
		return notif_fail(notif, lost);
	if (flags_is_file(notif->fd))
		return operation_flags.gather(notif);
	if (!kept)
		return notif_fail(notif, -ENOTTY);
	if (tree_holds_ioctl(notif->tree))
		return 0;
	notif->exposed = 0;
	return STEP_NATIVE;
}

/* What flags.c has gathered is its own to the end. */
static bool is_about_flags(const struct notif *notif)
{
	return !is_about_owner(notif) && notif->private;
}

static int gather(struct notif *notif)
{
	int lost;

	if (is_about_owner(notif))
		return operation_owner.gather(notif);
	/* With bits in the register that the kernel does not look at. */
	if (command(notif) == TIOCSTI || command(notif) == TIOCLINUX)
		return notif_fail(notif, -EPERM);
	notif->exposed = RIGHT_FS_IOCTL_DEV;
	if (is_exempt(notif))
		return STEP_NATIVE;
	lost = notif_copy_fd(notif, (int)notif->data.args[0]);
	if (flags_concern(command(notif))) {
		const int step = gather_flags(notif, lost);

		if (step)
			return step;
	}
	if (is_about_flags(notif))
		return STEP_JUDGE;
	/* Where there is none, the kernel says so. */
	if (lost || !is_restricted(notif->fd))
		return STEP_NATIVE;
	/* The kernel has refused, and would again. */
	notif->exposed = RIGHTS_NEVER_HELD;
	return STEP_JUDGE;
}

/* Devices that are another one each time they are opened. */
static bool is_personal(dev_t device)
{
	return device == makedev(5, 0) || device == makedev(5, 2);
}

static int resolve(struct notif *notif)
{
	struct pin *pin = &notif->pins[0];
	int copy, error;

	if (is_about_owner(notif))
		return operation_owner.resolve(notif);
	if (is_about_flags(notif))
		return operation_flags.resolve(notif);
	copy = fcntl(notif->fd, F_DUPFD_CLOEXEC, 3);
	if (copy < 0)
		return -errno;
	error = pin_fd(pin, copy);
	if (error)
		return error;
	if (is_personal(pin->stat.st_rdev))
		notif->accesses.impossible = true;
	notif->accesses.reason =
		"this device is another one each time it is opened, and "
		"was opened without the right to control it";
	notif_need_path(notif, pin, RIGHT_FS_IOCTL_DEV);
	return STEP_JUDGE;
}

static int perform(struct notif *notif)
{
	const int changing = O_CREAT | O_EXCL | O_NOCTTY | O_TRUNC;
	const int flags = fcntl(notif->fd, F_GETFL);
	off_t at;

	if (is_about_owner(notif))
		return operation_owner.perform(notif);
	if (is_about_flags(notif))
		return operation_flags.perform(notif);
	if (flags < 0)
		return -errno;
	notif->result_fd =
		opath_open(notif->pins[0].fd,
			   (flags & ~changing) | O_CLOEXEC | O_NOCTTY, 0);
	if (notif->result_fd < 0)
		return fd_take(&notif->result_fd);
	at = lseek(notif->fd, 0, SEEK_CUR);
	if (at > 0)
		lseek(notif->result_fd, at, SEEK_SET);
	notif->maker = MAKER_EXCHANGE;
	notif->flags = tree_closes_on_exec(notif->tid, (int)notif->data.args[0])
			       ? O_CLOEXEC
			       : 0;
	return 0;
}

static bool blocks(const struct notif *notif)
{
	return !is_about_owner(notif) && !is_about_flags(notif) &&
	       !(fcntl(notif->fd, F_GETFL) & O_NONBLOCK);
}

static int check(const struct notif *notif)
{
	return is_about_flags(notif) ? operation_flags.check(notif) : 0;
}

const struct operation operation_ioctl = {
	.rights = "fs.ioctl_dev, and fs.write_file by commands of file systems",
	.gather = gather,
	.resolve = resolve,
	.check = check,
	.perform = perform,
	.blocks = blocks,
	.direct = true,
};
