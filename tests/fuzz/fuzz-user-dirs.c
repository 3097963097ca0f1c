/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A user-dirs.dirs that says anything: a variable of it is an absolute path
 * that is not the whole home, or has no value.
 */
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/object.h"
#include "fuzz.h"
#include "policy/expand.h"

static char directory[] = "/tmp/landlord-fuzz.XXXXXX";
static char file[sizeof(directory) + 32];

static void clean_up(void)
{
	unlink(file);
	rmdir(directory);
}

/* The file is in memory; what is read is only a name for it. */
static int make_file(void)
{
	const int fd = memfd_create("user-dirs.dirs", MFD_CLOEXEC);
	char target[64];

	FUZZ_CHECK(fd >= 0 && mkdtemp(directory));
	snprintf(file, sizeof(file), "%s/user-dirs.dirs", directory);
	snprintf(target, sizeof(target), "/proc/self/fd/%d", fd);
	FUZZ_CHECK(symlink(target, file) == 0);
	setenv("XDG_CONFIG_HOME", directory, 1);
	setenv("HOME", "/home/u", 1);
	atexit(clean_up);
	return fd;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static int fd = -1;
	const char *expected;
	char *path = NULL;

	if (fd < 0)
		fd = make_file();
	FUZZ_CHECK(ftruncate(fd, 0) == 0);
	FUZZ_CHECK(pwrite(fd, data, size, 0) == (ssize_t)size);
	if (!expand_path("$XDG_DOCUMENTS_DIR", EXPAND_ENVIRONMENT, NULL, &path,
			 &expected)) {
		FUZZ_CHECK(path && path[0] == '/');
		/* All of the home is no directory for documents. */
		FUZZ_CHECK(!path_is_beneath("/home/u", path));
	}
	free(path);
	return 0;
}
