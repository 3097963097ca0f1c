/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The life of a call: every way from the notification to what the kernel is
 * told. The kernel's side of the listener is played here, and so is the system
 * call: its steps come to what a test says.
 */
#include <errno.h>
#include <event2/event.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/landlock.h"
#include "operation/call.h"
#include "rules.h"
#include "seccomp/job.h"
#include "seccomp/life.h"
#include "seccomp/listener.h"
#include "seccomp/seccomp.h"
#include "seccomp/state.h"
#include "unit.h"

#define ID 7
#define HELD "/usr/x" /* the kernel holds a rule for it */
#define ALLOWED 443   /* ports: by a rule, */
#define DENIED 25     /* by none, and */
#define ASKED 80      /* no rule says anything */

enum told { NOTHING, CONTINUED, VALUE, FAILED, GIVEN };

/* What the kernel is told of the call, and what it says itself. */
static struct {
	enum told told;
	int times;
	int64_t value;
	int error;
	bool exchanged; /* a descriptor of the target's */
	bool gone;	/* the target */
	int refuses;	/* what handing over a descriptor comes to */
	struct seccomp_notif notif;
	int pipe[2]; /* a byte for each call that is to be received */
} kernel;

static void tell(uint64_t id, enum told told, int64_t value, int error)
{
	ck_assert_uint_eq(id, ID);
	kernel.told = told;
	kernel.value = value;
	kernel.error = error;
	kernel.times++;
}

int listener_install(const struct sock_fprog *program)
{
	(void)program;
	return -ENOSYS;
}

int listener_mark(void)
{
	return -ENOSYS;
}

void listener_tune(int listener, bool together)
{
	(void)listener;
	(void)together;
}

int listener_receive(int listener, union notification *ret)
{
	char byte;

	ck_assert_int_eq(read(listener, &byte, 1), 1);
	ret->notif = kernel.notif;
	return 0;
}

bool listener_is_steady(void)
{
	return false;
}

bool listener_valid(int listener, uint64_t id)
{
	(void)listener;
	(void)id;
	return !kernel.gone;
}

int listener_continue(int listener, uint64_t id)
{
	(void)listener;
	tell(id, CONTINUED, 0, 0);
	return 0;
}

int listener_reply(int listener, uint64_t id, int64_t value, int error)
{
	(void)listener;
	tell(id, error ? FAILED : VALUE, value, error);
	return 0;
}

int listener_reply_fd(int listener, uint64_t id, int fd, uint32_t flags)
{
	(void)listener;
	(void)flags;
	ck_assert_int_ge(fd, 0);
	if (!kernel.refuses)
		tell(id, GIVEN, 0, 0);
	return kernel.refuses;
}

int listener_add_fd(int listener, uint64_t id, int fd, uint32_t flags)
{
	return listener_reply_fd(listener, id, fd, flags);
}

int listener_exchange_fd(int listener, uint64_t id, int fd, int remote,
			 uint32_t flags)
{
	(void)listener;
	(void)id;
	(void)remote;
	(void)flags;
	ck_assert_int_ge(fd, 0);
	kernel.exchanged = true;
	return kernel.refuses;
}

/* What the steps of the call come to. */
static struct {
	int gather, resolve, check, perform;
	int resolves_again, performs_again; /* times that names change */
	rights_t exposed;
	bool exact;
	enum maker maker;
	const char *path; /* what it is about; NULL: */
	uint16_t port;	  /* 0: nothing */
	bool narrows;	  /* in the end nothing of it is needed */
	bool impossible, opens, blocks;
	int performed;
} does;

static int gather(struct notif *notif)
{
	notif->exposed = does.exposed;
	notif->exact = does.exact;
	if (does.maker == MAKER_REGISTERS || does.maker == MAKER_SUPERVISOR)
		notif->maker = does.maker;
	return does.gather;
}

static int resolve(struct notif *notif)
{
	struct object object = {.type = OBJECT_PORT, .port = does.port};

	if (does.resolves_again-- > 0)
		return STEP_AGAIN;
	if (does.resolve == STEP_WAIT && notif->may_wait)
		return STEP_PERFORM;
	if (does.maker == MAKER_KERNEL)
		notif->maker = does.maker;
	notif->accesses.impossible = does.impossible;
	notif->accesses.reason = "nobody can";
	if (does.path) {
		object.type = OBJECT_PATH;
		object.bytes = (char *)(uintptr_t)does.path;
		object.length = strlen(does.path);
		notif_need(notif, &object, RIGHT_FS_READ_FILE);
	} else if (does.port) {
		notif_need(notif, &object, RIGHT_NET_CONNECT_TCP);
	}
	return does.resolve;
}

static bool narrow(struct notif *notif)
{
	const bool less = does.narrows && notif->accesses.count;

	if (less)
		notif->accesses.needs[0].within = true;
	does.narrows = false;
	return less;
}

static int check(const struct notif *notif)
{
	(void)notif;
	return does.check;
}

static int perform_call(struct notif *notif)
{
	does.performed++;
	if (does.performs_again-- > 0)
		return STEP_AGAIN;
	if (does.perform == STEP_WAIT && notif->may_wait)
		return 0;
	if (does.opens)
		notif->result_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	if (does.maker == MAKER_EXCHANGE)
		notif->maker = MAKER_EXCHANGE;
	notif->value = 42;
	return does.perform;
}

static bool may_block(const struct notif *notif)
{
	(void)notif;
	return does.blocks;
}

static const struct operation operation = {
	.gather = gather,
	.resolve = resolve,
	.narrow = narrow,
	.check = check,
	.perform = perform_call,
	.blocks = may_block,
};

static const struct call call = {
	.number = SYS_getpid,
	.name = "test",
	.operation = &operation,
	.dirfd = -1,
	.path = -1,
	.flags = -1,
};

/* Who decides. */
static struct {
	struct decider decider;
	int refuses;   /* to be asked */
	int at_once;   /* an answer, before ask() returns; -1: none */
	uint64_t open; /* the request that waits; 0: none */
	int asked, withdrawn, refused;
	const char *reason;
} decider;

static struct event_base *loop;
static struct engine *engine;
static struct seccomp *seccomp;
static bool ended;

static int decider_ask(struct decider *unused, const struct request *request)
{
	(void)unused;
	ck_assert_str_eq(request->operation, "test");
	ck_assert_int_eq(request->subject.pid, getpid());
	ck_assert_uint_eq(request->accesses_count, 1);
	decider.asked++;
	if (decider.refuses)
		return decider.refuses;
	decider.open = request->id;
	if (decider.at_once >= 0)
		engine->ops->events.answer(engine, request->id,
					   (enum answer)decider.at_once);
	return 0;
}

static void decider_withdraw(struct decider *unused, uint64_t id)
{
	(void)unused;
	ck_assert_uint_eq(id, decider.open);
	decider.withdrawn++;
}

static void decider_refused(struct decider *unused,
			    const struct request *request, const char *reason)
{
	(void)unused;
	(void)request;
	decider.refused++;
	decider.reason = reason;
}

static const struct decider_ops decider_ops = {
	.ask = decider_ask,
	.withdraw = decider_withdraw,
	.refused = decider_refused,
};

static void on_ended(void *userdata)
{
	(void)userdata;
	ended = true;
	event_base_loopbreak(loop);
}

static void commit(bool more)
{
	struct rules rules = {0};
	struct ruleset *ruleset;

	rules_add(&rules, LAYER_USER, EFFECT_ALLOW, RIGHTS_READ, "/usr");
	rules_add(&rules, LAYER_USER, EFFECT_ALLOW, RIGHTS_NET, "443");
	rules_add(&rules, LAYER_USER, EFFECT_DENY, RIGHTS_NET, "25");
	if (more)
		rules_add(&rules, LAYER_USER, EFFECT_ALLOW, RIGHTS_NET, "80");
	ruleset = rules_compile(&rules);
	ck_assert_int_eq(engine->ops->events.commit(engine, ruleset), 0);
	ruleset_unref(ruleset);
	rules_finish(&rules);
}

static void setup(void)
{
	static struct engine_host host = {.control_socket = "/nonexistent",
					  .ended = on_ended};
	const struct launch launch = {0};

	memset(&kernel, 0, sizeof(kernel));
	memset(&does, 0, sizeof(does));
	memset(&decider, 0, sizeof(decider));
	decider.decider.ops = &decider_ops;
	decider.at_once = -1;
	does.exposed = RIGHTS_NEVER_HELD;
	loop = host.loop = event_base_new();
	ck_assert_ptr_nonnull(loop);
	ck_assert_int_eq(pipe2(kernel.pipe, O_CLOEXEC), 0);
	ck_assert_int_eq(engine_seccomp.new(&engine, &host), 0);
	seccomp = (struct seccomp *)engine;
	commit(false);
	ck_assert_int_eq(engine->ops->prepare(engine, &launch), 0);
	ck_assert_int_eq(
		engine->ops->start(engine, &decider.decider, kernel.pipe[0]),
		0);
}

/* A job has had no more than one end, and left nothing behind. */
static void teardown(void)
{
	ck_assert_int_le(kernel.times, 1);
	ck_assert_uint_eq(seccomp->pending.count, 0);
	ck_assert_uint_eq(workers_count(seccomp->workers), 0);
	engine_free(engine);
	event_base_free(loop);
	close(kernel.pipe[1]);
}

static void begin(void)
{
	struct job *job;

	kernel.notif = (struct seccomp_notif){
		.id = ID,
		.pid = (uint32_t)getpid(),
		.data = {.nr = call.number},
	};
	job = job_new(seccomp, &kernel.notif, &call);
	ck_assert_ptr_nonnull(job);
	life_begin(job);
}

static void turn_until_told(void)
{
	while (kernel.told == NOTHING)
		event_base_loop(loop, EVLOOP_ONCE);
}

static void expect(enum told told, int error)
{
	ck_assert_int_eq(kernel.told, told);
	ck_assert_int_eq(kernel.error, error);
	teardown();
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
	turn_until_told();
}

START_TEST(not_served)
{
	setup();
	receive(100000, getpid());
	expect(FAILED, -ENOSYS);
	/* In a pid namespace that we do not see. */
	setup();
	receive(SYS_openat, 0);
	expect(FAILED, -ENOSYS);
	/* Only noted. */
	setup();
	receive(SYS_setgroups, getpid());
	ck_assert(!seccomp->uniform);
	expect(CONTINUED, 0);
}
END_TEST

START_TEST(nobody_is_left)
{
	setup();
	close(kernel.pipe[1]);
	while (!ended)
		event_base_loop(loop, EVLOOP_ONCE);
	kernel.pipe[1] = -1;
	teardown();
}
END_TEST

/* Before anything is decided the kernel may say what is wrong, if it checks. */
START_TEST(fails_early)
{
	setup();
	does.gather = -EFAULT;
	begin();
	expect(FAILED, -EFAULT);
	setup();
	does.gather = -EFAULT;
	does.exposed = 0;
	begin();
	expect(CONTINUED, 0);
	setup();
	does.gather = STEP_NATIVE;
	begin();
	expect(FAILED, -EACCES);
	setup();
	does.gather = STEP_NATIVE;
	does.exposed = 0;
	begin();
	expect(CONTINUED, 0);
	setup();
	does.resolve = -ENOENT;
	does.exposed = 0;
	begin();
	expect(CONTINUED, 0);
	setup();
	does.resolve = -ENOENT;
	does.exposed = 0;
	does.exact = true;
	begin();
	expect(FAILED, -ENOENT);
}
END_TEST

START_TEST(native)
{
	setup();
	does.path = HELD;
	does.exposed = RIGHT_FS_READ_FILE;
	begin();
	ck_assert_int_eq(does.performed, 0);
	expect(CONTINUED, 0);
	/* In registers: nothing that could be exchanged is looked at again. */
	setup();
	does.port = ALLOWED;
	does.exposed = 0;
	does.maker = MAKER_REGISTERS;
	begin();
	ck_assert_int_eq(does.performed, 0);
	expect(CONTINUED, 0);
}
END_TEST

START_TEST(performed)
{
	setup();
	does.port = ALLOWED;
	begin();
	ck_assert_int_eq(kernel.value, 42);
	expect(VALUE, 0);
	/* Nothing is needed. */
	setup();
	does.resolve = STEP_PERFORM;
	begin();
	expect(VALUE, 0);
	setup();
	does.port = ALLOWED;
	does.perform = -ENOTCONN;
	begin();
	expect(FAILED, -ENOTCONN);
	setup();
	does.port = ALLOWED;
	does.opens = true;
	begin();
	expect(GIVEN, 0);
	/* The target has no room for it. */
	setup();
	does.port = ALLOWED;
	does.opens = true;
	kernel.refuses = -EMFILE;
	begin();
	expect(FAILED, -EMFILE);
	/* Or is gone by then. */
	setup();
	does.port = ALLOWED;
	does.opens = true;
	kernel.refuses = -ENOENT;
	begin();
	expect(NOTHING, 0);
	setup();
	does.port = ALLOWED;
	kernel.gone = true;
	begin();
	ck_assert_int_eq(does.performed, 0);
	expect(NOTHING, 0);
}
END_TEST

START_TEST(exchanged)
{
	setup();
	does.port = ALLOWED;
	does.opens = true;
	does.maker = MAKER_EXCHANGE;
	begin();
	ck_assert(kernel.exchanged);
	expect(CONTINUED, 0);
	setup();
	does.port = ALLOWED;
	does.opens = true;
	does.maker = MAKER_EXCHANGE;
	kernel.refuses = -EBADF;
	begin();
	expect(FAILED, -EBADF);
}
END_TEST

/* Names that change for ever are somebody's game. */
START_TEST(races)
{
	setup();
	does.port = ALLOWED;
	does.resolves_again = 5;
	begin();
	expect(VALUE, 0);
	setup();
	does.port = ALLOWED;
	does.resolves_again = 1000;
	begin();
	expect(FAILED, -EACCES);
	setup();
	does.port = ALLOWED;
	does.performs_again = 5;
	begin();
	ck_assert_int_eq(does.performed, 6);
	expect(VALUE, 0);
	setup();
	does.port = ALLOWED;
	does.performs_again = 1000;
	begin();
	expect(FAILED, -EACCES);
}
END_TEST

START_TEST(waits_in_a_worker)
{
	setup();
	does.port = ALLOWED;
	does.blocks = true;
	begin();
	ck_assert_int_eq(kernel.told, NOTHING);
	turn_until_told();
	expect(VALUE, 0);
	/* It turns out only then. */
	setup();
	does.port = ALLOWED;
	does.perform = STEP_WAIT;
	begin();
	ck_assert_int_eq(kernel.told, NOTHING);
	turn_until_told();
	expect(VALUE, 0);
	setup();
	does.resolve = STEP_WAIT;
	begin();
	ck_assert_int_eq(kernel.told, NOTHING);
	turn_until_told();
	expect(VALUE, 0);
}
END_TEST

START_TEST(denied)
{
	setup();
	does.port = DENIED;
	begin();
	ck_assert_int_eq(decider.refused, 1);
	ck_assert_ptr_null(decider.reason);
	expect(FAILED, -EACCES);
	setup();
	does.port = ALLOWED;
	does.impossible = true;
	begin();
	ck_assert_int_eq(decider.refused, 1);
	ck_assert_str_eq(decider.reason, "nobody can");
	expect(FAILED, -EACCES);
	/* Only the kernel may, and it does not hold it. */
	setup();
	does.port = ALLOWED;
	does.maker = MAKER_KERNEL;
	begin();
	expect(FAILED, -EACCES);
	/* It would fail anyway, and the kernel may say so itself. */
	setup();
	does.port = DENIED;
	does.check = -ECONNREFUSED;
	does.exposed = 0;
	begin();
	ck_assert_int_eq(decider.refused, 0);
	expect(CONTINUED, 0);
	/* Less is needed than it seemed. */
	setup();
	does.port = ASKED;
	does.narrows = true;
	begin();
	ck_assert_int_eq(decider.asked, 0);
	expect(VALUE, 0);
}
END_TEST

static void ask(void)
{
	setup();
	does.port = ASKED;
	begin();
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
	commit(true);
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
	setup();
	decider.at_once = ANSWER_ALLOW_ONCE;
	does.port = ASKED;
	begin();
	expect(VALUE, 0);
	setup();
	decider.at_once = ANSWER_DENY;
	does.port = ASKED;
	begin();
	expect(FAILED, -EACCES);
}
END_TEST

START_TEST(nobody_to_ask)
{
	setup();
	decider.refuses = -ENOTCONN;
	does.port = ASKED;
	begin();
	expect(FAILED, -EACCES);
	/* It would fail anyway. */
	setup();
	does.port = ASKED;
	does.check = -ECONNREFUSED;
	begin();
	ck_assert_int_eq(decider.asked, 0);
	expect(FAILED, -ECONNREFUSED);
	/* The target is gone before. */
	setup();
	does.port = ASKED;
	kernel.gone = true;
	begin();
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
	setup();
	does.maker = MAKER_SUPERVISOR;
	does.resolve = STEP_PERFORM;
	begin();
	expect(FAILED, -ECONNREFUSED);
}
END_TEST

UNIT_MAIN_WHERE(landlock_abi() > 0, "Landlock in this kernel", "life",
		not_served, nobody_is_left, fails_early, native, performed,
		exchanged, races, waits_in_a_worker, denied, asked,
		answered_at_once, nobody_to_ask, target_dies, engine_ends,
		no_nest);
