/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The landlock engine: every way from an event to what the kernel is told.
 */
#include "played_supervisor.h"

#include <errno.h>
#include <event2/event.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "rules.h"
#include "supervised/supervised.h"
#include "unit.h"

#define CALL 70

/* Who decides. */
static struct {
	struct decider decider;
	uint64_t open;
	int asked, withdrawn, refused;
	size_t count;	  /* of what is missing */
	rights_t missing; /* of the first object */
	char path[PATH_MAX];
} decider;

static struct event_base *loop;
static struct engine *engine;
static char top[] = "/tmp/landlord-supervised.XXXXXX";
static char secret[PATH_MAX], file[PATH_MAX], missing[PATH_MAX];
static bool ended;

static int decider_ask(struct decider *unused, const struct request *request)
{
	(void)unused;
	decider.asked++;
	decider.open = request->id;
	decider.count = request->accesses_count;
	decider.missing = request->accesses[0].missing;
	if (request->accesses[0].object.type == OBJECT_PATH)
		snprintf(decider.path, sizeof(decider.path), "%s",
			 request->accesses[0].object.bytes);
	return 0;
}

static void decider_withdraw(struct decider *unused, uint64_t id)
{
	(void)unused;
	ck_assert_uint_eq(id, decider.open);
	decider.withdrawn++;
	event_base_loopbreak(loop);
}

static void decider_refused(struct decider *unused,
			    const struct request *request, const char *reason)
{
	(void)unused;
	(void)request;
	ck_assert_ptr_null(reason);
	decider.refused++;
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

/* A policy of these rules; NULL ends them. */
struct line {
	enum effect effect;
	rights_t rights;
	const char *object;
};

static void commit(const struct line *lines)
{
	struct rules rules = {0};
	struct ruleset *ruleset;

	for (; lines->object; lines++)
		rules_add(&rules, LAYER_USER, lines->effect, lines->rights,
			  lines->object);
	ruleset = rules_compile(&rules);
	ck_assert_int_eq(engine->ops->events.commit(engine, ruleset), 0);
	ruleset_unref(ruleset);
	rules_finish(&rules);
}

static const struct line nothing[] = {{0, 0, NULL}};

static void make(const char *path)
{
	const int fd = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);

	ck_assert_int_ge(fd, 0);
	close(fd);
}

static void setup(void)
{
	static struct engine_host host = {.clock = &clock_real,
					  .control_socket = "/nonexistent",
					  .ended = on_ended};
	const struct launch launch = {0};
	int listener[2];

	memset(&kernel, 0, sizeof(kernel));
	memset(&decider, 0, sizeof(decider));
	decider.decider.ops = &decider_ops;
	ck_assert_ptr_nonnull(mkdtemp(top));
	snprintf(secret, sizeof(secret), "%s/secret", top);
	snprintf(file, sizeof(file), "%s/file", top);
	snprintf(missing, sizeof(missing), "%s/missing", top);
	make(secret);
	make(file);
	loop = host.loop = event_base_new();
	ck_assert_ptr_nonnull(loop);
	ck_assert_int_eq(engine_landlock.new(&engine, &host), 0);
	commit(nothing);
	ck_assert_int_eq(engine->ops->prepare(engine, &launch), 0);
	ck_assert_int_eq(pipe2(listener, O_CLOEXEC), 0);
	ck_assert_int_eq(
		engine->ops->start(engine, &decider.decider, listener[0]), 0);
	kernel.commits = 0;
}

static void teardown(void)
{
	engine_free(engine);
	event_base_free(loop);
	unlink(secret);
	unlink(file);
	rmdir(top);
}

/* The kernel's words for a denial of this process's. */
static struct landlock_event *begin_event(uint32_t operation, pid_t pid)
{
	struct landlock_event *event = (void *)kernel.event;

	memset(kernel.event, 0, sizeof(kernel.event));
	*event = (struct landlock_event){
		.len = sizeof(*event),
		.header_len = sizeof(*event),
		.operation = operation,
		.cookie = COOKIE,
		.call_id = CALL,
		.pid = pid,
		.tid = pid,
		.pidfd = (int)syscall(SYS_pidfd_open, pid, 0),
	};
	return event;
}

static void add_blockers(struct landlock_event *event, uint32_t type,
			 uint64_t access)
{
	struct landlock_blockers_record *record =
		(void *)(kernel.event + event->len);

	record->hdr.type = LANDLOCK_RECORD_BLOCKERS;
	record->hdr.role = LANDLOCK_ROLE_TARGET;
	record->hdr.len = sizeof(*record);
	record->type = type;
	record->access = access;
	event->len += record->hdr.len;
}

static void add_path(struct landlock_event *event, const char *name)
{
	struct landlock_path_record *record =
		(void *)(kernel.event + event->len);
	struct stat st;

	record->hdr.type = LANDLOCK_RECORD_PATH;
	record->hdr.role = LANDLOCK_ROLE_TARGET;
	record->fd = open(top, O_PATH | O_DIRECTORY | O_CLOEXEC);
	ck_assert_int_ge(record->fd, 0);
	if (!fstatat(record->fd, name, &st, AT_SYMLINK_NOFOLLOW)) {
		record->ino = st.st_ino;
		record->mode = st.st_mode;
		record->dev_major = major(st.st_dev);
		record->dev_minor = minor(st.st_dev);
	}
	record->name_len = (uint32_t)strlen(name);
	strcpy(record->name, name);
	record->hdr.len =
		(uint32_t)(sizeof(*record) + record->name_len + 8) & ~7U;
	event->len += record->hdr.len;
}

static void hand_out(void)
{
	kernel.answer = 0;
	ck_assert_int_eq(write(kernel.pipe[1], "", 1), 1);
	event_base_loop(loop, EVLOOP_ONCE | EVLOOP_NONBLOCK);
}

static void ask_for(const char *name, uint32_t operation, rights_t rights)
{
	struct landlock_event *event = begin_event(operation, getpid());

	add_blockers(event, LANDLOCK_BLOCKER_FS, rights);
	add_path(event, name);
	hand_out();
}

static void read_file(const char *name)
{
	ask_for(name, LANDLOCK_OPERATION_OPEN, RIGHT_FS_READ_FILE);
}

static void answer(enum answer with)
{
	engine->ops->events.answer(engine, decider.open, with);
}

static void expect_rule(size_t number, const char *path, rights_t rights)
{
	ck_assert_uint_gt(kernel.committed_count, number);
	ck_assert_str_eq(kernel.committed[number].path, path);
	ck_assert_uint_eq(kernel.committed[number].rights, rights);
}

START_TEST(allowed_gets_a_rule)
{
	const struct line lines[] = {{EFFECT_ALLOW, RIGHTS_READ, top},
				     {0, 0, NULL}};

	commit(lines);
	read_file("file");
	ck_assert_uint_eq(kernel.answer, LANDLOCK_ANSWER_ALLOW);
	ck_assert_uint_eq(kernel.committed_count, 1);
	expect_rule(0, top, RIGHTS_READ);
	ck_assert_int_eq(decider.asked, 0);
}
END_TEST

/* A directory with something denied beneath gets none. */
START_TEST(exceptions_stay_out)
{
	const struct line lines[] = {{EFFECT_ALLOW, RIGHTS_READ, top},
				     {EFFECT_DENY, RIGHTS_READ, secret},
				     {0, 0, NULL}};

	commit(lines);
	read_file("file");
	ck_assert_uint_eq(kernel.answer, LANDLOCK_ANSWER_ALLOW);
	ck_assert_uint_eq(kernel.committed_count, 1);
	expect_rule(0, file, RIGHT_FS_READ_FILE);
	read_file("secret");
	ck_assert_uint_eq(kernel.answer, LANDLOCK_ANSWER_DENY);
	ck_assert_uint_eq(kernel.committed_count, 1);
	ck_assert_int_eq(decider.refused, 1);
}
END_TEST

/* Files that come and go could become what another rule names. */
START_TEST(names_with_rules_stay_out)
{
	const struct line lines[] = {
		{EFFECT_ALLOW, RIGHTS_CREATE | RIGHTS_READ, top},
		{EFFECT_ALLOW, RIGHT_FS_EXECUTE, file},
		{0, 0, NULL}};

	commit(lines);
	ask_for("missing", LANDLOCK_OPERATION_CREATE, RIGHT_FS_MAKE_REG);
	ck_assert_uint_eq(kernel.answer, LANDLOCK_ANSWER_ALLOW);
	ck_assert_uint_eq(kernel.committed_count, 0);
	read_file("file");
	expect_rule(0, top, RIGHTS_READ);
}
END_TEST

START_TEST(once_is_for_a_call)
{
	ask_for("file", LANDLOCK_OPERATION_OPEN,
		RIGHT_FS_READ_FILE | RIGHT_FS_WRITE_FILE);
	ck_assert_uint_eq(kernel.answer, 0);
	ck_assert_int_eq(decider.asked, 1);
	ck_assert_str_eq(decider.path, file);
	answer(ANSWER_ALLOW_ONCE);
	ck_assert_uint_eq(kernel.answer, LANDLOCK_ANSWER_ALLOW);
	/* The same call goes on to ask for less. */
	read_file("file");
	ck_assert_uint_eq(kernel.answer, LANDLOCK_ANSWER_ALLOW);
	ck_assert_int_eq(decider.asked, 1);
	/* And another one for the same. */
	((struct landlock_event *)kernel.event)->call_id++;
	read_file("secret");
	ck_assert_int_eq(decider.asked, 2);
	answer(ANSWER_DENY);
	ck_assert_uint_eq(kernel.answer, LANDLOCK_ANSWER_DENY);
	ck_assert_uint_eq(kernel.committed_count, 0);
}
END_TEST

START_TEST(answered_by_a_rule)
{
	const struct line lines[] = {{EFFECT_ALLOW, RIGHTS_READ, file},
				     {0, 0, NULL}};

	read_file("file");
	commit(lines);
	ck_assert_uint_eq(kernel.answer, 0);
	answer(ANSWER_RETRY);
	ck_assert_uint_eq(kernel.answer, LANDLOCK_ANSWER_ALLOW);
	expect_rule(0, file, RIGHT_FS_READ_FILE);
	/* What is still not allowed is denied, not asked again. */
	read_file("secret");
	answer(ANSWER_RETRY);
	ck_assert_uint_eq(kernel.answer, LANDLOCK_ANSWER_DENY);
	ck_assert_int_eq(decider.asked, 2);
}
END_TEST

START_TEST(revoked_at_once)
{
	const struct line both[] = {{EFFECT_ALLOW, RIGHTS_READ, file},
				    {EFFECT_ALLOW, RIGHTS_READ, secret},
				    {0, 0, NULL}};
	const struct line one[] = {{EFFECT_ALLOW, RIGHTS_READ, file},
				   {0, 0, NULL}};
	int commits;

	commit(both);
	read_file("secret");
	read_file("file");
	ck_assert_uint_eq(kernel.committed_count, 2);
	commits = kernel.commits;
	commit(one);
	/* In one step, with nothing in between. */
	ck_assert_int_eq(kernel.commits, commits + 1);
	ck_assert_uint_eq(kernel.committed_count, 1);
	expect_rule(0, file, RIGHT_FS_READ_FILE);
	commits = kernel.commits;
	commit(both);
	ck_assert_int_eq(kernel.commits, commits);
}
END_TEST

/* What has the name by now is another file: it gets no rule. */
START_TEST(replaced_gets_no_rule)
{
	const struct line lines[] = {{EFFECT_ALLOW, RIGHTS_READ, file},
				     {0, 0, NULL}};
	struct landlock_event *event;

	commit(lines);
	event = begin_event(LANDLOCK_OPERATION_OPEN, getpid());
	add_blockers(event, LANDLOCK_BLOCKER_FS, RIGHT_FS_READ_FILE);
	add_path(event, "file");
	ck_assert_int_eq(rename(secret, file), 0);
	hand_out();
	ck_assert_uint_eq(kernel.answer, LANDLOCK_ANSWER_ALLOW);
	ck_assert_uint_eq(kernel.committed_count, 0);
}
END_TEST

START_TEST(ports)
{
	const struct line lines[] = {{EFFECT_ALLOW, RIGHTS_NET, "443"},
				     {0, 0, NULL}};
	struct landlock_event *event;
	struct landlock_net_record *record;

	commit(lines);
	for (uint16_t port = 442; port <= 443; port++) {
		event = begin_event(LANDLOCK_OPERATION_CONNECT, getpid());
		add_blockers(event, LANDLOCK_BLOCKER_NET,
			     LANDLOCK_ACCESS_NET_CONNECT_TCP);
		record = (void *)(kernel.event + event->len);
		record->hdr.type = LANDLOCK_RECORD_NET;
		record->hdr.len = sizeof(*record);
		record->port = port;
		event->len += record->hdr.len;
		hand_out();
		ck_assert_int_eq(decider.asked, 1);
	}
	ck_assert_uint_eq(decider.missing, RIGHT_NET_CONNECT_TCP);
	ck_assert_uint_eq(kernel.answer, LANDLOCK_ANSWER_ALLOW);
	ck_assert_uint_eq(kernel.committed_count, 1);
	ck_assert_uint_eq(kernel.committed[0].port, 443);
	ck_assert_uint_eq(kernel.committed[0].rights,
			  LANDLOCK_ACCESS_NET_CONNECT_TCP);
}
END_TEST

START_TEST(who_ends_is_withdrawn)
{
	const pid_t child = fork();
	struct landlock_event *event;

	if (child == 0)
		for (;;)
			pause();
	event = begin_event(LANDLOCK_OPERATION_OPEN, child);
	add_blockers(event, LANDLOCK_BLOCKER_FS, RIGHT_FS_READ_FILE);
	add_path(event, "file");
	hand_out();
	ck_assert_int_eq(decider.asked, 1);
	ck_assert_int_eq(kill(child, SIGKILL), 0);
	while (!decider.withdrawn)
		event_base_loop(loop, EVLOOP_ONCE);
	ck_assert_int_eq(waitpid(child, NULL, 0), child);
}
END_TEST

/* A thread that asks for something else waits for the former no more. */
START_TEST(asks_for_one_thing)
{
	read_file("file");
	read_file("secret");
	ck_assert_int_eq(decider.asked, 2);
	ck_assert_int_eq(decider.withdrawn, 1);
}
END_TEST

/* What the kernel never says is denied, and costs no descriptor. */
START_TEST(nonsense_is_denied)
{
	struct landlock_event *event;
	const int next = open("/dev/null", O_RDONLY | O_CLOEXEC);
	int after;

	close(next);
	for (int i = 0; i < 3; i++) {
		event = begin_event(LANDLOCK_OPERATION_OPEN, getpid());
		if (i != 1)
			add_blockers(event, LANDLOCK_BLOCKER_FS,
				     RIGHT_FS_READ_FILE);
		add_path(event, "file");
		if (i == 0)
			event->len -= 8; /* its last record is cut off */
		if (i == 2)
			add_path(event, "file");
		hand_out();
		ck_assert_uint_eq(kernel.answer, LANDLOCK_ANSWER_DENY);
	}
	/* The descriptor of what was cut off cannot be known. */
	after = open("/dev/null", O_RDONLY | O_CLOEXEC);
	ck_assert_int_le(after, next + 1);
	close(after);
	ck_assert_int_eq(decider.asked, 0);
}
END_TEST

START_TEST(nobody_is_left)
{
	close(kernel.pipe[1]);
	while (!ended)
		event_base_loop(loop, EVLOOP_ONCE);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		allowed_gets_a_rule,	   exceptions_stay_out,
		names_with_rules_stay_out, once_is_for_a_call,
		answered_by_a_rule,	   revoked_at_once,
		replaced_gets_no_rule,	   ports,
		who_ends_is_withdrawn,	   asks_for_one_thing,
		nonsense_is_denied,	   nobody_is_left,
	};
	TCase *const tcase = tcase_create("supervised");

	tcase_set_timeout(tcase, 100);
	tcase_add_checked_fixture(tcase, setup, teardown);
	for (size_t i = 0; i < ARRAY_SIZE(tests); i++)
		tcase_add_test(tcase, tests[i]);
	return unit_run_case("supervised", tcase);
}
