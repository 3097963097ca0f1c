/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Limits, as prlimit(2) and proc(5) say them. */
#include <check.h>
#include <errno.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "task/resource_limit.h"
#include "unit.h"

START_TEST(lines)
{
	static const struct {
		const char *line;
		bool valid;
		rlim_t soft, hard;
	} cases[] = {
		{"Max file locks            12                   34"
		 "                   locks     \n",
		 true, 12, 34},
		{"Max file locks            unlimited            unlimited"
		 "            locks     \n",
		 true, RLIM_INFINITY, RLIM_INFINITY},
		{"Max file size             0                    unlimited"
		 "            bytes     \n",
		 true, 0, RLIM_INFINITY},
		{"Max file locks            12\n", false, 0, 0},
		{"Max file locks            few                  many\n", false,
		 0, 0},
		{"Max file locks\n", false, 0, 0},
		{"", false, 0, 0},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct rlimit limit;

		ck_assert(resource_limit_parse(cases[i].line, &limit) ==
			  cases[i].valid);
		if (!cases[i].valid)
			continue;
		ck_assert(limit.rlim_cur == cases[i].soft);
		ck_assert(limit.rlim_max == cases[i].hard);
	}
}
END_TEST

/* One that has become somebody else says the same. */
START_TEST(others)
{
	static const int resources[] = {RLIMIT_FSIZE, RLIMIT_LOCKS,
					RLIMIT_MSGQUEUE, RLIMIT_NOFILE};
	int ready[2];
	char byte;
	pid_t child;

	ck_assert_int_eq(pipe(ready), 0);
	child = fork();
	ck_assert_int_ge(child, 0);
	if (child == 0) {
		for (size_t i = 0; i < 4; i++) {
			const struct rlimit limit = {40 + i, 50 + i};

			setrlimit((__rlimit_resource_t)resources[i], &limit);
		}
		if (geteuid() == 0 && setuid(65534) < 0)
			_exit(1);
		(void)!write(ready[1], "", 1);
		pause();
		_exit(0);
	}
	ck_assert_int_eq(read(ready[0], &byte, 1), 1);
	for (size_t i = 0; i < 4; i++) {
		struct rlimit limit;

		ck_assert_int_eq(resource_limit(child, resources[i], &limit),
				 0);
		ck_assert_uint_eq(limit.rlim_cur, 40 + i);
		ck_assert_uint_eq(limit.rlim_max, 50 + i);
	}
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
}
END_TEST

START_TEST(nobody)
{
	struct rlimit limit;

	ck_assert_int_eq(resource_limit(0x3fffffff, RLIMIT_LOCKS, &limit),
			 -ESRCH);
}
END_TEST

UNIT_MAIN("resource-limit", lines, others, nobody);
