/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The filter: which system calls of the supervised tree are notified.
 *
 * Everything in the table of call.h is, except for forms whose register
 * arguments say that nothing is opened (O_PATH), named (sendto without an
 * address, times of a descriptor), owned (fcntl) or done to another thread
 * (sched_setaffinity). Of ioctl everything does that could be about a device,
 * where Landlock knows that, and what file systems have commands for. Typing
 * into a terminal (TIOCSTI) is refused. What else is refused the census knows
 * (see census.h); numbers that it does not know, and system calls of another
 * ABI (i386, x32), fail with ENOSYS, for which programs have a way of their
 * own.
 *
 * Nothing of this depends on where and when a program is started, so the
 * filters are made when Landlord is built: see build.h.
 */
#pragma once

#include <linux/filter.h>

enum filter_kind {
	FILTER_PLAIN,
	FILTER_MARKED, /* marked calls pass, see marker.h */
	FILTER_BESIDE, /* the kernel asks about files and ports: what is only
			* about these is not notified */
};

/* The filter of a tree. */
const struct sock_fprog *filter_of_tree(enum filter_kind kind);

/*
 * A filter to be put above that one: marked calls fail with EACCES, and so are
 * tried again without the marker. Otherwise as above.
 */
const struct sock_fprog *filter_of_recall(void);
