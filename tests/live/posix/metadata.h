/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Calls that change metadata, for the actor.
 */
#pragma once

#include "order.h"

/*
 * Makes the call of an order from CALL_CHMOD on.
 * @dir, @path: of its first argument that is a path
 */
long metadata_call(const struct order *order, int dir, const char *path);
