/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Questions are shown by program, and what nobody answered stays behind them.
 */
#include <stdlib.h>
#include <string.h>

#include "desktop/dialog/question_queue.h"
#include "unit.h"

static struct question_queue queue;

static struct queued_question *add(uint64_t id, const char *app)
{
	static const struct prompt_places nowhere;
	struct request request = {.id = id, .accesses_count = 1};
	const struct question question = {
		.id = id, .app = app, .request = &request, .waiting = 1};
	struct queued_question *added;
	struct prompt *prompt;

	request.operation = strdup("openat");
	ck_assert_int_eq(
		object_init_path(&request.accesses[0].object, "/secret"), 0);
	request.accesses[0].missing = RIGHT_FS_READ_FILE;
	ck_assert_int_eq(prompt_new(&prompt, &question, &nowhere), 0);
	request_finish(&request);
	added = question_queue_add(&queue, prompt);
	ck_assert_ptr_nonnull(added);
	return added;
}

/* Shows the next one. Returns: its number, 0: nothing. */
static uint64_t show(bool missed)
{
	struct queued_question *next = question_queue_next(&queue, missed);

	question_queue_show(&queue, next);
	return next ? prompt_question_id(next->prompt) : 0;
}

static void end(uint64_t id)
{
	question_queue_end(&queue, question_queue_find(&queue, id));
}

START_TEST(one_program_after_the_other)
{
	question_queue_init(&queue);
	ck_assert_uint_eq(show(false), 0);
	add(1, "a");
	add(2, "b");
	add(3, "a");
	ck_assert_uint_eq(show(false), 1);
	/* What is shown stays. */
	add(4, "a");
	ck_assert_uint_eq(show(false), 1);
	end(1);
	ck_assert_uint_eq(show(false), 3);
	end(3);
	ck_assert_uint_eq(show(false), 4);
	end(4);
	ck_assert_uint_eq(show(false), 2);
	end(2);
	ck_assert_uint_eq(show(false), 0);
	ck_assert_uint_eq(queue.open, 0);
	question_queue_finish(&queue);
}
END_TEST

START_TEST(likes_are_of_the_same_program)
{
	struct queued_question *first;

	question_queue_init(&queue);
	first = add(1, "a");
	add(2, "b");
	add(3, "a");
	ck_assert_uint_eq(question_queue_likes(&queue, first), 1);
	add(4, "a");
	ck_assert_uint_eq(question_queue_likes(&queue, first), 2);
	question_queue_find(&queue, 3)->state = QUESTION_ANSWERED;
	ck_assert_uint_eq(question_queue_likes(&queue, first), 1);
	question_queue_miss(&queue, question_queue_find(&queue, 4));
	ck_assert_uint_eq(question_queue_likes(&queue, first), 0);
	question_queue_finish(&queue);
}
END_TEST

START_TEST(what_was_missed_comes_last)
{
	question_queue_init(&queue);
	add(1, "a");
	add(2, "b");
	ck_assert_uint_eq(show(false), 1);
	question_queue_miss(&queue, question_queue_find(&queue, 1));
	ck_assert_uint_eq(queue.open, 1);
	ck_assert_uint_eq(queue.missed, 1);
	ck_assert_uint_eq(show(true), 2);
	end(2);
	ck_assert_uint_eq(show(false), 0);
	ck_assert_uint_eq(show(true), 1);
	ck_assert_uint_eq(show(true), 1);
	/* What is open comes before it, also while it is shown. */
	add(3, "c");
	ck_assert_uint_eq(show(true), 3);
	question_queue_finish(&queue);
	ck_assert_uint_eq(queue.open, 0);
	ck_assert_uint_eq(queue.missed, 0);
}
END_TEST

START_TEST(not_all_that_was_missed_is_kept)
{
	question_queue_init(&queue);
	for (uint64_t id = 1; id <= 1000; id++)
		question_queue_miss(&queue, add(id, "a"));
	ck_assert_uint_eq(queue.missed, QUESTION_QUEUE_MISSED_MAX);
	ck_assert_ptr_null(question_queue_find(&queue, 1));
	ck_assert_ptr_nonnull(question_queue_find(&queue, 1000));
	question_queue_finish(&queue);
}
END_TEST

UNIT_MAIN("question-queue", one_program_after_the_other,
	  likes_are_of_the_same_program, what_was_missed_comes_last,
	  not_all_that_was_missed_is_kept);
