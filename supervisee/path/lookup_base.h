/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The base of a supervised thread: where its paths start.
 *
 * What is opened here are things the thread already holds (its root, its
 * working directory, its descriptors), through proc(5) and with the monitor's
 * own rights. Resolving a path from there is pin.h, with the thread's.
 */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

struct thread_source;

struct lookup_base {
	pid_t tid;     /* that waits for us meanwhile; 0: nothing is open */
	pid_t monitor; /* whose descendants its domain is */
	int root;      /* O_PATH descriptor; -1: the monitor's own root */
	/* O_PATH descriptor of the dirfd; -1: the path is absolute, and not
	 * resolved with RESOLVE_IN_ROOT */
	int origin;
	bool lent; /* both are another base's, which lives longer */
};

/*
 * Opens what a path of the thread starts from.
 * @source: may be NULL
 * @monitor: the ancestor of the thread's domain
 * @dirfd: as in openat(2)
 * @foreign_root: the thread may have another root than the monitor
 * Returns: 0, -EBADF for a dirfd that is not open, -EACCES when the thread
 * hides itself (PR_SET_DUMPABLE), ...
 */
int lookup_base_open(struct lookup_base *ret, struct thread_source *source,
		     pid_t tid, pid_t monitor, int dirfd, const char *path,
		     bool foreign_root);

/*
 * Makes one of what another has open, for a path with the same dirfd. It is
 * good as long as that.
 */
void lookup_base_lend(struct lookup_base *ret, const struct lookup_base *base);

void lookup_base_close(struct lookup_base *base);
