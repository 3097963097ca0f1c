/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The place of the state: the directory of log and grants, and the lock of the
 * only daemon that uses it, wherever the control socket of another may be.
 */
#pragma once

#include <stdbool.h>

struct state_place {
	char *path;    /* NULL: there is none */
	int directory; /* -1: the same */
	int lock;      /* -1: it cannot be written there */
};

#define STATE_PLACE_INIT                                  \
	{                                                 \
		.path = NULL, .directory = -1, .lock = -1 \
	}

/*
 * Makes the directory (0700) and takes the lock. Where nothing can be kept
 * (no home, a read-only file system) there is nothing to lock either; the
 * stores say so themselves.
 * Returns: 0, -EADDRINUSE when another daemon uses it, or -ENOMEM.
 */
int state_place_open(struct state_place *place);

/*
 * Looks whether directory and lock are where they were; makes the lock anew.
 * Returns: 0; -ENOENT when the directory is gone or another one;
 * -EADDRINUSE when another daemon has come; or another negative errno.
 */
int state_place_check(struct state_place *place);

void state_place_finish(struct state_place *place);
