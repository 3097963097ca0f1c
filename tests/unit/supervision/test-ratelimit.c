/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "supervision/ratelimit.h"
#include "unit.h"

START_TEST(a_burst_passes_and_then_denies)
{
	struct ratelimit ratelimit;
	unsigned int begins = 0;

	ratelimit_init(&ratelimit, 60, 0);
	for (int i = 0; i < RATELIMIT_BURST; i++)
		ck_assert_int_eq(ratelimit_take(&ratelimit, 10),
				 RATELIMIT_PASS);
	for (int i = 0; i < 100; i++) {
		const enum ratelimit_state state =
			ratelimit_take(&ratelimit, 20);

		ck_assert_int_ne(state, RATELIMIT_PASS);
		begins += state == RATELIMIT_BEGINS;
	}
	ck_assert_uint_eq(begins, 1);
}
END_TEST

START_TEST(quiet_is_believed)
{
	struct ratelimit ratelimit;

	ratelimit_init(&ratelimit, 60, 0);
	for (int i = 0; i <= RATELIMIT_BURST; i++)
		ratelimit_take(&ratelimit, 0);
	ck_assert_int_eq(ratelimit_take(&ratelimit, RATELIMIT_QUIET_MS - 1),
			 RATELIMIT_DENY);
	ck_assert_int_eq(ratelimit_take(&ratelimit, 2 * RATELIMIT_QUIET_MS),
			 RATELIMIT_PASS);
}
END_TEST

START_TEST(refunds_are_free)
{
	struct ratelimit ratelimit;

	ratelimit_init(&ratelimit, 60, 0);
	for (int i = 0; i < 10000; i++) {
		ck_assert_int_eq(ratelimit_take(&ratelimit, 0), RATELIMIT_PASS);
		ratelimit_refund(&ratelimit);
	}
}
END_TEST

START_TEST(no_rate_is_no_limit)
{
	struct ratelimit ratelimit;

	ratelimit_init(&ratelimit, 0, 0);
	for (int i = 0; i < 10000; i++)
		ck_assert_int_eq(ratelimit_take(&ratelimit, 0), RATELIMIT_PASS);
}
END_TEST

START_TEST(the_bearable_rate_passes)
{
	struct ratelimit ratelimit;

	ratelimit_init(&ratelimit, 60, 0);
	for (int64_t now = 0; now < 3600000; now += 1000)
		ck_assert_int_eq(ratelimit_take(&ratelimit, now),
				 RATELIMIT_PASS);
}
END_TEST

UNIT_MAIN("flood", a_burst_passes_and_then_denies, quiet_is_believed,
	  refunds_are_free, no_rate_is_no_limit, the_bearable_rate_passes);
