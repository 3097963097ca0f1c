/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A library of somebody else's: loaded by a program, or preloaded, where its
 * open(2) tells that it was called and goes on to the next one.
 */
#include <dlfcn.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <unistd.h>

int library_open(const char *path)
{
	return openat(AT_FDCWD, path, O_RDONLY);
}

int open(const char *path, int flags, ...)
{
	static int (*next)(const char *, int, ...);
	va_list arguments;
	mode_t mode;

	va_start(arguments, flags);
	mode = flags & O_CREAT ? va_arg(arguments, mode_t) : 0;
	va_end(arguments);
	if (!next)
		next = (int (*)(const char *, int, ...))dlsym(RTLD_NEXT,
							      "open");
	if (getenv("WRAPPER_TELLS"))
		(void)!write(STDERR_FILENO, "wrapped\n", 8);
	return next(path, flags, mode);
}
