/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Supervisors of the kernel's Landlock: see landlock_supervisor.h. */
#include "base/landlock_supervisor.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/fd.h"

int landlock_supervisor_probe(void)
{
	const struct landlock_ruleset_attr attr = {
		.handled_access_fs = LANDLOCK_ACCESS_FS_EXECUTE,
	};
	_cleanup_fd_ int fd = landlock_supervisor_new(&attr);

	return fd < 0 ? fd_take(&fd) : 0;
}

int landlock_supervisor_new(const struct landlock_ruleset_attr *attr)
{
	const long fd =
		syscall(SYS_landlock_create_ruleset, attr, sizeof(*attr),
			LANDLOCK_CREATE_RULESET_SUPERVISOR);

	return fd < 0 ? -errno : (int)fd;
}

int landlock_supervisee_new(int supervisor, uint64_t cookie)
{
	struct landlock_supervisee_attr attr = {.cookie = cookie};
	const int fd = ioctl(supervisor, LANDLOCK_IOCTL_GET_SUPERVISEE, &attr);

	return fd < 0 ? -errno : fd;
}

int landlock_stage_beneath(int supervisor, int parent, uint64_t fs)
{
	return landlock_allow_beneath(supervisor, parent, fs);
}

int landlock_stage_port(int supervisor, uint64_t port, uint64_t net)
{
	return landlock_allow_port(supervisor, port, net);
}

int landlock_rules_commit(int supervisor)
{
	struct landlock_commit_attr attr = {0};

	return ioctl(supervisor, LANDLOCK_IOCTL_COMMIT, &attr) < 0 ? -errno : 0;
}

int landlock_rules_clear(int supervisor)
{
	return ioctl(supervisor, LANDLOCK_IOCTL_CLEAR, 0) < 0 ? -errno : 0;
}

int landlock_events_open(int supervisor)
{
	_cleanup_fd_ int fd = ioctl(supervisor, LANDLOCK_IOCTL_GET_NOTIF_FD, 0);

	if (fd < 0 || fcntl(fd, F_SETFL, O_NONBLOCK) < 0)
		return -errno;
	return fd_take(&fd);
}

int landlock_event_receive(int events, void *buffer, uint32_t size)
{
	struct landlock_recv_attr attr = {
		.buf = (uintptr_t)buffer,
		.size = size,
	};

	return ioctl(events, LANDLOCK_IOCTL_RECV, &attr) < 0 ? -errno : 0;
}

int landlock_event_answer(int events, uint64_t cookie,
			  enum landlock_answer answer)
{
	struct landlock_answer_attr attr = {
		.cookie = cookie,
		.answer = answer,
	};

	return ioctl(events, LANDLOCK_IOCTL_SEND, &attr) < 0 ? -errno : 0;
}
