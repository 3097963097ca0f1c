/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Errors on the control socket: names on the wire, errno in the programs.
 */
#pragma once

#include <systemd/sd-bus.h>

/*
 * Sets an error for a reply.
 * @error: a negative errno
 * @sentence: for a person; NULL: strerror(3)
 * Returns: what a method handler returns.
 */
int bus_fail(sd_bus_error *ret, int error, const char *sentence);

/* The negative errno that an error reply stands for. */
int bus_errno(const sd_bus_error *error);
