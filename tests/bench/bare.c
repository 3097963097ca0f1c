/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bare COMMAND [ARG]...
 *
 * Runs a command whose openat(2) traps to a supervisor that looks at nothing
 * and lets the kernel go on: the least that a trap can cost on this machine.
 */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef SECCOMP_IOCTL_NOTIF_SET_FLAGS
#define SECCOMP_IOCTL_NOTIF_SET_FLAGS SECCOMP_IOW(4, __u64)
#define SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP (1UL << 0)
#endif

static int install(void)
{
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			 offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_openat, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	const struct sock_fprog program = {
		.len = sizeof(filter) / sizeof(filter[0]),
		.filter = filter,
	};

	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
			    SECCOMP_FILTER_FLAG_NEW_LISTENER, &program);
}

static void supervise(int listener)
{
	struct pollfd poller = {.fd = listener, .events = POLLIN};

	ioctl(listener, SECCOMP_IOCTL_NOTIF_SET_FLAGS,
	      SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP);
	while (poll(&poller, 1, -1) > 0 && (poller.revents & POLLIN)) {
		union {
			struct seccomp_notif notif;
			unsigned char room[256];
		} question;
		struct seccomp_notif_resp answer;

		memset(&question, 0, sizeof(question));
		if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &question))
			continue;
		answer = (struct seccomp_notif_resp){
			.id = question.notif.id,
			.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE,
		};
		ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &answer);
	}
}

int main(int argc, char **argv)
{
	int listener, status = 1, pair[2];
	pid_t pid;
	char byte;

	if (argc < 2 ||
	    socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair))
		return 2;
	pid = fork();
	if (pid == 0) {
		listener = install();
		if (listener < 0 ||
		    write(pair[1], &listener, sizeof(listener)) < 0 ||
		    read(pair[1], &byte, 1) != 1)
			_exit(125);
		execvp(argv[1], argv + 1);
		_exit(127);
	}
	close(pair[1]);
	if (read(pair[0], &listener, sizeof(listener)) != sizeof(listener))
		return 125;
	listener = (int)syscall(SYS_pidfd_getfd,
				syscall(SYS_pidfd_open, pid, 0), listener, 0);
	if (listener < 0 || write(pair[0], "", 1) != 1)
		return 125;
	supervise(listener);
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 125;
}
