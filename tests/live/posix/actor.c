/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The actor: see actor.h. */
#include "actor.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "metadata.h"
#include "order.h"

#define RENAMES_MAX 1000 /* that may come in between */

#define PAGE_BYTES 4096
#define CLOSED_FD 1000

static const struct {
	const char *path;
	int flags;
} places[PLACES] = {
	[PLACE_HERE] = {".", O_PATH | O_DIRECTORY},
	[PLACE_DIR] = {"dir", O_PATH | O_DIRECTORY},
	[PLACE_FILE] = {"file", O_RDONLY},
	[PLACE_FILE_PATH] = {"file", O_PATH},
	[PLACE_LINK] = {"link", O_PATH | O_NOFOLLOW},
	[PLACE_GONE] = {"gone", O_PATH | O_DIRECTORY},
};

static int open_place(enum place place)
{
	int fd;

	if (place == PLACE_CWD)
		return AT_FDCWD;
	if (place == PLACE_NONE)
		return -1;
	if (place == PLACE_CLOSED)
		return CLOSED_FD;
	fd = open(places[place].path, places[place].flags);
	if (fd < 0)
		return CLOSED_FD;
	if (place == PLACE_GONE)
		rmdir(places[place].path);
	return fd;
}

static const char *point(const struct order *order, int which)
{
	static char *edge;

	switch (order->pointer[which]) {
	case POINTER_NULL:
		return NULL;
	case POINTER_WILD:
		return (const char *)8;
	case POINTER_NO_END:
		if (!edge) {
			edge = mmap(NULL, 2 * PAGE_BYTES,
				    PROT_READ | PROT_WRITE,
				    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
			munmap(edge + PAGE_BYTES, PAGE_BYTES);
			memset(edge, 'e', PAGE_BYTES);
		}
		return edge + PAGE_BYTES - 16;
	default:
		return order->path[which];
	}
}

/* A rename anywhere on the system can keep ".." from being known: EAGAIN. */
static long open_how(const struct order *order, int dir, const char *path)
{
	/* As a kernel of another time might have it. */
	uint64_t how[8] = {order->flags, order->mode, order->resolve};
	const size_t size = order->size ? order->size : 24;

	if (order->length)
		how[3] = 1;
	for (int i = 0; i < RENAMES_MAX; i++) {
		const long fd = syscall(SYS_openat2, dir, path, how, size);

		if (fd >= 0 || errno != EAGAIN)
			return fd;
	}
	return -1;
}

static socklen_t make_address(const struct order *order,
			      struct sockaddr_un *ret)
{
	const size_t head = offsetof(struct sockaddr_un, sun_path);
	const size_t length = strnlen(order->path[0], sizeof(ret->sun_path));

	memset(ret, 0, sizeof(*ret));
	ret->sun_family = order->length == ADDRESS_UNSPEC ? AF_UNSPEC : AF_UNIX;
	memcpy(ret->sun_path, order->path[0], length);
	switch ((enum address)order->length) {
	case ADDRESS_BARE:
		return (socklen_t)(head + length);
	case ADDRESS_WHOLE:
		return sizeof(*ret);
	case ADDRESS_FAMILY:
		return (socklen_t)head;
	case ADDRESS_SHORT:
		return 1;
	case ADDRESS_LONG:
		return sizeof(*ret) + 1;
	default:
		return (socklen_t)(head + length + (length < 108));
	}
}

static long use_socket(const struct order *order, struct outcome *ret)
{
	struct sockaddr_un address;
	socklen_t length = make_address(order, &address);
	const int fd = socket(AF_UNIX, (int)order->flags, 0);
	const void *at = order->pointer[0] ? point(order, 0) : (void *)&address;
	long result;
	int error;

	result = syscall(order->call == CALL_BIND ? SYS_bind : SYS_connect, fd,
			 at, length);
	error = errno;
	length = sizeof(ret->name[0]);
	if (!getsockname(fd, (struct sockaddr *)&ret->name[0], &length))
		ret->name_length[0] = length;
	length = sizeof(ret->name[1]);
	if (!getpeername(fd, (struct sockaddr *)&ret->name[1], &length))
		ret->name_length[1] = length;
	close(fd);
	errno = error;
	return result;
}

static long truncate_open(const struct order *order, const char *path)
{
	const int fd = open(path, (int)order->mode, 0600);
	long result;
	int error;

	if (fd < 0)
		return -2;
	result = syscall(SYS_ftruncate, fd, order->length);
	error = errno;
	close(fd);
	errno = error;
	return result;
}

static long call(const struct order *o, int d, int e, const char *p,
		 const char *q, struct outcome *ret)
{
	switch (o->call) {
	case CALL_OPEN:
		return syscall(SYS_open, p, o->flags, o->mode);
	case CALL_OPENAT:
		return syscall(SYS_openat, d, p, o->flags, o->mode);
	case CALL_OPENAT2:
		return open_how(o, d, p);
	case CALL_CREAT:
		return syscall(SYS_creat, p, o->mode);
	case CALL_MKDIR:
		return syscall(SYS_mkdir, p, o->mode);
	case CALL_MKDIRAT:
		return syscall(SYS_mkdirat, d, p, o->mode);
	case CALL_MKNOD:
		return syscall(SYS_mknod, p, o->mode, o->length);
	case CALL_MKNODAT:
		return syscall(SYS_mknodat, d, p, o->mode, o->length);
	case CALL_RMDIR:
		return syscall(SYS_rmdir, p);
	case CALL_UNLINK:
		return syscall(SYS_unlink, p);
	case CALL_UNLINKAT:
		return syscall(SYS_unlinkat, d, p, o->flags);
	case CALL_RENAME:
		return syscall(SYS_rename, p, q);
	case CALL_RENAMEAT2:
		return syscall(SYS_renameat2, d, p, e, q, o->flags);
	case CALL_LINK:
		return syscall(SYS_link, p, q);
	case CALL_LINKAT:
		return syscall(SYS_linkat, d, p, e, q, o->flags);
	case CALL_SYMLINK:
		return syscall(SYS_symlink, q, p);
	case CALL_SYMLINKAT:
		return syscall(SYS_symlinkat, q, d, p);
	case CALL_TRUNCATE:
		return syscall(SYS_truncate, p, o->length);
	case CALL_FTRUNCATE:
		return truncate_open(o, p);
	case CALL_CONNECT:
	case CALL_BIND:
		return use_socket(o, ret);
	default:
		return metadata_call(o, d, p);
	}
}

static void look_at(int fd, struct outcome *ret)
{
	struct stat st;

	ret->status_flags = fcntl(fd, F_GETFL);
	ret->fd_flags = fcntl(fd, F_GETFD);
	if (!fstat(fd, &st)) {
		ret->mode = st.st_mode;
		ret->device = st.st_dev;
		ret->inode = st.st_ino;
	}
	close(fd);
}

/* The lowest number that no descriptor has. */
static int lowest_fd(void)
{
	const int fd = dup(0);

	close(fd);
	return fd;
}

static void serve(const struct order *order, struct outcome *ret)
{
	const int dir = open_place(order->place[0]);
	const int other = open_place(order->place[1]);
	struct rlimit limit, none;

	getrlimit(RLIMIT_NOFILE, &limit);
	if (order->full) {
		none = limit;
		none.rlim_cur = (rlim_t)lowest_fd();
		setrlimit(RLIMIT_NOFILE, &none);
	}
	umask((mode_t)order->umask);
	errno = 0;
	ret->value =
		call(order, dir, other, point(order, 0), point(order, 1), ret);
	ret->error = errno;
	if (order->full)
		setrlimit(RLIMIT_NOFILE, &limit);
	if (order->call <= CALL_CREAT && ret->value >= 0)
		look_at((int)ret->value, ret);
	if (dir >= 0 && dir != CLOSED_FD)
		close(dir);
	if (other >= 0 && other != CLOSED_FD)
		close(other);
}

int actor_run(int socket, uid_t uid)
{
	struct order order;

	if (uid && (setgroups(0, NULL) < 0 || setresgid(uid, uid, uid) < 0 ||
		    setresuid(uid, uid, uid) < 0)) {
		perror("posix: setresuid");
		return 2;
	}
	/* As a program of that user would be. */
	prctl(PR_SET_DUMPABLE, 1);
	while (recv(socket, &order, sizeof(order), 0) == sizeof(order)) {
		struct outcome outcome = {0};

		serve(&order, &outcome);
		if (send(socket, &outcome, sizeof(outcome), 0) < 0)
			return 2;
	}
	return 0;
}
