/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * "Tell", which the daemon calls on monitors and agents: a sentence for whoever
 * sees what this process logs, such as what became of an answer.
 */
#pragma once

#include <systemd/sd-bus.h>

/* The entry of a table of methods; it has no use for its userdata. */
#define TELL_METHOD \
	SD_BUS_METHOD("Tell", "ay", "", tell, SD_BUS_VTABLE_UNPRIVILEGED)

int tell(sd_bus_message *m, void *userdata, sd_bus_error *error);
