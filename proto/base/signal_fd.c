/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Signals that are read: see signal_fd.h. */
#include "base/signal_fd.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

int signal_fd_open(int signal_number)
{
	sigset_t one;
	int fd;

	sigemptyset(&one);
	sigaddset(&one, signal_number);
	pthread_sigmask(SIG_BLOCK, &one, NULL);
	fd = signalfd(-1, &one, SFD_CLOEXEC | SFD_NONBLOCK);
	return fd < 0 ? -errno : fd;
}

void signal_fd_read(int fd)
{
	struct signalfd_siginfo info;

	while (read(fd, &info, sizeof(info)) == (ssize_t)sizeof(info))
		;
}

void signal_unblock(int signal_number)
{
	sigset_t one;

	sigemptyset(&one);
	sigaddset(&one, signal_number);
	pthread_sigmask(SIG_UNBLOCK, &one, NULL);
}
