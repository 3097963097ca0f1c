/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files of proc(5): see proc.h. */
#include "operation/proc.h"

#include <linux/magic.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>

#include "task/tree.h"

/* Whether a path means the same to us, in whatever root it was found. */
static bool is_ours(const struct notif *notif, const struct pin *pin)
{
	struct stat st;

	return !notif->foreign_root ||
	       (!lstat(pin->path, &st) && st.st_dev == pin->stat.st_dev &&
		st.st_ino == pin->stat.st_ino);
}

static bool is_in_proc(int fd)
{
	struct statfs fs;

	return !fstatfs(fd, &fs) && fs.f_type == PROC_SUPER_MAGIC;
}

/* The process that a file of proc(5) is about; 0: none. */
static pid_t process_of(const char *path)
{
	long pid;

	return sscanf(path, "/proc/%ld", &pid) == 1 ? (pid_t)pid : 0;
}

bool proc_is_personal(const struct notif *notif, const struct pin *pin)
{
	const char *slash = strrchr(pin->path, '/');
	pid_t pid;

	if (S_ISCHR(pin->stat.st_mode) && pin->stat.st_rdev == makedev(5, 0))
		return true;
	/* proc(5) is on no device, and its files take no space: of most files
	 * that says enough. */
	if (major(pin->stat.st_dev) != 0 || pin->stat.st_blocks > 0 ||
	    !is_in_proc(pin->fd))
		return false;
	/* Mounted elsewhere, where numbers may be others. */
	if (strncmp(pin->path, "/proc", 5) != 0 || !is_ours(notif, pin))
		return true;
	pid = process_of(pin->path);
	if (!pid)
		return false;
	/* To reach into another one takes more than belonging together, but
	 * who traces it does so already. */
	if (slash && strcmp(slash, "/mem") == 0 &&
	    pid != tree_tgid(notif->tid) &&
	    tree_tgid(tree_tracer(pid)) != tree_tgid(notif->tid))
		return true;
	return !tree_supervised(pid, notif->monitor);
}

/* Whether a file of proc(5) has one of these names and is about the tree. */
static bool is_of_tree(const char *path, int fd, pid_t monitor,
		       const char *const names[])
{
	const char *slash = strrchr(path, '/');

	for (; slash && *names; names++)
		if (strcmp(slash + 1, *names) == 0)
			return is_in_proc(fd) &&
			       tree_supervised(process_of(path), monitor);
	return false;
}

bool proc_path_maps_users(const char *path, int fd, pid_t monitor)
{
	static const char *const names[] = {"uid_map", "gid_map", "setgroups",
					    NULL};

	return is_of_tree(path, fd, monitor, names);
}

bool proc_path_is_setting(const char *path, int fd, pid_t monitor)
{
	static const char *const names[] = {
		"comm",		 "oom_score_adj", "oom_adj", "coredump_filter",
		"timerslack_ns", "autogroup",	  NULL,
	};

	return is_of_tree(path, fd, monitor, names);
}

bool proc_maps_users(const struct notif *notif, const struct pin *pin)
{
	return proc_path_maps_users(pin->path, pin->fd, notif->monitor) &&
	       is_ours(notif, pin);
}

bool proc_is_own_setting(const struct notif *notif, const struct pin *pin)
{
	return proc_path_is_setting(pin->path, pin->fd, notif->monitor) &&
	       is_ours(notif, pin);
}
