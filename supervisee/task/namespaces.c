/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What surrounds a thread: see namespaces.h. */
#include "task/namespaces.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

static bool look_at_root(struct statx *ret, const char *link)
{
	return statx(AT_FDCWD, link, 0, STATX_INO | STATX_MNT_ID, ret) == 0;
}

bool namespaces_other_root(pid_t tid)
{
	struct statx ours, theirs;
	char link[64];

	snprintf(link, sizeof(link), "/proc/%d/root", (int)tid);
	return !look_at_root(&ours, "/") || !look_at_root(&theirs, link) ||
	       ours.stx_ino != theirs.stx_ino ||
	       ours.stx_mnt_id != theirs.stx_mnt_id;
}

static bool other_namespace(pid_t tid, const char *kind)
{
	struct stat ours, theirs;
	char link[64];

	snprintf(link, sizeof(link), "/proc/self/ns/%s", kind);
	if (stat(link, &ours) < 0)
		return true;
	snprintf(link, sizeof(link), "/proc/%d/ns/%s", (int)tid, kind);
	return stat(link, &theirs) < 0 || ours.st_ino != theirs.st_ino;
}

bool namespaces_other_pids(pid_t tid)
{
	static struct stat ours;
	static bool known;
	struct stat theirs;
	char link[64];

	known = known || stat("/proc/self/ns/pid", &ours) == 0;
	snprintf(link, sizeof(link), "/proc/%d/ns/pid", (int)tid);
	return !known || stat(link, &theirs) < 0 ||
	       ours.st_ino != theirs.st_ino;
}

bool namespaces_other_users(pid_t tid)
{
	return other_namespace(tid, "user");
}

bool namespaces_other_ipc(pid_t tid)
{
	return other_namespace(tid, "ipc");
}
