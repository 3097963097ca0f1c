/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The view that granted programs are executed through: see exec_view.h. */
#include "seccomp/exec/exec_view.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
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
#define PATIENCE_MS 500 /* a file system of the root's may hang */

struct exec_view {
	int directory;	   /* its root; -1: none (yet) */
	int origin;	   /* what was the root there before */
	int users, mounts; /* its namespaces live as long as these */
	pthread_mutex_t lock;
	int filled; /* under the lock: 1, 0: not yet, or a negative errno */
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

/* Shows one entry of the former root, with all that is mounted there. */
static int show(const struct exec_view *view, const char *name)
{
	_cleanup_fd_ int tree =
		open_tree(view->origin, name,
			  OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE |
				  AT_NO_AUTOMOUNT | AT_SYMLINK_NOFOLLOW);
	struct stat st;

	if (tree < 0 || fstat(tree, &st) < 0)
		return -errno;
	/* No canonical path leads through anything else. */
	if (!S_ISDIR(st.st_mode))
		return 0;
	if (mkdirat(view->directory, name, 0755) < 0)
		return -errno;
	return move_mount(tree, "", view->directory, name,
			  MOVE_MOUNT_F_EMPTY_PATH) < 0
		       ? -errno
		       : 0;
}

/*
 * What cannot be shown is missing, and what lies there is copied. Nothing is
 * allocated: another thread may be doing so while this process is made.
 */
static int fill(struct exec_view *view)
{
	_cleanup_fd_ int names = -1;
	_Alignas(struct dirent64) char entries[4096];
	long length;

	if (setns(view->users, CLONE_NEWUSER) < 0 ||
	    setns(view->mounts, CLONE_NEWNS) < 0)
		return -errno;
	names = openat(view->origin, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	while ((length = syscall(SYS_getdents64, names, entries,
				 sizeof(entries))) > 0)
		for (char *at = entries; at < entries + length;) {
			const struct dirent64 *entry =
				(struct dirent64 *)(void *)at;

			if (strcmp(entry->d_name, ".") != 0 &&
			    strcmp(entry->d_name, "..") != 0)
				(void)show(view, entry->d_name);
			at += entry->d_reclen;
		}
	return length < 0 ? -errno : 0;
}

/*
 * In a process of its own, as nobody who has more than one thread can enter a
 * user namespace. One that hangs is left behind, and ends when it can.
 */
static int fill_apart(struct exec_view *view)
{
	struct pollfd said = {.events = POLLIN};
	int pair[2], error = -ETIMEDOUT;
	pid_t pid;

	if (pipe2(pair, O_CLOEXEC) < 0)
		return -errno;
	pid = (pid_t)syscall(SYS_clone, 0, NULL, NULL, NULL, 0);
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		error = fill(view);
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

static int fill_once(struct exec_view *view)
{
	int error;

	pthread_mutex_lock(&view->lock);
	if (!view->filled) {
		error = fill_apart(view);
		view->filled = error ? error : 1;
	}
	error = view->filled < 0 ? view->filled : 0;
	pthread_mutex_unlock(&view->lock);
	return error;
}

bool exec_view_is_filled(struct exec_view *view)
{
	bool filled;

	pthread_mutex_lock(&view->lock);
	filled = view->filled != 0;
	pthread_mutex_unlock(&view->lock);
	return filled;
}

int exec_view_open(struct exec_view *view, const struct image_file *file)
{
	const struct open_how how = {
		.flags = O_PATH | O_NOFOLLOW | O_CLOEXEC,
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS |
			   RESOLVE_NO_MAGICLINKS,
	};
	_cleanup_fd_ int fd = -1;
	struct stat st;
	int error = fill_once(view);

	if (error)
		return error;
	fd = (int)syscall(SYS_openat2, view->directory,
			  file->path + strspn(file->path, "/"), &how,
			  sizeof(how));
	if (fd < 0 || fstat(fd, &st) < 0)
		return -errno;
	if (st.st_dev != file->device || st.st_ino != file->inode)
		return -ESTALE;
	/* seccomp(2) hands over nothing that is opened as a path alone. */
	return opath_open(fd, O_RDONLY | O_NONBLOCK | O_CLOEXEC, 0);
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
