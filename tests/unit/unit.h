/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What every unit test shares: a main that runs one table of Check tests, and
 * a small reproducible source of random numbers.
 */
#pragma once

#include <check.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* Runs a suite of one case, which it frees. Returns: the exit status. */
static inline int unit_run_case(const char *name, TCase *tcase)
{
	Suite *const suite = suite_create(name);
	SRunner *runner;
	int failed;

	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

/* The same, of tests that each run once and without a fixture. */
static inline int unit_run(const char *name, const TTest *const *tests,
			   size_t count)
{
	TCase *const tcase = tcase_create(name);

	tcase_set_timeout(tcase, 100);
	for (size_t i = 0; i < count; i++)
		tcase_add_test(tcase, tests[i]);
	return unit_run_case(name, tcase);
}

#define UNIT_MAIN(name, ...) UNIT_MAIN_WHERE(true, "", name, __VA_ARGS__)

/* All tests are skipped, and the reason is said, where there is no @what. */
#define UNIT_MAIN_WHERE(condition, what, name, ...)                \
	int main(void)                                             \
	{                                                          \
		const TTest *const tests[] = {__VA_ARGS__};        \
                                                                   \
		if (!(condition)) {                                \
			puts("Skipped: there is no " what);        \
			return 77;                                 \
		}                                                  \
		return unit_run(name, tests,                       \
				sizeof(tests) / sizeof(tests[0])); \
	}                                                          \
	_Static_assert(1, "")

/* xorshift64*: the same numbers on every machine for a seed. */
static inline uint64_t unit_random(uint64_t *state)
{
	*state ^= *state >> 12;
	*state ^= *state << 25;
	*state ^= *state >> 27;
	return *state * UINT64_C(0x2545f4914f6cdd1d);
}

static inline uint64_t unit_below(uint64_t *state, uint64_t limit)
{
	return (unit_random(state) >> 16) % limit;
}
