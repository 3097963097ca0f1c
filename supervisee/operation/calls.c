/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of system calls that are notified: see calls.h. */
#include "operation/calls.h"

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

#define NO_ARGS ARGS(-1, -1, -1, -1, -1, -1)

/* Notified only so that we learn of it. */
#define IDENTITY(syscall)                                  \
	{                                                  \
		.number = SYS_##syscall, .name = #syscall, \
		.changes_identity = true                   \
	}

#define CONFINEMENT(syscall)                                                \
	{                                                                   \
		.number = SYS_##syscall, .name = #syscall, .confines = true \
	}

/*
 * Some calls are left to the kernel, which looks at their arguments again. What
 * numbers and memory mean by then somebody may have exchanged; that changes
 * nothing,
 * - where every right that the call could need is held by the static layer:
 *   Landlock checks what it finds (notif->exposed);
 * - for signals and for tracing, where Landlock's domains do (signal.c,
 *   trace.c); a supervisor that so becomes a tracer lets go (seccomp/stray.h);
 * - where all that matters is in registers (MAKER_REGISTERS);
 * - for messages only while nothing that could be exchanged reaches an address
 *   (send.c);
 * - for what only notes a change: we believe less of who has made it;
 * - for landlock_restrict_self: who can exchange the ruleset now could have
 *   done so before, and both of us would have taken that one.
 */

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
	OPERATION(ftruncate, ftruncate, NO_ARGS),

	/* Metadata: see metadata.h; times of open descriptors are not. */
	OPERATION(chmod,     mode,     ARGS(-1, 0, -1, -1, -1,  1)),
	OPERATION(fchmod,    mode,     ARGS(-1, -1, -1, -1, -1, 1)),
	OPERATION(fchmodat,  mode,     ARGS( 0, 1, -1, -1, -1,  2)),
	OPERATION(fchmodat2, mode,     ARGS( 0, 1, -1, -1,  3,  2)),
	OPERATION(chown,     ownership, ARGS(-1, 0, -1, -1, -1, -1)),
	OPERATION(fchown,    ownership, ARGS(-1, -1, -1, -1, -1, -1)),
	OPERATION(lchown,    ownership, ARGS(-1, 0, -1, -1, -1, -1),
		  .implied_flags = AT_SYMLINK_NOFOLLOW),
	OPERATION(fchownat,  ownership, ARGS( 0, 1, -1, -1,  4, -1)),
	OPERATION(utime,     times,    ARGS(-1, 0, -1, -1, -1, -1)),
	OPERATION(utimes,    times,    ARGS(-1, 0, -1, -1, -1, -1)),
	OPERATION(futimesat, times,    ARGS( 0, 1, -1, -1, -1, -1)),
	OPERATION(utimensat, times,    ARGS( 0, 1, -1, -1,  3, -1)),
	OPERATION(setxattr,  attribute, ARGS(-1, 0, -1, -1, -1, -1)),
	OPERATION(lsetxattr, attribute, ARGS(-1, 0, -1, -1, -1, -1),
		  .implied_flags = AT_SYMLINK_NOFOLLOW),
	OPERATION(fsetxattr, attribute, NO_ARGS),
	OPERATION(setxattrat, attribute, ARGS( 0, 1, -1, -1,  2, -1)),
	OPERATION(removexattr, attribute, ARGS(-1, 0, -1, -1, -1, -1)),
	OPERATION(lremovexattr, attribute, ARGS(-1, 0, -1, -1, -1, -1),
		  .implied_flags = AT_SYMLINK_NOFOLLOW),
	OPERATION(fremovexattr, attribute, NO_ARGS),
	OPERATION(removexattrat, attribute, ARGS( 0, 1, -1, -1,  2, -1)),
	OPERATION(file_setattr, flags, ARGS( 0, 1, -1, -1,  4, -1)),
	OPERATION(inotify_add_watch, watch, ARGS(-1, 1, -1, -1, -1, -1)),

	OPERATION(kill,      signal,   NO_ARGS),
	OPERATION(tkill,     signal,   NO_ARGS),
	OPERATION(tgkill,    signal,   NO_ARGS),
	OPERATION(rt_sigqueueinfo, signal, NO_ARGS),
	OPERATION(rt_tgsigqueueinfo, signal, NO_ARGS),
	OPERATION(pidfd_send_signal, signal, NO_ARGS),
	OPERATION(prlimit64, limit,    NO_ARGS),
	OPERATION(sched_setaffinity, schedule, NO_ARGS), /* of others */
	OPERATION(sched_setscheduler, schedule, NO_ARGS),
	OPERATION(sched_setparam, schedule, NO_ARGS),
	OPERATION(sched_setattr, schedule, NO_ARGS),
	OPERATION(setpriority, schedule, NO_ARGS),
	OPERATION(ioprio_set, schedule, NO_ARGS),
	OPERATION(fcntl,     owner,    NO_ARGS),
	OPERATION(ioctl,     ioctl,    NO_ARGS),
	OPERATION(connect,   connect,  NO_ARGS),
	OPERATION(bind,      bind,     NO_ARGS),
	OPERATION(listen,    listen,   NO_ARGS),
	OPERATION(setsockopt, membership, NO_ARGS), /* of multicast groups */
	OPERATION(sendto,    sendto,   NO_ARGS),
	OPERATION(sendmsg,   sendmsg,  NO_ARGS),
	OPERATION(sendmmsg,  sendmsg,  NO_ARGS),

	OPERATION(shmget,    ipc_get,  NO_ARGS),
	OPERATION(semget,    ipc_get,  NO_ARGS),
	OPERATION(msgget,    ipc_get,  NO_ARGS),
	OPERATION(shmat,     ipc_use,  NO_ARGS),
	OPERATION(shmctl,    ipc_use,  NO_ARGS),
	OPERATION(semop,     ipc_use,  NO_ARGS),
	OPERATION(semtimedop, ipc_use, NO_ARGS),
	OPERATION(semctl,    ipc_use,  NO_ARGS),
	OPERATION(msgsnd,    ipc_use,  NO_ARGS),
	OPERATION(msgrcv,    ipc_use,  NO_ARGS),
	OPERATION(msgctl,    ipc_use,  NO_ARGS),
	OPERATION(mq_open,   queue_open, NO_ARGS),
	OPERATION(mq_unlink, queue_unlink, NO_ARGS),

	OPERATION(socket,    socket_create, NO_ARGS),
	OPERATION(socketpair, socket_create, NO_ARGS),
	OPERATION(unshare,   namespace, NO_ARGS,
		  .changes_identity = true),
	OPERATION(setns,     namespace, NO_ARGS,
		  .changes_identity = true),
	/* only into a namespace, or with shared descriptors */
	OPERATION(clone,     namespace, NO_ARGS,
		  .changes_identity = true),

	OPERATION(ptrace,    trace,    NO_ARGS), /* to attach */
	OPERATION(process_vm_readv, trace, NO_ARGS),
	OPERATION(process_vm_writev, trace, NO_ARGS),
	OPERATION(pidfd_getfd, trace,  NO_ARGS),
	OPERATION(kcmp,      trace,    NO_ARGS),

	OPERATION(chroot, capability, NO_ARGS,
		  .changes_identity = true),
	OPERATION(pivot_root, capability, NO_ARGS,
		  .changes_identity = true),
	OPERATION(reboot, capability, NO_ARGS),
	OPERATION(kexec_load, capability, NO_ARGS),
	OPERATION(kexec_file_load, capability, NO_ARGS),
	OPERATION(settimeofday, capability, NO_ARGS),
	OPERATION(clock_settime, capability, NO_ARGS),
	OPERATION(adjtimex, capability, NO_ARGS),
	OPERATION(clock_adjtime, capability, NO_ARGS),
	OPERATION(acct, capability, NO_ARGS),
	OPERATION(syslog, capability, NO_ARGS),
	OPERATION(iopl, capability, NO_ARGS),
	OPERATION(ioperm, capability, NO_ARGS),
	OPERATION(vhangup, capability, NO_ARGS),
	OPERATION(init_module, capability, NO_ARGS),
	OPERATION(finit_module, capability, NO_ARGS),
	OPERATION(delete_module, capability, NO_ARGS),
	OPERATION(sethostname, capability, NO_ARGS),
	OPERATION(setdomainname, capability, NO_ARGS),
	OPERATION(swapon, capability, NO_ARGS),
	OPERATION(swapoff, capability, NO_ARGS),
	OPERATION(mount, capability, NO_ARGS),
	OPERATION(umount2, capability, NO_ARGS),
	OPERATION(move_mount, capability, NO_ARGS),
	OPERATION(open_tree, capability, NO_ARGS), /* a copy */
	OPERATION(open_tree_attr, capability, NO_ARGS),
	OPERATION(fsmount,   capability, NO_ARGS),
	OPERATION(fsopen,    capability, NO_ARGS),
	OPERATION(fspick,    capability, NO_ARGS),
	OPERATION(mount_setattr, capability, NO_ARGS),

	IDENTITY(setuid),    IDENTITY(setgid),    IDENTITY(setreuid),
	IDENTITY(setregid),  IDENTITY(setresuid), IDENTITY(setresgid),
	IDENTITY(setgroups), IDENTITY(setfsuid),  IDENTITY(setfsgid),
	IDENTITY(capset),
	IDENTITY(userfaultfd), /* pages that come when it likes */
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
