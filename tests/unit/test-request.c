/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "core/request.h"
#include "unit.h"

static void add(struct request *request, const char *path, rights_t missing)
{
	struct access *const access =
		&request->accesses[request->accesses_count++];

	ck_assert_int_eq(object_init_path(&access->object, path), 0);
	access->missing = missing;
}

START_TEST(copies_all)
{
	struct request request = {.id = 5, .generation = 6}, copy;

	request.subject.pid = 10;
	request.subject.exe = strdup("/bin/sh");
	request.subject.comm = strdup("sh");
	request.subject.ancestors[0].pid = 9;
	request.subject.ancestors[0].exe = strdup("/bin/init");
	request.subject.ancestors_count = 1;
	request.operation = strdup("openat");
	add(&request, "/a", RIGHT_FS_READ_FILE);
	add(&request, "/b", RIGHT_FS_MAKE_REG);
	ck_assert_int_eq(request_copy(&copy, &request), 0);
	ck_assert(request_same_question(&copy, &request));
	ck_assert_str_eq(copy.subject.ancestors[0].exe, "/bin/init");
	ck_assert_ptr_ne(copy.subject.exe, request.subject.exe);
	ck_assert_uint_eq(copy.id, 5);
	request_finish(&request);
	ck_assert_str_eq(copy.operation, "openat");
	request_finish(&copy);
}
END_TEST

START_TEST(same_questions)
{
	struct request a = {.id = 1}, b = {.id = 2};

	add(&a, "/a", RIGHT_FS_READ_FILE);
	add(&a, "/b", RIGHT_FS_READ_FILE);
	add(&b, "/b", RIGHT_FS_READ_FILE);
	ck_assert(!request_same_question(&a, &b));
	add(&b, "/a", RIGHT_FS_READ_FILE);
	ck_assert(request_same_question(&a, &b));
	b.accesses[0].missing |= RIGHT_FS_WRITE_FILE;
	ck_assert(!request_same_question(&a, &b));
	request_finish(&a);
	request_finish(&b);

	/* Each access of the one needs one of its own in the other. */
	add(&a, "/a", RIGHT_FS_READ_FILE);
	add(&a, "/a", RIGHT_FS_READ_FILE);
	add(&b, "/a", RIGHT_FS_READ_FILE);
	add(&b, "/b", RIGHT_FS_READ_FILE);
	ck_assert(!request_same_question(&a, &b));
	ck_assert(!request_same_question(&b, &a));
	request_finish(&a);
	request_finish(&b);
}
END_TEST

UNIT_MAIN("request", copies_all, same_questions);
