// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * bind(2).
 *
 * A UNIX socket keeps the very string it was bound to as its address, so a
 * path is not replaced by a pinned one: the program's string is used again,
 * by a process that Landlock confines to making a socket beneath the pinned
 * directory.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/fd.h"
#include "operation/call.h"
#include "operation/entry.h"
#include "operation/operations.h"
#include "operation/socket.h"

static int gather(struct trap *trap)
{
	int error;

	trap->exposed = RIGHTS_NET | RIGHT_FS_MAKE_SOCK;
	error = trap_gather_socket(trap, 1, 2);
	if (error || !trap->views[0].tid)
		return error;
	if (trap->foreign_root)
		return -EACCES; /* the string would lead elsewhere */
	trap->use_extra = true;
	trap->extra.cwd = fcntl(trap->views[0].origin, F_DUPFD_CLOEXEC, 3);
	return 0;
}

/* A ruleset that allows nothing but sockets beneath one directory. */
static int confine_to(int directory)
{
	const struct landlock_ruleset_attr attr = {
		.handled_access_fs = LANDLOCK_ACCESS_FS_MAKE_SOCK,
	};
	const struct landlock_path_beneath_attr rule = {
		.allowed_access = LANDLOCK_ACCESS_FS_MAKE_SOCK,
		.parent_fd = directory,
	};
	_cleanup_fd_ int fd = (int)syscall(SYS_landlock_create_ruleset, &attr,
					   sizeof(attr), 0);

	if (fd < 0 || syscall(SYS_landlock_add_rule, fd,
			      LANDLOCK_RULE_PATH_BENEATH, &rule, 0) < 0)
		return -errno;
	return fd_take(&fd);
}

static int resolve(struct trap *trap)
{
	int step;

	if (trap->address_length < sizeof(sa_family_t))
		return STEP_PERFORM;
	/* The kernel refuses any other address of no family. */
	if (trap->address.in.sin_addr.s_addr == htonl(INADDR_ANY))
		socket_name_family(trap);
	if (!trap->views[0].tid)
		return socket_need_port(trap, RIGHT_NET_BIND_TCP,
					RIGHT_NET_BIND_UDP);
	if (trap->address_length > sizeof(trap->address.un))
		return -EINVAL;
	step = entry_resolve_new(trap, 0, RIGHT_FS_MAKE_SOCK);
	if (step == -EEXIST)
		return -EADDRINUSE;
	if (step < 0)
		return step;
	trap->extra.ruleset_fd = confine_to(trap->pins[0].parent);
	return trap->extra.ruleset_fd < 0 ? fd_take(&trap->extra.ruleset_fd)
					  : step;
}

static int perform(struct trap *trap)
{
	const struct pin *pin = &trap->pins[0];
	struct stat st;

	if (bind(trap->socket, &trap->address.generic, trap->address_length) <
	    0)
		return -errno;
	/* The name that was granted, not another one beneath it. */
	if (trap->use_extra &&
	    (fstatat(pin->parent, pin->name, &st, AT_SYMLINK_NOFOLLOW) < 0 ||
	     !S_ISSOCK(st.st_mode)))
		return -EACCES;
	return 0;
}

const struct operation operation_bind = {
	.gather = gather,
	.resolve = resolve,
	.perform = perform,
	.uses_umask = true,
};
