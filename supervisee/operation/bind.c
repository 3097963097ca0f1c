/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bind(2).
 *
 * A UNIX socket keeps the very string it was bound to as its address, so a
 * path is not replaced by a pinned one: the program's string is used again, by
 * a process for which it leads to the pinned directory (see replica.h). A last
 * name is never followed by bind.
 *
 * Where there can be no replica (no user namespaces) the process is confined to
 * making sockets beneath the pinned directory, and goes by the canonical path
 * where the program's leads through links. Who can at that moment exchange the
 * directories above may have the socket made further down.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/fd.h"
#include "landlock/oneshot_domain.h"
#include "operation/call.h"
#include "operation/directory_entry.h"
#include "operation/operations.h"
#include "operation/socket.h"
#include "path/replica.h"

struct binding {
	bool no_replica; /* there can be none here */
};

static bool has_path(const struct notif *notif)
{
	return notif->bases[0].tid;
}

static int gather(struct notif *notif)
{
	int error;

	notif_keep(notif, struct binding);
	notif->exposed = RIGHTS_NET | RIGHT_FS_MAKE_SOCK;
	error = notif_gather_socket(notif, 1, 2);
	/* By a process of its own, which may become what it likes. */
	if (!error && has_path(notif))
		notif->use_extra = true;
	return error;
}

static int resolve(struct notif *notif)
{
	int step;

	if (notif->address_length < sizeof(sa_family_t))
		return STEP_PERFORM;
	/* The kernel refuses any other address of no family. */
	if (notif->address.in.sin_addr.s_addr == htonl(INADDR_ANY))
		socket_name_family(notif);
	if (!notif->bases[0].tid)
		return socket_need_port(notif, RIGHT_NET_BIND_TCP,
					RIGHT_NET_BIND_UDP);
	if (notif->address_length > sizeof(notif->address.un))
		return -EINVAL;
	step = directory_entry_resolve_new(notif, 0, RIGHT_FS_MAKE_SOCK);
	return step == -EEXIST ? -EADDRINUSE : step;
}

/* Whether a path is a name where the program is, whatever links there are. */
static bool is_bare(const char *path)
{
	while (strncmp(path, "./", 2) == 0)
		path += 1 + strspn(path + 1, "/");
	return !strchr(path, '/');
}

static bool needs_replica(const struct notif *notif)
{
	return has_path(notif) && !is_bare(notif->paths[0]);
}

static int enter_replica(struct notif *notif)
{
	const struct pin *pin = &notif->pins[0];
	char canonical[PATH_MAX];
	size_t length = (size_t)(strrchr(pin->path, '/') - pin->path);

	snprintf(canonical, sizeof(canonical), "%.*s",
		 (int)(length ? length : 1), pin->path);
	return replica_enter(pin->parent, canonical, notif->paths[0]);
}

/* Whether the program's path leads where it has led, without any link. */
static bool is_straight(const struct notif *notif)
{
	const struct open_how how = {
		.flags = O_PATH | O_NOFOLLOW | O_DIRECTORY | O_CLOEXEC,
		.resolve = RESOLVE_NO_SYMLINKS,
	};
	const char *path = notif->paths[0];
	const int length = (int)(strrchr(path, '/') - path);
	char directory[PATH_MAX];
	struct stat pinned, found;
	_cleanup_fd_ int fd = -1;

	snprintf(directory, sizeof(directory), "%.*s", length + 1, path);
	fd = (int)syscall(SYS_openat2, AT_FDCWD, directory, &how, sizeof(how));
	return fd >= 0 && !fstat(fd, &found) &&
	       !fstat(notif->pins[0].parent, &pinned) &&
	       found.st_dev == pinned.st_dev && found.st_ino == pinned.st_ino;
}

/* Nothing can be made but sockets beneath one directory. */
static int confine_to(int directory)
{
	_cleanup_fd_ int oneshot = oneshot_domain_new(RIGHT_FS_MAKE_SOCK);
	int error = oneshot < 0 ? oneshot : 0;

	if (!error)
		error = oneshot_domain_allow(oneshot, directory,
					     RIGHT_FS_MAKE_SOCK);
	return error ? error : oneshot_domain_enter(oneshot);
}

static int enter_confined(struct notif *notif)
{
	const struct pin *pin = &notif->pins[0];
	struct sockaddr_un *address = &notif->address.un;

	if (notif->foreign_root)
		return -EACCES; /* the string would lead elsewhere */
	if (notif->bases[0].origin >= 0 && fchdir(notif->bases[0].origin) < 0)
		return -errno;
	if (!is_straight(notif)) {
		if (pin->length >= sizeof(address->sun_path))
			return -EACCES;
		memcpy(address->sun_path, pin->path, pin->length + 1);
		notif->address_length =
			(socklen_t)(offsetof(struct sockaddr_un, sun_path) +
				    pin->length + 1);
	}
	return confine_to(pin->parent);
}

/* Makes the program's string lead where it has led. */
static int enter(struct notif *notif)
{
	struct binding *binding = notif->private;

	if (!needs_replica(notif))
		return fchdir(notif->pins[0].parent) < 0 ? -errno : 0;
	if (binding->no_replica)
		return enter_confined(notif);
	if (!enter_replica(notif))
		return 0;
	binding->no_replica = true;
	return STEP_ANEW;
}

/* In a replica the target may have lost capabilities that would have helped. */
static int failed(struct notif *notif, int error)
{
	struct binding *binding = notif->private;

	if ((error != -EACCES && error != -EPERM) || !needs_replica(notif) ||
	    binding->no_replica)
		return error;
	binding->no_replica = true;
	return STEP_ANEW;
}

static int perform(struct notif *notif)
{
	const struct pin *pin = &notif->pins[0];
	struct stat st;
	const int step = has_path(notif) ? enter(notif) : 0;

	if (step)
		return step;
	if (bind(notif->fd, &notif->address.generic, notif->address_length) < 0)
		return failed(notif, -errno);
	/* The name that was granted, not another one beneath it. */
	if (has_path(notif) &&
	    (fstatat(pin->parent, pin->name, &st, AT_SYMLINK_NOFOLLOW) < 0 ||
	     !S_ISSOCK(st.st_mode)))
		return -EACCES;
	return 0;
}

/* Namespaces come and go slowly. */
static bool blocks(const struct notif *notif)
{
	return needs_replica(notif);
}

const struct operation operation_bind = {
	.rights = "net.bind_*, fs.make_sock",
	.kernel_asks = RIGHTS_ALL,
	.gather = gather,
	.resolve = resolve,
	.check = directory_entry_check,
	.makes = true,
	.perform = perform,
	.blocks = blocks,
	.uses_umask = true,
};
