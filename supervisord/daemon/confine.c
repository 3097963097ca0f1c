/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Confines the daemon.
 */
#include "daemon/confine.h"

#include <errno.h>
#include <fcntl.h>
#include <seccomp.h>
#include <string.h>
#include <sys/capability.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/fd.h"
#include "base/landlock.h"
#include "base/log.h"

#define WRITES                                                           \
	(LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR | \
	 LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_MAKE_CHAR | \
	 LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG |     \
	 LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_MAKE_FIFO |   \
	 LANDLOCK_ACCESS_FS_MAKE_BLOCK | LANDLOCK_ACCESS_FS_MAKE_SYM)

static int drop_capabilities(void)
{
	cap_t none = cap_init();
	int error = 0;

	if (!none)
		return -ENOMEM;
	if (cap_set_proc(none) < 0)
		error = -errno;
	cap_free(none);
	return error;
}

static int allow_writes(int ruleset, const char *directory)
{
	_cleanup_fd_ int fd = open(directory, O_PATH | O_CLOEXEC);

	return fd < 0 ? -errno : landlock_allow_beneath(ruleset, fd, WRITES);
}

static int restrict_writes(const char *const *writable)
{
	_cleanup_fd_ int ruleset = landlock_ruleset_new(WRITES, 0, 0);
	int error = 0;

	if (ruleset < 0)
		return ruleset;
	for (; !error && *writable; writable++)
		error = allow_writes(ruleset, *writable);
	return !error ? landlock_enter(ruleset) : error;
}

/* What a daemon that reads policy and moves messages never does. */
static const int refused_calls[] = {
	SCMP_SYS(acct),
	SCMP_SYS(add_key),
	SCMP_SYS(bpf),
	SCMP_SYS(chroot),
	SCMP_SYS(delete_module),
	SCMP_SYS(finit_module),
	SCMP_SYS(fsmount),
	SCMP_SYS(init_module),
	SCMP_SYS(io_uring_setup),
	SCMP_SYS(kcmp),
	SCMP_SYS(kexec_load),
	SCMP_SYS(keyctl),
	SCMP_SYS(mount),
	SCMP_SYS(move_mount),
	SCMP_SYS(open_tree),
	SCMP_SYS(perf_event_open),
	SCMP_SYS(personality),
	SCMP_SYS(pivot_root),
	SCMP_SYS(process_vm_readv),
	SCMP_SYS(process_vm_writev),
	SCMP_SYS(ptrace),
	SCMP_SYS(quotactl),
	SCMP_SYS(reboot),
	SCMP_SYS(request_key),
	SCMP_SYS(sched_setattr),
	SCMP_SYS(sched_setscheduler),
	SCMP_SYS(setns),
	SCMP_SYS(swapoff),
	SCMP_SYS(swapon),
	SCMP_SYS(umount2),
	SCMP_SYS(unshare),
	SCMP_SYS(userfaultfd),
};

static int add_filters(scmp_filter_ctx filter, bool programs)
{
	int error = 0;

	for (size_t i = 0; !error && i < ARRAY_SIZE(refused_calls); i++)
		error = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM),
					 refused_calls[i], 0);
	/* It talks to its own machine only. */
	if (!error)
		error = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EAFNOSUPPORT),
					 SCMP_SYS(socket), 1,
					 SCMP_A0(SCMP_CMP_NE, AF_UNIX));
	if (!error && !programs)
		error = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM),
					 SCMP_SYS(execve), 0);
	if (!error && !programs)
		error = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM),
					 SCMP_SYS(execveat), 0);
	return error;
}

static int filter_calls(bool programs)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
	int error;

	if (!filter)
		return -ENOMEM;
	error = add_filters(filter, programs);
	if (!error)
		error = seccomp_load(filter);
	seccomp_release(filter);
	return error;
}

int confine_process(const char *const *writable)
{
	int error = drop_capabilities();

	if (error)
		return error;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return -errno;
	error = restrict_writes(writable);
	if (error)
		log_notice("not confined by Landlock: %s", strerror(-error));
	return 0;
}

void confine_calls(bool programs)
{
	const int error = filter_calls(programs);

	if (error)
		log_notice("not confined by seccomp: %s", strerror(-error));
}
