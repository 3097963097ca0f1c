/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Doors: other ways to name the file. */
#include "sidedoor.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

int door_open(const char *file)
{
	return look("open", open(file, O_RDONLY | O_CLOEXEC));
}

/* A descriptor that only names the file, opened again through /proc. */
int door_reopen(const char *file)
{
	const int fd = open(file, O_PATH | O_CLOEXEC);
	int found = look_at("/proc/self/fd", "/proc/self/fd/%d", fd);

	found |= look_at("/dev/fd", "/dev/fd/%d", fd);
	found |= look_at("/proc/thread-self/fd", "/proc/thread-self/fd/%d", fd);
	return found | look("empty path", openat(fd, "", O_RDONLY));
}

int door_proc(const char *file)
{
	int found = look_at("/proc/self/root", "/proc/self/root%s", file);

	found |= look_at("/proc/PID/root", "/proc/%d/root%s", getpid(), file);
	found |= look_at("parent's root", "/proc/%d/root%s", getppid(), file);
	return found | look_at("cwd", "/proc/self/cwd/../..%s", file);
}

const char *split(const char *file, char directory[PATH_MAX])
{
	char *slash;

	snprintf(directory, PATH_MAX, "%s", file);
	slash = strrchr(directory, '/');
	*slash = '\0';
	return file + (slash - directory) + 1;
}

/* Where it has another path. Who is nobody's root is one of his own users. */
int door_chroot(const char *file)
{
	char directory[PATH_MAX];
	const char *name = split(file, directory);
	int found;

	if (chroot("/proc/self/root") &&
	    (unshare(CLONE_NEWUSER) || chroot("/proc/self/root")))
		return 77;
	found = look("chroot", open(file, O_RDONLY | O_CLOEXEC));
	if (chroot(directory))
		return found | shut("chroot");
	return found | look_at("chroot below", "/%s", name) |
	       look_at("chroot and up", "/../../%s", name);
}

/* A mount of its own, which is nowhere, and one that is put somewhere. */
int door_mounts(const char *file)
{
	char directory[PATH_MAX];
	const char *name = split(file, directory);
	int tree, found;

	if (unshare(CLONE_NEWUSER | CLONE_NEWNS))
		return 77;
	tree = (int)syscall(SYS_open_tree, AT_FDCWD, directory,
			    OPEN_TREE_CLONE | O_CLOEXEC);
	if (tree < 0)
		return shut("open_tree");
	found = look("open_tree", openat(tree, name, O_RDONLY));
	found |=
		look_at("open_tree in proc", "/proc/self/fd/%d/%s", tree, name);
	/* Rights that not every Landlock has take another way. */
	if (openat(tree, name, O_WRONLY | O_TRUNC | O_APPEND) >= 0 ||
	    openat(tree, "new", O_RDWR | O_CREAT | O_TRUNC, 0600) >= 0)
		found |= printf("open: open_tree to truncate\n") > 0;
	if (!fchdir(tree))
		found |= look("cwd in open_tree", open(name, O_RDONLY));
	if (!chroot("."))
		found |= look_at("chroot in open_tree", "/%s", name);
	if (!syscall(SYS_move_mount, tree, "", AT_FDCWD, "/usr/share",
		     MOVE_MOUNT_F_EMPTY_PATH))
		found |= look_at("move_mount", "/usr/share/%s", name);
	return found;
}

/*
 * A copy of a mount that is attached nowhere, where the file has the path of
 * something else: the last part of its own.
 */
int door_false_path(const char *file)
{
	const char *name = strstr(file, "/usr/share/");
	char directory[PATH_MAX];
	int tree, found;

	if (!name ||
	    (unshare(CLONE_NEWUSER | CLONE_NEWNS) && unshare(CLONE_NEWNS)))
		return 77;
	snprintf(directory, sizeof(directory), "%.*s", (int)(name - file),
		 file);
	tree = (int)syscall(SYS_open_tree, AT_FDCWD, directory,
			    OPEN_TREE_CLONE | O_CLOEXEC);
	if (tree < 0)
		return shut("open_tree");
	found = look("false path", openat(tree, name + 1, O_RDONLY));
	if (openat(tree, name + 1, O_WRONLY | O_TRUNC | O_APPEND) >= 0)
		found |= printf("open: false path to truncate\n") > 0;
	return found;
}

int door_namespaces(const char *file)
{
	char copy[PATH_MAX];
	char *slash;

	if (unshare(CLONE_NEWUSER | CLONE_NEWNS) &&
	    (errno != EPERM || unshare(CLONE_NEWNS)))
		return shut("unshare");
	snprintf(copy, sizeof(copy), "%s", file);
	slash = strrchr(copy, '/');
	*slash = '\0';
	/* Where reading is allowed. */
	if (mount(copy, "/usr/share", NULL, MS_BIND, NULL))
		return shut("mount");
	return look_at("bind mount", "/usr/share/%s", slash + 1);
}

int door_handle(const char *file)
{
	struct {
		struct file_handle handle;
		char bytes[MAX_HANDLE_SZ];
	} handle = {.handle.handle_bytes = MAX_HANDLE_SZ};
	int mount_id;

	if (name_to_handle_at(AT_FDCWD, file, &handle.handle, &mount_id, 0))
		return shut("name_to_handle_at");
	return look("open_by_handle_at",
		    open_by_handle_at(AT_FDCWD, &handle.handle, O_RDONLY));
}

/* The name of what is opened is written from another process. */
int door_remote_name(const char *file)
{
	static char name[PATH_MAX];
	static const char harmless[] = "/dev/null";
	struct iovec local = {NULL, sizeof(name)};
	struct iovec remote = {name, sizeof(name)};
	char names[2][PATH_MAX];
	char memory[64];
	int status = 0, writer;
	pid_t pid;

	snprintf(name, sizeof(name), "%s", harmless);
	memcpy(names[0], name, sizeof(name));
	snprintf(names[1], sizeof(names[1]), "%s", file);
	pid = fork();
	if (pid == 0) {
		for (int i = 0; i < 5000; i++) {
			const int fd = open(name, O_RDONLY | O_CLOEXEC);
			char byte;

			if (fd >= 0 && read(fd, &byte, 1) == 1)
				_exit(1);
			close(fd);
		}
		_exit(0);
	}
	snprintf(memory, sizeof(memory), "/proc/%d/mem", pid);
	writer = open(memory, O_RDWR | O_CLOEXEC);
	for (int i = 0; !waitpid(pid, &status, WNOHANG); i++) {
		local.iov_base = names[i % 2];
		if (process_vm_writev(pid, &local, 1, &remote, 1, 0) < 0 ||
		    (writer >= 0 && pwrite(writer, names[1], sizeof(names[1]),
					   (off_t)(uintptr_t)name) < 0))
			continue; /* it has ended */
	}
	printf("%s: written names\n", status ? "open" : "shut");
	return status ? 1 : 0;
}
