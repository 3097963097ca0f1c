/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The names in a directory, read at once. */
#include <errno.h>

#include "base/folder.h"
#include "directory.h"
#include "unit.h"

static char *root;

static enum folder_kind kind(const struct folder *folder, const char *name)
{
	return folder_find(folder, name, strlen(name));
}

static void make(const char *prefix, unsigned int count)
{
	for (unsigned int i = 0; i < count; i++) {
		char name[64];

		snprintf(name, sizeof(name), "%s%u", prefix, i);
		directory_write(root, name, "");
	}
}

/* Skips where files of tests lie on a file system that is not read at once. */
static struct folder *read_root(void)
{
	struct folder *folder = NULL;
	const int result = folder_read(&folder, AT_FDCWD, root);

	if (result == -EOPNOTSUPP) {
		directory_remove(root);
		exit(77);
	}
	ck_assert_int_eq(result, 0);
	return folder;
}

START_TEST(kinds)
{
	struct folder *folder;

	root = directory_make();
	directory_write(root, "file", "");
	directory_write(root, "directory/file", "");
	ck_assert_int_eq(symlink("file", directory_path(root, "link")), 0);
	make("other", 300);
	folder = read_root();
	ck_assert_int_eq(kind(folder, "file"), FOLDER_OTHER);
	ck_assert_int_eq(kind(folder, "directory"), FOLDER_OTHER);
	ck_assert_int_eq(kind(folder, "link"), FOLDER_LINK);
	ck_assert_int_eq(kind(folder, "fil"), FOLDER_NOTHING);
	ck_assert_int_eq(kind(folder, "file2"), FOLDER_NOTHING);
	ck_assert_int_eq(kind(folder, ""), FOLDER_NOTHING);
	ck_assert_int_eq(folder_find(folder, "file/more", 4), FOLDER_OTHER);
	for (unsigned int i = 0; i < 301; i++) {
		char name[16];

		snprintf(name, sizeof(name), "other%u", i);
		ck_assert_int_eq(kind(folder, name),
				 i < 300 ? FOLDER_OTHER : FOLDER_NOTHING);
	}
	folder_free(folder);
	directory_remove(root);
}
END_TEST

START_TEST(empty)
{
	struct folder *folder;

	root = directory_make();
	folder = read_root();
	ck_assert_int_eq(kind(folder, "file"), FOLDER_NOTHING);
	folder_free(folder);
	directory_remove(root);
}
END_TEST

/* Where something could be that is not told, nothing is said. */
START_TEST(unknown)
{
	struct folder *folder = NULL;

	root = directory_make();
	directory_write(root, "file", "");
	ck_assert_int_eq(symlink(".", directory_path(root, "link")), 0);
	ck_assert_int_eq(kind(NULL, "file"), FOLDER_UNKNOWN);
	ck_assert_int_eq(folder_read(&folder, AT_FDCWD, "/proc"), -EOPNOTSUPP);
	ck_assert_int_eq(
		folder_read(&folder, AT_FDCWD, directory_path(root, "absent")),
		-ENOENT);
	ck_assert_int_eq(
		folder_read(&folder, AT_FDCWD, directory_path(root, "file")),
		-ENOTDIR);
	ck_assert_int_lt(
		folder_read(&folder, AT_FDCWD, directory_path(root, "link")),
		0);
	make("a-name-that-is-long-so-that-they-do-not-fit-", 1000);
	ck_assert_int_eq(folder_read(&folder, AT_FDCWD, root), -EOPNOTSUPP);
	ck_assert_ptr_null(folder);
	directory_remove(root);
}
END_TEST

UNIT_MAIN("folder", kinds, empty, unknown);
