/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Every kind of entry, with every member, comes back as it was; bytes that are
 * no text, too.
 */
#include <errno.h>

#include "entry.h"

/* A name that is no UTF-8, no JSON, and nothing for a terminal. */
#define ODD "\xff\x01\n\"\\ \xe2\x80\xae$"

/* Writes, reads and writes again. Returns: what was read; frees @entry. */
static struct trace_entry *pass(struct trace_entry *entry)
{
	struct trace_entry *again = calloc(1, sizeof(*again));
	const char *problem = "";
	char *line, *second;

	ck_assert_int_eq(trace_encode(entry, &line), 0);
	ck_assert_ptr_null(strchr(line, '\n'));
	for (const char *c = line; *c; c++)
		ck_assert(*c >= ' ' && *c < 0x7f);
	ck_assert_msg(trace_decode(line, strlen(line), again, &problem) == 0,
		      "%s: %s", problem, line);
	ck_assert_int_eq(trace_encode(again, &second), 0);
	ck_assert_str_eq(line, second);
	ck_assert_int_eq(again->event, entry->event);
	ck_assert_int_eq(again->time, TIME);
	ck_assert_str_eq(again->run, "0123456789abcdef");
	free(line);
	free(second);
	trace_entry_finish(entry);
	free(entry);
	return again;
}

START_TEST(header)
{
	struct trace_entry *entry = entry_of(TRACE_HEADER);

	entry->header = (struct trace_header){
		.kernel = strdup("6.18.0-" ODD),
		.engine = strdup("seccomp"),
		.abi = 7,
		.app = strdup(ODD),
		.policy = strdup("0011223344556677"),
		.home = strdup("/home/" ODD),
		.uid = UINT32_MAX,
		.all = true,
		.continues = true,
	};
	entry = pass(entry);
	ck_assert_str_eq(entry->header.kernel, "6.18.0-" ODD);
	ck_assert_str_eq(entry->header.engine, "seccomp");
	ck_assert_int_eq(entry->header.abi, 7);
	ck_assert_str_eq(entry->header.app, ODD);
	ck_assert_str_eq(entry->header.policy, "0011223344556677");
	ck_assert_str_eq(entry->header.home, "/home/" ODD);
	ck_assert_uint_eq(entry->header.uid, UINT32_MAX);
	ck_assert(entry->header.all && entry->header.continues);
	drop(entry);
}
END_TEST

START_TEST(processes)
{
	struct trace_entry *entry = entry_of(TRACE_SPAWN);

	entry->process = (struct trace_process){
		.pid = 12,
		.start = UINT64_MAX,
		.parent = 11,
		.exe = strdup("/bin/" ODD),
		.command = {strdup("sh"), strdup(""), strdup(ODD)},
		.command_count = 3,
	};
	entry = pass(entry);
	ck_assert_int_eq(entry->process.pid, 12);
	ck_assert_uint_eq(entry->process.start, UINT64_MAX);
	ck_assert_int_eq(entry->process.parent, 11);
	ck_assert_str_eq(entry->process.exe, "/bin/" ODD);
	ck_assert_uint_eq(entry->process.command_count, 3);
	ck_assert_str_eq(entry->process.command[1], "");
	ck_assert_str_eq(entry->process.command[2], ODD);
	drop(entry);

	entry = entry_of(TRACE_EXEC);
	entry->process.pid = 12;
	entry->process.exe = strdup("/bin/ls");
	entry = pass(entry);
	ck_assert_str_eq(entry->process.exe, "/bin/ls");
	drop(entry);

	entry = entry_of(TRACE_EXIT);
	entry->process.pid = 12;
	entry->process.status = 139;
	entry = pass(entry);
	ck_assert_int_eq(entry->process.status, 139);
	drop(entry);
}
END_TEST

static void fill_subject(struct subject *subject)
{
	*subject = (struct subject){
		.pid = 12,
		.tid = 13,
		.pid_start = 123456,
		.uid = 1000,
		.exe = strdup("/bin/" ODD),
		.comm = strdup(ODD),
		.ancestors_count = 2,
	};
	subject->ancestors[0].pid = 11;
	subject->ancestors[0].exe = strdup("");
	subject->ancestors[1].pid = 10;
	subject->ancestors[1].exe = strdup(ODD);
}

static void check_request(struct trace_entry *entry)
{
	const struct trace_request *traced = &entry->request;
	const struct request *request = &traced->request;
	const struct subject *subject = &request->subject;

	ck_assert_uint_eq(request->generation, UINT64_MAX);
	ck_assert_int_eq(subject->pid, 12);
	ck_assert_int_eq(subject->tid, 13);
	ck_assert_uint_eq(subject->pid_start, 123456);
	ck_assert_str_eq(subject->exe, "/bin/" ODD);
	ck_assert_str_eq(subject->comm, ODD);
	ck_assert_uint_eq(subject->ancestors_count, 2);
	ck_assert_str_eq(subject->ancestors[0].exe, "");
	ck_assert_int_eq(subject->ancestors[1].pid, 10);
	ck_assert_str_eq(subject->ancestors[1].exe, ODD);
	ck_assert_str_eq(request->operation, "openat");
	ck_assert_str_eq(traced->request.flags, "O_WRONLY|O_APPEND");
	ck_assert_str_eq(traced->request.accesses[0].given, "../" ODD);
	ck_assert_uint_eq(traced->request.accesses[0].device, 0x12345);
	ck_assert_uint_eq(traced->request.accesses[0].inode, UINT64_MAX);
	ck_assert_ptr_null(traced->request.accesses[1].given);
	ck_assert_uint_eq(request->accesses_count, 2);
	ck_assert_str_eq(request->accesses[0].object.bytes, "/etc/" ODD);
	ck_assert_uint_eq(request->accesses[0].missing,
			  RIGHT_FS_READ_FILE | RIGHT_FS_WRITE_FILE);
	ck_assert_int_eq(request->accesses[1].object.port, 443);
	ck_assert_str_eq(request->accesses[1].object.address, "::1%\xff");
}

START_TEST(requests)
{
	static const enum trace_event events[] = {TRACE_REQUEST, TRACE_ALLOWED,
						  TRACE_REFUSED};
	struct trace_entry *entry = entry_of(events[_i]);
	struct trace_request *traced = &entry->request;
	struct request *request = &traced->request;

	if (events[_i] == TRACE_REQUEST)
		request->id = UINT64_MAX;
	request->generation = UINT64_MAX;
	fill_subject(&request->subject);
	request->operation = strdup("openat");
	traced->request.flags = strdup("O_WRONLY|O_APPEND");
	request->accesses_count = 2;
	ck_assert_int_eq(
		object_init_path(&request->accesses[0].object, "/etc/" ODD), 0);
	request->accesses[0].missing = RIGHT_FS_READ_FILE | RIGHT_FS_WRITE_FILE;
	traced->request.accesses[0].given = strdup("../" ODD);
	traced->request.accesses[0].device = 0x12345;
	traced->request.accesses[0].inode = UINT64_MAX;
	request->accesses[1].object =
		(struct object){.type = OBJECT_PORT, .port = 443};
	strcpy(request->accesses[1].object.address, "::1%\xff");
	request->accesses[1].missing = RIGHT_NET_CONNECT_TCP;
	traced->reason = strdup(ODD);
	traced->rule = strdup("/etc/landlord/" ODD ":12");
	entry = pass(entry);
	check_request(entry);
	ck_assert_uint_eq(entry->request.request.id,
			  events[_i] == TRACE_REQUEST ? UINT64_MAX : 0);
	ck_assert_str_eq(entry->request.reason, ODD);
	ck_assert_str_eq(entry->request.rule, "/etc/landlord/" ODD ":12");
	drop(entry);
}
END_TEST

/* An object of each kind, and the rights that suit it. */
static const struct {
	struct object object;
	const char *bytes;
	size_t length;
} objects[] = {
	{{.type = OBJECT_PATH}, "/", 1},
	{{.type = OBJECT_PATH}, "/etc/$", 6},
	{{.type = OBJECT_PATH}, "/a b/*", 6},
	{{.type = OBJECT_ABSTRACT}, "name", 4},
	{{.type = OBJECT_ABSTRACT}, "a\0b\\*", 5},
	{{.type = OBJECT_ABSTRACT, .any = true}, ODD, sizeof(ODD) - 1},
	{{.type = OBJECT_ABSTRACT, .any = true}, "", 0},
	{{.type = OBJECT_ABSTRACT}, "", 0},
	{{.type = OBJECT_PORT, .port = 65535}, NULL, 0},
	{{.type = OBJECT_PORT, .any = true}, NULL, 0},
	{{.type = OBJECT_CAPABILITY, .capability = 13}, NULL, 0},
	{{.type = OBJECT_CAPABILITY, .any = true}, NULL, 0},
	{{.type = OBJECT_NAMESPACE, .namespaces = 0x10020000}, NULL, 0},
	{{.type = OBJECT_SOCKET, .family = 2, .socket_type = 1, .protocol = -1},
	 NULL,
	 0},
	{{.type = OBJECT_SOCKET,
	  .family = 77,
	  .socket_type = 9,
	  .protocol = 300},
	 NULL,
	 0},
	{{.type = OBJECT_PROCESS, .pid = 4711}, NULL, 0},
	{{.type = OBJECT_PROCESS, .any = true}, NULL, 0},
	{{.type = OBJECT_PATTERN}, "/a/**/b\\*?", 10},
};

static void init_object(struct object *ret, int i)
{
	*ret = objects[i].object;
	if (ret->type == OBJECT_PATH)
		ck_assert_int_eq(object_init_path(ret, objects[i].bytes), 0);
	if (ret->type == OBJECT_PATTERN)
		ck_assert_int_eq(object_init_pattern(ret, objects[i].bytes), 0);
	if (ret->type == OBJECT_ABSTRACT)
		ck_assert_int_eq(object_init_abstract(ret, objects[i].bytes,
						      objects[i].length),
				 0);
	ret->any = objects[i].object.any;
}

static bool has_beneath(const struct object *object)
{
	return object->type == OBJECT_PATH || object->type == OBJECT_PATTERN;
}

START_TEST(every_object)
{
	struct trace_entry *entry = entry_of(TRACE_COMMIT);
	struct rule rule = {
		.layer = LAYER_USER,
		.effect = EFFECT_GUARD,
		.pid = 3,
		.pid_start = 4,
		.expires = 1795980831,
		.origin = strdup(ODD ":1"),
		.id = strdup("k3w9tq2x"),
	};
	const struct rule *again;
	struct object same;

	init_object(&rule.object, _i);
	init_object(&same, _i);
	rule.rights = object_rights(rule.object.type);
	rule.beneath = has_beneath(&rule.object);
	ck_assert_int_eq(rules_take(&entry->commit.added, &rule), 0);
	ck_assert_int_eq(
		rules_append(&entry->commit.session, &entry->commit.added), 0);
	ck_assert_int_eq(
		rules_append(&entry->commit.removed, &entry->commit.added), 0);
	entry->commit.generation = 9;
	entry->commit.more = true;
	entry->commit.error = ENOSPC;
	entry = pass(entry);
	ck_assert_uint_eq(entry->commit.generation, 9);
	ck_assert(entry->commit.more);
	ck_assert_int_eq(entry->commit.error, ENOSPC);
	ck_assert_uint_eq(entry->commit.added.count, 1);
	ck_assert(rules_equal(&entry->commit.session, &entry->commit.added));
	ck_assert(rules_equal(&entry->commit.removed, &entry->commit.added));
	again = &entry->commit.added.items[0];
	ck_assert(object_equal(&again->object, &same));
	ck_assert_uint_eq(again->rights, object_rights(same.type));
	ck_assert_int_eq(again->layer, LAYER_USER);
	ck_assert_int_eq(again->effect, EFFECT_GUARD);
	ck_assert(again->beneath == has_beneath(&same));
	ck_assert_int_eq(again->pid, 3);
	ck_assert_uint_eq(again->pid_start, 4);
	ck_assert_int_eq(again->expires, 1795980831);
	ck_assert_str_eq(again->origin, ODD ":1");
	ck_assert_str_eq(again->id, "k3w9tq2x");
	object_finish(&same);
	drop(entry);
}
END_TEST

START_TEST(decisions)
{
	struct trace_entry *entry = entry_of(TRACE_DECISION);
	const struct decision *decision;

	entry->decision = (struct trace_decision){
		.id = 7,
		.by = (enum trace_by)(_i % TRACE_BYS_),
		.rule = strdup(ODD),
		.decision =
			{
				.outcome =
					_i % 2 ? OUTCOME_ALLOW : OUTCOME_DENY,
				.unanswered = _i % 2 == 0,
				.lifetime = (enum lifetime)(_i % LIFETIMES_),
				.until = _i % LIFETIMES_ == LIFETIME_UNTIL ? 99
									   : 0,
				.beneath = strdup("/" ODD),
				.rights = RIGHTS_READ,
				.agent = strdup(ODD),
			},
	};
	entry = pass(entry);
	decision = &entry->decision.decision;
	ck_assert_uint_eq(entry->decision.id, 7);
	ck_assert_int_eq(entry->decision.by, _i % TRACE_BYS_);
	ck_assert_str_eq(entry->decision.rule, ODD);
	ck_assert_int_eq(decision->outcome, _i % 2);
	ck_assert(decision->unanswered == (_i % 2 == 0));
	ck_assert_int_eq(decision->lifetime, _i % LIFETIMES_);
	ck_assert_int_eq(decision->until,
			 _i % LIFETIMES_ == LIFETIME_UNTIL ? 99 : 0);
	ck_assert_str_eq(decision->beneath, "/" ODD);
	ck_assert_uint_eq(decision->rights, RIGHTS_READ);
	ck_assert_str_eq(decision->agent, ODD);
	drop(entry);
}
END_TEST

START_TEST(others)
{
	struct trace_entry *entry = entry_of(TRACE_ANSWER);

	entry->answer.id = UINT64_MAX;
	entry->answer.answer = (enum answer)_i;
	entry = pass(entry);
	ck_assert_uint_eq(entry->answer.id, UINT64_MAX);
	ck_assert_int_eq(entry->answer.answer, _i);
	drop(entry);

	entry = entry_of(TRACE_WITHDRAW);
	entry->id = 17;
	entry = pass(entry);
	ck_assert_uint_eq(entry->id, 17);
	drop(entry);

	entry = entry_of(TRACE_NOTE);
	entry->note = strdup(ODD);
	entry = pass(entry);
	ck_assert_str_eq(entry->note, ODD);
	drop(entry);

	entry = entry_of(TRACE_LOST);
	entry->lost = 1000000;
	entry = pass(entry);
	ck_assert_uint_eq(entry->lost, 1000000);
	drop(entry);

	entry = entry_of(TRACE_END);
	entry->end = (struct trace_end){-1, 1, 2, 3, UINT64_MAX};
	entry = pass(entry);
	ck_assert_int_eq(entry->end.status, -1);
	ck_assert_uint_eq(entry->end.asked, 1);
	ck_assert_uint_eq(entry->end.allowed, 2);
	ck_assert_uint_eq(entry->end.denied, 3);
	ck_assert_uint_eq(entry->end.lost, UINT64_MAX);
	drop(entry);
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("trace-codec");

	tcase_add_test(tcase, header);
	tcase_add_test(tcase, processes);
	tcase_add_loop_test(tcase, requests, 0, 3);
	tcase_add_loop_test(tcase, every_object, 0,
			    sizeof(objects) / sizeof(objects[0]));
	tcase_add_loop_test(tcase, decisions, 0, 20);
	tcase_add_loop_test(tcase, others, 0, 3);
	return unit_run_case("trace-codec", tcase);
}
