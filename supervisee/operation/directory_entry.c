/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the operations on directory entries share: see directory_entry.h. */
#include "operation/directory_entry.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "path/opath.h"

rights_t directory_entry_make_right(mode_t mode)
{
	switch (mode & S_IFMT) {
	case S_IFDIR:
		return RIGHT_FS_MAKE_DIR;
	case S_IFLNK:
		return RIGHT_FS_MAKE_SYM;
	case S_IFCHR:
		return RIGHT_FS_MAKE_CHAR;
	case S_IFBLK:
		return RIGHT_FS_MAKE_BLOCK;
	case S_IFIFO:
		return RIGHT_FS_MAKE_FIFO;
	case S_IFSOCK:
		return RIGHT_FS_MAKE_SOCK;
	default: /* 0 too: mknod(2) makes a regular file of it */
		return RIGHT_FS_MAKE_REG;
	}
}

rights_t directory_entry_remove_right(mode_t mode)
{
	return S_ISDIR(mode) ? RIGHT_FS_REMOVE_DIR : RIGHT_FS_REMOVE_FILE;
}

int directory_entry_check_writable(const struct pin *pin)
{
	return opath_access(pin->parent, W_OK | X_OK);
}

int directory_entry_check(const struct notif *notif)
{
	const struct pin *pin = &notif->pins[0];

	return pin->parent < 0 ? 0 : directory_entry_check_writable(pin);
}

bool directory_entry_unchanged(const struct pin *pin)
{
	char name[NAME_MAX + 1];
	struct stat now;

	snprintf(name, sizeof(name), "%.*s", (int)strcspn(pin->name, "/"),
		 pin->name);
	if (fstatat(pin->parent, name, &now, AT_SYMLINK_NOFOLLOW) < 0)
		return pin->fd < 0;
	return pin->fd >= 0 && now.st_dev == pin->stat.st_dev &&
	       now.st_ino == pin->stat.st_ino;
}

uid_t directory_entry_target(void)
{
	/* It never fails, and says who it was. */
	return (uid_t)syscall(SYS_setfsuid, -1);
}

bool directory_entry_owns_all(void)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct data[2] = {0};

	return syscall(SYS_capget, &header, data) == 0 &&
	       (data[0].effective & (1U << CAP_FOWNER));
}

bool directory_entry_is_stuck(const struct pin *pin)
{
	uid_t uid;
	struct stat st;

	if (pin->fd < 0)
		return false;
	uid = directory_entry_target();
	if (pin->stat.st_uid == uid)
		return false;
	return fstat(pin->parent, &st) < 0 ||
	       ((st.st_mode & S_ISVTX) && st.st_uid != uid &&
		!directory_entry_owns_all());
}

int directory_entry_check_read_only(const struct pin *pin)
{
	struct statvfs fs;

	return !fstatvfs(pin->parent, &fs) && (fs.f_flag & ST_RDONLY) ? -EROFS
								      : 0;
}

int directory_entry_pin(struct notif *notif, unsigned int which)
{
	struct pin *pin = &notif->pins[which];
	int error = pin_path(pin, &notif->bases[which], notif->paths[which],
			     PIN_ENTRY, 0);

	if (error != -EEXIST)
		return error;
	/* They are there if what they are in is. */
	pin_release(pin);
	error = pin_path(pin, &notif->bases[which], notif->paths[which],
			 PIN_FOLLOW, 0);
	return error ? error : -EEXIST;
}

int directory_entry_resolve_new(struct notif *notif, unsigned int which,
				rights_t rights)
{
	struct pin *pin = &notif->pins[which];
	int error = directory_entry_pin(notif, which);

	if (error)
		return error;
	if (pin->fd >= 0)
		return -EEXIST;
	if (rights != RIGHT_FS_MAKE_DIR && strchr(pin->name, '/'))
		return -ENOENT;
	notif_need_path(notif, pin, rights);
	return STEP_JUDGE;
}
