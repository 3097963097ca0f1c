/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The System V objects that a tree has made: see ipc_set.h. */
#include "operation/ipc_set.h"

#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>

#include "core/process_id.h"
#include "task/tree.h"

/* Half of what it takes to come round, where numbers are shortest. */
#define MADE_MAX (1U << 18)
#define PRUNE_AT 1024

struct made {
	int id;
	struct process_id domain;
	/* As the kernel has it, whoever has the number now; 0: not known. */
	pid_t maker;
};

struct made_list {
	struct made *items; /* by id, ascending */
	size_t count, room;
	size_t prune_at; /* when so many are there */
	unsigned int ever;
};

struct ipc_set {
	pid_t monitor; /* this process */
	struct made_list lists[IPC_KINDS_];
};

int ipc_set_new(struct ipc_set **ret, pid_t monitor)
{
	struct ipc_set *set = calloc(1, sizeof(*set));

	if (!set)
		return -ENOMEM;
	set->monitor = monitor;
	for (unsigned int i = 0; i < IPC_KINDS_; i++)
		set->lists[i].prune_at = PRUNE_AT;
	*ret = set;
	return 0;
}

struct ipc_set *ipc_set_free(struct ipc_set *set)
{
	for (unsigned int i = 0; set && i < IPC_KINDS_; i++)
		free(set->lists[i].items);
	free(set);
	return NULL;
}

/* Where an object is, or would be. */
static size_t position(const struct made_list *list, int id)
{
	size_t from = 0, to = list->count;

	while (from < to) {
		const size_t middle = from + (to - from) / 2;

		if (list->items[middle].id < id)
			from = middle + 1;
		else
			to = middle;
	}
	return from;
}

static struct made *find(const struct made_list *list, int id)
{
	const size_t at = position(list, id);

	return at < list->count && list->items[at].id == id ? &list->items[at]
							    : NULL;
}

int ipc_exists(enum ipc_kind kind, int id)
{
	struct shmid_ds shm;
	struct msqid_ds msg;
	struct semid_ds sem;
	int result;

	if (kind == IPC_SHM)
		result = shmctl(id, IPC_STAT, &shm);
	else if (kind == IPC_SEM)
		result = semctl(id, 0, IPC_STAT, &sem);
	else
		result = msgctl(id, IPC_STAT, &msg);
	if (result < 0 && (errno == EINVAL || errno == EIDRM))
		return -errno;
	return 0;
}

/* Who made a segment of shared memory; 0 where that is not to be seen. */
static pid_t maker_of(int id)
{
	struct shmid_ds shm;

	return shmctl(id, IPC_STAT, &shm) < 0 ? 0 : shm.shm_cpid;
}

/* Others can remove them, too. */
static void prune(struct made_list *list, enum ipc_kind kind)
{
	size_t kept = 0;

	for (size_t i = 0; i < list->count; i++)
		if (!ipc_exists(kind, list->items[i].id))
			list->items[kept++] = list->items[i];
	list->count = kept;
	list->prune_at = 2 * kept > PRUNE_AT ? 2 * kept : PRUNE_AT;
}

static int make_room(struct made_list *list)
{
	const size_t room = list->room ? 2 * list->room : 16;
	struct made *items;

	if (list->count < list->room)
		return 0;
	items = realloc(list->items, room * sizeof(*items));
	if (!items)
		return -ENOMEM;
	list->items = items;
	list->room = room;
	return 0;
}

bool ipc_set_has_room(const struct ipc_set *set, enum ipc_kind kind)
{
	return set->lists[kind].ever < MADE_MAX;
}

int ipc_set_add(struct ipc_set *set, enum ipc_kind kind, int id, pid_t domain)
{
	struct made_list *list = &set->lists[kind];
	const struct made made = {
		.id = id,
		.domain = domain == set->monitor
				  ? (struct process_id){.pid = domain}
				  : tree_process(domain),
		.maker = kind == IPC_SHM ? maker_of(id) : 0,
	};
	size_t at;
	int error;

	if (!ipc_set_has_room(set, kind))
		return -ENOSPC;
	ipc_set_remove(set, kind, id);
	if (list->count >= list->prune_at)
		prune(list, kind);
	error = make_room(list);
	if (error)
		return error;
	at = position(list, id);
	memmove(&list->items[at + 1], &list->items[at],
		(list->count - at) * sizeof(made));
	list->items[at] = made;
	list->count++;
	list->ever++;
	return 0;
}

static bool is_within(const struct ipc_set *set, const struct made *made,
		      pid_t domain)
{
	if (domain == set->monitor)
		return true;
	return made->domain.pid != set->monitor &&
	       process_is(tree_process(made->domain.pid), made->domain) &&
	       tree_descends(made->domain.pid, domain);
}

bool ipc_set_has(struct ipc_set *set, enum ipc_kind kind, int id, pid_t domain)
{
	const struct made *made = find(&set->lists[kind], id);
	pid_t maker;

	if (!made || !is_within(set, made, domain))
		return false;
	/* A segment that was removed may be there as long as it is used. */
	maker = made->maker ? maker_of(id) : 0;
	return !maker || maker == made->maker;
}

void ipc_set_remove(struct ipc_set *set, enum ipc_kind kind, int id)
{
	struct made_list *list = &set->lists[kind];
	struct made *made = find(list, id);

	if (!made)
		return;
	list->count--;
	memmove(made, made + 1,
		(size_t)(list->items + list->count - made) * sizeof(*made));
}
