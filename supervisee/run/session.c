// SPDX-License-Identifier: GPL-2.0-or-later
/* The leader of the program's session: see session.h. */
#include "run/session.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* Descriptors that would keep pipes or the listener's process open. */
static void close_others(int report_fd)
{
	if (report_fd > 0)
		close_range(0, (unsigned int)report_fd - 1, 0);
	close_range((unsigned int)report_fd + 1, ~0U, 0);
}

/*
 * The end of a session's leader hangs its terminal up, and what has not been
 * read from it is lost: so the monitor reads first, and then lets us go.
 */
static _Noreturn void end_session(int report_fd)
{
	char byte;

	while (read(report_fd, &byte, 1) < 0 && errno == EINTR)
		;
	_exit(0);
}

static _Noreturn void report_states(pid_t pid, int report_fd)
{
	struct session_report report;

	close_others(report_fd);
	for (;;) {
		report.pid = waitpid(-1, &report.status, WUNTRACED);
		if (report.pid < 0 && errno == EINTR)
			continue;
		if (report.pid < 0)
			_exit(0);
		if (report.pid != pid)
			continue;
		(void)!write(report_fd, &report, sizeof(report));
		if (WIFEXITED(report.status) || WIFSIGNALED(report.status))
			end_session(report_fd);
	}
}

int session_lead(int tty_fd, int report_fd)
{
	pid_t pid;

	if (setsid() < 0 || ioctl(tty_fd, TIOCSCTTY, 0) < 0)
		return -errno;
	signal(SIGTTOU, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	pid = fork();
	if (pid < 0)
		return -errno;
	if (pid > 0) {
		setpgid(pid, pid);
		report_states(pid, report_fd);
	}
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	setpgid(0, 0);
	if (tcsetpgrp(tty_fd, getpid()) < 0)
		return -errno;
	signal(SIGTTOU, SIG_DFL);
	signal(SIGHUP, SIG_DFL);
	close(report_fd);
	return 0;
}
