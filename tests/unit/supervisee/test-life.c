/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The life of a call: every way from the notification to what the kernel is
 * told.
 */
#include "played.h"

#include <errno.h>
#include <event2/event.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/landlock.h"
#include "operation/call.h"
#include "seccomp/life.h"

static void expect(enum told told, int error)
{
	ck_assert_int_eq(kernel.told, told);
	ck_assert_int_eq(kernel.error, error);
	played_end();
}

/* Of a call that is not served at all. */
static void receive(int number, pid_t pid)
{
	kernel.notif = (struct seccomp_notif){
		.id = ID,
		.pid = (uint32_t)pid,
		.data = {.nr = number},
	};
	ck_assert_int_eq(write(kernel.pipe[1], "", 1), 1);
	played_turn();
}

START_TEST(not_served)
{
	played_begin();
	receive(100000, getpid());
	expect(FAILED, -ENOSYS);
	/* In a pid namespace that we do not see. */
	played_begin();
	receive(SYS_openat, 0);
	expect(FAILED, -ENOSYS);
	/* Only noted. */
	played_begin();
	receive(SYS_setgroups, getpid());
	ck_assert(!seccomp->uniform);
	expect(CONTINUED, 0);
}
END_TEST

START_TEST(nobody_is_left)
{
	played_begin();
	close(kernel.pipe[1]);
	while (!ended)
		event_base_loop(loop, EVLOOP_ONCE);
	kernel.pipe[1] = -1;
	played_end();
}
END_TEST

/* Before anything is decided the kernel may say what is wrong, if it checks. */
START_TEST(fails_early)
{
	played_begin();
	does.gather = -EFAULT;
	played_call();
	expect(FAILED, -EFAULT);
	played_begin();
	does.gather = -EFAULT;
	does.exposed = 0;
	played_call();
	expect(CONTINUED, 0);
	played_begin();
	does.gather = STEP_NATIVE;
	played_call();
	expect(FAILED, -EACCES);
	played_begin();
	does.gather = STEP_NATIVE;
	does.exposed = 0;
	played_call();
	expect(CONTINUED, 0);
	played_begin();
	does.resolve = -ENOENT;
	does.exposed = 0;
	played_call();
	expect(CONTINUED, 0);
	played_begin();
	does.resolve = -ENOENT;
	does.exposed = 0;
	does.exact = true;
	played_call();
	expect(FAILED, -ENOENT);
}
END_TEST

START_TEST(native)
{
	played_begin();
	does.path = HELD;
	does.exposed = RIGHT_FS_READ_FILE;
	played_call();
	ck_assert_int_eq(does.performed, 0);
	expect(CONTINUED, 0);
	/* In registers: nothing that could be exchanged is looked at again. */
	played_begin();
	does.port = ALLOWED;
	does.exposed = 0;
	does.maker = MAKER_REGISTERS;
	played_call();
	ck_assert_int_eq(does.performed, 0);
	expect(CONTINUED, 0);
}
END_TEST

START_TEST(performed)
{
	played_begin();
	does.port = ALLOWED;
	played_call();
	ck_assert_int_eq(kernel.value, 42);
	expect(VALUE, 0);
	/* Nothing is needed. */
	played_begin();
	does.resolve = STEP_PERFORM;
	played_call();
	expect(VALUE, 0);
	played_begin();
	does.port = ALLOWED;
	does.perform = -ENOTCONN;
	played_call();
	expect(FAILED, -ENOTCONN);
	played_begin();
	does.port = ALLOWED;
	does.opens = true;
	played_call();
	expect(GIVEN, 0);
	/* The target has no room for it. */
	played_begin();
	does.port = ALLOWED;
	does.opens = true;
	kernel.refuses = -EMFILE;
	played_call();
	expect(FAILED, -EMFILE);
	/* Or is gone by then. */
	played_begin();
	does.port = ALLOWED;
	does.opens = true;
	kernel.refuses = -ENOENT;
	played_call();
	expect(NOTHING, 0);
	played_begin();
	does.port = ALLOWED;
	kernel.gone = true;
	played_call();
	ck_assert_int_eq(does.performed, 0);
	expect(NOTHING, 0);
}
END_TEST

START_TEST(exchanged)
{
	played_begin();
	does.port = ALLOWED;
	does.opens = true;
	does.maker = MAKER_EXCHANGE;
	played_call();
	ck_assert(kernel.exchanged);
	expect(CONTINUED, 0);
	played_begin();
	does.port = ALLOWED;
	does.opens = true;
	does.maker = MAKER_EXCHANGE;
	kernel.refuses = -EBADF;
	played_call();
	expect(FAILED, -EBADF);
}
END_TEST

/* Names that change for ever are somebody's game. */
START_TEST(races)
{
	played_begin();
	does.port = ALLOWED;
	does.resolves_again = 5;
	played_call();
	expect(VALUE, 0);
	played_begin();
	does.port = ALLOWED;
	does.resolves_again = 1000;
	played_call();
	expect(FAILED, -EACCES);
	played_begin();
	does.port = ALLOWED;
	does.performs_again = 5;
	played_call();
	ck_assert_int_eq(does.performed, 6);
	expect(VALUE, 0);
	played_begin();
	does.port = ALLOWED;
	does.performs_again = 1000;
	played_call();
	expect(FAILED, -EACCES);
}
END_TEST

START_TEST(waits_in_a_worker)
{
	played_begin();
	does.port = ALLOWED;
	does.blocks = true;
	played_call();
	ck_assert_int_eq(kernel.told, NOTHING);
	played_turn();
	expect(VALUE, 0);
	/* It turns out only then. */
	played_begin();
	does.port = ALLOWED;
	does.perform = STEP_WAIT;
	played_call();
	ck_assert_int_eq(kernel.told, NOTHING);
	played_turn();
	expect(VALUE, 0);
	played_begin();
	does.resolve = STEP_WAIT;
	played_call();
	ck_assert_int_eq(kernel.told, NOTHING);
	played_turn();
	expect(VALUE, 0);
}
END_TEST

START_TEST(denied)
{
	played_begin();
	does.port = DENIED;
	played_call();
	ck_assert_int_eq(decider.refused, 1);
	ck_assert_ptr_null(decider.reason);
	expect(FAILED, -EACCES);
	played_begin();
	does.port = ALLOWED;
	does.impossible = true;
	played_call();
	ck_assert_int_eq(decider.refused, 1);
	ck_assert_str_eq(decider.reason, "nobody can");
	expect(FAILED, -EACCES);
	/* Only the kernel may, and it does not hold it. */
	played_begin();
	does.port = ALLOWED;
	does.maker = MAKER_KERNEL;
	played_call();
	expect(FAILED, -EACCES);
	/* It would fail anyway, and the kernel may say so itself. */
	played_begin();
	does.port = DENIED;
	does.check = -ECONNREFUSED;
	does.exposed = 0;
	played_call();
	ck_assert_int_eq(decider.refused, 0);
	expect(CONTINUED, 0);
	/* Less is needed than it seemed. */
	played_begin();
	does.port = ASKED;
	does.narrows = true;
	played_call();
	ck_assert_int_eq(decider.asked, 0);
	expect(VALUE, 0);
}
END_TEST

static void ask(void)
{
	played_begin();
	does.port = ASKED;
	played_call();
	ck_assert_int_eq(kernel.told, NOTHING);
	ck_assert_int_eq(decider.asked, 1);
}

static void answer(enum answer answer)
{
	engine->ops->events.answer(engine, decider.open, answer);
}

START_TEST(asked)
{
	ask();
	answer(ANSWER_DENY);
	ck_assert_int_eq(does.performed, 0);
	expect(FAILED, -EACCES);
	ask();
	answer(ANSWER_ALLOW_ONCE);
	ck_assert_int_eq(does.performed, 1);
	expect(VALUE, 0);
	ask();
	played_commit(true);
	answer(ANSWER_RETRY);
	ck_assert_int_eq(decider.asked, 1);
	expect(VALUE, 0);
	/* Nothing was committed: it is not asked again. */
	ask();
	answer(ANSWER_RETRY);
	ck_assert_int_eq(decider.asked, 1);
	expect(FAILED, -EACCES);
	/* A second answer, and one to nothing. */
	ask();
	answer(ANSWER_ALLOW_ONCE);
	answer(ANSWER_DENY);
	decider.open += 100;
	answer(ANSWER_DENY);
	expect(VALUE, 0);
}
END_TEST

START_TEST(answered_at_once)
{
	played_begin();
	decider.at_once = ANSWER_ALLOW_ONCE;
	does.port = ASKED;
	played_call();
	expect(VALUE, 0);
	played_begin();
	decider.at_once = ANSWER_DENY;
	does.port = ASKED;
	played_call();
	expect(FAILED, -EACCES);
}
END_TEST

START_TEST(nobody_to_ask)
{
	played_begin();
	decider.refuses = -ENOTCONN;
	does.port = ASKED;
	played_call();
	expect(FAILED, -EACCES);
	/* It would fail anyway. */
	played_begin();
	does.port = ASKED;
	does.check = -ECONNREFUSED;
	played_call();
	ck_assert_int_eq(decider.asked, 0);
	expect(FAILED, -ECONNREFUSED);
	/* The target is gone before. */
	played_begin();
	does.port = ASKED;
	kernel.gone = true;
	played_call();
	ck_assert_int_eq(decider.asked, 0);
	expect(NOTHING, 0);
}
END_TEST

START_TEST(target_dies)
{
	ask();
	kernel.gone = true;
	while (!decider.withdrawn)
		event_base_loop(loop, EVLOOP_ONCE);
	/* The answer comes too late. */
	answer(ANSWER_ALLOW_ONCE);
	ck_assert_int_eq(does.performed, 0);
	expect(NOTHING, 0);
}
END_TEST

START_TEST(engine_ends)
{
	ask();
	engine_free(engine);
	ck_assert_int_eq(kernel.told, FAILED);
	ck_assert_int_eq(kernel.error, -EACCES);
	event_base_free(loop);
}
END_TEST

/* What calls for a nested supervisor is none, where there can be no nest. */
START_TEST(no_nest)
{
	played_begin();
	does.maker = MAKER_SUPERVISOR;
	does.resolve = STEP_PERFORM;
	played_call();
	expect(FAILED, -ECONNREFUSED);
}
END_TEST

UNIT_MAIN_WHERE(landlock_abi() > 0, "Landlock in this kernel", "life",
		not_served, nobody_is_left, fails_early, native, performed,
		exchanged, races, waits_in_a_worker, denied, asked,
		answered_at_once, nobody_to_ask, target_dies, engine_ends,
		no_nest);
