/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Handles: what can be learned of an O_PATH descriptor, and done with it,
 * without a name that could come to mean something else.
 */
#pragma once

#include <limits.h>
#include <stddef.h>
#include <sys/types.h>

/*
 * Keeps this process's directory of descriptors open, through which handles
 * are reached faster than by path. Called once, before there are threads;
 * works without as well.
 */
void opath_prepare(void);

/*
 * The canonical path of an object, "" when it has none.
 * Returns: 0 or a negative errno.
 */
int opath_path(int fd, char path[PATH_MAX], size_t *ret_length);

/* As faccessat(2) with AT_EACCESS. Returns: 0 or a negative errno. */
int opath_access(int fd, int mode);

/* Opens the object again. Returns: a descriptor or a negative errno. */
int opath_open(int fd, int flags, mode_t mode);

/* "/proc/self/fd/N", for calls that take nothing but a path. */
#define OPATH_LINK_BYTES 32
const char *opath_link(int fd, char buffer[OPATH_LINK_BYTES]);
