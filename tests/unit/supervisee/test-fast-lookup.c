/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a fast lookup sees, against what pinning the same path finds. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "directory.h"
#include "path/fast_lookup.h"
#include "unit.h"

static char *root;

static void enter_directory(void)
{
	root = directory_make();
	ck_assert_int_eq(chdir(root), 0);
	ck_assert_int_eq(mkdir("d", 0700), 0);
	directory_write(root, "d/file", "");
	directory_write(root, "file", "");
	ck_assert_int_eq(symlink("file", "near"), 0);
	ck_assert_int_eq(symlink("d/file", "far"), 0);
	ck_assert_int_eq(symlink("d", "way"), 0);
	ck_assert_int_eq(symlink("near", "twice"), 0);
	ck_assert_int_eq(symlink("loop", "loop"), 0);
	ck_assert_int_eq(symlink("none", "dangling"), 0);
}

static void leave_directory(void)
{
	ck_assert_int_eq(chdir("/"), 0);
	directory_remove(root);
}

static int look_fast(struct pin *pin, int dirfd, const char *path, bool follow)
{
	*pin = (struct pin)PIN_INIT;
	return fast_lookup(pin, NULL, getpid(), dirfd, path, follow);
}

/* What is seen is what is there, under its canonical name. */
static void expect_seen(int dirfd, const char *path, bool follow)
{
	struct pin seen, pinned = PIN_INIT;
	struct lookup_base view;

	ck_assert_int_eq(lookup_base_open(&view, NULL, getpid(), getppid(),
					  dirfd, path, false),
			 0);
	ck_assert_int_eq(pin_path(&pinned, &view, path,
				  follow ? PIN_FOLLOW : PIN_NOFOLLOW, 0),
			 0);
	ck_assert_msg(look_fast(&seen, dirfd, path, follow) == 0, "%s", path);
	ck_assert_str_eq(seen.path, pinned.path);
	ck_assert_uint_eq(seen.length, pinned.length);
	ck_assert_uint_eq(seen.stat.st_dev, pinned.stat.st_dev);
	ck_assert_uint_eq(seen.stat.st_ino, pinned.stat.st_ino);
	ck_assert_uint_eq(seen.stat.st_mode, pinned.stat.st_mode);
	ck_assert_int_eq(seen.fd, -1);
	ck_assert_int_eq(seen.parent, -1);
	lookup_base_close(&view);
	pin_release(&pinned);
}

static void expect_unseen(const char *path, bool follow)
{
	struct pin pin;

	ck_assert_msg(look_fast(&pin, AT_FDCWD, path, follow) == -EAGAIN, "%s",
		      path);
	ck_assert_int_eq(pin.fd, -1);
}

START_TEST(relative)
{
	int d;

	enter_directory();
	d = open("d", O_PATH);
	ck_assert_int_ge(d, 0);
	expect_seen(AT_FDCWD, "file", true);
	expect_seen(AT_FDCWD, "file", false);
	expect_seen(AT_FDCWD, "d", true);
	expect_seen(AT_FDCWD, "d/file", true);
	expect_seen(d, "file", true);
	expect_seen(AT_FDCWD, "near", true);
	close(d);
	leave_directory();
}
END_TEST

START_TEST(absolute)
{
	static const char *const well_known[] = {
		"/usr",
		"/usr/bin/env",
		"/bin/sh",
		"/lib64/ld-linux-x86-64.so.2",
		"/lib/x86_64-linux-gnu/libc.so.6",
		"/dev/null",
	};
	char path[PATH_MAX];

	enter_directory();
	snprintf(path, sizeof(path), "%s/d/file", root);
	expect_seen(AT_FDCWD, path, true);
	snprintf(path, sizeof(path), "%s/near", root);
	expect_seen(AT_FDCWD, path, true);
	for (size_t i = 0; i < sizeof(well_known) / sizeof(*well_known); i++) {
		struct pin pin;

		/* Where a link leads elsewhere, it is no fast lookup's. */
		if (access(well_known[i], F_OK) == 0 &&
		    look_fast(&pin, AT_FDCWD, well_known[i], true) == 0)
			expect_seen(AT_FDCWD, well_known[i], true);
	}
	expect_seen(AT_FDCWD, "/dev/null", true);
	leave_directory();
}
END_TEST

START_TEST(left_to_care)
{
	static const char *const paths[] = {
		"",	    ".",	  "..",
		"/",	    "d/",	  "d/..",
		"./file",   "d//file",	  "far",
		"way/file", "twice",	  "loop",
		"dangling", "file/",	  "file/none",
		"way/none", "/dev/stdin", "/proc/self/maps",
	};
	char own[64];

	enter_directory();
	for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++)
		expect_unseen(paths[i], true);
	expect_unseen("near", false);
	snprintf(own, sizeof(own), "/proc/%d/maps", (int)getpid());
	expect_unseen(own, true);
	leave_directory();
}
END_TEST

START_TEST(nothing_there)
{
	static const char *const paths[] = {
		"none",	 "d/none",    "none/none",
		"/none", "/usr/none", "/lib/x86_64-linux-gnu/none.so",
	};
	struct pin pin;

	enter_directory();
	for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++) {
		ck_assert_int_eq(look_fast(&pin, AT_FDCWD, paths[i], true),
				 -ENOENT);
		ck_assert_int_eq(look_fast(&pin, AT_FDCWD, paths[i], false),
				 -ENOENT);
	}
	leave_directory();
}
END_TEST

/* What belongs to a process is not its looker's to see. */
START_TEST(within_proc)
{
	struct pin pin;
	const int proc = open("/proc/self", O_PATH);

	enter_directory();
	ck_assert_int_ge(proc, 0);
	ck_assert_int_eq(look_fast(&pin, proc, "maps", true), -EAGAIN);
	ck_assert_int_eq(look_fast(&pin, proc, "exe", true), -EAGAIN);
	close(proc);
	leave_directory();
}
END_TEST

START_TEST(odd_objects)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	const int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	struct pin pin;

	enter_directory();
	ck_assert_int_ge(fd, 0);
	strcpy(address.sun_path, "socket");
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&address, sizeof(address)),
			 0);
	expect_unseen("socket", true);
	ck_assert_int_eq(look_fast(&pin, fd, "file", true), -EAGAIN);
	ck_assert_int_eq(look_fast(&pin, -1, "file", true), -EAGAIN);
	close(fd);
	/* Where nothing can be found any more. */
	ck_assert_int_eq(mkdir("gone", 0700), 0);
	ck_assert_int_eq(chdir("gone"), 0);
	ck_assert_int_eq(rmdir("../gone"), 0);
	ck_assert_int_eq(look_fast(&pin, AT_FDCWD, "file", true), -ENOENT);
	leave_directory();
}
END_TEST

UNIT_MAIN("fast lookup", relative, absolute, left_to_care, nothing_there,
	  within_proc, odd_objects);
