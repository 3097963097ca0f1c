/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Hosts by name, looked up once: rules are about the addresses that the name has
 * at that moment, since whoever answers for a name may be anybody later.
 */
#pragma once

#include <stddef.h>

#include "core/object.h"

#define HOST_ADDRESSES_MAX 64

/* Whether a text is "NAME:PORT", with no address for a name. */
bool host_is_named(const char *text);

/*
 * Looks up "NAME:PORT" (getaddrinfo(3)), and waits for it.
 * @ret: what it leads to, the port with each address
 * Returns: 0, -EINVAL when the port is none, -ENOENT when nobody knows the name
 *          (*ret_reason says why, in words of the C library's), -E2BIG.
 */
int host_look_up(const char *text, struct object ret[HOST_ADDRESSES_MAX],
		 size_t *ret_count, const char **ret_reason);
