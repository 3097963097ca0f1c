/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the monitor lacks is told once a minute, and not taken for what the
 * program lacks.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/log.h"
#include "seccomp/exhaustion.h"
#include "unit.h"

#define MINUTE (60 * INT64_C(1000000000))

static int64_t boot = 1000 * MINUTE;

static int64_t read_boot(const struct clock *unused)
{
	(void)unused;
	return boot;
}

static const struct clock clock = {.boot = read_boot};
static int told; /* read end of standard error */

static void setup(void)
{
	int fds[2];

	ck_assert_int_eq(pipe2(fds, O_NONBLOCK), 0);
	told = fds[0];
	dup2(fds[1], STDERR_FILENO);
	close(fds[1]);
	log_open("test", LOG_INFO);
}

/* Nothing can be opened from now on. */
static void exhaust(void)
{
	const struct rlimit none = {0, 0};

	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &none), 0);
}

/* Returns: how many lines have been told since the last time. */
static int count_lines(void)
{
	char byte;
	int lines = 0;

	while (read(told, &byte, 1) == 1)
		lines += byte == '\n';
	return lines;
}

START_TEST(once_a_minute)
{
	struct exhaustion exhaustion = {.clock = &clock};

	exhaust();
	for (int i = 0; i < 10; i++)
		ck_assert_int_eq(exhaustion_report(&exhaustion, -EMFILE),
				 -ENFILE);
	ck_assert_int_eq(count_lines(), 1);
	boot += MINUTE - 1000000;
	exhaustion_report(&exhaustion, -ENFILE);
	ck_assert_int_eq(count_lines(), 0);
	boot += 1000000;
	exhaustion_report(&exhaustion, -ENFILE);
	ck_assert_int_eq(count_lines(), 1);
}
END_TEST

START_TEST(what_the_program_lacks_is_its_own)
{
	struct exhaustion exhaustion = {.clock = &clock};

	ck_assert_int_eq(exhaustion_report(&exhaustion, -EMFILE), -EMFILE);
	ck_assert_int_eq(exhaustion_report(&exhaustion, -ENOMEM), -ENOMEM);
	exhaust();
	ck_assert_int_eq(exhaustion_report(&exhaustion, -EACCES), -EACCES);
	ck_assert_int_eq(exhaustion_report(&exhaustion, 1), 1);
	ck_assert_int_eq(count_lines(), 0);
}
END_TEST

int main(void)
{
	TCase *const tcase = tcase_create("exhaustion");

	tcase_add_checked_fixture(tcase, setup, NULL);
	tcase_add_test(tcase, once_a_minute);
	tcase_add_test(tcase, what_the_program_lacks_is_its_own);
	return unit_run_case("exhaustion", tcase);
}
