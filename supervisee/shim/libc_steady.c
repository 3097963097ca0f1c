/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Calls that the supervisor always sees, and that no signal interrupts natively:
 * see shim_steady().
 */
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "shim/direct.h"

static int steady(long number, long a, long b, long c, long d)
{
	return shim_result(shim_steady(number, a, b, c, d));
}

EXPORT int rename(const char *from, const char *to)
{
	return steady(SYS_rename, (long)from, (long)to, 0, 0);
}

EXPORT int renameat(int fromfd, const char *from, int tofd, const char *to)
{
	return steady(SYS_renameat, fromfd, (long)from, tofd, (long)to);
}

EXPORT int link(const char *from, const char *to)
{
	return steady(SYS_link, (long)from, (long)to, 0, 0);
}

EXPORT int kill(pid_t pid, int signal_number)
{
	return steady(SYS_kill, pid, signal_number, 0, 0);
}

EXPORT int chmod(const char *path, mode_t mode)
{
	return steady(SYS_chmod, (long)path, (long)mode, 0, 0);
}

EXPORT int chown(const char *path, uid_t owner, gid_t group)
{
	return steady(SYS_chown, (long)path, (long)owner, (long)group, 0);
}

EXPORT int lchown(const char *path, uid_t owner, gid_t group)
{
	return steady(SYS_lchown, (long)path, (long)owner, (long)group, 0);
}

EXPORT int socket(int family, int type, int protocol)
{
	return steady(SYS_socket, family, type, protocol, 0);
}
