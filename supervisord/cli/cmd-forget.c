/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * landlord forget: removes all that is kept for an app.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "cli/arguments.h"
#include "cli/policy_view.h"
#include "plugin/request_json.h"
#include "policy/policy.h"
#include "store/usage.h"

/* Nothing is made for an app that nothing is known of. */
static int is_known(void *userdata, const char *app)
{
	return strcmp(app, userdata) == 0;
}

static int forget(char *app)
{
	_cleanup_(grants_closep) struct grants *grants = NULL;
	struct policy_options options;
	struct usage usage;
	int error;

	policy_options_default(&options);
	if (!options.grants_dir)
		return -ENOENT;
	error = usage_read(options.grants_dir, app, &usage);
	if (error)
		return error;
	if (!view_apps(is_known, app) && !usage.starts)
		return -ENOENT;
	error = view_grants(app, &grants);
	if (!error)
		error = grants_forget(grants);
	return error ? error : usage_forget(options.grants_dir, app);
}

static int run(int argc, char *argv[])
{
	struct arguments arguments;
	int error, status;

	if (!arguments_parse(&verb_forget, argc, argv, 0, 1, 1, &arguments,
			     &status))
		return status;
	error = forget(arguments.operands[0]);
	if (error)
		return cli_fail(&verb_forget, error,
				error == -ENOENT ? "nothing is kept for it"
						 : NULL);
	if (arguments.json)
		view_json_print(json_pack("{s:o}", "forgotten",
					  json_bytes(arguments.operands[0])));
	else
		printf("Forgotten. Programs that run lose what they had by it "
		       "within a few seconds; what is already open stays "
		       "open.\n");
	return 0;
}

const struct verb verb_forget = {
	.name = "forget",
	.arguments = "[--json] APP",
	.summary = "Remove all grants of an app, and when it was started",
	.details = DETAILS_APP,
	.run = run,
};
