/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the environment of a supervised program has besides its caller's: the
 * preload library that makes allowed accesses cheap (see shim/direct.h). A
 * program that drops it is slower, not freer.
 */
#pragma once

#include <stdbool.h>

/*
 * Finds the library where it is installed beside this program.
 * @inherited: only if it is in this process's environment already
 * Returns: 0 with its path, NULL when it is not installed; -ENOMEM.
 */
int preload_find(char **ret, bool inherited);

/*
 * Adds the library to this process's environment, behind what is to be
 * preloaded already: other libraries that wrap the same functions then call
 * ours, and see every call. Returns: 0 or a negative errno.
 */
int preload_add(const char *shim);
