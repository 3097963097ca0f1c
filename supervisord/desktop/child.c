/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The dialog's process.
 */
#include "desktop/child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/fd.h"
#include "control/peer_bus.h"
#include "desktop/desktop_session.h"
#include "supervision/strings.h"

/* In the child, where only what is safe after a fork may be called. */
_Noreturn static void become(const char *program, int fd, pid_t parent,
			     char **environment)
{
	char *const arguments[] = {(char *)program, NULL};
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	/* A dialog whose answers go nowhere should not stand there. */
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() == parent) {
		if (fd == DIALOG_FD)
			fcntl(fd, F_SETFD, 0);
		else
			dup2(fd, DIALOG_FD);
		execve(program, arguments, environment);
	}
	_exit(127);
}

int child_start(const char *program, pid_t *ret_pid, sd_bus **ret_bus)
{
	char **environment = desktop_session_environment();
	const pid_t self = getpid();
	int fds[2], result = 0;
	pid_t pid;

	if (!environment)
		return -ENOMEM;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0,
		       fds) < 0)
		result = -errno;
	if (result < 0) {
		strings_free(environment);
		return result;
	}
	pid = fork();
	if (pid == 0)
		become(program, fds[1], self, environment);
	result = pid < 0 ? -errno : 0;
	strings_free(environment);
	close(fds[1]);
	if (result < 0) {
		close(fds[0]);
		return result;
	}
	result = peer_bus_new(ret_bus, fds[0]);
	if (result < 0) {
		kill(pid, SIGTERM);
		return result;
	}
	*ret_pid = pid;
	return 0;
}

int child_start_manager(const char *program, const char *app)
{
	char *const arguments[] = {(char *)program, (char *)app, NULL};
	posix_spawnattr_t attributes;
	sigset_t none;
	pid_t pid;
	int error;

	sigemptyset(&none);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setsigmask(&attributes, &none);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
	error = posix_spawn(&pid, program, NULL, &attributes, arguments,
			    environ);
	posix_spawnattr_destroy(&attributes);
	return -error;
}
