/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Messages between the daemon and the dialog.
 */
#include "desktop/forward.h"

#include <errno.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "control/errors.h"
#include "control/try.h"

struct forwarded {
	sd_bus_message *call;
	void (*done)(void *userdata, sd_bus_message *call);
	void *userdata;
};

static int copy(sd_bus_message *m, sd_bus *to, sd_bus_message **ret)
{
	TRY(sd_bus_message_new_method_call(
		to, ret, NULL, sd_bus_message_get_path(m),
		sd_bus_message_get_interface(m), sd_bus_message_get_member(m)));
	TRY(sd_bus_message_rewind(m, 1));
	return sd_bus_message_copy(*ret, m, 1);
}

int forward_notice(sd_bus_message *m, sd_bus *to)
{
	_cleanup_(sd_bus_message_unrefp) sd_bus_message *notice = NULL;

	TRY(copy(m, to, &notice));
	TRY(sd_bus_message_set_expect_reply(notice, 0));
	TRY(sd_bus_send(to, notice, NULL));
	return 0;
}

static void reply_error(sd_bus_message *call, const sd_bus_error *error)
{
	if (sd_bus_reply_method_error(call, error) >= 0)
		sd_bus_flush(sd_bus_message_get_bus(call));
}

static void reply_with(sd_bus_message *call, sd_bus_message *m)
{
	_cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
	int result = sd_bus_message_new_method_return(call, &reply);

	if (result >= 0)
		result = sd_bus_message_copy(reply, m, 1);
	if (result >= 0)
		result = sd_bus_send(sd_bus_message_get_bus(call), reply, NULL);
	if (result >= 0)
		sd_bus_flush(sd_bus_message_get_bus(call));
}

static int on_reply(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	const struct forwarded *forwarded = userdata;
	const sd_bus_error *failure = sd_bus_message_get_error(m);

	(void)error;
	if (!failure && forwarded->done)
		forwarded->done(forwarded->userdata, forwarded->call);
	if (failure)
		reply_error(forwarded->call, failure);
	else
		reply_with(forwarded->call, m);
	return 1;
}

static void forwarded_free(void *userdata)
{
	struct forwarded *forwarded = userdata;

	sd_bus_message_unref(forwarded->call);
	free(forwarded);
}

static int send_on(sd_bus_message *m, sd_bus *to, struct forwarded *forwarded)
{
	_cleanup_(sd_bus_message_unrefp) sd_bus_message *call = NULL;
	sd_bus_slot *slot = NULL;
	int result = copy(m, to, &call);

	if (result >= 0)
		result = sd_bus_call_async(to, &slot, call, on_reply, forwarded,
					   0);
	if (result < 0)
		return result;
	/* It lives as long as the slot, and that as the connection. */
	sd_bus_slot_set_destroy_callback(slot, forwarded_free);
	sd_bus_slot_set_floating(slot, 1);
	sd_bus_slot_unref(slot);
	return 0;
}

void forward_call(sd_bus_message *m, sd_bus *to,
		  void (*done)(void *userdata, sd_bus_message *call),
		  void *userdata)
{
	sd_bus_error error = SD_BUS_ERROR_NULL;
	struct forwarded *forwarded = calloc(1, sizeof(*forwarded));
	int result = forwarded ? 0 : -ENOMEM;

	if (result == 0 && !to)
		result = -ENOTCONN;
	if (result == 0) {
		*forwarded = (struct forwarded){sd_bus_message_ref(m), done,
						userdata};
		result = send_on(m, to, forwarded);
		if (result < 0)
			sd_bus_message_unref(m);
	}
	if (result == 0)
		return;
	free(forwarded);
	bus_fail(&error, result, NULL);
	reply_error(m, &error);
	sd_bus_error_free(&error);
}
