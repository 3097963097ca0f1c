// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * execve(2), execveat(2).
 *
 * What the static layer allows the kernel runs. What was granted beyond it is
 * staged (see stage.h): nobody can execute in another process's place.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
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

static int gather(struct trap *trap)
{
	int error;

	trap->flags = trap_argument(trap, trap->call->flags, 0);
	trap->exposed = EXEC_RIGHTS;
	if (trap->flags &
	    ~(uint64_t)(AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW | AT_EXECVE_CHECK))
		return -EINVAL;
	/* Interpreters are named relative to the working directory. */
	error = view_open(&trap->views[1], trap->tid, trap->monitor, AT_FDCWD,
			  ".", trap->foreign_root);
	if (error)
		return error;
	return trap_gather_path(trap, 0, trap->call->path, trap->call->dirfd);
}

static int pin_file(struct trap *trap)
{
	struct pin *pin = &trap->pins[0];
	struct view *view = &trap->views[0];
	int fd;

	if (trap->paths[0][0] || !(trap->flags & AT_EMPTY_PATH))
		return pin_path(pin, view, trap->paths[0],
				trap->flags & AT_SYMLINK_NOFOLLOW ? PIN_NOFOLLOW
								  : PIN_FOLLOW,
				0);
	fd = fcntl(view->origin, F_DUPFD_CLOEXEC, 3);
	return fd < 0 ? -errno : pin_fd(pin, fd);
}

static int resolve(struct trap *trap)
{
	struct image *image;
	int error = pin_file(trap);

	if (error)
		return error;
	if (S_ISLNK(trap->pins[0].stat.st_mode))
		return -ELOOP;
	image = calloc(1, sizeof(*image));
	if (!image)
		return -ENOMEM;
	trap->private = image;
	error = image_read(image, &trap->pins[0], &trap->views[1],
			   trap->may_wait);
	if (error == -EWOULDBLOCK)
		return STEP_WAIT;
	if (error) {
		/* Of an interpreter, say: the kernel, which would ask for the
		 * script itself first, could not tell. */
		trap->exposed = ~(rights_t)0;
		return error;
	}
	for (size_t i = 0; i < image->count; i++) {
		struct object object = {.type = OBJECT_PATH};

		object.bytes = image->files[i].path;
		object.length = image->files[i].length;
		trap_need(trap, &object, EXEC_RIGHTS);
		trap->accesses.needs[i].device = image->files[i].device;
		trap->accesses.needs[i].inode = image->files[i].inode;
		trap->accesses.needs[i].place = image->files[i].fd;
	}
	return STEP_JUDGE;
}

/* Performs what only asks whether a file could be executed. */
static int check(struct trap *trap)
{
	char *const nothing[] = {NULL};

	return syscall(SYS_execveat, trap->pins[0].target, "", nothing, nothing,
		       AT_EMPTY_PATH | AT_EXECVE_CHECK) < 0
		       ? -errno
		       : 0;
}

static bool is_staged(const struct trap *trap)
{
	return !(trap->flags & AT_EXECVE_CHECK);
}

static void release(struct trap *trap)
{
	if (trap->private)
		image_finish(trap->private);
	free(trap->private);
}

const struct operation operation_exec = {
	.rights = "fs.execute",
	.kernel_asks = RIGHTS_ALL,
	.gather = gather,
	.resolve = resolve,
	.perform = check,
	.release = release,
	.staged = is_staged,
};
