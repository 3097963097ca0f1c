/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The leader of the program's session: see session.h. */
#include "run/session.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/*
 * Keeps what the leader needs, and nothing that would keep pipes or the
 * listener's process open.
 */
static void close_others(int *tty_fd, int *report_fd)
{
	dup2(*tty_fd, 0);
	dup2(*report_fd, 1);
	close_range(2, ~0U, 0);
	*tty_fd = 0;
	*report_fd = 1;
}

/*
 * The end of a session's leader hangs its terminal up: it stays, as a shell
 * does, for those whom the program has left behind, and takes the foreground.
 */
static _Noreturn void keep_session(int report_fd)
{
	char byte;

	while (read(report_fd, &byte, 1) < 0 && errno == EINTR)
		;
	_exit(0);
}

static _Noreturn void report_states(pid_t pid, int tty_fd, int report_fd)
{
	struct session_report report;
	bool ended;

	close_others(&tty_fd, &report_fd);
	for (;;) {
		report.pid =
			waitpid(-1, &report.status, WUNTRACED | WCONTINUED);
		if (report.pid < 0 && errno == EINTR)
			continue;
		if (report.pid < 0)
			_exit(0);
		if (report.pid != pid)
			continue;
		ended = WIFEXITED(report.status) || WIFSIGNALED(report.status);
		if (ended)
			tcsetpgrp(tty_fd, getpgrp());
		(void)!write(report_fd, &report, sizeof(report));
		if (ended)
			keep_session(report_fd);
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
		report_states(pid, tty_fd, report_fd);
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
