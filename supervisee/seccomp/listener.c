/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The listener: see listener.h. */
#include "seccomp/listener.h"

#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV
#define SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV (1UL << 5)
#endif
#ifndef SECCOMP_ADDFD_FLAG_SEND
#define SECCOMP_ADDFD_FLAG_SEND (1UL << 1)
#endif
#ifndef SECCOMP_IOCTL_NOTIF_SET_FLAGS
#define SECCOMP_IOCTL_NOTIF_SET_FLAGS SECCOMP_IOW(4, __u64)
#define SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP (1UL << 0)
#endif

int listener_install(const struct sock_fprog *program)
{
	unsigned long flags = SECCOMP_FILTER_FLAG_NEW_LISTENER |
			      SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV;
	long fd = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, program);

	if (fd < 0 && errno == EINVAL) {
		flags &= ~SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV;
		fd = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags,
			     program);
	}
	return fd < 0 ? -errno : (int)fd;
}

bool listener_is_steady(void)
{
	const unsigned long flags = SECCOMP_FILTER_FLAG_NEW_LISTENER |
				    SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV;

	/* The flags are looked at first, and then there is no program. */
	return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, NULL) < 0 &&
	       errno == EFAULT;
}

int listener_mark(void)
{
	struct sock_filter allow = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	const struct sock_fprog program = {.len = 1, .filter = &allow};

	return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) < 0
		       ? -errno
		       : 0;
}

void listener_tune(int listener, bool together)
{
	(void)ioctl(listener, SECCOMP_IOCTL_NOTIF_SET_FLAGS,
		    together ? SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP : 0);
}

/*
 * The kernel takes a lock that others want, too, and gives up for a signal of
 * ours, such as that of a child's end: nothing has been done then. An answer
 * that is lost so would leave its target waiting for ever.
 */
static int request(int listener, unsigned long number, const void *argument)
{
	int result;

	do
		result = ioctl(listener, number, argument);
	while (result < 0 && errno == EINTR);
	return result;
}

int listener_receive(int listener, union notification *ret)
{
	/* The kernel refuses a structure that is not all zero. */
	memset(ret, 0, sizeof(*ret));
	if (request(listener, SECCOMP_IOCTL_NOTIF_RECV, &ret->notif) < 0)
		return -errno;
	return 0;
}

bool listener_valid(int listener, uint64_t id)
{
	return request(listener, SECCOMP_IOCTL_NOTIF_ID_VALID, &id) == 0;
}

static int listener_send(int listener, const struct seccomp_notif_resp *answer)
{
	if (request(listener, SECCOMP_IOCTL_NOTIF_SEND, answer) < 0)
		return -errno;
	return 0;
}

int listener_continue(int listener, uint64_t id)
{
	const struct seccomp_notif_resp answer = {
		.id = id,
		.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE,
	};

	return listener_send(listener, &answer);
}

int listener_reply(int listener, uint64_t id, int64_t value, int error)
{
	const struct seccomp_notif_resp answer = {
		.id = id,
		.val = error ? 0 : value,
		.error = error,
	};

	return listener_send(listener, &answer);
}

static int add_fd(int listener, uint64_t id, int fd, uint32_t fd_flags,
		  uint32_t flags)
{
	const struct seccomp_notif_addfd answer = {
		.id = id,
		.flags = flags,
		.srcfd = (uint32_t)fd,
		.newfd_flags = fd_flags,
	};
	const int number =
		request(listener, SECCOMP_IOCTL_NOTIF_ADDFD, &answer);

	return number < 0 ? -errno : number;
}

int listener_reply_fd(int listener, uint64_t id, int fd, uint32_t fd_flags)
{
	const int number =
		add_fd(listener, id, fd, fd_flags, SECCOMP_ADDFD_FLAG_SEND);

	return number < 0 ? number : 0;
}

int listener_add_fd(int listener, uint64_t id, int fd, uint32_t fd_flags)
{
	return add_fd(listener, id, fd, fd_flags, 0);
}

int listener_exchange_fd(int listener, uint64_t id, int fd, int remote_fd,
			 uint32_t fd_flags)
{
	const struct seccomp_notif_addfd answer = {
		.id = id,
		.flags = SECCOMP_ADDFD_FLAG_SETFD,
		.srcfd = (uint32_t)fd,
		.newfd = (uint32_t)remote_fd,
		.newfd_flags = fd_flags,
	};

	return request(listener, SECCOMP_IOCTL_NOTIF_ADDFD, &answer) < 0
		       ? -errno
		       : 0;
}
