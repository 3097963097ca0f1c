/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The System V objects that a tree has made: shared memory, semaphores and
 * message queues, which outlive who makes them and are known by numbers.
 *
 * A number has a count in it, so that it comes again only after some hundred
 * thousand others have been made. No tree may make so many, so none can make one of
 * its own numbers become somebody else's.
 */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

enum ipc_kind {
	IPC_SHM,
	IPC_SEM,
	IPC_MSG,
	IPC_KINDS_,
};

struct ipc_set;

/*
 * @monitor: the ancestor of the tree, who may use them all
 * Returns: 0 or -ENOMEM. ipc_set_free() returns NULL.
 */
int ipc_set_new(struct ipc_set **ret, pid_t monitor);
struct ipc_set *ipc_set_free(struct ipc_set *set);

/* Whether one more may be made. */
bool ipc_set_has_room(const struct ipc_set *set, enum ipc_kind kind);

/*
 * Remembers an object that was just made.
 * @domain: the ancestor of the domain that it was made in
 * Returns: 0, -ENOSPC, -ENOMEM.
 */
int ipc_set_add(struct ipc_set *set, enum ipc_kind kind, int id, pid_t domain);

/* Whether an object was made in a domain, or in one within it. */
bool ipc_set_has(struct ipc_set *set, enum ipc_kind kind, int id, pid_t domain);

/* Forgets an object that is gone. */
void ipc_set_remove(struct ipc_set *set, enum ipc_kind kind, int id);

/*
 * Whether there is such an object, whoever may use it. Returns: 0, -EINVAL or
 * -EIDRM when there is none.
 */
int ipc_exists(enum ipc_kind kind, int id);
