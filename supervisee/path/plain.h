/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Plain paths: names that lead through no link, so that who puts one in the
 * place of any part of a path gets nothing.
 */
#pragma once

/* Returns: an O_PATH descriptor, or a negative errno (-ELOOP: a link). */
int plain_open(const char *path);

/* As plain_open(); -EAGAIN where somebody would have to be waited for. */
int plain_open_cached(const char *path);

/*
 * One name in a directory.
 * @at: of the directory
 */
int plain_open_in(int at, const char *name);
int plain_open_in_cached(int at, const char *name);
