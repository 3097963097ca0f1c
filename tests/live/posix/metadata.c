/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Calls that change metadata: see metadata.h. */
#include "metadata.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Newer than the system's headers may be. */
enum {
	NR_FCHMODAT2 = 452,
	NR_SETXATTRAT = 463,
	NR_REMOVEXATTRAT = 466,
	NR_FILE_SETATTR = 469,
};

#define ACL_BYTES 28
#define ACL_NOBODY "\xff\xff\xff\xff"

/* Owner rw, group r, others nothing, as the kernel has it. */
static const char acl[ACL_BYTES + 1] =
	"\2\0\0\0"
	"\1\0\6\0" ACL_NOBODY "\4\0\4\0" ACL_NOBODY "\40\0\0\0" ACL_NOBODY;

static const struct timespec specs[][2] = {
	[TIMES_PAST] = {{1000, 1}, {2000, 999999999}},
	[TIMES_NOW] = {{0, UTIME_NOW}, {0, UTIME_NOW}},
	[TIMES_OMIT] = {{0, UTIME_OMIT}, {0, UTIME_OMIT}},
	[TIMES_ONE] = {{0, UTIME_OMIT}, {3000, 5}},
	[TIMES_WRONG] = {{0, 1000000000}, {0, -1}},
};

/* In the units of the older calls, which know neither now nor never. */
static const long seconds[][4] = {
	[TIMES_PAST] = {1000, 1, 2000, 999999},
	[TIMES_NOW] = {0, 0, 0, 0},
	[TIMES_OMIT] = {5, 0, 6, 0},
	[TIMES_ONE] = {-1, 0, 1, 0},
	[TIMES_WRONG] = {0, 1000000, 0, -1},
};

static const void *times_of(const struct order *order, const void *table,
			    size_t size)
{
	if (order->length == TIMES_NULL)
		return NULL;
	if (order->length == TIMES_WILD)
		return (const void *)8;
	return (const char *)table + (size_t)order->length * size;
}

static long set_times(const struct order *o, int dir, const char *path)
{
	const void *old = times_of(o, seconds, sizeof(seconds[0]));

	switch (o->call) {
	case CALL_UTIME:
		return syscall(SYS_utime, path, old);
	case CALL_UTIMES:
		return syscall(SYS_utimes, path, old);
	case CALL_FUTIMESAT:
		return syscall(SYS_futimesat, dir, path, old);
	default:
		return syscall(SYS_utimensat, dir, path,
			       times_of(o, specs, sizeof(specs[0])), o->flags);
	}
}

/* The name of the attribute is the second path; an ACL has its own value. */
static long set_attribute(const struct order *o, int dir, const char *path)
{
	const char *name = o->path[1][0] ? o->path[1] : NULL;
	const char *value = strstr(o->path[1], "acl") ? acl : "value";
	const struct {
		uint64_t value;
		uint32_t size, flags;
	} args = {(uint64_t)(uintptr_t)value, (uint32_t)o->length,
		  (uint32_t)o->mode};

	switch (o->call) {
	case CALL_SETXATTR:
		return syscall(SYS_setxattr, path, name, value, o->length,
			       o->mode);
	case CALL_LSETXATTR:
		return syscall(SYS_lsetxattr, path, name, value, o->length,
			       o->mode);
	case CALL_SETXATTRAT:
		return syscall(NR_SETXATTRAT, dir, path, o->flags, name, &args,
			       o->size ? o->size : sizeof(args));
	case CALL_REMOVEXATTR:
		return syscall(SYS_removexattr, path, name);
	case CALL_LREMOVEXATTR:
		return syscall(SYS_lremovexattr, path, name);
	default:
		return syscall(NR_REMOVEXATTRAT, dir, path, o->flags, name);
	}
}

/* Of what open() with these flags returns; -2 where it returns nothing. */
static long by_descriptor(const struct order *o, const char *path)
{
	const int fd = open(path, (int)o->flags | O_CLOEXEC);
	long result;
	int error;

	if (fd < 0)
		return -2;
	if (o->call == CALL_FCHMOD)
		result = syscall(SYS_fchmod, fd, o->mode);
	else if (o->call == CALL_FCHOWN)
		result = syscall(SYS_fchown, fd, o->mode, o->length);
	else if (o->call == CALL_FSETXATTR)
		result = syscall(SYS_fsetxattr, fd, o->path[1], "value", 5, 0);
	else
		result = syscall(SYS_utimensat, fd, NULL, specs[o->length], 0);
	error = errno;
	close(fd);
	errno = error;
	return result;
}

static long watch(const struct order *o, const char *path)
{
	const int queue = o->size ? dup(0) : inotify_init1(IN_CLOEXEC);
	const long result =
		syscall(SYS_inotify_add_watch, queue, path, o->flags);
	const int error = errno;

	close(queue);
	errno = error;
	return result;
}

long metadata_call(const struct order *o, int dir, const char *path)
{
	static char bytes[4096];

	switch (o->call) {
	case CALL_CHMOD:
		return syscall(SYS_chmod, path, o->mode);
	case CALL_FCHMODAT:
		return syscall(SYS_fchmodat, dir, path, o->mode);
	case CALL_FCHMODAT2:
		return syscall(NR_FCHMODAT2, dir, path, o->mode, o->flags);
	case CALL_CHOWN:
		return syscall(SYS_chown, path, o->mode, o->length);
	case CALL_LCHOWN:
		return syscall(SYS_lchown, path, o->mode, o->length);
	case CALL_FCHOWNAT:
		return syscall(SYS_fchownat, dir, path, o->mode, o->length,
			       o->flags);
	case CALL_UTIME:
	case CALL_UTIMES:
	case CALL_FUTIMESAT:
	case CALL_UTIMENSAT:
		return set_times(o, dir, path);
	case CALL_FILE_SETATTR:
		return syscall(NR_FILE_SETATTR, dir, path, bytes,
			       (size_t)o->length, o->flags);
	case CALL_INOTIFY:
		return watch(o, path);
	case CALL_FCHMOD:
	case CALL_FCHOWN:
	case CALL_FSETXATTR:
	case CALL_FUTIMENS:
		return by_descriptor(o, path);
	default:
		return set_attribute(o, dir, path);
	}
}
