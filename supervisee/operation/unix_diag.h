/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the kernel says of UNIX sockets, sock_diag(7).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

/*
 * The inode of the socket that is bound to a file.
 * Returns: 0 when none is known.
 */
ino_t unix_diag_find(const struct stat *file);

/*
 * Looks at one answer.
 * @answer: aligned as a struct nlmsghdr; may be anything
 * @ret: the inode, if it is in there
 * Returns: whether others may follow.
 */
bool unix_diag_read(const void *answer, size_t length, const struct stat *file,
		    ino_t *ret);
