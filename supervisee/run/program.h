/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The supervised program: found as the shell would, started within what its
 * engine confines it by.
 */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

#include "engine/engine.h"
#include "run/limits.h"
#include "run/signals.h"

/*
 * Finds a command along $PATH.
 * Returns: 0; -ENOENT or -EACCES as the shell would say (127 and 126).
 */
int program_find(char **ret_path, const char *command);

struct program {
	struct engine *engine; /* that confines it */
	const char *app;       /* what LANDLORD_APP says to it */
	const char *path;
	char **argv;
	const struct signals *signals; /* as the program is to find them */
	const struct limits *limits;   /* the same */
	const bool *missing;	       /* see inherited_fill() */
	int tty_fd;	/* slave of a pty, or -1: the program keeps
			 * the terminal that we have */
	dev_t real_tty; /* of which nothing is left to it then */
};

struct program_started {
	pid_t child;   /* our child: the program, or its session's leader */
	pid_t pid;     /* the program; with a session, the leader's child */
	int pidfd;     /* of it, taken while it waits for program_go(); owned */
	int engine_fd; /* what engine_ops.enter() has left; -1: nothing; owned
			*/
	int go;	       /* write end: the program waits for a byte; owned */
	int failure;   /* read end: EOF after execve, else an errno; owned */
	int session;   /* socket: states of the program, with a pty; owned */
};

/*
 * Forks the program up to the point where it would execve; program_go() lets
 * it.
 * Returns: 0, an error of engine_ops.enter(), ...
 */
int program_start(struct program_started *ret, const struct program *program);

void program_go(struct program_started *started);

/* Signals the program, or nobody once it has ended. */
void program_signal(const struct program_started *started, int signal_number);

/* The same, and all others of the group that it is in. */
void program_signal_group(const struct program_started *started,
			  int signal_number);
