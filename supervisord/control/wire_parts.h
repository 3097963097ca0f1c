/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the files of wire.h share.
 */
#pragma once

#include <errno.h>

#include "control/try.h"
#include "control/wire.h"

/* sd-bus says 0 where the message or the array ends. */
static inline int wire_some(int error)
{
	return !error ? -EBADMSG : error;
}

int wire_append_object(sd_bus_message *m, const struct object *object);
int wire_read_object(sd_bus_message *m, struct object *ret);
