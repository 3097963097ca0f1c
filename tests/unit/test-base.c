/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file_errors.h"
#include "base/list_sort.h"
#include "base/log.h"
#include "base/timestamp.h"
#include "unit.h"

/* Logs with standard error in a pipe. Returns: what was written (free(3)). */
static char *logged(int priority, const char *text)
{
	const int saved = dup(STDERR_FILENO);
	char *const out = calloc(1, 16384);
	int fds[2];

	ck_assert_int_eq(pipe(fds), 0);
	dup2(fds[1], STDERR_FILENO);
	close(fds[1]);
	errno = EXDEV;
	log_line(priority, "%s", text);
	ck_assert_int_eq(errno, EXDEV);
	dup2(saved, STDERR_FILENO);
	close(saved);
	ck_assert_int_ge(read(fds[0], out, 16383), 0);
	close(fds[0]);
	return out;
}

START_TEST(log_lines)
{
	char *text, long_text[10000];

	/* A stream that is not ours is not the journal. */
	setenv("JOURNAL_STREAM", "1:1", 1);
	log_open("test", LOG_INFO);
	text = logged(LOG_INFO, "a\033[31m\nb");
	ck_assert_str_eq(text, "test: a\\x1b[31m\\nb\n");
	free(text);
	text = logged(LOG_DEBUG, "quiet");
	ck_assert_str_eq(text, "");
	free(text);
	memset(long_text, 'x', sizeof(long_text) - 1);
	long_text[sizeof(long_text) - 1] = '\0';
	text = logged(LOG_ERR, long_text);
	ck_assert_uint_lt(strlen(text), 8300);
	free(text);
}
END_TEST

START_TEST(times)
{
	static const char *const bad[] = {
		"",
		"2025-01-31",
		"2025-01-31T12:00:00",
		"2025-01-31T12:00:00z",
		"2025-02-31T12:00:00Z",
		"2025-1-31T12:00:00Z",
		" 2025-01-31T12:00:00Z",
		"2025-01-31T12:00:60Z",
		"1969-12-31T23:59:59Z",
		"2025-01-31T12:00:00Z ",
	};
	int64_t time = -1;

	for (int64_t seconds = 0; seconds < INT64_C(253402300799);
	     seconds += INT64_C(98765432)) {
		_cleanup_free_ char *text = time_format(seconds);

		ck_assert_int_eq(time_parse(text, &time), 0);
		ck_assert_int_eq(time, seconds);
	}
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		ck_assert_msg(time_parse(bad[i], &time) == -EINVAL, "%s",
			      bad[i]);
}
END_TEST

START_TEST(errors_have_places)
{
	struct file_errors errors = {0};
	char *text;

	file_errors_add(&errors, "/a\nb", 3, "bad \"%s\"", "x");
	file_errors_add(&errors, "/c", 0, "is a directory");
	file_errors_add(NULL, "/c", 0, "nobody listens");
	text = file_error_format(&errors.items[0]);
	ck_assert_str_eq(text, "/a\\nb:3: bad \"x\"");
	free(text);
	text = file_error_format(&errors.items[1]);
	ck_assert_str_eq(text, "/c: is a directory");
	free(text);
	for (int i = 0; i < 1000; i++)
		file_errors_add(&errors, "/d", i, "more");
	ck_assert_uint_eq(errors.count, FILE_ERRORS_MAX + 1);
	file_errors_finish(&errors);
}
END_TEST

struct number {
	int value, place; /* among all */
	struct number *next;
};

static bool is_less(const void *a, const void *b)
{
	return ((const struct number *)a)->value <
	       ((const struct number *)b)->value;
}

/* Lists of every length up to that, with numbers that are there twice. */
START_TEST(lists_are_sorted)
{
	struct number numbers[100], *last;

	ck_assert_ptr_null(
		list_sort(NULL, offsetof(struct number, next), is_less));
	for (int count = 1; count <= (int)ARRAY_SIZE(numbers); count++) {
		int found = 1;

		for (int i = 0; i < count; i++)
			numbers[i] = (struct number){
				i * 37 % 50, i,
				i + 1 < count ? &numbers[i + 1] : NULL};
		last = list_sort(numbers, offsetof(struct number, next),
				 is_less);
		for (; last->next; last = last->next, found++)
			ck_assert(is_less(last, last->next) ||
				  (last->value == last->next->value &&
				   last->place < last->next->place));
		ck_assert_int_eq(found, count);
	}
}
END_TEST

UNIT_MAIN("base", log_lines, times, errors_have_places, lists_are_sorted);
