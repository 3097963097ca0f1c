/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "supervision/flood.h"
#include "unit.h"

START_TEST(a_burst_passes_and_then_denies)
{
	struct flood flood;
	unsigned int begins = 0;

	flood_init(&flood, 60, 0);
	for (int i = 0; i < FLOOD_BURST; i++)
		ck_assert_int_eq(flood_take(&flood, 10), FLOOD_PASS);
	for (int i = 0; i < 100; i++) {
		const enum flood_state state = flood_take(&flood, 20);

		ck_assert_int_ne(state, FLOOD_PASS);
		begins += state == FLOOD_BEGINS;
	}
	ck_assert_uint_eq(begins, 1);
}
END_TEST

START_TEST(quiet_is_believed)
{
	struct flood flood;

	flood_init(&flood, 60, 0);
	for (int i = 0; i <= FLOOD_BURST; i++)
		flood_take(&flood, 0);
	ck_assert_int_eq(flood_take(&flood, FLOOD_QUIET_MS - 1), FLOOD_DENY);
	ck_assert_int_eq(flood_take(&flood, 2 * FLOOD_QUIET_MS), FLOOD_PASS);
}
END_TEST

START_TEST(refunds_are_free)
{
	struct flood flood;

	flood_init(&flood, 60, 0);
	for (int i = 0; i < 10000; i++) {
		ck_assert_int_eq(flood_take(&flood, 0), FLOOD_PASS);
		flood_refund(&flood);
	}
}
END_TEST

START_TEST(no_rate_is_no_limit)
{
	struct flood flood;

	flood_init(&flood, 0, 0);
	for (int i = 0; i < 10000; i++)
		ck_assert_int_eq(flood_take(&flood, 0), FLOOD_PASS);
}
END_TEST

START_TEST(the_bearable_rate_passes)
{
	struct flood flood;

	flood_init(&flood, 60, 0);
	for (int64_t now = 0; now < 3600000; now += 1000)
		ck_assert_int_eq(flood_take(&flood, now), FLOOD_PASS);
}
END_TEST

UNIT_MAIN("flood", a_burst_passes_and_then_denies, quiet_is_believed,
	  refunds_are_free, no_rate_is_no_limit, the_bearable_rate_passes);
