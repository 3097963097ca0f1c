/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text files of proc(5). */
#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "task/status.h"
#include "unit.h"

/* A name that would like to be more than that; proc(5) escapes the line ends.
 */
static const char text[] = "Name:\tTgid:\\n7\n"
			   "Umask:\t0027\n"
			   "Tgid:\t4711\n"
			   "NSpid:\t4711\t12\t3\n"
			   "Groups:\t4 24 27 \n"
			   "Empty:\t\n"
			   "Signed:\t-5\n"
			   "Huge:\t99999999999999999999\n"
			   "Seccomp_filters:\t2\n";

START_TEST(fields)
{
	uint64_t mask;
	size_t length;

	ck_assert_int_eq(status_number(text, "Tgid"), 4711);
	ck_assert_int_eq(status_number(text, "Seccomp_filters"), 2);
	ck_assert_int_eq(status_last_number(text, "NSpid"), 3);
	ck_assert_int_eq(status_last_number(text, "Tgid"), 4711);
	ck_assert_int_eq(status_octal(text, "Umask", &mask), 0);
	ck_assert_uint_eq(mask, 0027);
	ck_assert_ptr_nonnull(status_field(text, "Groups", &length));
	ck_assert_uint_eq(length, strlen("4 24 27"));
	ck_assert_ptr_nonnull(status_field(text, "Empty", &length));
	ck_assert_uint_eq(length, 0);
}
END_TEST

START_TEST(no_numbers)
{
	uint64_t mask;

	/* Neither part of a name, nor another line. */
	ck_assert_int_eq(status_number(text, "gid"), -EPROTO);
	ck_assert_int_eq(status_number(text, "Seccomp"), -EPROTO);
	ck_assert_int_eq(status_number(text, "Empty"), -EPROTO);
	ck_assert_int_eq(status_last_number(text, "Empty"), -EPROTO);
	ck_assert_int_eq(status_number(text, "Signed"), -EPROTO);
	ck_assert_int_eq(status_number(text, "Huge"), -EPROTO);
	ck_assert_int_eq(status_octal(text, "Name", &mask), -EPROTO);
	ck_assert_int_eq(status_number("", "Tgid"), -EPROTO);
	ck_assert_int_eq(status_number("Tgid:", "Tgid"), -EPROTO);
}
END_TEST

static int parse_stat(const char *stat, struct status_stat *ret)
{
	return status_parse_stat(stat, strlen(stat), ret);
}

START_TEST(stat_of_any_name)
{
	static const char rest[] =
		" S 12 1 1 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 815 1 1";
	struct status_stat stat;
	char line[256];

	for (const char *const *name =
		     (const char *const[]){"sh", ") R 1 (", "a\nb", "", NULL};
	     *name; name++) {
		snprintf(line, sizeof(line), "34 (%s)%s", *name, rest);
		ck_assert_int_eq(parse_stat(line, &stat), 0);
		ck_assert_int_eq(stat.state, 'S');
		ck_assert_int_eq(stat.parent, 12);
		ck_assert_uint_eq(stat.start, 815);
	}
	ck_assert_int_eq(parse_stat("34 (sh) S 12 1", &stat), -EPROTO);
	ck_assert_int_eq(parse_stat("34 sh S", &stat), -EPROTO);
	ck_assert_int_eq(parse_stat("", &stat), -EPROTO);
}
END_TEST

/* What comes last is found, however long the rest is. */
START_TEST(any_length)
{
	char path[] = "/tmp/landlord-status-XXXXXX";
	const int fd = mkstemp(path);
	FILE *file = fdopen(fd, "w");

	ck_assert_ptr_nonnull(file);
	for (int groups = 0; groups <= 65536; groups = groups * 3 + 250) {
		struct status status;

		rewind(file);
		ck_assert_int_eq(ftruncate(fd, 0), 0);
		fprintf(file, "Groups:\t");
		for (int i = 0; i < groups; i++)
			fprintf(file, "%d ", 1000000 + i);
		fprintf(file, "\nSeccomp_filters:\t5\n");
		fflush(file);
		ck_assert_int_eq(status_read_file(&status, path), 0);
		ck_assert_uint_eq(status.length, strlen(status.text));
		ck_assert_int_eq(status_number(status.text, "Seccomp_filters"),
				 5);
		status_finish(&status);
	}
	fclose(file);
	unlink(path);
}
END_TEST

START_TEST(own_files)
{
	_cleanup_status_ struct status status;
	_cleanup_status_ struct status none;

	ck_assert_int_eq(status_read(&status, getpid()), 0);
	ck_assert_int_eq(status_number(status.text, "Tgid"), getpid());
	ck_assert_int_eq(status_read_file(&none, "/proc/self/none"), -ESRCH);
	ck_assert_str_eq(none.text, "");
}
END_TEST

UNIT_MAIN("status", fields, no_numbers, stat_of_any_name, any_length,
	  own_files);
