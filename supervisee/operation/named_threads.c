/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The threads that a call is about: see named_threads.h. */
#include "operation/named_threads.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "task/hold.h"
#include "task/identity.h"
#include "task/namespaces.h"
#include "task/tree.h"

#define TARGETS_MAX 65536

static bool is_own(const struct notif *notif, pid_t number)
{
	const pid_t own =
		notif->foreign_pids ? tree_number(notif->tid) : notif->tid;
	pid_t process;

	if (number == own)
		return true;
	process = tree_tgid(notif->tid);
	return process > 0 &&
	       number == (notif->foreign_pids ? tree_number(process) : process);
}

static bool is_of_tree(const struct notif *notif, pid_t tid)
{
	const pid_t process = tid ? tree_tgid(tid) : -ESRCH;

	return process > 0 && tree_supervised(process, notif->monitor);
}

/* Holds all, and forgets those that are not of the tree after all. */
static int hold_all(struct named_threads *named, const struct notif *notif)
{
	const int error = hold_new(&named->hold, named->tids, named->count);

	for (size_t i = 0; !error && i < named->count; i++)
		if (!is_of_tree(notif, named->tids[i]))
			named->tids[i] = 0;
	return error == -EAGAIN ? -EPERM : error;
}

int named_threads_one(struct named_threads *ret, struct notif *notif,
		      pid_t number)
{
	pid_t tid = number;
	int error;

	notif->exposed = 0;
	if (number <= 0 || is_own(notif, number))
		return STEP_NATIVE;
	notif->exposed = RIGHTS_NEVER_HELD;
	if (notif->foreign_pids)
		tid = tree_translate(notif->tid, number, 0, notif->monitor);
	if (tid <= 0 || tree_tgid(tid) <= 0)
		return -ESRCH;
	if (!is_of_tree(notif, tid))
		return -EPERM;
	ret->tids = malloc(sizeof(*ret->tids));
	if (!ret->tids)
		return -ENOMEM;
	ret->tids[0] = tid;
	ret->count = 1;
	error = hold_all(ret, notif);
	return !error && !ret->tids[0] ? -EPERM : error;
}

struct thread_search {
	struct named_threads *named;
	bool (*is_meant)(pid_t tid, pid_t number);
	pid_t number;
	size_t room;
	int error;
};

static void add(pid_t tid, void *userdata)
{
	struct thread_search *search = userdata;
	struct named_threads *named = search->named;

	if (search->error || !search->is_meant(tid, search->number))
		return;
	if (named->count == search->room) {
		const size_t room = search->room ? 2 * search->room : 64;
		pid_t *tids =
			room > TARGETS_MAX
				? NULL
				: realloc(named->tids, room * sizeof(*tids));

		if (!tids) {
			search->error = -ENOMEM;
			return;
		}
		named->tids = tids;
		search->room = room;
	}
	named->tids[named->count++] = tid;
}

static void add_threads(pid_t pid, void *userdata)
{
	tree_each_thread(pid, add, userdata);
}

/* @which: of setpriority(2), to tell nobody from nobody of the tree */
static int search(struct named_threads *ret, struct notif *notif, int which,
		  pid_t number, bool (*is_meant)(pid_t tid, pid_t number))
{
	struct thread_search search = {
		.named = ret,
		.is_meant = is_meant,
		.number = number,
	};
	int error;

	tree_each(notif->monitor, add_threads, &search);
	error = search.error;
	if (!error && !ret->count) {
		errno = 0;
		getpriority((__priority_which_t)which, (id_t)number);
		return errno ? -ESRCH : -EPERM;
	}
	return error ? error : hold_all(ret, notif);
}

static bool is_in_group(pid_t tid, pid_t group)
{
	return getpgid(tid) == group;
}

static bool is_of_user(pid_t tid, pid_t user)
{
	_cleanup_identity_ struct identity identity = {0};

	return !identity_read(&identity, tid) && identity.uid == (uid_t)user;
}

int named_threads_group(struct named_threads *ret, struct notif *notif,
			pid_t number)
{
	notif->exposed = RIGHTS_NEVER_HELD;
	if (number < 0)
		return -ESRCH;
	/* Numbers of another namespace. */
	if (number && notif->foreign_pids)
		return -EPERM;
	return search(ret, notif, PRIO_PGRP,
		      number ? number : getpgid(notif->tid), is_in_group);
}

int named_threads_user(struct named_threads *ret, struct notif *notif,
		       uid_t number)
{
	_cleanup_identity_ struct identity identity = {0};

	notif->exposed = RIGHTS_NEVER_HELD;
	if (number && namespaces_other_users(notif->tid))
		return -EPERM;
	if (identity_read(&identity, notif->tid))
		return -ESRCH;
	return search(ret, notif, PRIO_USER,
		      (pid_t)(number ? number : identity.uid), is_of_user);
}

void named_threads_release(struct named_threads *named)
{
	named->hold = hold_free(named->hold);
	free(named->tids);
	*named = (struct named_threads){0};
}
