/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The guardian: see guardian.h. */
#include "run/guardian.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fd.h"
#include "run/inherited.h"
#include "run/signals.h"
#include "task/tree.h"

/* Whether the monitor has ended by itself, and nobody is left behind. */
static bool wait_for_monitor(pid_t monitor)
{
	int status;
	pid_t pid;

	do
		pid = waitpid(monitor, &status, 0);
	while (pid < 0 && errno == EINTR);
	return pid == monitor && WIFEXITED(status);
}

static _Noreturn void guard(pid_t monitor, struct inherited *inherited)
{
	/* Nobody shall wait for us to close what the shell gave. */
	inherited_close(inherited);
	inherited_let_go(0, 2);
	setsid();
	prctl(PR_SET_NAME, "landlord-guard");
	if (!wait_for_monitor(monitor))
		tree_kill();
	_exit(0);
}

int guardian_fork(struct inherited *inherited, int *ret_guardian)
{
	sigset_t held;
	int alive[2]; /* nobody writes but guardian_keep(), and nobody reads */
	pid_t pid;

	/* The monitor's orphans come to us. */
	if (prctl(PR_SET_CHILD_SUBREAPER, 1) < 0 ||
	    socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, alive) < 0)
		return -errno;
	signals_hold(&held);
	pid = fork();
	if (pid < 0)
		return -errno;
	if (pid > 0) {
		fd_close(alive[0]);
		guard(pid, inherited);
	}
	fd_close(alive[1]);
	*ret_guardian = alive[0];
	return 0;
}

int guardian_keep(int guardian, int listener)
{
	union {
		struct cmsghdr header;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control = {0};
	char byte = 0;
	struct iovec vector = {.iov_base = &byte, .iov_len = 1};
	struct msghdr message = {
		.msg_iov = &vector,
		.msg_iovlen = 1,
		.msg_control = control.bytes,
		.msg_controllen = sizeof(control.bytes),
	};

	control.header = (struct cmsghdr){
		.cmsg_len = CMSG_LEN(sizeof(int)),
		.cmsg_level = SOL_SOCKET,
		.cmsg_type = SCM_RIGHTS,
	};
	memcpy(CMSG_DATA(&control.header), &listener, sizeof(listener));
	return sendmsg(guardian, &message, MSG_NOSIGNAL) < 0 ? -errno : 0;
}
