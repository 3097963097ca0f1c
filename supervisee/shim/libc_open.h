/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Opening, as the wrappers share it.
 */
#pragma once

#include <sys/types.h>

int shim_open(int dirfd, const char *path, int flags, mode_t mode);
