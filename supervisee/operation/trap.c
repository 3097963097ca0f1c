// SPDX-License-Identifier: GPL-2.0-or-later
/* A trap: see trap.h. */
#include "operation/trap.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/fd.h"
#include "operation/call.h"
#include "task/memory.h"

uint64_t trap_argument(const struct trap *trap, int index, uint64_t otherwise)
{
	return index < 0 ? otherwise : trap->data.args[index];
}

int trap_gather_path(struct trap *trap, unsigned int which, int path_index,
		     int dirfd_index)
{
	const ssize_t length =
		memory_read_string(trap->tid, trap->data.args[path_index],
				   trap->paths[which], PATH_MAX);
	const int dirfd =
		(int)trap_argument(trap, dirfd_index, (uint64_t)AT_FDCWD);

	if (length < 0)
		return (int)length;
	/* Before the dirfd is looked at; where it is none, later. */
	if (length == 0 && (which || !(trap->flags & AT_EMPTY_PATH)))
		return -ENOENT;
	/* What is not held could come of a glance as an error. */
	trap->glanced = trap->may_glance && trap->call->operation->glances &&
			!trap->resolve_flags &&
			!(trap->exposed & ~trap->tree->held);
	if (trap->glanced)
		return 0;
	/* There, a path that begins with a slash starts from the dirfd, too. */
	return view_open(&trap->views[which], trap->tid, trap->monitor, dirfd,
			 trap->resolve_flags & RESOLVE_IN_ROOT
				 ? "."
				 : trap->paths[which],
			 trap->foreign_root);
}

int trap_gather_paths(struct trap *trap)
{
	const struct call *call = trap->call;
	const int error = trap_gather_path(trap, 0, call->path, call->dirfd);

	if (error)
		return error;
	trap->late_error = trap_gather_path(trap, 1, call->path2, call->dirfd2);
	return 0;
}

int trap_settle(struct trap *trap)
{
	const int dirfd =
		(int)trap_argument(trap, trap->call->dirfd, (uint64_t)AT_FDCWD);

	trap->glanced = false;
	return view_open(&trap->views[0], trap->tid, trap->monitor, dirfd,
			 trap->paths[0], trap->foreign_root);
}

void trap_need(struct trap *trap, const struct object *object, rights_t rights)
{
	accesses_need(&trap->accesses, object, rights);
}

void trap_need_path(struct trap *trap, const struct pin *pin, rights_t rights)
{
	struct object object = {.type = OBJECT_PATH};
	struct need *need;

	/* Borrowed: the pin lives as long as the trap. */
	object.bytes = (char *)pin->path;
	object.length = pin->length;
	need = accesses_need(&trap->accesses, &object, rights);
	need->place = pin->target >= 0 ? pin->target : pin->parent;
	need->mount = pin->target >= 0 ? pin->mount : 0;
	if (pin->target >= 0 || trap->glanced) {
		need->device = pin->stat.st_dev;
		need->inode = pin->stat.st_ino;
	}
}

void trap_init(struct trap *trap)
{
	static const struct tree_facts unknown;

	memset(trap, 0, offsetof(struct trap, paths));
	accesses_init(&trap->accesses);
	for (unsigned int i = 0; i < ARRAY_SIZE(trap->views); i++) {
		trap->views[i].root = trap->views[i].origin = -1;
		trap->paths[i][0] = '\0';
		pin_init(&trap->pins[i]);
	}
	trap->tree = &unknown;
	/* Until gather knows better, anything. */
	trap->exposed = ~(rights_t)0;
	trap->extra = (struct identity_extra){
		.ruleset_fd = -1, .file_size = -1, .cwd = -1};
	trap->socket = trap->result_fd = -1;
}

int trap_fail(struct trap *trap, int error)
{
	trap->exact = true;
	return error;
}

void trap_forget(struct trap *trap)
{
	const struct operation *operation =
		trap->call ? trap->call->operation : NULL;

	if (operation && operation->release)
		operation->release(trap);
	trap->private = NULL;
	for (unsigned int i = 0; i < 2; i++)
		pin_release(&trap->pins[i]);
	accesses_forget(&trap->accesses);
	trap->exact = trap->opens_device = false;
	if (trap->maker == MAKER_KERNEL)
		trap->maker = MAKER_ANY;
	trap->extra.ruleset_fd = fd_close(trap->extra.ruleset_fd);
	trap->result_fd = fd_close(trap->result_fd);
}

void trap_release(struct trap *trap)
{
	trap_forget(trap);
	for (unsigned int i = 0; i < 2; i++)
		view_close(&trap->views[i]);
	trap->extra.cwd = fd_close(trap->extra.cwd);
	trap->socket = fd_close(trap->socket);
}
