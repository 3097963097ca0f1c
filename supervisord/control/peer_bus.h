/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A bus with nobody on it but the other side of a socket: what both sides of
 * the control socket have in common.
 */
#pragma once

#include <systemd/sd-bus.h>

/*
 * Makes a bus of a connected socket, which it takes over also when it fails. It
 * is not started: what is to be served on it comes first.
 * Returns: 0 or a negative errno.
 */
int peer_bus_new(sd_bus **ret, int fd);
