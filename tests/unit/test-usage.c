/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Starts are counted, each app's by itself, whatever its name is.
 */
#include "store/usage.h"

#include <errno.h>
#include <time.h>

#include "directory.h"
#include "unit.h"

static struct usage read_usage(const char *grants, const char *app)
{
	struct usage usage;

	ck_assert_int_eq(usage_read(grants, app, &usage), 0);
	return usage;
}

START_TEST(starts_are_counted)
{
	char *const root = directory_make();
	const char *const grants = directory_path(root, "grants");
	const int64_t now = time(NULL);

	/* Before the first, nobody knows. */
	ck_assert_uint_eq(read_usage(grants, "a").starts, 0);
	ck_assert_int_eq(read_usage(grants, "a").last, INT64_MAX);
	for (int i = 0; i < 3; i++)
		ck_assert_int_eq(usage_note(grants, "a"), 0);
	ck_assert_int_eq(usage_note(grants, "../b/%"), 0);
	ck_assert_uint_eq(read_usage(grants, "a").starts, 3);
	ck_assert_int_ge(read_usage(grants, "a").last, now - 1);
	ck_assert_uint_eq(read_usage(grants, "../b/%").starts, 1);
	/* Of one that was not started it is known since when. */
	ck_assert_uint_eq(read_usage(grants, "c").starts, 0);
	ck_assert_int_ge(read_usage(grants, "c").last, now - 1);
	ck_assert_int_le(read_usage(grants, "c").last, now + 60);
	ck_assert_int_eq(usage_forget(grants, "a"), 0);
	ck_assert_int_eq(usage_forget(grants, "a"), 0);
	ck_assert_uint_eq(read_usage(grants, "a").starts, 0);
	directory_remove(root);
}
END_TEST

/* What somebody has put there is not followed, and nobody waits for it. */
START_TEST(odd_files)
{
	char *const root = directory_make();
	const char *const grants = directory_path(root, "grants");
	struct usage usage;

	directory_write(root, "target", "");
	ck_assert_int_eq(mkdir(directory_path(root, "starts"), 0700), 0);
	ck_assert_int_eq(symlink(directory_path(root, "target"),
				 directory_path(root, "starts/link")),
			 0);
	ck_assert_int_eq(mkfifo(directory_path(root, "starts/fifo"), 0600), 0);
	ck_assert_int_eq(usage_note(grants, "link"), -ELOOP);
	ck_assert_int_eq(usage_read(grants, "link", &usage), -EINVAL);
	ck_assert_int_eq(usage_note(grants, "fifo"), -ENXIO);
	ck_assert_int_eq(usage_note(grants, ""), -EINVAL);
	directory_remove(root);
}
END_TEST

UNIT_MAIN("usage", starts_are_counted, odd_files);
