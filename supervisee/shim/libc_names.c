/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Calls that make and remove names, and truncate(2). */
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "shim/direct.h"

EXPORT int mkdir(const char *path, mode_t mode)
{
	return shim_direct(SYS_mkdir, (long)path, (long)mode, 0, 0);
}

EXPORT int mkdirat(int dirfd, const char *path, mode_t mode)
{
	return shim_direct(SYS_mkdirat, dirfd, (long)path, (long)mode, 0);
}

EXPORT int mkfifo(const char *path, mode_t mode)
{
	return shim_direct(SYS_mknod, (long)path, (long)(mode | S_IFIFO), 0, 0);
}

EXPORT int mkfifoat(int dirfd, const char *path, mode_t mode)
{
	return shim_direct(SYS_mknodat, dirfd, (long)path,
			   (long)(mode | S_IFIFO), 0);
}

EXPORT int rmdir(const char *path)
{
	return shim_direct(SYS_rmdir, (long)path, 0, 0, 0);
}

EXPORT int unlink(const char *path)
{
	return shim_direct(SYS_unlink, (long)path, 0, 0, 0);
}

EXPORT int unlinkat(int dirfd, const char *path, int flags)
{
	return shim_direct(SYS_unlinkat, dirfd, (long)path, flags, 0);
}

EXPORT int symlink(const char *target, const char *path)
{
	return shim_direct(SYS_symlink, (long)target, (long)path, 0, 0);
}

EXPORT int symlinkat(const char *target, int dirfd, const char *path)
{
	return shim_direct(SYS_symlinkat, (long)target, dirfd, (long)path, 0);
}

EXPORT int truncate(const char *path, off_t length)
{
	return shim_direct(SYS_truncate, (long)path, length, 0, 0);
}

__attribute__((alias("truncate"))) EXPORT int truncate64(const char *path,
							 off_t length);
