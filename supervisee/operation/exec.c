/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * execve(2), execveat(2).
 *
 * What the static layer allows the kernel runs. What was granted beyond it is
 * redirected (see exec_redirect.h): nobody can execute in another process's
 * place.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "operation/call.h"
#include "operation/image.h"
#include "operation/operations.h"

#ifndef AT_EXECVE_CHECK
#define AT_EXECVE_CHECK 0x10000 /* Linux 6.14 */
#endif

/* The kernel opens what it executes for reading as well. */
#define EXEC_RIGHTS (RIGHT_FS_EXECUTE | RIGHT_FS_READ_FILE)

static int gather(struct notif *notif)
{
	int error;

	notif->flags = notif_argument(notif, notif->call->flags, 0);
	notif->exposed = EXEC_RIGHTS;
	notif_keep(notif, struct image);
	if (notif->flags &
	    ~(uint64_t)(AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW | AT_EXECVE_CHECK))
		return -EINVAL;
	/* Interpreters are named relative to the working directory. */
	error = lookup_base_open(&notif->bases[1], notif->source, notif->tid,
				 notif->monitor, AT_FDCWD, ".",
				 notif->foreign_root);
	if (error)
		return error;
	return notif_gather_path(notif, 0, notif->call->path,
				 notif->call->dirfd);
}

static int pin_file(struct notif *notif)
{
	struct pin *pin = &notif->pins[0];
	struct lookup_base *base = &notif->bases[0];
	int fd;

	if (notif->paths[0][0] || !(notif->flags & AT_EMPTY_PATH))
		return pin_path(pin, base, notif->paths[0],
				notif->flags & AT_SYMLINK_NOFOLLOW
					? PIN_NOFOLLOW
					: PIN_FOLLOW,
				0);
	fd = fcntl(base->origin, F_DUPFD_CLOEXEC, 3);
	return fd < 0 ? -errno : pin_fd(pin, fd);
}

static int resolve(struct notif *notif)
{
	struct image *image = notif->private;
	int error = pin_file(notif);

	if (error)
		return error;
	if (S_ISLNK(notif->pins[0].stat.st_mode))
		return -ELOOP;
	image_finish(image); /* of a former try */
	error = image_read(image, &notif->pins[0], &notif->bases[1],
			   notif->may_wait);
	if (error == -EWOULDBLOCK)
		return STEP_WAIT;
	if (error) {
		/* Of an interpreter, say: the kernel, which would ask for the
		 * script itself first, could not tell. */
		notif->exposed = ~(rights_t)0;
		return error;
	}
	for (size_t i = 0; i < image->count; i++) {
		struct object object = {.type = OBJECT_PATH};

		object.bytes = image->files[i].path;
		object.length = image->files[i].length;
		notif_need(notif, &object, EXEC_RIGHTS);
		notif->accesses.needs[i].device = image->files[i].device;
		notif->accesses.needs[i].inode = image->files[i].inode;
		notif->accesses.needs[i].place = image->files[i].fd;
	}
	return STEP_JUDGE;
}

/* Performs what only asks whether a file could be executed. */
static int check(struct notif *notif)
{
	char *const nothing[] = {NULL};

	return syscall(SYS_execveat, notif->pins[0].fd, "", nothing, nothing,
		       AT_EMPTY_PATH | AT_EXECVE_CHECK) < 0
		       ? -errno
		       : 0;
}

static bool is_redirected(const struct notif *notif)
{
	return !(notif->flags & AT_EXECVE_CHECK);
}

static void release(struct notif *notif)
{
	image_finish(notif->private);
}

const struct operation operation_exec = {
	.rights = "fs.execute",
	.kernel_asks = RIGHTS_ALL,
	.gather = gather,
	.resolve = resolve,
	.perform = check,
	.release = release,
	.redirected = is_redirected,
};
