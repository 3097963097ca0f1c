/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The actor: makes the calls, supervised or not.
 */
#pragma once

#include <sys/types.h>

/*
 * Serves orders that come over a socket, until it ends.
 * @uid: 0, or who to be (and nothing else)
 * Returns: the exit status.
 */
int actor_run(int socket, uid_t uid);
