/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * System V IPC: shared memory, semaphores, message queues.
 *
 * All that runs as the same user can use each other's, and no right of ours is
 * about them. So a tree has those that it has made, and no others: the monitor
 * makes them, as the target, and remembers them (see ipc_set.h). What is done
 * with them by number the kernel runs. In an IPC namespace of its own a program
 * finds only what was made there.
 */
#include <errno.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "operation/call.h"
#include "operation/ipc_set.h"
#include "operation/operations.h"
#include "task/namespaces.h"

#define RACES_MAX 16 /* how often a key may come and go under one call */

static enum ipc_kind kind_of(const struct notif *notif)
{
	switch (notif->call->number) {
	case SYS_shmget:
	case SYS_shmat:
	case SYS_shmctl:
		return IPC_SHM;
	case SYS_semget:
	case SYS_semop:
	case SYS_semtimedop:
	case SYS_semctl:
		return IPC_SEM;
	default:
		return IPC_MSG;
	}
}

static bool has(const struct notif *notif, int id)
{
	return ipc_set_has(notif->tree->ipc, kind_of(notif), id,
			   notif->monitor);
}

static int resolve(struct notif *notif)
{
	(void)notif;
	return STEP_PERFORM;
}

static int native(struct notif *notif)
{
	notif->exposed = 0;
	return STEP_NATIVE;
}

static int gather_get(struct notif *notif)
{
	notif->exposed = RIGHTS_NEVER_HELD;
	if (namespaces_other_ipc(notif->tid))
		return native(notif);
	return ipc_set_has_room(notif->tree->ipc, kind_of(notif)) ? STEP_JUDGE
								  : -ENOSPC;
}

static int flags_of(const struct notif *notif)
{
	return (int)notif->data.args[kind_of(notif) == IPC_MSG ? 1 : 2];
}

static int get(const struct notif *notif, int flags)
{
	const key_t key = (key_t)notif->data.args[0];
	int id;

	switch (kind_of(notif)) {
	case IPC_SHM:
		id = shmget(key, (size_t)notif->data.args[1], flags);
		break;
	case IPC_SEM:
		id = semget(key, (int)notif->data.args[1], flags);
		break;
	default:
		id = msgget(key, flags);
	}
	return id < 0 ? -errno : id;
}

static int remove_object(enum ipc_kind kind, int id)
{
	int result;

	if (kind == IPC_SHM)
		result = shmctl(id, IPC_RMID, NULL);
	else if (kind == IPC_SEM)
		result = semctl(id, 0, IPC_RMID);
	else
		result = msgctl(id, IPC_RMID, NULL);
	return result < 0 ? -errno : 0;
}

static int make(const struct notif *notif)
{
	const enum ipc_kind kind = kind_of(notif);
	const int id = get(notif, flags_of(notif) | IPC_CREAT | IPC_EXCL);
	const int error = id < 0 ? id
				 : ipc_set_add(notif->tree->ipc, kind, id,
					       notif->monitor);

	if (id >= 0 && error)
		remove_object(kind, id);
	return error ? error : id;
}

/* What is there, and only that. */
static int find(const struct notif *notif)
{
	const int id = get(notif, flags_of(notif) & ~(IPC_CREAT | IPC_EXCL));

	return id < 0 || has(notif, id) ? id : -EACCES;
}

static int make_or_find(const struct notif *notif)
{
	const bool makes = flags_of(notif) & IPC_CREAT;
	int id = -ENOENT;

	if (makes || (key_t)notif->data.args[0] == IPC_PRIVATE)
		id = make(notif);
	if (makes && (flags_of(notif) & IPC_EXCL))
		return id;
	return id == -EEXIST || !makes ? find(notif) : id;
}

static int perform_get(struct notif *notif)
{
	int id = -ENOENT;

	if ((key_t)notif->data.args[0] == IPC_PRIVATE)
		id = make(notif);
	else
		for (int i = 0; i < RACES_MAX && id == -ENOENT; i++) {
			id = make_or_find(notif);
			if (!(flags_of(notif) & IPC_CREAT))
				break;
		}
	notif->value = id < 0 ? 0 : id;
	return id < 0 ? id : 0;
}

/* The command of a call that has one; -1 for others. */
static int command_of(const struct notif *notif)
{
	switch (notif->call->number) {
	case SYS_shmctl:
	case SYS_msgctl:
		return (int)notif->data.args[1];
	case SYS_semctl:
		return (int)notif->data.args[2];
	default:
		return -1;
	}
}

/* What tells of all objects at once, as proc(5) does, and changes none. */
static bool is_overview(const struct notif *notif)
{
	const int command = command_of(notif);

	switch (kind_of(notif)) {
	case IPC_SHM:
		return command == IPC_INFO || command == SHM_INFO ||
		       command == SHM_STAT || command == SHM_STAT_ANY;
	case IPC_SEM:
		return command == IPC_INFO || command == SEM_INFO ||
		       command == SEM_STAT || command == SEM_STAT_ANY;
	default:
		return command == IPC_INFO || command == MSG_INFO ||
		       command == MSG_STAT || command == MSG_STAT_ANY;
	}
}

static int gather_use(struct notif *notif)
{
	const int id = (int)notif->data.args[0];
	int error;

	notif->exposed = RIGHTS_NEVER_HELD;
	if (is_overview(notif))
		return native(notif);
	if (has(notif, id))
		return command_of(notif) == IPC_RMID ? STEP_JUDGE
						     : native(notif);
	if (namespaces_other_ipc(notif->tid))
		return native(notif);
	error = ipc_exists(kind_of(notif), id);
	return error ? error : -EACCES;
}

/* To know whether it is gone. */
static int perform_use(struct notif *notif)
{
	const enum ipc_kind kind = kind_of(notif);
	const int id = (int)notif->data.args[0];
	const int error = remove_object(kind, id);

	if (!error && ipc_exists(kind, id))
		ipc_set_remove(notif->tree->ipc, kind, id);
	return error;
}

const struct operation operation_ipc_get = {
	.rights = "System V objects; the tree has its own alone",
	.gather = gather_get,
	.resolve = resolve,
	.perform = perform_get,
};

const struct operation operation_ipc_use = {
	.rights = "System V objects; the tree has its own alone",
	.gather = gather_use,
	.resolve = resolve,
	.perform = perform_use,
};
