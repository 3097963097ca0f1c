/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is taken of a thread is that thread's, whoever was before it. */
#include <check.h>
#include <errno.h>
#include <linux/sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "task/identity.h"
#include "task/thread_source.h"
#include "unit.h"

#define NUMBER 50 /* of the descriptor that a child has */

/* With a number of its own choice, where that is allowed; 0: with any. */
static pid_t child_numbered(pid_t number)
{
	struct clone_args args = {
		.exit_signal = SIGCHLD,
		.set_tid = number ? (uintptr_t)&number : 0,
		.set_tid_size = number != 0,
	};

	return (pid_t)syscall(SYS_clone3, &args, sizeof(args));
}

/* The mask that goes with a file. */
static mode_t mask_of(const struct stat *file)
{
	return (mode_t)file->st_ino & 0777;
}

/* A process that has a file of its own under the number, and a mask. */
static pid_t child_with_file(pid_t number, struct stat *ret)
{
	const int file = memfd_create("of-a-child", MFD_CLOEXEC);
	mode_t former;
	pid_t pid;

	ck_assert_int_ge(file, 0);
	ck_assert_int_eq(fstat(file, ret), 0);
	ck_assert_int_eq(dup2(file, NUMBER), NUMBER);
	former = umask(mask_of(ret));
	pid = child_numbered(number);
	while (pid == 0)
		pause();
	umask(former);
	close(file);
	close(NUMBER);
	return pid;
}

static void end(pid_t pid)
{
	ck_assert_int_eq(kill(pid, SIGKILL), 0);
	ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
}

/* By its link, too, which is in another directory of proc(5). */
static void check_link(struct thread_source *source, pid_t pid,
		       const struct stat *expected)
{
	char name[16], target[64];
	struct stat st;
	int fd;

	snprintf(name, sizeof(name), "fd/%d", NUMBER);
	fd = thread_source_open(source, pid, name);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(fstat(fd, &st), 0);
	ck_assert(st.st_ino == expected->st_ino);
	close(fd);
	ck_assert_int_gt(
		thread_source_link(source, pid, name, target, sizeof(target)),
		0);
	ck_assert_int_eq(strncmp(target, "/memfd:of-a-child", 17), 0);
}

static void check_copy(struct thread_source *source, pid_t pid,
		       const struct stat *expected)
{
	const int copy = thread_source_copy(source, pid, NUMBER);
	struct stat st;

	ck_assert_int_ge(copy, 0);
	ck_assert_int_eq(fstat(copy, &st), 0);
	ck_assert(st.st_ino == expected->st_ino);
	close(copy);
	ck_assert_int_eq(identity_umask(source, pid), (int)mask_of(expected));
	check_link(source, pid, expected);
	check_link(NULL, pid, expected);
}

START_TEST(each_has_its_own)
{
	struct thread_source source = {0};
	struct stat first_file, second_file;
	const pid_t first = child_with_file(0, &first_file),
		    second = child_with_file(0, &second_file);

	ck_assert_int_gt(first, 0);
	ck_assert_int_gt(second, 0);
	for (int i = 0; i < 3; i++) {
		check_copy(&source, first, &first_file);
		check_copy(&source, first, &first_file);
		check_copy(&source, second, &second_file);
	}
	ck_assert_int_eq(thread_source_copy(&source, second, NUMBER + 1),
			 -EBADF);
	check_copy(&source, second, &second_file);
	end(first);
	end(second);
	ck_assert_int_eq(thread_source_copy(&source, second, NUMBER), -ESRCH);
	ck_assert_int_eq(thread_source_copy(&source, first, NUMBER), -ESRCH);
	ck_assert_int_eq(thread_source_open(&source, second, "cwd"), -ENOENT);
	ck_assert_int_eq(identity_umask(&source, second), -ESRCH);
	ck_assert_int_eq(identity_umask(&source, first), -ESRCH);
	thread_source_close(&source);
	thread_source_close(&source);
}
END_TEST

/* Who comes after has what it has, not what the dead one had. */
START_TEST(a_number_has_another_owner)
{
	struct thread_source source = {0};
	struct stat former, latter;
	const pid_t pid = child_with_file(0, &former);
	pid_t again;

	/* So often that all of it is kept. */
	for (int i = 0; i < 3; i++)
		check_copy(&source, pid, &former);
	end(pid);
	again = child_with_file(pid, &latter);
	if (again < 0) {
		printf("SKIP a_number_has_another_owner: a number can be "
		       "chosen with CAP_CHECKPOINT_RESTORE alone\n");
		ck_assert_int_eq(thread_source_copy(&source, pid, NUMBER),
				 -ESRCH);
	} else {
		ck_assert_int_eq(again, pid);
		ck_assert(former.st_ino != latter.st_ino);
		check_copy(&source, pid, &latter);
		end(again);
	}
	thread_source_close(&source);
}
END_TEST

UNIT_MAIN("thread-source", each_has_its_own, a_number_has_another_owner);
