/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The options of setsockopt(2) that make a socket a member of a multicast
 * group.
 */
#pragma once

#include <stddef.h>

struct membership {
	int level, option;
};

extern const struct membership memberships[];
extern const size_t memberships_count;
