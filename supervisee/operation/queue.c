// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * POSIX message queues: mq_open(2), mq_unlink(2).
 *
 * Queues are files of a file system of their own, which is usually mounted at
 * /dev/mqueue; the calls go past the mount, and so past Landlock. They are
 * judged by the path that a queue has there, whether it is mounted or not, as
 * open(2) and unlink(2) would be. What is done with an open queue is not judged
 * again.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <mqueue.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/fd.h"
#include "operation/call.h"
#include "operation/operations.h"
#include "task/memory.h"
#include "task/resource_limit.h"
#include "task/surroundings.h"

#define DIRECTORY "/dev/mqueue/"

struct queue {
	char path[sizeof(DIRECTORY) + NAME_MAX];
	bool has_attributes;
	struct mq_attr attributes;
	struct rlimit limit; /* of the bytes in queues, the asker's */
};

/* The name, which the kernel has without the slash that starts it. */
static const char *name_of(const struct queue *queue)
{
	return queue->path + strlen(DIRECTORY);
}

static int check_name(const char *name)
{
	if (!*name)
		return -ENOENT;
	if (strchr(name, '/') || !strcmp(name, ".") || !strcmp(name, ".."))
		return -EACCES;
	return strlen(name) > NAME_MAX ? -ENAMETOOLONG : 0;
}

static int read_name(struct trap *trap)
{
	struct queue *queue = trap->private;
	const ssize_t length = memory_read_string(trap->tid, trap->data.args[0],
						  trap->paths[0], PATH_MAX);
	const int error = length < 0 ? (int)length : check_name(trap->paths[0]);

	if (!error)
		snprintf(queue->path, sizeof(queue->path), "%s%.*s", DIRECTORY,
			 NAME_MAX, trap->paths[0]);
	return error;
}

static int begin(struct trap *trap)
{
	trap->exposed = RIGHTS_NEVER_HELD;
	if (surroundings_other_ipc(trap->tid)) {
		trap->exposed = 0;
		return STEP_NATIVE;
	}
	trap->private = calloc(1, sizeof(struct queue));
	return trap->private ? 0 : -ENOMEM;
}

/* As the kernel does, before the name, and whether they are needed or not. */
static int read_attributes(struct trap *trap, struct queue *queue)
{
	queue->has_attributes = trap->data.args[3];
	return queue->has_attributes
		       ? memory_read(trap->tid, trap->data.args[3],
				     &queue->attributes,
				     sizeof(queue->attributes))
		       : 0;
}

static int gather_open(struct trap *trap)
{
	struct queue *queue;
	int step = begin(trap);

	if (step)
		return step;
	queue = trap->private;
	/* As the kernel has it: never left open for another program. */
	trap->flags = (trap->data.args[1] & UINT_MAX) | O_CLOEXEC;
	trap->mode = (mode_t)trap->data.args[2];
	step = read_attributes(trap, queue);
	if (!step)
		step = read_name(trap);
	if (!step && resource_limit(trap->tid, RLIMIT_MSGQUEUE, &queue->limit))
		step = -ESRCH;
	return step;
}

static int gather_unlink(struct trap *trap)
{
	const int step = begin(trap);

	return step ? step : read_name(trap);
}

static int need(struct trap *trap, rights_t rights)
{
	struct queue *queue = trap->private;
	struct object object = {.type = OBJECT_PATH};

	object.bytes = queue->path;
	object.length = strlen(queue->path);
	trap_need(trap, &object, rights);
	/* There are neither links nor directories: it has no other name. */
	trap->accesses.named = true;
	return STEP_JUDGE;
}

static int open_queue(const struct queue *queue, int flags, mode_t mode)
{
	const int fd =
		(int)syscall(SYS_mq_open, name_of(queue), flags, mode,
			     queue->has_attributes ? &queue->attributes : NULL);

	return fd < 0 ? -errno : fd;
}

static rights_t access_rights(uint64_t flags)
{
	switch (flags & O_ACCMODE) {
	case O_RDONLY:
		return RIGHT_FS_READ_FILE;
	case O_WRONLY:
		return RIGHT_FS_WRITE_FILE;
	default:
		return RIGHT_FS_READ_FILE | RIGHT_FS_WRITE_FILE;
	}
}

static int resolve_open(struct trap *trap)
{
	const uint64_t making = O_CREAT | O_EXCL;
	const rights_t rights = access_rights(trap->flags);
	int fd = open_queue(trap->private, (int)(trap->flags & ~making), 0);

	if (fd == -ENOENT && (trap->flags & O_CREAT))
		return need(trap, rights | RIGHT_FS_MAKE_REG);
	if (fd < 0)
		return fd;
	/* Open, it is the one that was judged. */
	trap->result_fd = fd;
	if ((trap->flags & making) == making)
		return -EEXIST;
	return need(trap, rights);
}

/* What queues may hold is counted for the user, against the maker's limit. */
static int make(struct trap *trap)
{
	const struct queue *queue = trap->private;
	struct rlimit own, lower;
	int fd;

	if (getrlimit(RLIMIT_MSGQUEUE, &own) < 0)
		return -errno;
	lower = own;
	if (queue->limit.rlim_cur < own.rlim_max)
		lower.rlim_cur = queue->limit.rlim_cur;
	setrlimit(RLIMIT_MSGQUEUE, &lower);
	fd = open_queue(queue, (int)trap->flags | O_EXCL, trap->mode);
	setrlimit(RLIMIT_MSGQUEUE, &own);
	/* Somebody else has made it, which nobody was asked about. */
	return fd == -EEXIST ? -EACCES : fd;
}

static int perform_open(struct trap *trap)
{
	if (trap->result_fd < 0)
		trap->result_fd = make(trap);
	return trap->result_fd < 0 ? fd_take(&trap->result_fd) : 0;
}

static int resolve_unlink(struct trap *trap)
{
	const int fd = open_queue(trap->private, O_RDONLY, 0);

	if (fd == -ENOENT)
		return fd;
	if (fd >= 0)
		close(fd);
	return need(trap, RIGHT_FS_REMOVE_FILE);
}

static int perform_unlink(struct trap *trap)
{
	return syscall(SYS_mq_unlink, name_of(trap->private)) < 0 ? -errno : 0;
}

static void release(struct trap *trap)
{
	free(trap->private);
}

const struct operation operation_queue_open = {
	.rights = "fs.read_file, fs.write_file, fs.make_reg of message queues",
	.gather = gather_open,
	.resolve = resolve_open,
	.perform = perform_open,
	.release = release,
	.uses_umask = true,
};

const struct operation operation_queue_unlink = {
	.rights = "fs.remove_file of message queues",
	.gather = gather_unlink,
	.resolve = resolve_unlink,
	.perform = perform_unlink,
	.release = release,
};
