/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Confines the daemon: it decides for others, so what reaches it from them
 * should find little to use. No capabilities, no new privileges, files written
 * only beneath its own directories (Landlock), none of the system calls that
 * it has no use for (seccomp). Every step is best effort but the capabilities:
 * an old kernel confines less.
 */
#pragma once

#include <stdbool.h>

/*
 * @writable: directories that exist already, NULL-terminated
 * @programs: helper programs will be run
 * Returns: 0, or a negative errno when capabilities could not be dropped.
 */
int confine(const char *const *writable, bool programs);
