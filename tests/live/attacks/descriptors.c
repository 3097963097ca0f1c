/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Attacks by descriptors that only name something, or lead past names. */
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "attack.h"

/* What fails with EBADF, as it does for every descriptor of this kind. */
static int bad(const char *what, long result)
{
	if (result >= 0)
		return hole(what);
	if (errno != EBADF) {
		printf("%s: %s\n", what, strerror(errno));
		return 1;
	}
	return 0;
}

/* path_only FORBIDDEN: all that reads or writes without opening. */
static int path_only(char **arguments)
{
	const int fd = open(arguments[0], O_PATH | O_CLOEXEC);
	const int memory = memfd_create("attack", MFD_CLOEXEC);
	char bytes[16];
	int pipes[2], found = 0;

	if (fd < 0 || memory < 0 || pipe(pipes) < 0)
		return 77;
	found |= bad("mmap", mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0) ==
					     MAP_FAILED
				     ? -1
				     : 0);
	found |= bad("read", read(fd, bytes, sizeof(bytes)));
	found |= bad("pread", pread(fd, bytes, sizeof(bytes), 0));
	found |= bad("write", write(fd, "x", 1));
	found |= bad("sendfile", sendfile(memory, fd, NULL, 16));
	found |= bad("sendfile into it", sendfile(fd, memory, NULL, 16));
	found |= bad("copy_file_range",
		     copy_file_range(fd, NULL, memory, NULL, 16, 0));
	found |= bad("copy_file_range into it",
		     copy_file_range(memory, NULL, fd, NULL, 16, 0));
	found |= bad("splice", splice(fd, NULL, pipes[1], NULL, 16, 0));
	found |= bad("fallocate", fallocate(fd, 0, 0, 16));
	found |= bad("ftruncate", ftruncate(fd, 0));
	found |= bad("fchmod", fchmod(fd, 0666));
	found |= bad("ioctl", ioctl(fd, FIONREAD, bytes));
	return found;
}

/* Whether what was made is the forbidden file, and can be read. */
static int made(const char *what, int result, const char *path)
{
	char byte;
	int fd;

	if (result < 0)
		return refused(what);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	return fd >= 0 && read(fd, &byte, 1) == 1 ? hole(what) : 0;
}

/* by_descriptor FORBIDDEN NEW: new names for what a descriptor names. */
static int by_descriptor(char **arguments)
{
	const int fd = open(arguments[0], O_PATH | O_CLOEXEC);
	char path[PATH_MAX], *slash;
	int directory, found = 0;

	if (fd < 0)
		return 77;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	found |= made("link of /proc/self/fd",
		      linkat(AT_FDCWD, path, AT_FDCWD, arguments[1],
			     AT_SYMLINK_FOLLOW),
		      arguments[1]);
	unlink(arguments[1]);
	found |= made("link of a descriptor",
		      linkat(fd, "", AT_FDCWD, arguments[1], AT_EMPTY_PATH),
		      arguments[1]);
	unlink(arguments[1]);
	found |= made("symbolic link", symlink(path, arguments[1]),
		      arguments[1]);
	unlink(arguments[1]);
	snprintf(path, sizeof(path), "%s", arguments[0]);
	slash = strrchr(path, '/');
	*slash = '\0';
	directory = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (openat(directory, slash + 1, O_RDONLY) >= 0)
		found |= hole("a directory that is only named");
	found |= made("link beneath it",
		      linkat(directory, slash + 1, AT_FDCWD, arguments[1], 0),
		      arguments[1]);
	unlink(arguments[1]);
	found |= made("move from it",
		      renameat(directory, slash + 1, AT_FDCWD, arguments[1]),
		      arguments[1]);
	return found;
}

/* unlinked FORBIDDEN: its name is taken away, while it has another. */
static int unlinked(char **arguments)
{
	const int fd = open(arguments[0], O_PATH | O_CLOEXEC);
	char path[64];

	if (fd < 0)
		return 77;
	if (unlink(arguments[0]) < 0)
		refused("unlink");
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return made("open of what is unlinked", 0, path);
}

#define GIVEN 9 /* a directory that somebody else has opened */

/* given NAME: a file beneath a directory of another mount namespace. */
static int given(char **arguments)
{
	char path[PATH_MAX];
	int found = 0;

	if (openat(GIVEN, arguments[0], O_RDONLY) >= 0)
		found |= hole("openat");
	snprintf(path, sizeof(path), "/proc/self/fd/%d/%s", GIVEN,
		 arguments[0]);
	found |= made("open", 0, path);
	if (openat(GIVEN, "new", O_WRONLY | O_CREAT, 0600) >= 0)
		found |= hole("a file is made");
	if (fchdir(GIVEN) < 0)
		return found | refused("fchdir");
	return found | made("open there", 0, arguments[0]);
}

union handle {
	struct file_handle handle;
	char bytes[sizeof(struct file_handle) + MAX_HANDLE_SZ];
};

/* make_handle FILE: prints it. For who may, and is not supervised. */
static int make_handle(char **arguments)
{
	union handle handle = {.handle.handle_bytes = MAX_HANDLE_SZ};
	int mount;

	if (name_to_handle_at(AT_FDCWD, arguments[0], &handle.handle, &mount,
			      0) < 0)
		return 77;
	for (size_t i = 0; i < sizeof(handle); i++)
		printf("%02x", (unsigned char)handle.bytes[i]);
	putchar('\n');
	return 0;
}

/* by_handle BYTES: opens what it stands for, on the same file system. */
static int by_handle(char **arguments)
{
	union handle handle = {0};

	for (size_t i = 0; i < sizeof(handle); i++) {
		unsigned int byte;

		if (sscanf(arguments[0] + 2 * i, "%2x", &byte) != 1)
			return 2;
		handle.bytes[i] = (char)byte;
	}
	return open_by_handle_at(AT_FDCWD, &handle.handle, O_RDONLY) < 0
		       ? refused("open_by_handle_at")
		       : hole("open_by_handle_at");
}

const struct attack attacks_by_descriptors[] = {
	{"path_only", path_only},
	{"by_descriptor", by_descriptor},
	{"unlinked", unlinked},
	{"given", given},
	{"make_handle", make_handle},
	{"by_handle", by_handle},
	{NULL, NULL},
};
