/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Copies of programs in sealed memory, which nobody can change: see
 * exec_redirect.h.
 */
#pragma once

#include <stdbool.h>

#include "operation/image.h"

/*
 * Copies what the kernel is to load of an image. The time it takes grows
 * with the file, and it waits for leases, so it runs in a worker.
 * @wanted: asked now and then whether to go on
 * @ret_fd: the copy
 * Returns: 0, -EACCES for what may not be read, -ECANCELED, ...
 */
int exec_copy(const struct image *image, bool (*wanted)(void *userdata),
	      void *userdata, int *ret_fd);
