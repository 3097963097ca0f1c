/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Forwarding: messages between the daemon and the dialog, as they are. The
 * daemon takes from a connection only what the process that made it has
 * written, and the dialog comes and goes.
 */
#pragma once

#include <systemd/sd-bus.h>

/*
 * Sends what a message says as another on @to, which wants no reply.
 * Returns: 0 or a negative errno.
 */
int forward_notice(sd_bus_message *m, sd_bus *to);

/*
 * Sends a call on @to; its reply, or its error, becomes that of the call. A
 * call that cannot be sent fails with an error, too.
 * @done: may be NULL; told of a call that has succeeded
 */
void forward_call(sd_bus_message *m, sd_bus *to,
		  void (*done)(void *userdata, sd_bus_message *call),
		  void *userdata);
