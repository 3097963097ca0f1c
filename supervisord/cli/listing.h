/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lists that the daemon gives: one method call, and an array of structs.
 */
#pragma once

#include <systemd/sd-bus.h>

/*
 * Calls @method of the daemon, which takes no argument, and calls back in each
 * struct of its reply.
 * @row: the signature of a struct, BUS_DOMAIN for example
 * @read: reads one struct; its negative errno ends the listing
 * @ret_sentence: on failure what the daemon says (free(3)), or NULL
 * Returns: how many there were; -ENOENT or -ECONNREFUSED when no daemon runs,
 * or another negative errno.
 */
int listing_read(const char *method, const char *row,
		 int (*read)(void *userdata, sd_bus_message *reply),
		 void *userdata, char **ret_sentence);
