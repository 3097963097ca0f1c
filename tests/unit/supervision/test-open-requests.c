/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdlib.h>

#include "control/open_requests.h"
#include "supervision/wakeup.h"
#include "unit.h"
#include "virtual.h"

static struct event_base *loop;
static struct open_requests requests;
static uint64_t late[8];
static size_t late_count;
static int64_t at[8]; /* milliseconds since boot */

static void add(uint64_t id, int seconds)
{
	struct request request = world_request(id, "/secret");

	ck_assert_int_eq(open_requests_add(&requests, &request, seconds), 0);
	request_finish(&request);
}

static void on_late(void *userdata, uint64_t request_id)
{
	(void)userdata;
	at[late_count] = clock_boot(&virtual_clock);
	late[late_count++] = request_id;
	/* Whoever is denied may ask anew, or end another one. */
	if (request_id == 2)
		add(5, 1);
	if (request_id == 2)
		ck_assert(open_requests_end(&requests, 4));
}

static void pass(int64_t ms)
{
	virtual_boot += ms * 1000000;
	wakeup_look(requests.wakeup);
}

START_TEST(each_has_its_deadline)
{
	const int64_t begun = clock_boot(&virtual_clock);

	loop = event_base_new();
	ck_assert_int_eq(open_requests_init(&requests, loop, &virtual_clock,
					    on_late, NULL),
			 0);
	add(1, 100);
	add(2, 1);
	add(3, 2);
	add(4, 1);
	ck_assert(open_requests_end(&requests, 1));
	ck_assert(!open_requests_end(&requests, 1));
	add(6, 100);
	pass(999);
	ck_assert_uint_eq(late_count, 0);
	pass(1);
	ck_assert_uint_eq(late_count, 1);
	pass(1000);
	ck_assert_uint_eq(late_count, 3);
	ck_assert_uint_eq(late[0], 2);
	ck_assert_uint_eq(late[1] + late[2], 3 + 5);
	ck_assert_int_eq(at[0], begun + 1000);
	ck_assert_int_eq(at[1], begun + 2000);
	ck_assert_uint_eq(requests.count, 1);
	open_requests_finish(&requests);
	event_base_free(loop);
}
END_TEST

START_TEST(a_deadline_is_put_off)
{
	const int64_t begun = clock_boot(&virtual_clock);

	late_count = 0;
	loop = event_base_new();
	ck_assert_int_eq(open_requests_init(&requests, loop, &virtual_clock,
					    on_late, NULL),
			 0);
	add(1, 1);
	add(3, 1);
	open_requests_postpone(&requests, 1, begun + 5000);
	open_requests_postpone(&requests, 1, begun + 500);
	open_requests_postpone(&requests, 7, begun + 5000);
	pass(1000);
	ck_assert_uint_eq(late_count, 1);
	ck_assert_uint_eq(late[0], 3);
	pass(3999);
	ck_assert_uint_eq(late_count, 1);
	pass(1);
	ck_assert_uint_eq(late_count, 2);
	open_requests_finish(&requests);
	event_base_free(loop);
}
END_TEST

START_TEST(there_are_not_too_many)
{
	struct request request = world_request(1, "/secret");

	loop = event_base_new();
	ck_assert_int_eq(open_requests_init(&requests, loop, &virtual_clock,
					    on_late, NULL),
			 0);
	for (unsigned int i = 0; i < OPEN_REQUESTS_MAX; i++)
		ck_assert_int_eq(open_requests_add(&requests, &request, 100),
				 0);
	ck_assert_int_eq(open_requests_add(&requests, &request, 100), -ENOSPC);
	request_finish(&request);
	open_requests_finish(&requests);
	event_base_free(loop);
}
END_TEST

UNIT_MAIN("open-requests", each_has_its_deadline, a_deadline_is_put_off,
	  there_are_not_too_many);
