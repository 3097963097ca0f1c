/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a report gathers, and the page that is made of it.
 */
#include <stdlib.h>
#include <string.h>

#include "report/count_tree.h"
#include "report/report.h"
#include "report/time_line.h"
#include "unit.h"

/* --- Trees ------------------------------------------------------- */

static struct count_node *child(struct count_tree *tree,
				struct count_node *parent, const char *name)
{
	return count_tree_child(tree, parent, name, strlen(name));
}

START_TEST(tree_counts_and_sorts)
{
	struct count_tree *tree;
	struct count_node *root, *a, *b;

	ck_assert_int_eq(count_tree_new(&tree, 10), 0);
	root = count_tree_root(tree);
	a = child(tree, root, "a");
	b = child(tree, root, "b");
	ck_assert_ptr_eq(child(tree, root, "a"), a);
	ck_assert_ptr_ne(child(tree, a, "b"), b);
	child(tree, a, "b")->here.of[CAME_DENIED] = 2;
	b->here.of[CAME_ALLOWED] = 3;
	a->here.of[CAME_UNANSWERED] = 2;
	ck_assert_int_eq(count_tree_settle(tree, 10), 0);
	ck_assert_ptr_eq(root->child, a);
	ck_assert_ptr_eq(a->next, b);
	ck_assert_uint_eq(counts_sum(&root->all), 7);
	ck_assert_uint_eq(a->all.of[CAME_DENIED], 2);
	ck_assert_uint_eq(a->all.of[CAME_UNANSWERED], 2);
	ck_assert(a->child->shown && b->shown);
	count_tree_free(tree);
}
END_TEST

/* What has no room counts above; what is used least is not shown. */
START_TEST(tree_is_bounded)
{
	struct count_tree *tree;
	struct count_node *root, *node;
	char name[16];

	ck_assert_int_eq(count_tree_new(&tree, 10), 0);
	root = count_tree_root(tree);
	for (int i = 0; i < 12; i++) {
		sprintf(name, "%d", i);
		node = child(tree, root, name);
		node->here.of[CAME_ALLOWED] += (uint64_t)i + 1;
	}
	ck_assert_uint_eq(count_tree_folded(tree), 2);
	ck_assert_uint_eq(root->here.of[CAME_ALLOWED], 11 + 12);
	ck_assert_int_eq(count_tree_settle(tree, 4), 0);
	ck_assert_uint_eq(root->hidden, 6);
	ck_assert_str_eq(root->child->name, "9");
	ck_assert(root->child->shown);
	ck_assert_uint_eq(counts_sum(&root->all), 78);
	count_tree_free(tree);
}
END_TEST

/* --- Time -------------------------------------------------------- */

static uint64_t sum_of(const struct time_line *line)
{
	uint64_t sum = 0;

	for (unsigned int i = 0; i < line->count; i++)
		sum += counts_sum(&line->pieces[i].counts);
	return sum;
}

/* Forwards, backwards, and in no order: nothing is lost, all in its place. */
START_TEST(time_line_covers_all)
{
	static struct time_line line;
	int64_t time = 1000000000, first = time, last = time;

	memset(&line, 0, sizeof(line));
	srand(1);
	for (int i = 0; i < 5000; i++) {
		const int64_t step = (int64_t)rand() % (1 + (int64_t)i * i);

		time = _i == 0	 ? time + step
		       : _i == 1 ? time - step
				 : time + (i % 2 ? step : -step);
		first = time < first ? time : first;
		last = time > last ? time : last;
		time_line_add(&line, time, i == 77 ? 9 : 0,
			      (enum came_of)(i % CAMES_));
		ck_assert_uint_le(line.count, TIME_LINE_PIECES);
		ck_assert_uint_eq(sum_of(&line), (uint64_t)i + 1);
		/* Neither end has been cut off, or is empty. */
		ck_assert_int_le(line.first * line.width, first);
		ck_assert_int_gt((line.first + line.count) * line.width, last);
		ck_assert_uint_gt(counts_sum(&line.pieces[0].counts), 0);
		ck_assert_uint_gt(
			counts_sum(&line.pieces[line.count - 1].counts), 0);
	}
}
END_TEST

/* --- The page ---------------------------------------------------- */

static void add(struct report *report, const char *path, int64_t time,
		enum replay_outcome outcome)
{
	struct trace_request traced = {.request = {.accesses_count = 1}};
	struct access *access = &traced.request.accesses[0];
	const struct replay_result result = {
		.time = time,
		.answered = time + 2500,
		.request = &traced,
		.old = {outcome, TRACE_BY_AGENT, "<me>"},
	};

	ck_assert_int_eq(object_init_path(&access->object, path), 0);
	access->missing = RIGHT_FS_READ_FILE;
	traced.request.subject.exe = (char[]){"/bin/a&b"};
	traced.request.subject.ancestors_count = 1;
	traced.request.subject.ancestors[0].exe = (char[]){"/bin/parent"};
	report_result(report, &result);
	object_finish(&access->object);
}

/* Names stay names, whatever is in them. */
START_TEST(page_has_what_was_asked)
{
	const struct report_words words = {
		.title = "a<b>",
		.suggestions = "# </pre>\n",
		.lines = {.damaged = 3},
	};
	struct report *report;
	char *page;
	size_t length;
	FILE *out = open_memstream(&page, &length);

	ck_assert_int_eq(report_new(&report), 0);
	add(report, "/d/<script>\xff\033", 1000000, REPLAY_ALLOW);
	add(report, "/d/b", 2000000, REPLAY_DENY);
	add(report, "/d/b", 2000001, REPLAY_ASK);
	ck_assert_int_eq(report_write(report, &words, out), 0);
	fclose(out);
	report_free(report);
	ck_assert_ptr_nonnull(strstr(page, "<title>a&lt;b&gt;</title>"));
	ck_assert_ptr_nonnull(strstr(page, "&lt;script&gt;\\xff\\x1b"));
	ck_assert_ptr_null(strstr(page, "<script>\\"));
	ck_assert_ptr_nonnull(strstr(page, "# &lt;/pre&gt;"));
	ck_assert_ptr_nonnull(strstr(page, "/bin/a&amp;b"));
	ck_assert_ptr_nonnull(strstr(page, "&lt;me&gt;"));
	ck_assert_ptr_nonnull(strstr(page, "3 damaged lines"));
	ck_assert_ptr_nonnull(
		strstr(page, "1 allowed, 1 denied, 1 unanswered"));
	ck_assert_ptr_nonnull(strstr(page, ">2.5 ms<"));
	ck_assert_ptr_nonnull(strstr(page, "1970-01-01 00:00:02.000 UTC"));
	free(page);
}
END_TEST

START_TEST(page_of_nothing)
{
	const struct report_words words = {0};
	struct report *report;
	char *page;
	size_t length;
	FILE *out = open_memstream(&page, &length);

	ck_assert_int_eq(report_new(&report), 0);
	ck_assert_int_eq(report_write(report, &words, out), 0);
	fclose(out);
	report_free(report);
	ck_assert_ptr_nonnull(strstr(page, "Nothing was asked."));
	ck_assert_ptr_nonnull(strstr(page, "</html>"));
	free(page);
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("report");

	tcase_add_test(tcase, tree_counts_and_sorts);
	tcase_add_test(tcase, tree_is_bounded);
	tcase_add_loop_test(tcase, time_line_covers_all, 0, 3);
	tcase_add_test(tcase, page_has_what_was_asked);
	tcase_add_test(tcase, page_of_nothing);
	return unit_run_case("report", tcase);
}
