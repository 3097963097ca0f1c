/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A program that answers: see agent_program.h. */
#include "run/agent_program.h"

#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/fd.h"
#include "base/log.h"
#include "run/program.h"

static int spawn(char *path, int fd)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t none;
	char *argv[] = {path, NULL};
	pid_t pid;
	int result;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, fd, STDIN_FILENO);
	posix_spawn_file_actions_adddup2(&actions, fd, STDOUT_FILENO);
	/* What the shell has given is the program's. */
	posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
	/* ^C is for the program: who answers says what becomes of questions
	 * until the end. */
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP |
						      POSIX_SPAWN_SETSIGMASK);
	sigemptyset(&none);
	posix_spawnattr_setsigmask(&attributes, &none);
	result = posix_spawn(&pid, path, &actions, &attributes, argv, environ);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	return -result;
}

int agent_program_start(const char *name, char **ret_path, int *ret_fd)
{
	_cleanup_free_ char *found = NULL, *path = NULL;
	_cleanup_fd_ int ours = -1, theirs = -1;
	int pair[2];
	int error = program_find(&found, name);

	if (!error) {
		path = realpath(found, NULL);
		error = path ? 0 : -errno;
	}
	if (!error &&
	    socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
		error = -errno;
	if (!error) {
		ours = pair[0];
		theirs = pair[1];
		error = spawn(path, theirs);
	}
	if (error) {
		log_error(
			"--agent exec:%s: %s; expected a program that answers",
			name, strerror(-error));
		return error;
	}
	*ret_path = path;
	path = NULL;
	*ret_fd = fd_take(&ours);
	return 0;
}
