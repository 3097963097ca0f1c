/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The view that granted programs are executed through: see exec_view.h. */
#include "seccomp/exec/exec_view.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fd.h"
#include "path/mount_namespace.h"
#include "path/opath.h"

#define STACK_BYTES (64 * 1024)
#define PATIENCE_MS 500 /* a file system may hang */
#define SHOWN_MAX 4096	/* files; others are copied */

struct exec_view {
	int directory;	   /* its root; -1: none (yet) */
	int origin;	   /* what was the root there before */
	int users, mounts; /* its namespaces live as long as these */
	pthread_mutex_t lock;
	unsigned int shown; /* under the lock: files that were mounted */
};

/*
 * Makes an empty one, beside what was there before. What is opened here is open
 * in the waiting caller, which shares memory and descriptors with this process.
 */
static int make(void *argument)
{
	struct exec_view *view = argument;
	int error;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	error = mount_namespace_enter_as_guest();
	if (error)
		return 0;
	view->users = open("/proc/self/ns/user", O_RDONLY | O_CLOEXEC);
	view->mounts = open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC);
	view->origin = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (view->users >= 0 && view->mounts >= 0 && view->origin >= 0)
		view->directory = mount_namespace_cover();
	return 0;
}

int exec_view_new(struct exec_view **ret)
{
	struct exec_view *view = calloc(1, sizeof(*view));
	char *stack = mmap(NULL, STACK_BYTES, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
	pid_t pid = -1;

	if (!view || stack == MAP_FAILED) {
		free(view);
		return -ENOMEM;
	}
	view->directory = view->origin = view->users = view->mounts = -1;
	pthread_mutex_init(&view->lock, NULL);
	/* As in identity_run(): no child that anybody else should wait for. */
	pid = clone(make, stack + STACK_BYTES,
		    CLONE_VM | CLONE_FILES | CLONE_VFORK, view);
	while (pid > 0 && waitpid(pid, NULL, __WCLONE) < 0 && errno == EINTR)
		;
	/* Its namespace has marked the shared memory as secret. */
	prctl(PR_SET_DUMPABLE, 1);
	munmap(stack, STACK_BYTES);
	*ret = view;
	return 0;
}

int exec_view_directory(const struct exec_view *view)
{
	return view->directory < 0 ? -ENOENT : view->directory;
}

/* Opens the object of a file beneath a directory, by its path. */
static int open_beneath(int directory, const struct image_file *file)
{
	const struct open_how how = {
		.flags = O_PATH | O_NOFOLLOW | O_CLOEXEC,
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS |
			   RESOLVE_NO_MAGICLINKS,
	};
	const int fd = (int)syscall(SYS_openat2, directory,
				    file->path + strspn(file->path, "/"), &how,
				    sizeof(how));
	struct stat st;

	if (fd < 0)
		return -errno;
	if (fstat(fd, &st) < 0 || st.st_dev != file->device ||
	    st.st_ino != file->inode) {
		close(fd);
		return -ESTALE;
	}
	return fd;
}

/*
 * Makes directories and a file of no content, to mount something on; there may
 * be some already, or another file that is mounted there.
 * Returns: 0 or a negative errno.
 */
static int make_place(const struct exec_view *view, const char *path)
{
	char part[PATH_MAX];
	int fd;

	for (const char *slash = path; (slash = strchr(slash, '/')); slash++) {
		memcpy(part, path, (size_t)(slash - path));
		part[slash - path] = '\0';
		if (mkdirat(view->directory, part, 0755) < 0 && errno != EEXIST)
			return -errno;
	}
	fd = openat(view->directory, path, O_RDONLY | O_CREAT | O_CLOEXEC,
		    0600);
	if (fd < 0)
		return errno == EACCES ? 0 : -errno;
	close(fd);
	return 0;
}

/* Mounts one file in the view, where it lies. Nothing is allocated: another
 * thread may be doing so while this process is made. */
static int show(const struct exec_view *view, const struct image_file *file)
{
	const char *path = file->path + strspn(file->path, "/");
	int fd, tree, error;

	if (setns(view->users, CLONE_NEWUSER) < 0 ||
	    setns(view->mounts, CLONE_NEWNS) < 0)
		return -errno;
	fd = open_beneath(view->origin, file);
	if (fd < 0)
		return fd;
	tree = open_tree(fd, "",
			 OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_EMPTY_PATH);
	if (tree < 0)
		return -errno;
	error = make_place(view, path);
	if (!error && move_mount(tree, "", view->directory, path,
				 MOVE_MOUNT_F_EMPTY_PATH) < 0)
		error = -errno;
	return error;
}

/*
 * In a process of its own, as nobody who has more than one thread can enter a
 * user namespace. One that hangs is left behind, and ends when it can.
 */
static int show_apart(const struct exec_view *view,
		      const struct image_file *file)
{
	struct pollfd said = {.events = POLLIN};
	int pair[2], error = -ETIMEDOUT;
	pid_t pid;

	if (pipe2(pair, O_CLOEXEC) < 0)
		return -errno;
	pid = (pid_t)syscall(SYS_clone, 0, NULL, NULL, NULL, 0);
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		error = show(view, file);
		(void)!write(pair[1], &error, sizeof(error));
		_exit(0);
	}
	close(pair[1]);
	said.fd = pair[0];
	if (pid > 0 && poll(&said, 1, PATIENCE_MS) == 1 &&
	    read(pair[0], &error, sizeof(error)) != sizeof(error))
		error = -ECHILD;
	close(pair[0]);
	if (pid > 0 && error == -ETIMEDOUT)
		kill(pid, SIGKILL);
	while (pid > 0 &&
	       waitpid(pid, NULL,
		       __WCLONE | (error == -ETIMEDOUT ? WNOHANG : 0)) < 0 &&
	       errno == EINTR)
		;
	return error;
}

/* Returns: the object of a file there, or a negative errno. */
static int add(struct exec_view *view, const struct image_file *file)
{
	int fd, error = 0;

	pthread_mutex_lock(&view->lock);
	fd = open_beneath(view->directory, file);
	if (fd < 0 && view->shown++ >= SHOWN_MAX)
		error = -E2BIG;
	else if (fd < 0)
		error = show_apart(view, file);
	pthread_mutex_unlock(&view->lock);
	if (fd >= 0)
		return fd;
	return error ? error : open_beneath(view->directory, file);
}

bool exec_view_shows(const struct exec_view *view,
		     const struct image_file *file)
{
	_cleanup_fd_ int fd = open_beneath(view->directory, file);

	return fd >= 0;
}

int exec_view_open(struct exec_view *view, const struct image_file *file)
{
	_cleanup_fd_ int fd = open_beneath(view->directory, file);

	if (fd < 0)
		fd = add(view, file);
	/* seccomp(2) hands over nothing that is opened as a path alone. */
	return fd < 0 ? fd
		      : opath_open(fd, O_RDONLY | O_NONBLOCK | O_CLOEXEC, 0);
}

struct exec_view *exec_view_free(struct exec_view *view)
{
	if (!view)
		return NULL;
	fd_close(view->directory);
	fd_close(view->origin);
	fd_close(view->users);
	fd_close(view->mounts);
	pthread_mutex_destroy(&view->lock);
	free(view);
	return NULL;
}
