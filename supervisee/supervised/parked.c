/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A thread that waits in the kernel: see parked.h. */
#include "supervised/parked.h"

#include <fcntl.h>
#include <inttypes.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <sys/syscall.h>

#include "base/cleanup.h"
#include "base/landlock.h"
#include "operation/call.h"
#include "task/memory.h"

void parked_read(struct parked *ret, pid_t tid)
{
	char path[64];
	FILE *file;

	*ret = (struct parked){.number = -1};
	snprintf(path, sizeof(path), "/proc/%d/syscall", (int)tid);
	file = fopen(path, "re");
	if (!file)
		return;
	if (fscanf(file,
		   "%d %" SCNx64 " %" SCNx64 " %" SCNx64 " %" SCNx64 " %" SCNx64
		   " %" SCNx64,
		   &ret->number, &ret->args[0], &ret->args[1], &ret->args[2],
		   &ret->args[3], &ret->args[4], &ret->args[5]) != 7)
		ret->number = -1;
	fclose(file);
}

const char *parked_name(const struct parked *parked, uint32_t operation)
{
	static const char *const names[] = {
		[LANDLOCK_OPERATION_OPEN] = "open",
		[LANDLOCK_OPERATION_TRUNCATE] = "truncate",
		[LANDLOCK_OPERATION_IOCTL] = "ioctl",
		[LANDLOCK_OPERATION_CREATE] = "create",
		[LANDLOCK_OPERATION_REMOVE] = "unlink",
		[LANDLOCK_OPERATION_RENAME] = "rename",
		[LANDLOCK_OPERATION_EXCHANGE] = "renameat2",
		[LANDLOCK_OPERATION_LINK] = "link",
		[LANDLOCK_OPERATION_RESOLVE_UNIX] = "connect",
		[LANDLOCK_OPERATION_BIND] = "bind",
		[LANDLOCK_OPERATION_CONNECT] = "connect",
		[LANDLOCK_OPERATION_SEND] = "sendto",
		[LANDLOCK_OPERATION_MOUNT] = "mount",
		[LANDLOCK_OPERATION_PTRACE] = "ptrace",
		[LANDLOCK_OPERATION_SIGNAL] = "kill",
		[LANDLOCK_OPERATION_ABSTRACT_UNIX] = "connect",
	};
	const struct call *call =
		parked->number < 0 ? NULL : call_find(parked->number);

	if (call)
		return call->name;
	return operation < ARRAY_SIZE(names) && names[operation]
		       ? names[operation]
		       : "access";
}

uint64_t parked_open_flags(const struct parked *parked, pid_t tid)
{
	struct open_how how;

	switch (parked->number) {
	case SYS_open:
		return parked->args[1];
	case SYS_openat:
		return parked->args[2];
	case SYS_creat:
		return O_CREAT | O_WRONLY | O_TRUNC;
	case SYS_openat2:
		return memory_read(tid, parked->args[2], &how, sizeof(how))
			       ? 0
			       : how.flags;
	default:
		return 0;
	}
}
