/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "supervision/audit_log.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/resource.h>

#include "directory.h"
#include "unit.h"

static char *home;
static const struct audit_log_domain domain = {.app = "app", .monitor_pid = 7};

static void set_up(void)
{
	home = directory_make();
	signal(SIGXFSZ, SIG_IGN);
}

static void tear_down(void)
{
	directory_remove(home);
}

static struct audit_log *open_record(void)
{
	struct audit_log *audit_log = NULL;

	ck_assert_int_eq(audit_log_new(&audit_log,
				       directory_path(home, "log.jsonl"),
				       &clock_real),
			 0);
	return audit_log;
}

/* Files may grow to this from now on; 0: without a limit. */
static void limit_files(rlim_t bytes)
{
	struct rlimit limit;

	ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &limit), 0);
	limit.rlim_cur = bytes ? bytes : limit.rlim_max;
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

/* How many lines of the log are events of this name; the last one's count. */
static int events(const char *name, json_int_t *ret_count)
{
	FILE *file = fopen(directory_path(home, "log.jsonl"), "re");
	char line[4096];
	int found = 0;

	ck_assert_ptr_nonnull(file);
	while (fgets(line, sizeof(line), file)) {
		json_t *object = json_loads(line, 0, NULL);
		const char *event =
			json_string_value(json_object_get(object, "event"));

		if (event && strcmp(event, name) == 0) {
			found++;
			if (ret_count)
				*ret_count = json_integer_value(
					json_object_get(object, "count"));
		}
		json_decref(object);
	}
	fclose(file);
	return found;
}

static off_t log_size(void)
{
	struct stat status;

	ck_assert_int_eq(stat(directory_path(home, "log.jsonl"), &status), 0);
	return status.st_size;
}

START_TEST(what_is_lost_is_counted_and_told)
{
	struct audit_log *audit_log = open_record();
	json_int_t count = 0;

	audit_log_event(audit_log, "first", &domain, NULL);
	limit_files((rlim_t)log_size());
	for (int i = 0; i < 12; i++)
		audit_log_event(audit_log, "gone", &domain, NULL);
	limit_files(0);
	audit_log_event(audit_log, "next", &domain, NULL);
	audit_log_event(audit_log, "after", &domain, NULL);
	ck_assert_int_eq(events("first", NULL), 1);
	ck_assert_int_eq(events("gone", NULL), 0);
	ck_assert_int_eq(events("lost", &count), 1);
	ck_assert_int_eq(count, 12);
	ck_assert_int_eq(events("next", NULL), 1);
	ck_assert_int_eq(events("after", NULL), 1);
	audit_log_free(audit_log);
}
END_TEST

/* A write that is cut off leaves half a line; it is an event that was lost. */
START_TEST(half_a_line_swallows_nothing)
{
	struct audit_log *audit_log = open_record();
	json_int_t count = 0;

	audit_log_event(audit_log, "first", &domain, NULL);
	limit_files((rlim_t)log_size() + 10);
	audit_log_event(audit_log, "cut", &domain, NULL);
	limit_files(0);
	audit_log_event(audit_log, "next", &domain, NULL);
	ck_assert_int_eq(events("cut", NULL), 0);
	ck_assert_int_eq(events("lost", &count), 1);
	ck_assert_int_eq(count, 1);
	ck_assert_int_eq(events("next", NULL), 1);
	audit_log_free(audit_log);
}
END_TEST

START_TEST(what_others_left_torn_swallows_nothing)
{
	struct audit_log *audit_log;

	directory_write(home, "log.jsonl", "{\"time\":1.5,\"event\":\"dec");
	audit_log = open_record();
	audit_log_event(audit_log, "next", &domain, NULL);
	ck_assert_int_eq(events("next", NULL), 1);
	audit_log_free(audit_log);
}
END_TEST

/* Whoever reads it, and holds all the locks that one can have. */
START_TEST(a_reader_does_not_let_it_grow)
{
	struct flock lock = {.l_type = F_RDLCK, .l_whence = SEEK_SET};
	struct audit_log *audit_log = open_record();
	const int reader = open(directory_path(home, "log.jsonl"), O_RDONLY);
	struct stat old;

	ck_assert_int_eq(flock(reader, LOCK_EX), 0);
	ck_assert_int_eq(fcntl(reader, F_OFD_SETLK, &lock), 0);
	ck_assert_int_eq(truncate(directory_path(home, "log.jsonl"),
				  AUDIT_LOG_BYTES + 1),
			 0);
	audit_log_event(audit_log, "next", &domain, NULL);
	audit_log_event(audit_log, "after", &domain, NULL);
	ck_assert_int_lt(log_size(), AUDIT_LOG_BYTES);
	ck_assert_int_eq(stat(directory_path(home, "log.jsonl.1"), &old), 0);
	close(reader);
	audit_log_free(audit_log);
}
END_TEST

START_TEST(only_a_regular_file_is_a_log)
{
	struct audit_log *audit_log = NULL;

	ck_assert_int_eq(mkfifo(directory_path(home, "log.jsonl"), 0600), 0);
	ck_assert_int_eq(audit_log_new(&audit_log,
				       directory_path(home, "log.jsonl"),
				       &clock_real),
			 -EINVAL);
	ck_assert_ptr_null(audit_log);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		what_is_lost_is_counted_and_told,
		half_a_line_swallows_nothing,
		what_others_left_torn_swallows_nothing,
		a_reader_does_not_let_it_grow,
		only_a_regular_file_is_a_log,
	};
	TCase *const tcase = tcase_create("audit_log");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++)
		tcase_add_test(tcase, tests[i]);
	return unit_run_case("audit_log", tcase);
}
