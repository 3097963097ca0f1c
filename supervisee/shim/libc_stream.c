/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fopen(3) and opendir(3), which do not call the open(2) that programs see.
 * What is opened for them here is handed to the C library's own functions.
 */
#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "shim/direct.h"
#include "shim/libc_open.h"

#define ALIAS(function) __attribute__((alias(#function))) EXPORT
#define MODE_NEW (S_IRUSR | S_IWUSR | S_IRGRP | S_IWGRP | S_IROTH | S_IWOTH)

typedef FILE *(*fopen_fn)(const char *path, const char *mode);

/* The flags of a mode, -1 for one that is not known. */
static int stream_flags(const char *mode)
{
	int flags;

	switch (mode[0]) {
	case 'r':
		flags = O_RDONLY;
		break;
	case 'w':
		flags = O_WRONLY | O_CREAT | O_TRUNC;
		break;
	case 'a':
		flags = O_WRONLY | O_CREAT | O_APPEND;
		break;
	default:
		return -1;
	}
	for (mode++; *mode; mode++) {
		if (*mode == '+')
			flags = (flags & ~O_ACCMODE) | O_RDWR;
		else if (*mode == 'x')
			flags |= O_EXCL;
		else if (*mode == 'e')
			flags |= O_CLOEXEC;
	}
	return flags;
}

static void close_quietly(int fd)
{
	const int former = errno;

	shim_call(SYS_close, fd, 0, 0, 0, 0);
	errno = former;
}

EXPORT FILE *fopen(const char *path, const char *mode)
{
	const int flags = stream_flags(mode);
	fopen_fn next;
	FILE *stream;
	int fd;

	/* A character set (",ccs=") only fopen itself understands. */
	if (strchr(mode, ',')) {
		next = (fopen_fn)dlsym(RTLD_NEXT, "fopen");
		return next ? next(path, mode) : NULL;
	}
	if (flags < 0) {
		errno = EINVAL;
		return NULL;
	}
	fd = shim_open(AT_FDCWD, path, flags, MODE_NEW);
	if (fd < 0)
		return NULL;
	stream = fdopen(fd, mode);
	if (!stream)
		close_quietly(fd);
	return stream;
}

EXPORT DIR *opendir(const char *path)
{
	const int fd =
		shim_open(AT_FDCWD, path,
			  O_RDONLY | O_NONBLOCK | O_DIRECTORY | O_CLOEXEC, 0);
	DIR *directory;

	if (fd < 0)
		return NULL;
	directory = fdopendir(fd);
	if (!directory)
		close_quietly(fd);
	return directory;
}

ALIAS(fopen) FILE *fopen64(const char *path, const char *mode);
