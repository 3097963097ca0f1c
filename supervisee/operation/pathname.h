/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * UNIX sockets that have a path: whose they are.
 */
#pragma once

#include <stdbool.h>

#include "operation/notif.h"

/*
 * Whether the socket that is bound to a pinned path belongs to a process of the
 * tree: then a connection to it does not leave the domain.
 */
bool pathname_is_within(const struct notif *notif, const struct pin *pin);
