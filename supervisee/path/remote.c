/* SPDX-License-Identifier: GPL-2.0-or-later */
/* File systems that may keep who uses them waiting: see remote.h. */
#include "path/remote.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/fd.h"

#ifndef RESOLVE_CACHED
#define RESOLVE_CACHED 0x20 /* Linux 5.12 */
#endif

struct remote {
	int mountinfo;
	uint64_t *mounts; /* their numbers */
	size_t count;
	bool unknown; /* the table could not be read: any may be one */
};

bool remote_is_type(const char *type)
{
	static const char *const types[] = {
		"9p",  "afs",  "autofs", "ceph",   "cifs", "coda",
		"nfs", "nfs4", "smb3",	 "lustre", "gfs2", "virtiofs",
	};

	if (strncmp(type, "fuse", 4) == 0 && strcmp(type, "fusectl"))
		return true;
	for (size_t i = 0; i < ARRAY_SIZE(types); i++)
		if (strcmp(type, types[i]) == 0)
			return true;
	return false;
}

static int add_mount(struct remote *remote, const char *line)
{
	const char *separator = strstr(line, " - ");
	char type[64];
	uint64_t *mounts;

	if (!separator || sscanf(separator, " - %63s", type) != 1)
		return -EPROTO;
	if (!remote_is_type(type))
		return 0;
	mounts = reallocarray(remote->mounts, remote->count + 1,
			      sizeof(*mounts));
	if (!mounts)
		return -ENOMEM;
	remote->mounts = mounts;
	mounts[remote->count++] = strtoull(line, NULL, 10);
	return 0;
}

void remote_update(struct remote *remote)
{
	_cleanup_free_ char *line = NULL;
	size_t room = 0;
	int error = 0;
	FILE *table;
	const int copy = fcntl(remote->mountinfo, F_DUPFD_CLOEXEC, 3);

	remote->count = 0;
	remote->unknown = true;
	table = copy < 0 ? NULL : fdopen(copy, "r");
	if (!table) {
		fd_close(copy);
		return;
	}
	rewind(table);
	while (!error && getline(&line, &room, table) > 0)
		error = add_mount(remote, line);
	remote->unknown = error || ferror(table);
	fclose(table);
}

int remote_new(struct remote **ret)
{
	struct remote *remote = calloc(1, sizeof(*remote));

	if (!remote)
		return -ENOMEM;
	remote->mountinfo = open("/proc/self/mountinfo", O_RDONLY | O_CLOEXEC);
	remote_update(remote);
	*ret = remote;
	return 0;
}

struct remote *remote_free(struct remote *remote)
{
	if (!remote)
		return NULL;
	fd_close(remote->mountinfo);
	free(remote->mounts);
	free(remote);
	return NULL;
}

int remote_fd(const struct remote *remote)
{
	return remote->mountinfo;
}

bool remote_is_absent(const struct remote *remote)
{
	return !remote->unknown && !remote->count;
}

bool remote_is_fd(const struct remote *remote, int fd)
{
	struct statx place;

	if (remote_is_absent(remote))
		return false;
	if (remote->unknown || statx(fd, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC,
				     STATX_MNT_ID, &place) < 0)
		return true;
	for (size_t i = 0; i < remote->count; i++)
		if (remote->mounts[i] == place.stx_mnt_id)
			return true;
	return false;
}

bool remote_may_block(const struct remote *remote,
		      const struct lookup_base *base, const char *path)
{
	const bool from_root = path[0] == '/' && base->origin < 0;
	const bool in_root = path[0] == '/' && !from_root;
	const struct open_how how = {
		.flags = O_PATH | O_CLOEXEC,
		.resolve = RESOLVE_CACHED | (in_root ? RESOLVE_IN_ROOT : 0),
	};
	_cleanup_fd_ int fd = -1;

	if (remote_is_absent(remote))
		return false;
	/* Mounts of another root, or another table, are not in ours. */
	if (remote->unknown || base->root >= 0)
		return true;
	if (!*path)
		return base->origin >= 0 && remote_is_fd(remote, base->origin);
	fd = (int)syscall(SYS_openat2, from_root ? AT_FDCWD : base->origin,
			  path, &how, sizeof(how));
	/* What is surely not there, nobody has to be asked about. */
	return fd < 0 ? errno == EAGAIN || errno == EINVAL
		      : remote_is_fd(remote, fd);
}
