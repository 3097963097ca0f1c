/* SPDX-License-Identifier: GPL-2.0-or-later */
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

#include "operation/call.h"
#include "operation/operations.h"
#include "task/memory.h"
#include "task/tree.h"

struct owning {
	int who;	/* negative: a group */
	int type;	/* of F_SETOWN_EX */
	uint64_t start; /* of the process that was looked at */
};

static bool is_extended(const struct notif *notif)
{
	return notif->call->number == SYS_fcntl &&
	       (int)notif->data.args[1] == F_SETOWN_EX;
}

static int read_owner(const struct notif *notif, struct owning *ret)
{
	struct f_owner_ex owner;
	int error;

	if (is_extended(notif)) {
		error = memory_read(notif->tid, notif->data.args[2], &owner,
				    sizeof(owner));
		ret->who = owner.type == F_OWNER_PGRP ? -owner.pid : owner.pid;
		ret->type = owner.type;
		return error;
	}
	if (notif->call->number == SYS_fcntl) {
		ret->who = (int)notif->data.args[2];
		return 0;
	}
	return memory_read(notif->tid, notif->data.args[2], &ret->who,
			   sizeof(ret->who));
}

static int gather(struct notif *notif)
{
	struct owning *owning = notif_keep(notif, struct owning);
	int error;

	notif->exposed = RIGHT_SCOPE_SIGNAL;
	if (tree_holds_signals(notif->tree))
		return STEP_NATIVE;
	error = notif_copy_fd(notif, (int)notif->data.args[0]);
	if (error)
		return error;
	error = read_owner(notif, owning);
	if (error)
		return error;
	/* Numbers of another namespace, or a group. */
	return notif->foreign_pids || owning->who < 0 ? -EPERM : STEP_JUDGE;
}

static int resolve(struct notif *notif)
{
	struct owning *owning = notif->private;
	struct object object = {.type = OBJECT_PROCESS};

	if (owning->who == 0)
		return STEP_PERFORM; /* nobody */
	/* No other one that could get its number was started then. */
	owning->start = tree_start(owning->who);
	object.pid = tree_tgid(owning->who);
	if (object.pid <= 0)
		return -ESRCH;
	if (tree_supervised(object.pid, notif->monitor))
		return STEP_PERFORM;
	notif_need(notif, &object, RIGHT_SCOPE_SIGNAL);
	return STEP_JUDGE;
}

static int perform(struct notif *notif)
{
	const struct owning *owning = notif->private;
	const struct f_owner_ex owner = {
		.type = owning->type,
		.pid = owning->who,
	};
	const int result = is_extended(notif)
				   ? fcntl(notif->fd, F_SETOWN_EX, &owner)
				   : fcntl(notif->fd, F_SETOWN, owning->who);

	if (result < 0)
		return -errno;
	if (!owner.pid || tree_start(owner.pid) == owning->start)
		return 0;
	/* The number has passed to another: the file is nobody's. */
	fcntl(notif->fd, F_SETOWN, 0);
	return -ESRCH;
}

const struct operation operation_owner = {
	.rights = "scope.signal, of F_SETOWN and F_SETOWN_EX",
	.gather = gather,
	.resolve = resolve,
	.perform = perform,
};
