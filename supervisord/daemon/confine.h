/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Confines the daemon: it decides for others, so what reaches it from them
 * should find little to use. No capabilities, no new privileges, files written
 * only beneath its own directories (Landlock), none of the system calls that it
 * has no use for (seccomp). Every step is best effort but the capabilities: an
 * old kernel confines less.
 *
 * The system calls are refused to the threads that do the work, not to the
 * first one, which only waits for them: by its filters others tell a daemon
 * from a supervised program (see process_is_supervised()).
 */
#pragma once

#include <stdbool.h>

/*
 * For this thread and those that it starts.
 * @writable: directories that exist already, NULL-terminated
 * Returns: 0, or a negative errno when capabilities could not be dropped.
 */
int confine_process(const char *const *writable);

/*
 * For this thread and those that it starts.
 * @programs: helper programs will be run
 */
void confine_calls(bool programs);
