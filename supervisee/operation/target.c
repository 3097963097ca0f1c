// SPDX-License-Identifier: GPL-2.0-or-later
/* The threads that a call is about: see target.h. */
#include "operation/target.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "task/hold.h"
#include "task/identity.h"
#include "task/surroundings.h"
#include "task/tree.h"

#define TARGETS_MAX 65536

static bool is_own(const struct trap *trap, pid_t number)
{
	const pid_t own =
		trap->foreign_pids ? tree_number(trap->tid) : trap->tid;
	pid_t process;

	if (number == own)
		return true;
	process = tree_tgid(trap->tid);
	return process > 0 &&
	       number == (trap->foreign_pids ? tree_number(process) : process);
}

static bool is_of_tree(const struct trap *trap, pid_t tid)
{
	const pid_t process = tid ? tree_tgid(tid) : -ESRCH;

	return process > 0 && tree_supervised(process, trap->monitor);
}

/* Holds all, and forgets those that are not of the tree after all. */
static int hold_all(struct targets *targets, const struct trap *trap)
{
	const int error =
		hold_new(&targets->hold, targets->tids, targets->count);

	for (size_t i = 0; !error && i < targets->count; i++)
		if (!is_of_tree(trap, targets->tids[i]))
			targets->tids[i] = 0;
	return error == -EAGAIN ? -EPERM : error;
}

int targets_one(struct targets *ret, struct trap *trap, pid_t number)
{
	pid_t tid = number;
	int error;

	trap->exposed = 0;
	if (number <= 0 || is_own(trap, number))
		return STEP_NATIVE;
	trap->exposed = RIGHTS_NEVER_HELD;
	if (trap->foreign_pids)
		tid = tree_translate(trap->tid, number, 0, trap->monitor);
	if (tid <= 0 || tree_tgid(tid) <= 0)
		return -ESRCH;
	if (!is_of_tree(trap, tid))
		return -EPERM;
	ret->tids = malloc(sizeof(*ret->tids));
	if (!ret->tids)
		return -ENOMEM;
	ret->tids[0] = tid;
	ret->count = 1;
	error = hold_all(ret, trap);
	return !error && !ret->tids[0] ? -EPERM : error;
}

struct thread_search {
	struct targets *targets;
	bool (*is_meant)(pid_t tid, pid_t number);
	pid_t number;
	size_t room;
	int error;
};

static void add(pid_t tid, void *userdata)
{
	struct thread_search *search = userdata;
	struct targets *targets = search->targets;

	if (search->error || !search->is_meant(tid, search->number))
		return;
	if (targets->count == search->room) {
		const size_t room = search->room ? 2 * search->room : 64;
		pid_t *tids =
			room > TARGETS_MAX
				? NULL
				: realloc(targets->tids, room * sizeof(*tids));

		if (!tids) {
			search->error = -ENOMEM;
			return;
		}
		targets->tids = tids;
		search->room = room;
	}
	targets->tids[targets->count++] = tid;
}

static void add_threads(pid_t pid, void *userdata)
{
	tree_each_thread(pid, add, userdata);
}

/* @which: of setpriority(2), to tell nobody from nobody of the tree */
static int search(struct targets *ret, struct trap *trap, int which,
		  pid_t number, bool (*is_meant)(pid_t tid, pid_t number))
{
	struct thread_search search = {
		.targets = ret,
		.is_meant = is_meant,
		.number = number,
	};
	int error;

	tree_each(trap->monitor, add_threads, &search);
	error = search.error;
	if (!error && !ret->count) {
		errno = 0;
		getpriority((__priority_which_t)which, (id_t)number);
		return errno ? -ESRCH : -EPERM;
	}
	return error ? error : hold_all(ret, trap);
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

int targets_group(struct targets *ret, struct trap *trap, pid_t number)
{
	trap->exposed = RIGHTS_NEVER_HELD;
	if (number < 0)
		return -ESRCH;
	/* Numbers of another namespace. */
	if (number && trap->foreign_pids)
		return -EPERM;
	return search(ret, trap, PRIO_PGRP,
		      number ? number : getpgid(trap->tid), is_in_group);
}

int targets_user(struct targets *ret, struct trap *trap, uid_t number)
{
	_cleanup_identity_ struct identity identity = {0};

	trap->exposed = RIGHTS_NEVER_HELD;
	if (number && surroundings_other_users(trap->tid))
		return -EPERM;
	if (identity_read(&identity, trap->tid))
		return -ESRCH;
	return search(ret, trap, PRIO_USER,
		      (pid_t)(number ? number : identity.uid), is_of_user);
}

void targets_release(struct targets *targets)
{
	targets->hold = hold_free(targets->hold);
	free(targets->tids);
	*targets = (struct targets){0};
}
