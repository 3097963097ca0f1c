/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Pinning paths of this process itself. */
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "path/pin.h"
#include "path/walk.h"
#include "unit.h"

static int pin_here(const char *path, enum pin_mode mode, struct pin *ret)
{
	struct lookup_base view;
	int error;

	*ret = (struct pin)PIN_INIT;
	ck_assert_int_eq(lookup_base_open(&view, NULL, getpid(), getppid(),
					  AT_FDCWD, path, false),
			 0);
	error = pin_path(ret, &view, path, mode, 0);
	lookup_base_close(&view);
	return error;
}

static void enter_directory(void)
{
	char path[] = "/tmp/landlord-pin.XXXXXX";

	ck_assert_ptr_nonnull(mkdtemp(path));
	ck_assert_int_eq(chdir(path), 0);
	ck_assert_int_eq(mkdir("d", 0700), 0);
	ck_assert_int_eq(symlink("d/new", "dangling"), 0);
	ck_assert_int_eq(symlink("loop", "loop"), 0);
}

static void leave_directory(void)
{
	char path[4096];

	ck_assert_ptr_nonnull(getcwd(path, sizeof(path)));
	unlink("dangling");
	unlink("loop");
	rmdir("d");
	ck_assert_int_eq(rmdir(path), 0);
}

START_TEST(modes)
{
	struct pin pin;

	enter_directory();
	ck_assert_int_eq(pin_here("d", PIN_FOLLOW, &pin), 0);
	ck_assert(S_ISDIR(pin.stat.st_mode));
	pin_release(&pin);
	ck_assert_int_eq(pin_here("none", PIN_FOLLOW, &pin), -ENOENT);
	ck_assert_int_eq(pin_here("loop", PIN_FOLLOW, &pin), -ELOOP);
	ck_assert_int_eq(pin_here("d/..", PIN_ENTRY, &pin), -EEXIST);
	ck_assert_int_eq(pin_here("dangling", PIN_NOFOLLOW, &pin), 0);
	ck_assert(S_ISLNK(pin.stat.st_mode));
	pin_release(&pin);
	leave_directory();
}
END_TEST

/* A missing object's name is found behind the links that lead there. */
START_TEST(missing)
{
	struct pin pin;

	enter_directory();
	ck_assert_int_eq(pin_here("dangling", PIN_CREATE, &pin), 0);
	ck_assert_int_lt(pin.fd, 0);
	ck_assert_str_eq(pin.name, "new");
	ck_assert_str_eq(pin.path + pin.length - 6, "/d/new");
	pin_release(&pin);
	leave_directory();
}
END_TEST

/* Returns: what walking there gives, or the error. */
static int kind_of(const char *path, int oflags)
{
	struct lookup_base view;
	struct stat st;
	int fd, number;

	ck_assert_int_eq(lookup_base_open(&view, NULL, getpid(), getppid(),
					  AT_FDCWD, path, false),
			 0);
	fd = walk_path(&view, path, oflags, 0, &number);
	lookup_base_close(&view);
	if (fd < 0)
		return fd;
	ck_assert_int_eq(fstat(fd, &st), 0);
	close(fd);
	return (int)(st.st_mode & S_IFMT);
}

/* A slash at the end is behind every link that the name is one of. */
START_TEST(slashes)
{
	struct pin pin;

	enter_directory();
	ck_assert_int_eq(symlink("d", "to-d"), 0);
	ck_assert_int_eq(symlink("to-d", "twice"), 0);
	ck_assert_int_eq(mkfifo("fifo", 0600), 0);
	ck_assert_int_eq(symlink("fifo", "to-fifo"), 0);
	ck_assert_int_eq(kind_of("twice", O_NOFOLLOW), S_IFLNK);
	ck_assert_int_eq(kind_of("twice/", O_NOFOLLOW), S_IFDIR);
	ck_assert_int_eq(kind_of("twice//", 0), S_IFDIR);
	ck_assert_int_eq(kind_of("to-fifo", 0), S_IFIFO);
	ck_assert_int_eq(kind_of("to-fifo/", 0), -ENOTDIR);
	ck_assert_int_eq(kind_of("to-fifo/", O_NOFOLLOW), -ENOTDIR);
	ck_assert_int_eq(kind_of("loop/", O_NOFOLLOW), -ELOOP);
	ck_assert_int_eq(pin_here("loop/", PIN_NOFOLLOW, &pin), -ELOOP);
	unlink("to-d");
	unlink("twice");
	unlink("fifo");
	unlink("to-fifo");
	leave_directory();
}
END_TEST

/* What is left of a path is as long as it is, whatever a link is made of. */
START_TEST(long_path)
{
	char path[4096];

	enter_directory();
	ck_assert_int_eq(symlink("././././././././.", "longer"), 0);
	for (size_t i = 0; i < sizeof(path); i++)
		path[i] = i % 2 ? '.' : '/';
	memcpy(path, "longer", strlen("longer"));
	strcpy(path + sizeof(path) - 4, "/d");
	ck_assert_int_eq(kind_of(path, 0), S_IFDIR);
	unlink("longer");
	leave_directory();
}
END_TEST

/* A descriptor in /proc is the thread's own, not the one that looks. */
START_TEST(magic_links)
{
	struct pin pin;
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/root", (int)getppid());
	ck_assert_int_eq(pin_here(path, PIN_FOLLOW, &pin), -EACCES);
	pin_release(&pin);
}
END_TEST

/* A path leads to what it was read from until something else is there. */
START_TEST(names)
{
	struct pin found, absent;

	enter_directory();
	ck_assert_int_eq(pin_here("d", PIN_ENTRY, &found), 0);
	ck_assert_int_eq(pin_here("d/new", PIN_CREATE, &absent), 0);
	ck_assert(pin_is_named(&found));
	ck_assert(pin_is_named(&absent));
	ck_assert_int_eq(rename("d", "away"), 0);
	ck_assert(!pin_is_named(&found));
	ck_assert(!pin_is_named(&absent));
	ck_assert_int_eq(mkdir("d", 0700), 0);
	ck_assert(!pin_is_named(&found));
	ck_assert(!pin_is_named(&absent));
	ck_assert_int_eq(rmdir("away"), 0);
	pin_release(&found);
	pin_release(&absent);
	leave_directory();
}
END_TEST

static void check_deleted(int fd, const char *expected)
{
	struct pin pin = PIN_INIT;
	const size_t length = strlen(expected);

	ck_assert_int_eq(pin_fd(&pin, dup(fd)), 0);
	ck_assert_str_eq(pin.path + pin.length - length, expected);
	pin_release(&pin);
}

/* What the kernel says of a removed name is no part of it, whoever has others.
 */
START_TEST(deleted_names)
{
	int fd;

	enter_directory();
	fd = open("d/x", O_RDWR | O_CREAT | O_EXCL, 0600);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(link("d/x", "d/other"), 0);
	ck_assert_int_eq(unlink("d/x"), 0);
	check_deleted(fd, "/d/x");
	/* Another file that has just this name. */
	ck_assert_int_eq(mkdir("d/x (deleted)", 0700), 0);
	check_deleted(fd, "/d/x");
	ck_assert_int_eq(rmdir("d/x (deleted)"), 0);
	ck_assert_int_eq(rename("d/other", "d/x (deleted)"), 0);
	close(fd);
	fd = open("d/x (deleted)", O_PATH);
	check_deleted(fd, "/d/x (deleted)");
	ck_assert_int_eq(unlink("d/x (deleted)"), 0);
	check_deleted(fd, "/d/x (deleted)");
	close(fd);
	leave_directory();
}
END_TEST

/* What a bare name is in is the base's own: nothing of it is closed with the
 * pin, whatever link the name was, and what has been taken over stays. */
START_TEST(lent)
{
	struct lookup_base view, second;
	struct pin pin = PIN_INIT;
	struct stat here, st;

	enter_directory();
	ck_assert_int_eq(stat(".", &here), 0);
	ck_assert_int_eq(lookup_base_open(&view, NULL, getpid(), getppid(),
					  AT_FDCWD, "x", false),
			 0);
	lookup_base_lend(&second, &view);
	for (const char *const *name =
		     (const char *const[]){"d", "none", "dangling", NULL};
	     *name; name++) {
		ck_assert_int_eq(pin_path(&pin, &second, *name, PIN_ENTRY, 0),
				 0);
		pin_release(&pin);
		ck_assert_int_le(pin_path(&pin, &second, *name, PIN_CREATE, 0),
				 0);
		/* It is the base's, or its own. */
		ck_assert(pin.fd >= 0 || !fstat(pin.parent, &st));
		pin_release(&pin);
		ck_assert_int_eq(fstat(view.origin, &st), 0);
		ck_assert(st.st_ino == here.st_ino);
	}
	ck_assert_int_eq(pin_path(&pin, &second, "d", PIN_FOLLOW, 0), 0);
	ck_assert_int_eq(pin_directory(&pin, &second, "d", true, 0), 0);
	lookup_base_close(&second);
	ck_assert_int_eq(fstat(view.origin, &st), 0);
	lookup_base_close(&view);
	/* It has been made the pin's own. */
	ck_assert_int_eq(fstat(pin.parent, &st), 0);
	ck_assert(st.st_ino == here.st_ino);
	pin_release(&pin);
	leave_directory();
}
END_TEST

static int pin_in_root(const char *path, enum pin_mode mode, uint64_t resolve,
		       struct pin *ret)
{
	struct lookup_base view;
	int error;

	*ret = (struct pin)PIN_INIT;
	ck_assert_int_eq(lookup_base_open(&view, NULL, getpid(), getppid(),
					  AT_FDCWD, ".", false),
			 0);
	error = pin_path(ret, &view, path, mode, resolve);
	lookup_base_close(&view);
	return error;
}

/* A slash at the beginning, of a path or a link, means where it starts. */
START_TEST(in_root)
{
	struct pin pin;
	struct stat here;

	enter_directory();
	ck_assert_int_eq(symlink("/d", "link"), 0);
	ck_assert_int_eq(lstat("d", &here), 0);
	for (const char *const *path =
		     (const char *const[]){"/d", "/../d", "/link", NULL};
	     *path; path++) {
		ck_assert_int_eq(
			pin_in_root(*path, PIN_FOLLOW, RESOLVE_IN_ROOT, &pin),
			0);
		ck_assert(pin.stat.st_ino == here.st_ino);
		pin_release(&pin);
		ck_assert_int_eq(
			pin_in_root(*path, PIN_FOLLOW, RESOLVE_BENEATH, &pin),
			-EXDEV);
		pin_release(&pin);
	}
	ck_assert_int_eq(pin_in_root("/new", PIN_CREATE, RESOLVE_IN_ROOT, &pin),
			 0);
	ck_assert_int_eq(fstat(pin.parent, &here), 0);
	pin_release(&pin);
	ck_assert_int_eq(pin_in_root(".", PIN_FOLLOW, 0, &pin), 0);
	ck_assert(pin.stat.st_ino == here.st_ino);
	pin_release(&pin);
	unlink("link");
	leave_directory();
}
END_TEST

UNIT_MAIN("pin", modes, names, missing, slashes, long_path, magic_links,
	  deleted_names, lent, in_root);
