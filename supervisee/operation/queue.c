/* SPDX-License-Identifier: GPL-2.0-or-later */
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
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/fd.h"
#include "operation/call.h"
#include "operation/operations.h"
#include "task/memory.h"
#include "task/namespaces.h"
#include "task/resource_limit.h"

#define DIRECTORY "/dev/mqueue/"

struct queue {
	char path[sizeof(DIRECTORY) + NAME_MAX];
	bool has_attributes;
	struct mq_attr attributes;
	struct rlimit limit; /* of the bytes in queues, the target's */
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
	if (strchr(name, '/') || strcmp(name, ".") == 0 ||
	    strcmp(name, "..") == 0)
		return -EACCES;
	return strlen(name) > NAME_MAX ? -ENAMETOOLONG : 0;
}

static int read_name(struct notif *notif)
{
	struct queue *queue = notif->private;
	const ssize_t length = memory_read_string(
		notif->tid, notif->data.args[0], notif->paths[0], PATH_MAX);
	const int error =
		length < 0 ? (int)length : check_name(notif->paths[0]);

	if (!error)
		snprintf(queue->path, sizeof(queue->path), "%s%.*s", DIRECTORY,
			 NAME_MAX, notif->paths[0]);
	return error;
}

static int begin(struct notif *notif)
{
	notif->exposed = RIGHTS_NEVER_HELD;
	if (namespaces_other_ipc(notif->tid)) {
		notif->exposed = 0;
		return STEP_NATIVE;
	}
	notif_keep(notif, struct queue);
	return 0;
}

/* As the kernel does, before the name, and whether they are needed or not. */
static int read_attributes(struct notif *notif, struct queue *queue)
{
	queue->has_attributes = notif->data.args[3];
	return queue->has_attributes
		       ? memory_read(notif->tid, notif->data.args[3],
				     &queue->attributes,
				     sizeof(queue->attributes))
		       : 0;
}

static int gather_open(struct notif *notif)
{
	struct queue *queue;
	int step = begin(notif);

	if (step)
		return step;
	queue = notif->private;
	/* As the kernel has it: never left open for another program. */
	notif->flags = (notif->data.args[1] & UINT_MAX) | O_CLOEXEC;
	notif->mode = (mode_t)notif->data.args[2];
	step = read_attributes(notif, queue);
	if (!step)
		step = read_name(notif);
	if (!step && resource_limit(notif->tid, RLIMIT_MSGQUEUE, &queue->limit))
		step = -ESRCH;
	return step;
}

static int gather_unlink(struct notif *notif)
{
	const int step = begin(notif);

	return step ? step : read_name(notif);
}

static int need(struct notif *notif, rights_t rights)
{
	struct queue *queue = notif->private;
	struct object object = {.type = OBJECT_PATH};

	object.bytes = queue->path;
	object.length = strlen(queue->path);
	notif_need(notif, &object, rights);
	/* There are neither links nor directories: it has no other name. */
	notif->accesses.named = true;
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

static int resolve_open(struct notif *notif)
{
	const uint64_t making = O_CREAT | O_EXCL;
	const rights_t rights = access_rights(notif->flags);
	int fd = open_queue(notif->private, (int)(notif->flags & ~making), 0);

	if (fd == -ENOENT && (notif->flags & O_CREAT))
		return need(notif, rights | RIGHT_FS_MAKE_REG);
	if (fd < 0)
		return fd;
	/* Open, it is the one that was judged. */
	notif->result_fd = fd;
	if ((notif->flags & making) == making)
		return -EEXIST;
	return need(notif, rights);
}

/* What queues may hold is counted for the user, against the maker's limit. */
static int make(struct notif *notif)
{
	const struct queue *queue = notif->private;
	struct rlimit own, lower;
	int fd;

	if (getrlimit(RLIMIT_MSGQUEUE, &own) < 0)
		return -errno;
	lower = own;
	if (queue->limit.rlim_cur < own.rlim_max)
		lower.rlim_cur = queue->limit.rlim_cur;
	setrlimit(RLIMIT_MSGQUEUE, &lower);
	fd = open_queue(queue, (int)notif->flags | O_EXCL, notif->mode);
	setrlimit(RLIMIT_MSGQUEUE, &own);
	/* Somebody else has made it, which nobody was asked about. */
	return fd == -EEXIST ? -EACCES : fd;
}

static int perform_open(struct notif *notif)
{
	if (notif->result_fd < 0)
		notif->result_fd = make(notif);
	return notif->result_fd < 0 ? fd_take(&notif->result_fd) : 0;
}

static int resolve_unlink(struct notif *notif)
{
	const int fd = open_queue(notif->private, O_RDONLY, 0);

	if (fd == -ENOENT)
		return fd;
	if (fd >= 0)
		close(fd);
	return need(notif, RIGHT_FS_REMOVE_FILE);
}

static int perform_unlink(struct notif *notif)
{
	return syscall(SYS_mq_unlink, name_of(notif->private)) < 0 ? -errno : 0;
}

const struct operation operation_queue_open = {
	.rights = "fs.read_file, fs.write_file, fs.make_reg of message queues",
	.gather = gather_open,
	.resolve = resolve_open,
	.perform = perform_open,
	.uses_umask = true,
};

const struct operation operation_queue_unlink = {
	.rights = "fs.remove_file of message queues",
	.gather = gather_unlink,
	.resolve = resolve_unlink,
	.perform = perform_unlink,
};
