/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is said of calls that set user and group, against what they do. */
#include <grp.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "task/setid.h"
#include "unit.h"

static const int numbers[] = {SYS_setuid,   SYS_setgid,	   SYS_setreuid,
			      SYS_setregid, SYS_setresuid, SYS_setresgid,
			      SYS_setfsuid, SYS_setfsgid};
/* In registers the upper half is anything. */
static const uint64_t ids[] = {0, 1, 7, UINT32_MAX, UINT64_C(5) << 32};

static bool is_said_to_keep(const struct identity *self, int number, uint64_t a,
			    uint64_t b, uint64_t c)
{
	const struct seccomp_data data = {.nr = number, .args = {a, b, c}};

	return setid_changes_nothing(self, &data);
}

/* In a process of its own. Returns: 1 when it changed something unsaid. */
static int surprises(int number, uint64_t a, uint64_t b, uint64_t c)
{
	_cleanup_identity_ struct identity before = {0}, after = {0};

	if (identity_read(&before, getpid()))
		return 2;
	syscall(number, a, b, c);
	if (identity_read(&after, getpid()))
		return 2;
	return is_said_to_keep(&before, number, a, b, c) &&
	       !identity_equal(&before, &after);
}

static void become(const uid_t uids[3])
{
	if (geteuid())
		return; /* as who we are; more is tried as root */
	if (setresgid(uids[0], uids[1], uids[2]) < 0 ||
	    setresuid(uids[0], uids[1], uids[2]) < 0)
		_exit(2);
}

static void expect_no_surprise(const uid_t uids[3], int number, uint64_t a,
			       uint64_t b, uint64_t c)
{
	const pid_t pid = fork();
	int status;

	ck_assert_int_ge(pid, 0);
	if (pid == 0) {
		become(uids);
		_exit(surprises(number, a, b, c));
	}
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 0,
		      "call %d (%llx, %llx, %llx) of %u %u %u: %x", number,
		      (unsigned long long)a, (unsigned long long)b,
		      (unsigned long long)c, uids[0], uids[1], uids[2], status);
}

START_TEST(nothing_changes_unsaid)
{
	static const uid_t users[][3] = {
		{0, 0, 0}, {1, 1, 1}, {0, 1, 0}, {7, 0, 1}, {1, 1, 7}};

	for (size_t u = 0; u < ARRAY_SIZE(users); u++)
		for (size_t n = 0; n < ARRAY_SIZE(numbers); n++)
			for (size_t i = 0; i < 5 * 3 * 3; i++)
				expect_no_surprise(
					users[u], numbers[n], ids[i % 5],
					ids[1 + i / 5 % 3], ids[1 + i / 15]);
}
END_TEST

/* What GNU make says before each command that it starts. */
START_TEST(setting_what_is_set_changes_nothing)
{
	const struct identity self = {.uid = 5,
				      .euid = 5,
				      .suid = 5,
				      .fsuid = 5,
				      .gid = 6,
				      .egid = 6,
				      .sgid = 6,
				      .fsgid = 6};
	const uint64_t kept = UINT32_MAX;

	ck_assert(is_said_to_keep(&self, SYS_setresuid, kept, 5, kept));
	ck_assert(is_said_to_keep(&self, SYS_setresgid, kept, 6, kept));
	ck_assert(is_said_to_keep(&self, SYS_setuid, 5, 9, 9));
	ck_assert(!is_said_to_keep(&self, SYS_setuid, 6, 5, 5));
	ck_assert(!is_said_to_keep(&self, SYS_setgid, 5, 6, 6));
	ck_assert(!is_said_to_keep(&self, SYS_setresuid, kept, kept, 0));
	ck_assert(!is_said_to_keep(&self, SYS_setgroups, kept, kept, kept));
}
END_TEST

UNIT_MAIN("setid", nothing_changes_unsaid, setting_what_is_set_changes_nothing);
