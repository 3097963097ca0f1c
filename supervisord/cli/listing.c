/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lists that the daemon gives: see listing.h.
 */
#include "cli/listing.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "control/client.h"

static int read_rows(sd_bus_message *reply, const char *row,
		     int (*read)(void *userdata, sd_bus_message *reply),
		     void *userdata)
{
	/* Within the struct, its signature has no parentheses. */
	_cleanup_free_ char *members = strndup(row + 1, strlen(row) - 2);
	int count = 0, result;

	if (!members)
		return -ENOMEM;
	result = sd_bus_message_enter_container(reply, 'a', row);
	while (result >= 0 && (result = sd_bus_message_enter_container(
				       reply, 'r', members)) > 0) {
		result = read(userdata, reply);
		if (result >= 0)
			result = sd_bus_message_exit_container(reply);
		count++;
	}
	return result < 0 ? result : count;
}

int listing_read(const char *method, const char *row,
		 int (*read)(void *userdata, sd_bus_message *reply),
		 void *userdata, char **ret_sentence)
{
	_cleanup_(sd_bus_message_unrefp) sd_bus_message *call = NULL,
							*reply = NULL;
	_cleanup_(sd_bus_close_unrefp) sd_bus *bus = NULL;
	int result = client_open(&bus);

	if (result == 0)
		result = client_call_new(bus, method, &call);
	if (result == 0)
		result = client_call(bus, call, &reply, ret_sentence);
	return result < 0 ? result : read_rows(reply, row, read, userdata);
}
