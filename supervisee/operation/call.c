// SPDX-License-Identifier: GPL-2.0-or-later
/* The table of system calls that trap: see call.h. */
#include "operation/call.h"

#include <fcntl.h>
#include <sys/syscall.h>

#include "base/cleanup.h"
#include "operation/operations.h"

#define OPERATION(syscall, op, ...)                        \
	{                                                  \
		.number = SYS_##syscall, .name = #syscall, \
		.operation = &operation_##op, __VA_ARGS__  \
	}

#define ARGS(d, p, d2, p2, f, m) \
	.dirfd = d, .path = p, .dirfd2 = d2, .path2 = p2, .flags = f, .mode = m

/* Traps only so that we learn of it. */
#define IDENTITY(syscall)                                  \
	{                                                  \
		.number = SYS_##syscall, .name = #syscall, \
		.changes_identity = true                   \
	}

#define CONFINEMENT(syscall)                                                \
	{                                                                   \
		.number = SYS_##syscall, .name = #syscall, .confines = true \
	}

/* clang-format off */
const struct call calls[] = {
	/*                          dirfd path dirfd2 path2 flags mode */
	OPERATION(open,      open,     ARGS(-1, 0, -1, -1,  1,  2)),
	OPERATION(creat,     open,     ARGS(-1, 0, -1, -1, -1,  1),
		  .implied_flags = O_CREAT | O_WRONLY | O_TRUNC),
	OPERATION(openat,    open,     ARGS( 0, 1, -1, -1,  2,  3)),
	OPERATION(openat2,   open,     ARGS( 0, 1, -1, -1, -1, -1)),
	OPERATION(execve,    exec,     ARGS(-1, 0, -1, -1, -1, -1)),
	OPERATION(execveat,  exec,     ARGS( 0, 1, -1, -1,  4, -1)),
	OPERATION(mkdir,     mkdir,    ARGS(-1, 0, -1, -1, -1,  1)),
	OPERATION(mkdirat,   mkdir,    ARGS( 0, 1, -1, -1, -1,  2)),
	OPERATION(mknod,     mknod,    ARGS(-1, 0, -1, -1,  2,  1)),
	OPERATION(mknodat,   mknod,    ARGS( 0, 1, -1, -1,  3,  2)),
	OPERATION(rmdir,     remove,   ARGS(-1, 0, -1, -1, -1, -1),
		  .implied_flags = AT_REMOVEDIR),
	OPERATION(unlink,    remove,   ARGS(-1, 0, -1, -1, -1, -1)),
	OPERATION(unlinkat,  remove,   ARGS( 0, 1, -1, -1,  2, -1)),
	OPERATION(rename,    rename,   ARGS(-1, 0, -1,  1, -1, -1)),
	OPERATION(renameat,  rename,   ARGS( 0, 1,  2,  3, -1, -1)),
	OPERATION(renameat2, rename,   ARGS( 0, 1,  2,  3,  4, -1)),
	OPERATION(link,      link,     ARGS(-1, 0, -1,  1, -1, -1)),
	OPERATION(linkat,    link,     ARGS( 0, 1,  2,  3,  4, -1)),
	OPERATION(symlink,   symlink,  ARGS(-1, 1, -1, -1, -1, -1)),
	OPERATION(symlinkat, symlink,  ARGS( 1, 2, -1, -1, -1, -1)),
	OPERATION(truncate,  truncate, ARGS(-1, 0, -1, -1, -1, -1)),
	OPERATION(ftruncate, ftruncate, ARGS(-1, -1, -1, -1, -1, -1)),
	OPERATION(kill,      signal,   ARGS(-1, -1, -1, -1, -1, -1)),
	OPERATION(tkill,     signal,   ARGS(-1, -1, -1, -1, -1, -1)),
	OPERATION(tgkill,    signal,   ARGS(-1, -1, -1, -1, -1, -1)),
	OPERATION(rt_sigqueueinfo, signal, ARGS(-1, -1, -1, -1, -1, -1)),
	OPERATION(rt_tgsigqueueinfo, signal, ARGS(-1, -1, -1, -1, -1, -1)),
	OPERATION(pidfd_send_signal, signal, ARGS(-1, -1, -1, -1, -1, -1)),
	OPERATION(prlimit64, limit,    ARGS(-1, -1, -1, -1, -1, -1)),
	OPERATION(fcntl,     owner,    ARGS(-1, -1, -1, -1, -1, -1)),
	OPERATION(ioctl,     ioctl,    ARGS(-1, -1, -1, -1, -1, -1)),
	OPERATION(connect,   connect,  ARGS(-1, -1, -1, -1, -1, -1)),
	OPERATION(bind,      bind,     ARGS(-1, -1, -1, -1, -1, -1)),
	OPERATION(sendto,    sendto,   ARGS(-1, -1, -1, -1, -1, -1)),
	OPERATION(sendmsg,   sendmsg,  ARGS(-1, -1, -1, -1, -1, -1)),
	OPERATION(sendmmsg,  sendmsg,  ARGS(-1, -1, -1, -1, -1, -1)),

	OPERATION(socket,    socket_create, ARGS(-1, -1, -1, -1, -1, -1)),
	OPERATION(socketpair, socket_create, ARGS(-1, -1, -1, -1, -1, -1)),
	OPERATION(unshare,   namespace, ARGS(-1, -1, -1, -1, -1, -1),
		  .changes_identity = true),
	OPERATION(setns,     namespace, ARGS(-1, -1, -1, -1, -1, -1),
		  .changes_identity = true),
	/* only into a namespace, or with shared descriptors */
	OPERATION(clone,     namespace, ARGS(-1, -1, -1, -1, -1, -1),
		  .changes_identity = true),

	IDENTITY(setuid),    IDENTITY(setgid),    IDENTITY(setreuid),
	IDENTITY(setregid),  IDENTITY(setresuid), IDENTITY(setresgid),
	IDENTITY(setgroups), IDENTITY(setfsuid),  IDENTITY(setfsgid),
	IDENTITY(capset),    IDENTITY(chroot),    IDENTITY(pivot_root),
	CONFINEMENT(landlock_restrict_self),
	CONFINEMENT(landlock_add_rule),
	IDENTITY(prctl), /* what takes capabilities from the next program */
};
/* clang-format on */

const size_t calls_count = ARRAY_SIZE(calls);

const struct call *call_find(int number)
{
	/* A few dozen entries in one cache line or three: no index needed. */
	for (size_t i = 0; i < ARRAY_SIZE(calls); i++)
		if (calls[i].number == number)
			return &calls[i];
	return NULL;
}
