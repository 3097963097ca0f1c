/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "seccomp/nest_message.h"
#include "unit.h"

/* A path is bytes, also where it looks like a pattern of a policy. */
static void check_path(const char *path)
{
	static char operation[] = "openat";
	struct nest_question asked = {
		.id = 7, .tid = 42, .operation = operation};
	struct nest_question got;
	struct object object = {.type = OBJECT_PATH};
	_cleanup_free_ char *text = NULL;

	object.bytes = (char *)(uintptr_t)path;
	object.length = strlen(path);
	accesses_need(&asked.accesses, &object, RIGHT_FS_READ_FILE);
	text = nest_message_ask(&asked);
	ck_assert_ptr_nonnull(text);
	ck_assert_int_eq(nest_message_parse_ask(text, strlen(text), &got), 0);
	ck_assert_uint_eq(got.id, 7);
	ck_assert_int_eq(got.tid, 42);
	ck_assert_str_eq(got.operation, "openat");
	ck_assert_uint_eq(got.accesses.count, 1);
	ck_assert(object_equal(&got.accesses.needs[0].object, &object));
	ck_assert(got.accesses.needs[0].rights == RIGHT_FS_READ_FILE);
	nest_question_finish(&got);
}

START_TEST(paths)
{
	static const char *const texts[] = {"/",	 "/home/u/*",
					    "/home/u/$", "/a\nb\x01",
					    "/\xff",	 "/a b/\"c\"\\"};

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		check_path(texts[i]);
}
END_TEST

/* What is not understood can be denied, if it is known what it was. */
START_TEST(bad_questions)
{
	static const char bad[] =
		"{\"id\":9,\"tid\":1,\"operation\":\"x\",\"needs\":[{}],"
		"\"reparents\":false,\"exchanges\":false,\"in_registers\":"
		"false,\"mode0\":0,"
		"\"mode1\":0}";
	struct nest_question question;

	ck_assert_int_eq(nest_message_parse_ask(bad, strlen(bad), &question),
			 -EBADMSG);
	ck_assert_uint_eq(question.id, 9);
	ck_assert_ptr_null(question.operation);
	ck_assert_int_eq(nest_message_parse_ask("{}", 2, &question), -EBADMSG);
	ck_assert_uint_eq(question.id, 0);
}
END_TEST

START_TEST(replies)
{
	_cleanup_free_ char *text = nest_message_reply(3, ACTION_DENY, -EXDEV);
	enum action action;
	uint64_t id;
	int error;

	ck_assert_int_eq(nest_message_parse_reply(text, strlen(text), &id,
						  &action, &error),
			 0);
	ck_assert_uint_eq(id, 3);
	ck_assert_int_eq(action, ACTION_DENY);
	ck_assert_int_eq(error, -EXDEV);
}
END_TEST

/* Neither a verdict that is none nor an error that is none is believed. */
START_TEST(bad_replies)
{
	static const char *const bad[] = {
		"",
		"{}",
		"{\"id\":1,\"verdict\":\"ask\",\"error\":0}",
		"{\"id\":1,\"verdict\":\"allow\",\"error\":0}",
		"{\"id\":1,\"verdict\":\"deny\",\"error\":-1}",
		"{\"id\":1,\"verdict\":\"deny\",\"error\":4096}",
	};
	enum action action;
	uint64_t id;
	int error;

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		ck_assert_int_eq(nest_message_parse_reply(bad[i],
							  strlen(bad[i]), &id,
							  &action, &error),
				 -EBADMSG);
}
END_TEST

UNIT_MAIN("nest-message", paths, bad_questions, replies, bad_replies);
