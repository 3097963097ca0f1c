/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The address of a socket in a directory that has been opened and looked at.
 */
#pragma once

#include <sys/un.h>

/*
 * Opens the directory of a socket, if nobody but this user or root can change
 * what is in it.
 * Returns: a descriptor, -EPERM, or another negative errno.
 */
int control_directory_open(const char *path);

/*
 * The address of a socket. The kernel takes names of 107 bytes; a longer one is
 * reached through the directory.
 * @path: of the socket, whose directory @directory is; it must stay open while
 *        the address is used
 * Returns: 0, or -ENAMETOOLONG: even that way.
 */
int control_address(const char *path, int directory, struct sockaddr_un *ret);
