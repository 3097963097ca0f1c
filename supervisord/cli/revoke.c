/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Grants are taken back: see revoke.h. */
#include "cli/revoke.h"

#include <errno.h>
#include <time.h>

#include "cli/policy_view.h"
#include "control/client.h"
#include "control/try.h"
#include "control/wire.h"

static int by_daemon(sd_bus *bus, const char *app, const char *rule,
		     char **sentence)
{
	_cleanup_(sd_bus_message_unrefp) sd_bus_message *call = NULL;

	TRY(client_call_new(bus, "Revoke", &call));
	TRY(wire_append_bytes(call, app));
	TRY(wire_append_bytes(call, rule));
	return client_call(bus, call, NULL, sentence);
}

static int by_file(const char *app, const char *rule)
{
	_cleanup_(grants_closep) struct grants *grants = NULL;
	int error = view_grants(app, &grants);

	return error ? error
		     : grants_revoke(grants, rule, "revoke", time(NULL));
}

int revoke_grant(const char *app, const char *rule, char **sentence,
		 bool *ret_told)
{
	_cleanup_(sd_bus_close_unrefp) sd_bus *bus = NULL;
	const int error = client_open(&bus);

	*sentence = NULL;
	*ret_told = !error;
	if (error == -ENOENT || error == -ECONNREFUSED)
		return by_file(app, rule);
	return error ? error : by_daemon(bus, app, rule, sentence);
}
