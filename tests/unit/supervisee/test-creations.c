/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a tree has made: objects of a directory that is made for the test. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/fd.h"
#include "engine/creations.h"
#include "unit.h"

#define MANY 1000
#define TEMPORARY 5000
#define SEED 7

static char directory[] = "/tmp/landlord-made-XXXXXX";
static int at;
static struct creations *creations;

static void setup(void)
{
	strcpy(directory + sizeof(directory) - 7, "XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(directory));
	at = open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
	ck_assert_int_ge(at, 0);
	ck_assert_int_eq(creations_new(&creations), 0);
}

static void teardown(void)
{
	char command[64];

	creations_free(creations);
	close(at);
	snprintf(command, sizeof(command), "rm -r %s", directory);
	ck_assert_int_eq(system(command), 0);
}

static int make(const char *name)
{
	const int fd = openat(at, name, O_CREAT | O_EXCL | O_WRONLY, 0600);

	ck_assert_int_ge(fd, 0);
	return fd;
}

static bool has(const char *name)
{
	_cleanup_fd_ int fd = openat(at, name, O_PATH | O_NOFOLLOW);

	ck_assert_int_ge(fd, 0);
	return creations_has(creations, fd);
}

START_TEST(by_object)
{
	_cleanup_fd_ int own = make("own");

	close(make("other"));
	ck_assert(!creations_has(creations, own));
	creations_add(creations, own, "", 0);
	creations_add(creations, own, "", 0);
	ck_assert(has("own"));
	ck_assert(!has("other"));
	ck_assert_int_eq(linkat(at, "own", at, "link", 0), 0);
	ck_assert_int_eq(renameat(at, "other", at, "own"), 0);
	ck_assert(has("link"));
	ck_assert(!has("own"));
}
END_TEST

/* A link is itself, and never what it leads to. */
START_TEST(by_name)
{
	close(make("own"));
	close(make("other"));
	ck_assert_int_eq(symlinkat("other", at, "link"), 0);
	creations_add(creations, at, "own", 0);
	creations_add(creations, at, "link", 0);
	creations_add(creations, at, "none", 0);
	ck_assert(has("own"));
	ck_assert(has("link"));
	ck_assert(!has("other"));
}
END_TEST

/* Whatever gets its number later. */
START_TEST(gone)
{
	for (int i = 0; i < 100; i++) {
		const int own = make("own");

		creations_add(creations, own, "", 0);
		close(own);
		ck_assert(has("own"));
		ck_assert_int_eq(unlinkat(at, "own", 0), 0);
		close(make("own"));
		ck_assert(!has("own"));
		ck_assert_int_eq(unlinkat(at, "own", 0), 0);
	}
}
END_TEST

/* What had the name before cannot have been made now. */
START_TEST(older)
{
	_cleanup_fd_ int own = make("own");
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	creations_add(creations, own, "",
		      ((int64_t)now.tv_sec + 1) * 1000000000);
	ck_assert(!has("own"));
	creations_add(creations, own, "",
		      ((int64_t)now.tv_sec - 1) * 1000000000);
	ck_assert(has("own"));
}
END_TEST

START_TEST(many)
{
	char name[16];

	for (int i = 0; i < MANY; i++) {
		_cleanup_fd_ int fd = -1;

		snprintf(name, sizeof(name), "%d", i);
		fd = make(name);
		if (i % 2)
			creations_add(creations, fd, "", 0);
	}
	for (int i = 0; i < MANY; i++) {
		snprintf(name, sizeof(name), "%d", i);
		ck_assert_int_eq(has(name), i % 2);
	}
}
END_TEST

static void removed(int fd)
{
	struct stat st;

	ck_assert_int_eq(fstat(fd, &st), 0);
	creations_remove(creations, st.st_dev, st.st_ino, S_ISDIR(st.st_mode));
}

/* Whatever order they go in, those that stay are found. */
START_TEST(directories_are_forgotten)
{
	uint64_t seed = SEED;
	int fds[MANY];
	bool kept[MANY];
	char name[16];

	for (int i = 0; i < MANY; i++) {
		snprintf(name, sizeof(name), "%d", i);
		ck_assert_int_eq(mkdirat(at, name, 0700), 0);
		fds[i] = openat(at, name, O_PATH | O_DIRECTORY);
		ck_assert_int_ge(fds[i], 0);
		creations_add(creations, at, name, 1);
		kept[i] = unit_below(&seed, 3) != 0;
	}
	for (int i = 0; i < MANY; i++)
		if (!kept[i])
			removed(fds[i]);
	for (int i = 0; i < MANY; i++) {
		ck_assert_int_eq(creations_has(creations, fds[i]), kept[i]);
		close(fds[i]);
	}
}
END_TEST

/* It may be open. Of many, those without a name go, and no others. */
START_TEST(files_without_names_stay_for_a_while)
{
	_cleanup_fd_ int named = make("named");
	_cleanup_fd_ int open = make("open");

	creations_add(creations, named, "", 0);
	creations_add(creations, open, "", 0);
	ck_assert_int_eq(unlinkat(at, "open", 0), 0);
	removed(open);
	ck_assert(creations_has(creations, open));
	for (int i = 0; i < TEMPORARY; i++) {
		_cleanup_fd_ int fd = -1;
		char name[16];

		/* Another one each time, which no file with its name is. */
		snprintf(name, sizeof(name), "%d", i);
		fd = make(name);
		creations_add(creations, fd, "", 0);
		ck_assert(creations_has(creations, fd));
		removed(fd);
		removed(fd);
	}
	ck_assert(creations_has(creations, named));
	ck_assert(!creations_has(creations, open));
}
END_TEST

int main(void)
{
	TCase *const tcase = tcase_create("creations");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, by_object);
	tcase_add_test(tcase, by_name);
	tcase_add_test(tcase, gone);
	tcase_add_test(tcase, older);
	tcase_add_test(tcase, many);
	tcase_add_test(tcase, directories_are_forgotten);
	tcase_add_test(tcase, files_without_names_stay_for_a_while);
	return unit_run_case("creations", tcase);
}
