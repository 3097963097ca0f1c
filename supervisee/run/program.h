/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The supervised program: found as the shell would, started inside its static
 * layer and filter.
 */
#pragma once

#include <stdint.h>

#include <linux/filter.h>
#include <sys/types.h>

#include "run/limits.h"
#include "run/signals.h"

/*
 * Finds a command along $PATH.
 * Returns: 0; -ENOENT or -EACCES as the shell would say (127 and 126).
 */
int program_find(char **ret_path, const char *command);

struct program {
	uint64_t taken; /* capabilities it must not have */
	const char *path;
	char **argv;
	int ruleset_fd; /* of the static layer */
	/* NULL: the outer supervisor's holds. */
	const struct sock_fprog *filter;
	const struct signals *signals; /* as the program shall find them */
	const struct limits *limits;   /* the same */
	const char *shim;	       /* to be preloaded; NULL: nothing */
	const bool *missing;	       /* see inherited_fill() */
	int tty_fd;	/* slave of a pty, or -1: the program keeps
			 * the terminal that we have */
	dev_t real_tty; /* of which nothing is left to it then */
};

struct program_started {
	pid_t child;  /* our child: the program, or its session's leader */
	pid_t pid;    /* the program */
	int listener; /* owned by the caller; -1 without a filter */
	int go;	      /* write end: the program waits for a byte; owned */
	int failure;  /* read end: EOF after execve, else an errno; owned */
	int session;  /* socket: states of the program, with a pty; owned */
};

/*
 * Forks the program up to the point where it would execve; program_go() lets
 * it.
 * Returns: 0, -EBUSY when a seccomp listener exists above us, ...
 */
int program_start(struct program_started *ret, const struct program *program);

void program_go(struct program_started *started);
