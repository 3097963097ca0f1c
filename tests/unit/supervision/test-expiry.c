/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is allowed for a time ends with it, whatever becomes of the clock.
 */
#include "one_domain.h"

START_TEST(rules_expire)
{
	open_world(60);
	ask(domain, 1, "/secret");
	puppet_decide(&puppet, puppet.open[0], "allow:3s");
	ck_assert(engine_allows(&engine, "/secret"));
	virtual_pass(supervisor, 2999);
	ck_assert(engine_allows(&engine, "/secret"));
	ck_assert_uint_eq(engine.commits, 2);
	virtual_pass(supervisor, 1);
	ck_assert(!engine_allows(&engine, "/secret"));
	/* It is not only judged by no more: it has gone. */
	ck_assert_uint_eq(engine.commits, 3);
	ck_assert_int_eq(ruleset_next_expiry(engine.ruleset), 0);
	close_world();
}
END_TEST

/* --- Clocks -------------------------------------------------------- */

/* From the moment it is set: nobody has to be woken for that. */
START_TEST(a_clock_that_is_set)
{
	open_world(60);
	ask(domain, 1, "/secret");
	puppet_decide(&puppet, puppet.open[0], "allow:1h");
	ck_assert(engine_allows(&engine, "/secret"));
	virtual_wall += 2 * VIRTUAL_HOUR;
	ck_assert(!engine_allows(&engine, "/secret"));
	/* It is asked for anew, and what it is answered counts. */
	ask(domain, 2, "/secret");
	ck_assert_uint_eq(puppet.asked, 2);
	puppet_decide(&puppet, puppet.open[0], "deny");
	ck_assert_int_eq(engine.answers[2], 1 + ANSWER_DENY);
	close_world();
}
END_TEST

static int64_t ahead; /* what the clock is set to, from the real one */

static int64_t read_ahead(const struct clock *clock)
{
	(void)clock;
	return clock_real.wall(&clock_real) + ahead;
}

static int64_t read_boot(const struct clock *clock)
{
	(void)clock;
	return clock_real.boot(&clock_real);
}

/*
 * The kernel tells when its clock is set, which it is here to what it is. The
 * clock of the core is two hours on by then: the rule goes, an hour before any
 * timer that was set for it.
 */
START_TEST(who_waits_for_a_time_is_woken)
{
	static const struct clock clock = {read_ahead, read_boot, true};
	struct timespec now;
	unsigned int commits;

	open_world_by(&clock, 60, false);
	ask(domain, 1, "/secret");
	puppet_decide(&puppet, puppet.open[0], "allow:1h");
	commits = engine.commits;
	ahead = 2 * VIRTUAL_HOUR;
	clock_gettime(CLOCK_REALTIME, &now);
	if (clock_settime(CLOCK_REALTIME, &now) == 0) {
		WORLD_UNTIL(loop, engine.commits > commits);
		ck_assert_uint_eq(rulebook_count(domain->profile->grants), 0);
	}
	ahead = 0;
	close_world();
}
END_TEST

UNIT_MAIN("expiry", rules_expire, a_clock_that_is_set,
	  who_waits_for_a_time_is_woken);
