/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a tree has made, it has, and nothing else. */
#include <check.h>
#include <errno.h>
#include <signal.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/wait.h>
#include <unistd.h>

#include "operation/ipc_set.h"
#include "unit.h"

static pid_t own; /* the monitor */

static struct ipc_set *new_set(void)
{
	struct ipc_set *set = NULL;

	own = getpid();
	ck_assert_int_eq(ipc_set_new(&set, own), 0);
	return set;
}

/* A model: numbers that were added and not removed, in any order. */
START_TEST(as_a_list)
{
	struct ipc_set *set = new_set();
	bool has[700] = {false};
	uint64_t state = 1;

	/* Of no object that there is, so that fewer than are pruned. */
	for (int step = 0; step < 20000; step++) {
		const int id = (int)unit_below(&state, 700);

		if (unit_below(&state, 2)) {
			ck_assert_int_eq(ipc_set_add(set, IPC_MSG, id, own), 0);
			has[id] = true;
		} else {
			ipc_set_remove(set, IPC_MSG, id);
			has[id] = false;
		}
		for (int i = (int)unit_below(&state, 50); i < 700; i += 50)
			ck_assert_int_eq(ipc_set_has(set, IPC_MSG, i, own),
					 has[i]);
		ck_assert(!ipc_set_has(set, IPC_SEM, id, own));
	}
	ck_assert_ptr_null(ipc_set_free(set));
	ck_assert_ptr_null(ipc_set_free(NULL));
}
END_TEST

/* No tree can make so many that a number comes again. */
START_TEST(not_without_end)
{
	struct ipc_set *set = new_set();
	unsigned int made = 0;

	while (ipc_set_has_room(set, IPC_SEM)) {
		ck_assert_int_eq(ipc_set_add(set, IPC_SEM, -2, own), 0);
		ipc_set_remove(set, IPC_SEM, -2);
		made++;
	}
	ck_assert_uint_eq(made, 1U << 18);
	ck_assert_int_eq(ipc_set_add(set, IPC_SEM, -2, own), -ENOSPC);
	ck_assert(!ipc_set_has(set, IPC_SEM, -2, own));
	ck_assert(ipc_set_has_room(set, IPC_MSG));
	ipc_set_free(set);
}
END_TEST

/* Those that are gone make room for others. */
START_TEST(the_gone_are_forgotten)
{
	struct ipc_set *set = new_set();
	const int kept = msgget(IPC_PRIVATE, 0600);

	ck_assert_int_ge(kept, 0);
	ck_assert_int_eq(ipc_set_add(set, IPC_MSG, kept, own), 0);
	for (int i = 0; i < 1024; i++)
		ck_assert_int_eq(ipc_set_add(set, IPC_MSG, 2147000000 + i, own),
				 0);
	ck_assert(ipc_set_has(set, IPC_MSG, kept, own));
	ck_assert(!ipc_set_has(set, IPC_MSG, 2147000000, own));
	ck_assert(ipc_set_has(set, IPC_MSG, 2147000000 + 1023, own));
	msgctl(kept, IPC_RMID, NULL);
	ipc_set_free(set);
}
END_TEST

/* A number that somebody else has by now. */
START_TEST(another_maker)
{
	struct ipc_set *set = new_set();
	const int id = shmget(IPC_PRIVATE, 4096, 0600);
	int pipes[2], theirs;

	ck_assert_int_eq(pipe(pipes), 0);
	if (fork() == 0) {
		theirs = shmget(IPC_PRIVATE, 4096, 0600);
		_exit(write(pipes[1], &theirs, sizeof(theirs)) < 0);
	}
	ck_assert_int_eq(read(pipes[0], &theirs, sizeof(theirs)),
			 sizeof(theirs));
	ck_assert_int_eq(ipc_set_add(set, IPC_SHM, id, own), 0);
	ck_assert(ipc_set_has(set, IPC_SHM, id, own));
	ck_assert(!ipc_set_has(set, IPC_SHM, theirs, own));
	ck_assert_int_eq(ipc_exists(IPC_SHM, id), 0);
	shmctl(id, IPC_RMID, NULL);
	shmctl(theirs, IPC_RMID, NULL);
	ck_assert_int_ne(ipc_exists(IPC_SHM, id), 0);
	ck_assert_int_ne(ipc_exists(IPC_SEM, -1), 0);
	ipc_set_free(set);
}
END_TEST

/* Domains lie in each other. */
START_TEST(by_domain)
{
	struct ipc_set *set = new_set();
	const pid_t inner = fork();

	if (inner == 0)
		for (;;)
			pause();
	ck_assert_int_eq(ipc_set_add(set, IPC_SEM, 1, own), 0);
	ck_assert_int_eq(ipc_set_add(set, IPC_SEM, 2, inner), 0);
	ck_assert(ipc_set_has(set, IPC_SEM, 2, own));
	ck_assert(ipc_set_has(set, IPC_SEM, 2, inner));
	ck_assert(!ipc_set_has(set, IPC_SEM, 1, inner));
	kill(inner, SIGKILL);
	waitpid(inner, NULL, 0);
	/* Its number may be another's by now. */
	ck_assert(!ipc_set_has(set, IPC_SEM, 2, inner));
	ck_assert(ipc_set_has(set, IPC_SEM, 2, own));
	ipc_set_free(set);
}
END_TEST

UNIT_MAIN("ipc-set", as_a_list, not_without_end, the_gone_are_forgotten,
	  another_maker, by_domain);
