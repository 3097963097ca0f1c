/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * landlord revoke: takes a grant back.
 */
#include <errno.h>
#include <stdio.h>

#include "base/cleanup.h"
#include "cli/arguments.h"
#include "cli/policy_view.h"
#include "cli/revoke.h"
#include "control/client.h"

/* Each program follows the file of grants by itself. */
#define FOLLOWING                                                     \
	"No daemon runs: programs that run already lose it within a " \
	"few seconds. "

static int run(int argc, char *argv[])
{
	_cleanup_free_ char *sentence = NULL;
	struct arguments arguments;
	const char *app, *rule;
	bool followed = true; /* by a daemon, when it says so */
	int result, status;

	if (!arguments_parse(&verb_revoke, argc, argv, 0, 2, 2, &arguments,
			     &status))
		return status;
	app = arguments.operands[0];
	rule = arguments.operands[1];
	result = revoke_grant(app, rule, &sentence, &followed);
	if (result == -ENOENT)
		return cli_fail(&verb_revoke, result,
				"there is no such grant; landlord rules APP "
				"lists them (rules of files are edited there)");
	if (result < 0)
		return cli_fail(&verb_revoke, result,
				sentence ? sentence : client_why(result));
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
