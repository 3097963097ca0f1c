/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The view shows what was granted, by itself, and nothing else. */
#include <check.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "directory.h"
#include "seccomp/exec/exec_view.h"
#include "unit.h"

static char *root;
static struct exec_view *view;

/* Returns: whether there can be a view on this machine. */
static bool enter(void)
{
	root = strdup("/var/tmp/landlord-view.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(root));
	ck_assert_int_eq(chdir(root), 0);
	directory_write(root, "granted", "first");
	directory_write(root, "second", "second");
	directory_write(root, "secret", "secret");
	ck_assert_int_eq(exec_view_new(&view), 0);
	if (exec_view_directory(view) >= 0)
		return true;
	printf("SKIP exec-view: no user namespace can be made here\n");
	return false;
}

static void leave(void)
{
	ck_assert_ptr_null(exec_view_free(view));
	ck_assert_int_eq(chdir("/"), 0);
	directory_remove(root);
}

static struct image_file image_of(const char *name)
{
	struct image_file file = {.fd = -1};
	struct stat st;

	ck_assert_int_gt(asprintf(&file.path, "%s/%s", root, name), 0);
	file.length = strlen(file.path);
	ck_assert_int_eq(stat(file.path, &st), 0);
	file.device = st.st_dev;
	file.inode = st.st_ino;
	return file;
}

/* What is beneath it, in the place of the test's directory. */
static unsigned int count_entries(void)
{
	DIR *directory = fdopendir(openat(exec_view_directory(view), root + 1,
					  O_RDONLY | O_DIRECTORY | O_CLOEXEC));
	const struct dirent *entry;
	unsigned int count = 0;

	while (directory && (entry = readdir(directory)))
		count += entry->d_name[0] != '.';
	if (directory)
		closedir(directory);
	return count;
}

static void check_shown(const struct image_file *file)
{
	const int fd = exec_view_open(view, file);
	struct stat st;

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(fstat(fd, &st), 0);
	ck_assert(st.st_dev == file->device && st.st_ino == file->inode);
	ck_assert(exec_view_shows(view, file));
	close(fd);
}

START_TEST(what_was_granted_alone)
{
	struct image_file first, second, other;

	if (!enter())
		return leave();
	first = image_of("granted");
	second = image_of("second");
	ck_assert_uint_eq(count_entries(), 0);
	ck_assert(!exec_view_shows(view, &first));
	check_shown(&first);
	ck_assert_uint_eq(count_entries(), 1);
	ck_assert(!exec_view_shows(view, &second));
	check_shown(&first);
	ck_assert_uint_eq(count_entries(), 1);
	check_shown(&second);
	ck_assert_uint_eq(count_entries(), 2);
	/* Not what was the root before. */
	ck_assert_int_lt(openat(exec_view_directory(view), "etc", O_PATH), 0);
	/* Another file has the name by now. */
	other = image_of("secret");
	free(other.path);
	other.path = first.path;
	ck_assert_int_eq(exec_view_open(view, &other), -ESTALE);
	ck_assert(!exec_view_shows(view, &other));
	free(first.path);
	free(second.path);
	leave();
}
END_TEST

/* It may be called something else meanwhile: it is still that. */
START_TEST(renamed)
{
	struct image_file file, other;

	if (!enter())
		return leave();
	file = image_of("granted");
	check_shown(&file);
	ck_assert_int_eq(rename("granted", "elsewhere"), 0);
	check_shown(&file);
	/* Another one has its name, and is shown in its place. */
	ck_assert_int_eq(rename("second", "granted"), 0);
	other = image_of("granted");
	check_shown(&other);
	ck_assert(!exec_view_shows(view, &file));
	ck_assert_int_eq(exec_view_open(view, &file), -ESTALE);
	free(other.path);
	free(file.path);
	leave();
}
END_TEST

UNIT_MAIN("exec-view", what_was_granted_alone, renamed);
