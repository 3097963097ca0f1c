/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The apps that a layer has policy files for.
 */
#pragma once

#include "base/file_errors.h"

/*
 * Calls back for every app that has files or drop-ins in a layer, in the order
 * of their names, until it returns non-zero; for one that has both, twice.
 * @layer: its directory; need not exist
 * @errors: gets the names there that are never read
 * Returns: what the callback returned, 0, or -ENOMEM.
 */
int apps_each(const char *layer,
	      int (*callback)(void *userdata, const char *app), void *userdata,
	      struct file_errors *errors);
