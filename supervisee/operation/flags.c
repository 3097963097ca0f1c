/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Flags and the like of files and directories: file_setattr(2), and commands of
 * ioctl(2).
 *
 * Those commands that chattr(1) and its like use are judged as other metadata
 * is. What else file systems have commands for is not: of most nobody here
 * knows what their arguments name, and some give everything beneath a directory
 * another name (snapshots), or open what no path leads to. These fail as on a
 * file system that does not have them.
 */
#include "operation/flags.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "operation/call.h"
#include "operation/metadata.h"
#include "operation/operations.h"
#include "path/opath.h"
#include "task/memory.h"

#define PAGE_BYTES 4096
#define FILE_ATTR_BYTES 24 /* the first version of file_setattr(2)'s */
#define FAT_SET_ATTRIBUTES _IOW('r', 0x11, uint32_t)

const unsigned char flags_letters[] = {
	'X',  /* all, XFS */
	'f',  /* all, ext4, encryption, verity */
	'n',  /* NILFS */
	'o',  /* OCFS2 */
	'r',  /* FAT */
	'v',  /* all */
	0x94, /* Btrfs */
	0x97, /* Ceph */
	0xbc, /* bcachefs */
	0xcf, /* CIFS */
	0xf5, /* F2FS */
};
const size_t flags_letters_count = ARRAY_SIZE(flags_letters);

#define COMMAND(letter, number) (uint16_t)((letter) << 8 | (number))

const uint16_t flags_harmless[] = {
	COMMAND('X', 30), /* alignment for O_DIRECT */
	COMMAND('X', 31), /* flags are read */
	COMMAND('X', 38), /* extents are read */
	COMMAND('X', 40), /* space of what is open for writing */
	COMMAND('X', 41),
	COMMAND('X', 42),
	COMMAND('X', 43),
	COMMAND('X', 57),
	COMMAND('X', 124), /* geometry */
	COMMAND('X', 126),
	COMMAND('f', 1),  /* flags are read */
	COMMAND('f', 3),  /* a version */
	COMMAND('f', 11), /* extents */
	COMMAND('f', 21), /* how it is encrypted */
	COMMAND('f', 22),
	COMMAND('f', 27),
	COMMAND('f', 134), /* a digest */
	COMMAND('r', 1),   /* names, as read from an open directory */
	COMMAND('r', 2),
	COMMAND('r', 0x10), /* attributes are read */
	COMMAND('r', 0x13),
	COMMAND('v', 1),  /* a version is read */
	COMMAND(0x94, 9), /* contents, to what is open for writing */
	COMMAND(0x94, 13),
	COMMAND(0x94, 54), /* the same contents are stored once */
	COMMAND(0x94, 20), /* about the file system */
	COMMAND(0x94, 25),
	COMMAND(0x94, 31),
	COMMAND(0x94, 49),
	COMMAND(0x94, 57),
	COMMAND(0x94, 60),
	COMMAND(0xf5, 12), /* what it can do */
};
const size_t flags_harmless_count = ARRAY_SIZE(flags_harmless);

bool flags_concern(unsigned int command)
{
	bool found = false;

	for (size_t i = 0; !found && i < flags_letters_count; i++)
		found = flags_letters[i] == (command >> 8 & 0xff);
	for (size_t i = 0; found && i < flags_harmless_count; i++)
		found = flags_harmless[i] != (command & 0xffff);
	return found;
}

bool flags_is_file(int fd)
{
	struct statx st;

	/* Not even a file system that does not answer is asked. */
	return statx(fd, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC, STATX_TYPE,
		     &st) < 0 ||
	       S_ISREG(st.stx_mode) || S_ISDIR(st.stx_mode);
}

/* As read once. */
struct flag_change {
	size_t size;
	char bytes[PAGE_BYTES];
};

/* How much a command reads of what its argument points to; 0: unknown. */
static size_t command_size(unsigned int command)
{
	switch (command) {
	case FS_IOC_SETFLAGS: /* an int, whatever their names say */
	case _IOW('v', 2, long):
	case FAT_SET_ATTRIBUTES:
		return sizeof(int);
	case FS_IOC_FSSETXATTR:
		return sizeof(struct fsxattr);
	default:
		return 0;
	}
}

static int gather_command(struct notif *notif, struct flag_change *change)
{
	if (fcntl(notif->fd, F_GETFL) & O_PATH)
		return -EBADF;
	change->size = command_size((unsigned int)notif->data.args[1]);
	return change->size ? memory_read(notif->tid, notif->data.args[2],
					  change->bytes, change->size)
			    : -ENOTTY;
}

static int gather_attributes(struct notif *notif, struct flag_change *change)
{
	const uint64_t flags =
		notif->data.args[notif->call->flags] & UINT32_MAX;
	int error;

	change->size = notif->data.args[3];
	if (flags & ~(uint64_t)(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH))
		return -EINVAL;
	if (change->size > sizeof(change->bytes))
		return -E2BIG;
	if (change->size < FILE_ATTR_BYTES)
		return -EINVAL;
	error = memory_read(notif->tid, notif->data.args[2], change->bytes,
			    change->size);
	return error ? error
		     : metadata_gather(notif, flags, METADATA_EMPTY_DESCRIPTOR);
}

static int gather(struct notif *notif)
{
	struct flag_change *change = notif_keep(notif, struct flag_change);

	notif->exposed = RIGHTS_NEVER_HELD;
	return notif->call->number == SYS_ioctl
		       ? gather_command(notif, change)
		       : gather_attributes(notif, change);
}

static int perform(struct notif *notif)
{
	struct flag_change *change = notif->private;
	char link[OPATH_LINK_BYTES];
	long result;

	if (notif->call->number == SYS_ioctl)
		result = ioctl(notif->fd, (unsigned int)notif->data.args[1],
			       change->bytes);
	else if (notif->fd >= 0)
		result = syscall(SYS_file_setattr, notif->fd, "", change->bytes,
				 change->size, AT_EMPTY_PATH);
	else
		result = syscall(SYS_file_setattr, AT_FDCWD,
				 metadata_link(notif, link), change->bytes,
				 change->size, 0);
	return result < 0 ? -errno : 0;
}

const struct operation operation_flags = {
	.rights = "metadata, as fs.write_file",
	.gather = gather,
	.resolve = metadata_resolve,
	.check = metadata_check_owner,
	.perform = perform,
};
