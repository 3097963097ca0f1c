/* SPDX-License-Identifier: GPL-2.0-or-later */
/* open(2) and its forms, those of _FORTIFY_SOURCE included. */
#include "shim/libc_open.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "shim/direct.h"

/* The same functions under another name: a file offset has one size here. */
#define ALIAS(function) __attribute__((alias(#function))) EXPORT

int open_2(const char *path, int flags) __asm__("__open_2");
int open64_2(const char *path, int flags) __asm__("__open64_2");
int openat_2(int dirfd, const char *path, int flags) __asm__("__openat_2");
int openat64_2(int dirfd, const char *path, int flags) __asm__("__openat64_2");

static bool takes_mode(int flags)
{
	return (flags & O_CREAT) || (flags & O_TMPFILE) == O_TMPFILE;
}

/*
 * Who opens these may wait for somebody, and natively be interrupted. To look
 * costs nobody's attention.
 */
static bool may_wait(int dirfd, const char *path)
{
	struct stat st;

	return !shim_call(SYS_newfstatat, dirfd, (long)path, (long)&st, 0, 0) &&
	       !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode);
}

static long ask(int dirfd, const char *path, int flags, mode_t mode)
{
	long result;

	do
		result = shim_call(SYS_openat, dirfd, (long)path, flags,
				   (long)mode, 0);
	while (result == -EINTR && !may_wait(dirfd, path));
	return result;
}

int shim_open(int dirfd, const char *path, int flags, mode_t mode)
{
	/*
	 * Landlock refuses to open what has been created already: tried again,
	 * an exclusive creation would find its own file there.
	 */
	const bool exclusive = (flags & O_CREAT) && (flags & O_EXCL);
	long result = -EACCES;

	if (!exclusive)
		result = shim_call(SYS_openat, dirfd, (long)path, flags,
				   (long)mode, MARKER);
	if (result == -EACCES || result == -EPERM)
		result = ask(dirfd, path, flags, mode);
	return shim_result(result);
}

static mode_t read_mode(int flags, va_list arguments)
{
	return takes_mode(flags) ? va_arg(arguments, mode_t) : 0;
}

EXPORT int open(const char *path, int flags, ...)
{
	va_list arguments;
	mode_t mode;

	va_start(arguments, flags);
	mode = read_mode(flags, arguments);
	va_end(arguments);
	return shim_open(AT_FDCWD, path, flags, mode);
}

EXPORT int openat(int dirfd, const char *path, int flags, ...)
{
	va_list arguments;
	mode_t mode;

	va_start(arguments, flags);
	mode = read_mode(flags, arguments);
	va_end(arguments);
	return shim_open(dirfd, path, flags, mode);
}

EXPORT int creat(const char *path, mode_t mode)
{
	return shim_open(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode);
}

/* A forgotten mode ends the program, as in the C library. */
EXPORT int open_2(const char *path, int flags)
{
	if (takes_mode(flags))
		abort();
	return shim_open(AT_FDCWD, path, flags, 0);
}

EXPORT int openat_2(int dirfd, const char *path, int flags)
{
	if (takes_mode(flags))
		abort();
	return shim_open(dirfd, path, flags, 0);
}

ALIAS(open) int open64(const char *path, int flags, ...);
ALIAS(openat) int openat64(int dirfd, const char *path, int flags, ...);
ALIAS(creat) int creat64(const char *path, mode_t mode);
ALIAS(__open_2) int open64_2(const char *path, int flags);
ALIAS(__openat_2) int openat64_2(int dirfd, const char *path, int flags);
