// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fcntl(2) with F_SETOWN and F_SETOWN_EX, ioctl(2) with FIOSETOWN: to whom a
 * file sends signals, any signal (F_SETSIG).
 *
 * Where the kernel's Landlock scopes signals it looks at who had the file sent
 * them. Elsewhere a process out of the tree needs scope.signal; a group is
 * refused, since anybody may join it later.
 */
#include <asm/sockios.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/fd.h"
#include "operation/call.h"
#include "operation/operations.h"
#include "task/descriptor.h"
#include "task/memory.h"
#include "task/tree.h"

static bool is_extended(const struct trap *trap)
{
	return trap->call->number == SYS_fcntl &&
	       (int)trap->data.args[1] == F_SETOWN_EX;
}

/* Reads whom the call names into trap->value; negative for a group. */
static int gather_owner(struct trap *trap)
{
	struct f_owner_ex owner;
	int number, error;

	if (is_extended(trap)) {
		error = memory_read(trap->tid, trap->data.args[2], &owner,
				    sizeof(owner));
		trap->value =
			owner.type == F_OWNER_PGRP ? -owner.pid : owner.pid;
		trap->flags = (uint64_t)owner.type;
		return error;
	}
	if (trap->call->number == SYS_fcntl) {
		trap->value = (int)trap->data.args[2];
		return 0;
	}
	error = memory_read(trap->tid, trap->data.args[2], &number,
			    sizeof(number));
	trap->value = number;
	return error;
}

static int gather(struct trap *trap)
{
	int error;

	trap->exposed = RIGHT_SCOPE_SIGNAL;
	if (tree_holds_signals(trap->tree))
		return STEP_NATIVE;
	trap->socket = descriptor_copy(trap->tid, (int)trap->data.args[0]);
	if (trap->socket < 0)
		return fd_take(&trap->socket);
	error = gather_owner(trap);
	if (error)
		return error;
	/* Numbers of another namespace, or a group. */
	return trap->foreign_pids || trap->value < 0 ? -EPERM : STEP_JUDGE;
}

static int resolve(struct trap *trap)
{
	struct object object = {.type = OBJECT_PROCESS};

	if (trap->value == 0)
		return STEP_PERFORM; /* nobody */
	/* No other one that could get its number was started then. */
	trap->start = tree_start((pid_t)trap->value);
	object.pid = tree_tgid((pid_t)trap->value);
	if (object.pid <= 0)
		return -ESRCH;
	if (tree_supervised(object.pid, trap->monitor))
		return STEP_PERFORM;
	trap_need(trap, &object, RIGHT_SCOPE_SIGNAL);
	return STEP_JUDGE;
}

static int perform(struct trap *trap)
{
	const struct f_owner_ex owner = {
		.type = (int)trap->flags,
		.pid = (pid_t)trap->value,
	};
	const int result =
		is_extended(trap)
			? fcntl(trap->socket, F_SETOWN_EX, &owner)
			: fcntl(trap->socket, F_SETOWN, (int)trap->value);

	trap->value = 0;
	if (result < 0)
		return -errno;
	if (!owner.pid || tree_start(owner.pid) == trap->start)
		return 0;
	/* The number has passed to another: the file is nobody's. */
	fcntl(trap->socket, F_SETOWN, 0);
	return -ESRCH;
}

const struct operation operation_owner = {
	.rights = "scope.signal, of F_SETOWN and F_SETOWN_EX",
	.gather = gather,
	.resolve = resolve,
	.perform = perform,
};
