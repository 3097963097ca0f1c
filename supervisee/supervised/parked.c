/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A thread that waits in the kernel: see parked.h. */
#include "supervised/parked.h"

#include <fcntl.h>
#include <inttypes.h>
#include <linux/openat2.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>

#include "base/cleanup.h"
#include "base/landlock.h"
#include "operation/calls.h"
#include "task/memory.h"

/* How often a thread is looked at that has told us, and does not wait yet. */
#define LOOKS_MAX 1000

/*
 * Returns: whether it is known; *ret_running: it does not wait yet, so that
 * nothing is.
 */
static bool look(struct parked *ret, pid_t tid, bool *ret_running)
{
	char path[64], word[16] = "";
	FILE *file;
	bool known;

	*ret_running = false;
	snprintf(path, sizeof(path), "/proc/%d/syscall", (int)tid);
	file = fopen(path, "re");
	if (!file)
		return false;
	known = fscanf(file,
		       "%d %" SCNx64 " %" SCNx64 " %" SCNx64 " %" SCNx64
		       " %" SCNx64 " %" SCNx64,
		       &ret->number, &ret->args[0], &ret->args[1],
		       &ret->args[2], &ret->args[3], &ret->args[4],
		       &ret->args[5]) == 7;
	if (!known)
		*ret_running = fscanf(file, "%15s", word) == 1 &&
			       strcmp(word, "running") == 0;
	fclose(file);
	return known;
}

void parked_read(struct parked *ret, pid_t tid)
{
	bool known = false, running = true;

	for (int looks = 0; !known && running && looks < LOOKS_MAX; looks++) {
		if (looks > 0)
			sched_yield();
		*ret = (struct parked){0};
		known = look(ret, tid, &running);
	}
	if (!known)
		*ret = (struct parked){.number = -1};
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
