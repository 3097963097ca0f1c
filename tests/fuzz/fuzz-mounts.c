/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A table of mounts that says anything is read, or refused; where a path lies
 * in a file system is told for what is in the mount, and for nothing else.
 */
#include <errno.h>
#include <stdio.h>

#include "fuzz.h"
#include "path/mounts.h"

static void check_inner(const struct mount *mount, const char *path)
{
	const size_t point = mount->point[1] ? strlen(mount->point) : 0;
	char inner[PATH_MAX];
	const int error = mounts_inner(mount, path, inner);

	FUZZ_CHECK(error == 0 || error == -ENOENT || error == -ENAMETOOLONG);
	FUZZ_CHECK((error == -ENOENT) == !mounts_after(path, mount->point));
	if (error != 0)
		return;
	FUZZ_CHECK(strncmp(path, mount->point, point) == 0);
	/* What comes after the mount's own name is at the end. */
	if (path[point] && strcmp(path + point, "/") != 0)
		FUZZ_CHECK(strlen(inner) >= strlen(path + point) &&
			   strcmp(inner + strlen(inner) - strlen(path + point),
				  path + point) == 0);
}

static void check(const struct mounts *mounts)
{
	static const char *const paths[] = {"/", "/mnt", "/mnt/a b/c",
					    "/nowhere"};
	bool waits = false;

	for (size_t i = 0; i < mounts->count; i++) {
		const struct mount *mount = &mounts->items[i];

		FUZZ_CHECK(mount->root && mount->point);
		if (mount->id)
			FUZZ_CHECK(mounts_find(mounts, mount->id)->id ==
				   mount->id);
		for (size_t j = 0; j < sizeof(paths) / sizeof(paths[0]); j++)
			check_inner(mount, paths[j]);
		check_inner(mount, mount->point);
		waits = waits ||
			(mount->remote && mounts_after("/mnt/x", mount->point));
	}
	FUZZ_CHECK(mounts_may_wait(mounts, "/mnt/x") == waits);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mounts mounts;
	FILE *table;
	int error;

	if (size == 0)
		return 0;
	table = fmemopen((void *)(uintptr_t)data, size, "r");
	FUZZ_CHECK(table);
	error = mounts_parse(&mounts, table);
	fclose(table);
	FUZZ_CHECK(error <= 0);
	FUZZ_CHECK(!error || !mounts.count);
	check(&mounts);
	mounts_finish(&mounts);
	return 0;
}
