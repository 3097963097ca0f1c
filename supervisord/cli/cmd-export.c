/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * landlord export: grants as a policy file.
 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "cli/arguments.h"
#include "cli/as_user.h"
#include "cli/grant_filter.h"
#include "cli/policy_view.h"
#include "core/app.h"
#include "store/policy_text.h"

struct export_command {
	const char *user, *directory;
	struct grant_filter filter;
	size_t left_out;
	int error;
};

enum {
	OPTION_USER = 256,
	OPTION_DIRECTORY,
};

static const struct option long_options[] = {
	{"user", required_argument, NULL, OPTION_USER},
	{"directory", required_argument, NULL, OPTION_DIRECTORY},
	GRANT_FILTER_OPTIONS,
	{"help", no_argument, NULL, 'h'},
	{},
};

static bool take(void *userdata, int option)
{
	struct export_command *const command = userdata;

	switch (option) {
	case OPTION_USER:
		command->user = optarg;
		return true;
	case OPTION_DIRECTORY:
		command->directory = optarg;
		return true;
	default:
		return grant_filter_take(&command->filter, option);
	}
}

/* Reads what is meant of an app. */
static int load(struct export_command *command, const char *app,
		struct rules *ret)
{
	int error = grant_filter_begin(&command->filter, app);

	if (!error)
		error = view_kept(app, ret);
	if (!error && grant_filter_is_set(&command->filter))
		grant_filter_apply(&command->filter, ret);
	return error;
}

static int write_file(struct export_command *command, const char *app,
		      const struct rules *rules)
{
	_cleanup_free_ char *name = NULL, *path = NULL;
	int error = app_file_name(app, ".ini", &name);
	FILE *out;

	if (error)
		return error;
	if (asprintf(&path, "%s/%s", command->directory, name) < 0) {
		path = NULL;
		return -ENOMEM;
	}
	out = fopen(path, "we");
	if (!out)
		return -errno;
	error = policy_text_write(out, app, rules, &command->left_out);
	if (fclose(out) != 0 && !error)
		error = -errno;
	return error;
}

/* One app that does not go is no reason to leave the others. */
static int export_app(void *userdata, const char *app)
{
	struct export_command *const command = userdata;
	struct rules rules = {0};
	int error = load(command, app, &rules);

	if (!error && rules.count)
		error = write_file(command, app, &rules);
	if (error)
		command->error = error;
	rules_finish(&rules);
	return error == -ENOMEM ? error : 0;
}

static int export_one(struct export_command *command, const char *app)
{
	struct rules rules = {0};
	int error = load(command, app, &rules);

	if (!error)
		error = policy_text_write(stdout, app, &rules,
					  &command->left_out);
	if (!error && fflush(stdout) != 0)
		error = -errno;
	rules_finish(&rules);
	return error;
}

static int export_all(struct export_command *command, const char *app)
{
	int error;

	if (!command->directory)
		return export_one(command, app);
	if (mkdir(command->directory, 0755) < 0 && errno != EEXIST)
		return -errno;
	error = app ? export_app(command, app) : view_apps(export_app, command);
	return error ? error : command->error;
}

static int run(int argc, char *argv[])
{
	static const struct arguments_options options = {":h", long_options,
							 take};
	struct export_command command = {0};
	int status, error = 0;

	if (!arguments_take(&verb_export, argc, argv, &options, &command,
			    &status))
		return status;
	if (argc - optind > 1 || (argc == optind && !command.directory))
		return arguments_expected(&verb_export,
					  "an APP, or --directory DIRECTORY");
	if (command.user)
		error = as_user(command.user);
	if (!error)
		error = export_all(&command, argv[optind]);
	if (error)
		return cli_fail(&verb_export, error, NULL);
	if (command.left_out)
		fprintf(stderr,
			"%zu left out, since a policy file cannot say them; "
			"they are comments there.\n",
			command.left_out);
	return 0;
}

const struct verb verb_export = {
	.name = "export",
	.arguments = "[--user NAME] [--directory DIRECTORY] [FILTER]... [APP]",
	.summary = "Write grants as a policy file",
	.details = DETAILS_APP
	"  --directory DIRECTORY  write APP.ini there, for each app\n"
	"  --user NAME            those of another user, for root\n"
	"\n" DETAILS_FILTER "\n"
	"landlord import --grants APP makes grants of such a file "
	"again.\n",
	.run = run,
};
