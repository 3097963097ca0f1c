/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * landlord suggest: the rules that would have answered what was asked.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "cli/arguments.h"
#include "cli/suggesting.h"

struct suggest_command {
	const char *output;
	struct suggesting suggesting;
};

enum {
	OPTION_POLICY = 256,
	OPTION_ONLY,
	OPTION_APP,
};

static const struct option long_options[] = {
	{"policy", required_argument, NULL, OPTION_POLICY},
	{"only", no_argument, NULL, OPTION_ONLY},
	{"app", required_argument, NULL, OPTION_APP},
	{"output", required_argument, NULL, 'o'},
	{"help", no_argument, NULL, 'h'},
	{},
};

/* A file that is there is a person's, and stays as it is. */
static FILE *open_output(const struct suggest_command *command)
{
	int fd;

	if (!command->output)
		return stdout;
	fd = open(command->output, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
		  0600);
	if (fd >= 0)
		return fdopen(fd, "w");
	fprintf(stderr, "landlord suggest: %s: %s\n", command->output,
		strerror(errno));
	return NULL;
}

static int write_rules(struct suggest_command *command)
{
	FILE *out = open_output(command);
	size_t rules = 0;
	int error;
	bool failed;

	if (!out)
		return 1;
	error = suggest_write(command->suggesting.suggest, out, &rules);
	failed = fflush(out) != 0 || ferror(out);
	if (out != stdout)
		failed |= fclose(out) != 0;
	if (error || failed)
		return cli_fail(&verb_suggest, error ? error : -EIO, NULL);
	if (command->output)
		printf("%zu rules in %s\n", rules, command->output);
	return 0;
}

static int suggest_all(struct suggest_command *command, char *const *files)
{
	struct suggesting *suggesting = &command->suggesting;
	const int error = suggesting_begin(suggesting);
	int status = 1;

	if (error)
		cli_fail(&verb_suggest, error, NULL);
	else if (suggesting_read(suggesting, files) == 0)
		status = write_rules(command);
	suggesting_finish(suggesting);
	return status;
}

static bool take(void *userdata, int option)
{
	struct suggest_command *command = userdata;

	switch (option) {
	case OPTION_POLICY:
		return replay_policies_add(&command->suggesting.policies,
					   optarg);
	case OPTION_ONLY:
		command->suggesting.policies.only = true;
		return true;
	case OPTION_APP:
		command->suggesting.policies.app = optarg;
		return true;
	case 'o':
		command->output = optarg;
		return true;
	default:
		return false;
	}
}

static int run(int argc, char *argv[])
{
	static const struct arguments_options options = {":ho:", long_options,
							 take};
	struct suggest_command command = {.suggesting.verb = verb_suggest.name};
	int status;

	if (!arguments_take(&verb_suggest, argc, argv, &options, &command,
			    &status))
		return status;
	return suggest_all(&command, argv + optind);
}

const struct verb verb_suggest = {
	.name = "suggest",
	.arguments = "[OPTION]... [TRACE]...",
	.summary = "Write the rules that would have answered what was asked",
	.details = "  -o FILE         write a new policy file (default: "
		   "standard output)\n"
		   "  --app NAME      take what the policy of NAME says for "
		   "granted\n"
		   "                  (default: as the trace says)\n"
		   "  --policy FILE   this policy file, too (may be repeated)\n"
		   "  --only          nothing but these files\n"
		   "\n"
		   "See landlord-suggest(1).\n",
	.run = run,
};
