/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A path of any bytes in a replica leads to the pinned directory, or there is
 * none. Each runs in a process of its own, which needs a user namespace.
 */
#include <errno.h>
#include <limits.h>
#include <sys/wait.h>

#include "path/replica.h"
#include "scratch.h"

/* In the child. Returns: its exit status. */
static int try_path(char *path)
{
	struct stat wanted, found;
	const int directory = open("pinned", O_PATH | O_DIRECTORY | O_CLOEXEC);
	char canonical[sizeof(scratch) + 16], *slash;

	snprintf(canonical, sizeof(canonical), "%s/pinned", scratch);
	if (directory < 0 || fstat(directory, &wanted) < 0)
		return 2;
	if (replica_enter(directory, canonical, path) < 0)
		return 0;
	slash = strrchr(path, '/');
	if (slash)
		slash[1] = '\0';
	/* What goes down from the directory, to come back up, finds no way. */
	if (stat(slash ? path : ".", &found) < 0)
		return errno == ENOENT && strstr(path, "..") ? 0 : 3;
	return found.st_ino == wanted.st_ino && found.st_dev == wanted.st_dev
		       ? 0
		       : 4;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *path;
	int status;
	pid_t pid;

	/* A UNIX socket's address is no longer. */
	if (size == 0 || size > 108)
		return 0;
	if (!scratch_owner) {
		scratch_enter();
		FUZZ_CHECK(mkdir("pinned", 0700) == 0);
	}
	path = fuzz_string(data, size);
	if (!path[0] || path[strlen(path) - 1] == '/') {
		free(path);
		return 0;
	}
	pid = fork();
	FUZZ_CHECK(pid >= 0);
	if (pid == 0)
		_exit(try_path(path));
	/* libFuzzer has a timer. */
	while (waitpid(pid, &status, 0) < 0)
		FUZZ_CHECK(errno == EINTR);
	FUZZ_CHECK(status == 0);
	free(path);
	return 0;
}
