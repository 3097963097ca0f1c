/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who holds a lock, and how others come to it. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/fd.h"
#include "base/lock.h"
#include "unit.h"

#define ENOUGH_MS 30000
#define WAITERS 4
#define SWITCHES_MAX 100 /* of a process that sleeps until it is told */

static char directory[] = "/tmp/landlord-lock-XXXXXX";
static int at;

static void setup(void)
{
	strcpy(directory + sizeof(directory) - 7, "XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(directory));
	at = open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
	ck_assert_int_ge(at, 0);
}

static void teardown(void)
{
	ck_assert(!unlinkat(at, "lock", 0) || errno == ENOENT);
	close(at);
	ck_assert_int_eq(rmdir(directory), 0);
}

START_TEST(one_holds_it)
{
	const int held = lock_take(at, "lock");
	int next;

	ck_assert_int_ge(held, 0);
	ck_assert_int_eq(lock_take(at, "lock"), -EBUSY);
	ck_assert_int_eq(lock_wait(at, "lock", &clock_real, 0), -EBUSY);
	ck_assert_int_eq(lock_wait(at, "lock", &clock_real, 20), -EBUSY);
	close(held);
	next = lock_wait(at, "lock", &clock_real, 0);
	ck_assert_int_ge(next, 0);
	close(next);
}
END_TEST

/* Takes it, and tells by its status how it waited. */
static pid_t waiter(int held, int ready)
{
	const pid_t pid = fork();
	struct rusage usage;
	int fd;

	if (pid) {
		ck_assert_int_gt(pid, 0);
		return pid;
	}
	close(held);
	if (write(ready, "", 1) != 1)
		_exit(2);
	fd = lock_wait(at, "lock", &clock_real, ENOUGH_MS);
	if (fd < 0)
		_exit(3);
	getrusage(RUSAGE_SELF, &usage);
	_exit(usage.ru_nvcsw > SWITCHES_MAX ? 4 : 0);
}

/* All of them, one after the other, and nobody is kept busy by the others. */
START_TEST(waiters_come_to_it)
{
	const int held = lock_take(at, "lock");
	int ready[2], status;
	pid_t pids[WAITERS];
	char byte;

	ck_assert_int_ge(held, 0);
	ck_assert_int_eq(pipe(ready), 0);
	for (int i = 0; i < WAITERS; i++)
		pids[i] = waiter(held, ready[1]);
	for (int i = 0; i < WAITERS; i++)
		ck_assert_int_eq(read(ready[0], &byte, 1), 1);
	/* While others look whether they may have it, too. */
	for (int i = 0; i < 20; i++)
		ck_assert_int_eq(lock_wait(at, "lock", &clock_real, 5), -EBUSY);
	close(held);
	for (int i = 0; i < WAITERS; i++) {
		ck_assert_int_eq(waitpid(pids[i], &status, 0), pids[i]);
		ck_assert_int_eq(status, 0);
	}
	close(ready[0]);
	close(ready[1]);
}
END_TEST

/* Whoever may only read the file keeps nobody from it. */
START_TEST(readers_do_not_count)
{
	struct flock lock = {.l_type = F_RDLCK, .l_whence = SEEK_SET};
	_cleanup_fd_ int reader = -1, held = -1;

	close(lock_take(at, "lock"));
	reader = openat(at, "lock", O_RDONLY | O_CLOEXEC);
	ck_assert_int_ge(reader, 0);
	ck_assert_int_eq(fcntl(reader, F_OFD_SETLK, &lock), 0);
	held = lock_wait(at, "lock", &clock_real, ENOUGH_MS);
	ck_assert_int_ge(held, 0);
}
END_TEST

int main(void)
{
	TCase *const tcase = tcase_create("lock");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, one_holds_it);
	tcase_add_test(tcase, waiters_come_to_it);
	tcase_add_test(tcase, readers_do_not_count);
	return unit_run_case("lock", tcase);
}
