/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a steered thread needs in its own memory: the path to execute, empty
 * for a copy, and for a script the arguments that its interpreter gets. It lies
 * below the thread's stack, beyond the red zone, and matters only until the
 * call.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "operation/image.h"

struct exec_stack {
	uint64_t argv, envp; /* of the program's own call */
	char *strings;	     /* executable, then the new arguments; owned */
	size_t strings_length;
	size_t prefix_count; /* new arguments, in place of argv[0] */
	uint64_t *rest;	     /* the program's argv[1] and on; owned */
	size_t rest_count;
};

/* Where things came to lie, in the thread's memory. */
struct exec_stack_layout {
	uint64_t path, argv;
};

/*
 * Reads the arguments of a call and makes what is to be written.
 * @argv, @envp: addresses of the argument and environment vectors
 * @path: the script's path as the program gave it
 * @executable: what is to be executed, "" for a copy
 */
int exec_stack_init(struct exec_stack *ret, pid_t tid, uint64_t argv,
		    uint64_t envp, const struct image *image, const char *path,
		    const char *executable);

/* Writes it below a stack pointer. */
int exec_stack_write(const struct exec_stack *exec_stack, pid_t tid,
		     uint64_t stack, struct exec_stack_layout *ret);

void exec_stack_finish(struct exec_stack *exec_stack);
