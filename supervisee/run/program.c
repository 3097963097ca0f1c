/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The supervised program: see program.h. */
#include "run/program.h"

#include <errno.h>
#include <limits.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/fd.h"
#include "run/inherited.h"
#include "run/session.h"

#ifndef PIDFD_SIGNAL_PROCESS_GROUP
#define PIDFD_SIGNAL_PROCESS_GROUP (1U << 2)
#endif

static int check_file(const char *path)
{
	struct stat st;

	if (stat(path, &st) < 0)
		return -errno;
	if (S_ISDIR(st.st_mode))
		return -EACCES;
	return faccessat(AT_FDCWD, path, X_OK, AT_EACCESS) < 0 ? -errno : 0;
}

static int duplicate(char **ret, const char *path)
{
	*ret = strdup(path);
	return *ret ? 0 : -ENOMEM;
}

int program_find(char **ret_path, const char *command)
{
	const char *at = getenv("PATH");
	int worst = -ENOENT;

	if (strchr(command, '/')) {
		const int error = check_file(command);

		return error ? error : duplicate(ret_path, command);
	}
	for (at = at ? at : "/usr/bin:/bin"; at; at = strchr(at, ':')) {
		char path[PATH_MAX];
		size_t length;
		int error;

		at += *at == ':';
		length = strcspn(at, ":");
		snprintf(path, sizeof(path), "%.*s/%s", (int)length,
			 length ? at : ".", command);
		error = check_file(path);
		if (!error)
			return duplicate(ret_path, path);
		if (error == -EACCES)
			worst = error;
		if (!*at)
			break;
	}
	return worst;
}

/* What the program tells before it waits: itself, or what went wrong. */
struct hello {
	pid_t pid;
	int fd; /* that the engine wants of it; -1: none */
	int error;
};

struct pipes {
	int hello[2], go[2], failure[2], session[2];
};

static _Noreturn void run(const struct program *program, struct pipes *pipes)
{
	struct engine *engine = program->engine;
	struct hello hello = {.fd = -1};
	char byte;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	signals_restore(program->signals);
	if (program->tty_fd >= 0) {
		hello.error = inherited_move_terminal(program->real_tty,
						      program->tty_fd);
		if (!hello.error)
			hello.error = session_lead(program->tty_fd,
						   pipes->session[1]);
	}
	hello.pid = getpid();
	/* Nothing of ours may be open in what comes next but these. */
	if (!hello.error)
		hello.error = engine->ops->enter(engine, &hello.fd);
	/* The engine has opened one more, beside all that we were born with. */
	limits_restore(program->limits);
	(void)!write(pipes->hello[1], &hello, sizeof(hello));
	close(pipes->go[1]);
	inherited_restore(program->missing);
	/* For prompts of shells: nothing depends on it. */
	setenv("LANDLORD_APP", program->app, 1);
	if (hello.error || read(pipes->go[0], &byte, 1) != 1)
		_exit(125);
	execve(program->path, program->argv, environ);
	hello.error = errno;
	(void)!write(pipes->failure[1], &hello.error, sizeof(hello.error));
	_exit(126);
}

static int open_pipes(struct pipes *pipes)
{
	if (pipe2(pipes->hello, O_CLOEXEC) < 0 ||
	    pipe2(pipes->go, O_CLOEXEC) < 0 ||
	    pipe2(pipes->failure, O_CLOEXEC) < 0 ||
	    socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pipes->session) <
		    0)
		return -errno;
	return 0;
}

static void close_pipes(struct pipes *pipes)
{
	int *all[] = {pipes->hello, pipes->go, pipes->failure, pipes->session};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		all[i][0] = fd_close(all[i][0]);
		all[i][1] = fd_close(all[i][1]);
	}
}

/*
 * What the engine wants is fetched, not sent: the filter might ask us about the
 * sending.
 */
static int fetch(struct program_started *ret, const struct hello *hello)
{
	_cleanup_fd_ int pidfd = (int)syscall(SYS_pidfd_open, hello->pid, 0);

	if (pidfd < 0)
		return -errno;
	if (hello->fd >= 0)
		ret->engine_fd =
			(int)syscall(SYS_pidfd_getfd, pidfd, hello->fd, 0);
	if (hello->fd >= 0 && ret->engine_fd < 0)
		return -errno;
	ret->pidfd = fd_take(&pidfd);
	return 0;
}

static int greet(struct program_started *ret, struct pipes *pipes)
{
	struct hello hello;

	pipes->hello[1] = fd_close(pipes->hello[1]);
	if (read(pipes->hello[0], &hello, sizeof(hello)) != sizeof(hello))
		return -ECHILD;
	if (hello.error)
		return hello.error;
	ret->pid = hello.pid;
	ret->engine_fd = -1;
	return fetch(ret, &hello);
}

int program_start(struct program_started *ret, const struct program *program)
{
	struct pipes pipes = {{-1, -1}, {-1, -1}, {-1, -1}, {-1, -1}};
	int error = open_pipes(&pipes);

	if (!error) {
		ret->child = fork();
		if (ret->child < 0)
			error = -errno;
	}
	if (!error && ret->child == 0)
		run(program, &pipes);
	if (!error)
		error = greet(ret, &pipes);
	if (!error) {
		ret->go = fd_take(&pipes.go[1]);
		ret->failure = fd_take(&pipes.failure[0]);
		ret->session =
			program->tty_fd >= 0 ? fd_take(&pipes.session[0]) : -1;
	}
	close_pipes(&pipes);
	return error;
}

void program_go(struct program_started *started)
{
	(void)!write(started->go, "", 1);
	started->go = fd_close(started->go);
}

static int send_signal(const struct program_started *started, int signal_number,
		       unsigned int flags)
{
	return (int)syscall(SYS_pidfd_send_signal, started->pidfd,
			    signal_number, NULL, flags);
}

void program_signal(const struct program_started *started, int signal_number)
{
	(void)send_signal(started, signal_number, 0);
}

void program_signal_group(const struct program_started *started,
			  int signal_number)
{
	if (!send_signal(started, signal_number, PIDFD_SIGNAL_PROCESS_GROUP) ||
	    errno != EINVAL)
		return;
	/* Before Linux 6.9; while it is there the number is its own. */
	if (!send_signal(started, 0, 0))
		kill(-started->pid, signal_number);
}
