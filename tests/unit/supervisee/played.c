/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A call that is only played: see played.h. */
#include "played.h"

#include <errno.h>
#include <event2/event.h>
#include <fcntl.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "operation/call.h"
#include "rules.h"
#include "seccomp/life.h"
#include "seccomp/listener.h"

struct played_kernel kernel;
struct played_call does;
struct played_decider decider;
struct event_base *loop;
struct engine *engine;
struct seccomp *seccomp;
bool ended;

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

void played_commit(bool more)
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

void played_begin(void)
{
	static struct engine_host host = {.clock = &clock_real,
					  .control_socket = "/nonexistent",
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
	played_commit(false);
	ck_assert_int_eq(engine->ops->prepare(engine, &launch), 0);
	ck_assert_int_eq(
		engine->ops->start(engine, &decider.decider, kernel.pipe[0]),
		0);
}

void played_end(void)
{
	ck_assert_int_le(kernel.times, 1);
	ck_assert_uint_eq(seccomp->pending.count, 0);
	ck_assert_uint_eq(workers_count(seccomp->workers), 0);
	engine_free(engine);
	event_base_free(loop);
	close(kernel.pipe[1]);
}

void played_call(void)
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

void played_turn(void)
{
	while (kernel.told == NOTHING)
		event_base_loop(loop, EVLOOP_ONCE);
}
