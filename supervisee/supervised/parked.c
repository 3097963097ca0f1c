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
#include "operation/flag_words.h"
#include "operation/operations.h"
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

static const struct call *call_of(const struct parked *parked)
{
	return parked->number < 0 ? NULL : call_find(parked->number);
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
	const struct call *call = call_of(parked);

	if (call)
		return call->name;
	return operation < ARRAY_SIZE(names) && names[operation]
		       ? names[operation]
		       : "access";
}

/* Memory that is not there may never come, so it is not waited for. */
static uint64_t read_how(pid_t tid, uint64_t address)
{
	struct open_how how = {0};
	uint64_t missing;
	int error;

	memory_guard();
	error = memory_read(tid, address, &how, sizeof(how));
	memory_unguard(&missing);
	return error ? 0 : how.flags;
}

uint64_t parked_open_flags(const struct parked *parked, pid_t tid)
{
	switch (parked->number) {
	case SYS_open:
		return parked->args[1];
	case SYS_openat:
		return parked->args[2];
	case SYS_creat:
		return O_CREAT | O_WRONLY | O_TRUNC;
	case SYS_openat2:
		return read_how(tid, parked->args[2]);
	default:
		return 0;
	}
}

int parked_flags(const struct parked *parked, pid_t tid, char **ret)
{
	const struct call *call = call_of(parked);
	uint64_t flags;

	*ret = NULL;
	if (!call || !call->operation)
		return 0;
	if (call->operation == &operation_open)
		flags = parked_open_flags(parked, tid);
	else
		flags = call->implied_flags |
			(call->flags < 0 ? 0 : parked->args[call->flags]);
	return flag_words_of(call, flags, ret);
}

void parked_path(const struct parked *parked, pid_t tid, unsigned int number,
		 char *ret, size_t size)
{
	const struct call *call = call_of(parked);
	const int argument = !call	   ? -1
			     : number == 0 ? call->path
					   : call->path2;

	uint64_t missing;

	ret[0] = '\0';
	if (argument < 0)
		return;
	memory_guard();
	if (memory_read_string(tid, parked->args[argument], ret, size) < 0)
		ret[0] = '\0';
	memory_unguard(&missing);
}
