/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * landlord revoke: takes a grant back.
 */
#include <errno.h>
#include <stdio.h>

#include "base/cleanup.h"
#include "cli/arguments.h"
#include "cli/policy_view.h"
#include "control/client.h"
#include "control/wire.h"

/* Each program follows the file of grants by itself. */
#define FOLLOWING                                                     \
	"No daemon runs: programs that run already lose it within a " \
	"few seconds. "

static int by_daemon(sd_bus *bus, const char *app, const char *rule,
		     char **sentence)
{
	_cleanup_(sd_bus_message_unrefp) sd_bus_message *call = NULL;
	int r = client_call_new(bus, "Revoke", &call);

	if (r >= 0)
		r = wire_append_bytes(call, app);
	if (r >= 0)
		r = wire_append_bytes(call, rule);
	return r < 0 ? r : client_call(bus, call, NULL, sentence);
}

static int by_file(const char *app, const char *rule)
{
	_cleanup_(grants_closep) struct grants *grants = NULL;
	int r = view_grants(app, &grants);

	return r < 0 ? r : grants_revoke(grants, rule);
}

static int run(int argc, char *argv[])
{
	_cleanup_(sd_bus_close_unrefp) sd_bus *bus = NULL;
	_cleanup_free_ char *sentence = NULL;
	struct arguments arguments;
	const char *app, *rule;
	bool followed = true; /* by a daemon, when it says so */
	int r, status;

	if (!arguments_parse(&verb_revoke, argc, argv, 0, 2, 2, &arguments,
			     &status))
		return status;
	app = arguments.operands[0];
	rule = arguments.operands[1];
	r = client_open(&bus);
	if (r == 0)
		r = by_daemon(bus, app, rule, &sentence);
	else if (r == -ENOENT || r == -ECONNREFUSED) {
		followed = false;
		r = by_file(app, rule);
	}
	if (r == -ENOENT)
		return cli_fail(&verb_revoke, r,
				"there is no such grant; landlord rules APP "
				"lists them (rules of files are edited there)");
	if (r < 0)
		return cli_fail(&verb_revoke, r,
				sentence ? sentence : client_why(r));
	if (arguments.json)
		view_json_print(json_pack("{s:s}", "revoked", rule));
	else
		printf("Revoked. %sWhat is already open stays open.\n",
		       followed ? "" : FOLLOWING);
	return 0;
}

const struct verb verb_revoke = {
	.name = "revoke",
	.arguments = "[--json] APP RULE",
	.summary = "Take a grant back, from the next access on",
	.details = DETAILS_APP
	"  RULE    its name, in the first column of landlord rules APP\n",
	.run = run,
};
