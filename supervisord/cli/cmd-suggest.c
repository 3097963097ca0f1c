/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * landlord suggest: the rules that would have answered what was asked.
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "cli/arguments.h"
#include "cli/protected.h"
#include "cli/replay_policies.h"
#include "supervision/decide.h"
#include "trace/reader.h"
#include "trace/replay.h"
#include "trace/suggest.h"

#define POLICIES_MAX 64

struct suggest_command {
	const char *policy_files[POLICIES_MAX + 1];
	size_t policy_count;
	const char *output;
	struct replay_policies policies;
	struct suggest *suggest;
	/* What the policy of the app that was met last protects. */
	const struct replay_policy *policy;
	struct protected_places places;
	int error;
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

static enum suggest_protection look(void *userdata, const char *path,
				    rights_t rights)
{
	const struct suggest_command *command = userdata;

	return protected_places_look(&command->places, path, rights);
}

static int get_policy(void *userdata, const struct trace_header *header,
		      const struct replay_policy **ret)
{
	struct suggest_command *command = userdata;
	const int error =
		replay_policies_get(&command->policies, header->app, ret);

	if (error || *ret == command->policy)
		return error;
	command->policy = *ret;
	protected_places_finish(&command->places);
	return protected_places_init(&command->places, (*ret)->ruleset);
}

static void judged(void *userdata, const struct replay_result *result)
{
	struct suggest_command *command = userdata;

	if (!command->error)
		command->error = suggest_take(command->suggest, result);
}

static void on_damage(void *userdata, const struct trace_place *place,
		      const char *problem)
{
	(void)userdata;
	fprintf(stderr,
		"landlord suggest: %s:%" PRIu64 ": not understood: %s\n",
		place->file, place->line, problem);
}

static int read_files(struct suggest_command *command, char *const *files,
		      struct replay *replay)
{
	_cleanup_(trace_reader_freep) struct trace_reader *reader = NULL;
	struct trace_place place = {.file = "-"};
	struct trace_entry entry;
	int r = trace_reader_new(&reader, files, on_damage, NULL);

	while (r >= 0 && (r = trace_reader_next(reader, &entry, &place)) > 0) {
		r = replay_take(replay, &entry, &place);
		if (!r)
			r = command->error;
	}
	if (r == 0)
		r = replay_end(replay);
	if (r < 0)
		fprintf(stderr, "landlord suggest: %s: %s\n", place.file,
			strerror(-r));
	return r;
}

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
	error = suggest_write(command->suggest, out, &rules);
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
	const struct suggest_options suggest_options = {
		.look = look, .home = getenv("HOME"), .userdata = command};
	const struct replay_options replay_options = {
		.policy = get_policy,
		.rules = decide_rules,
		.judged = judged,
		.policy_only = true,
		.userdata = command,
	};
	struct replay *replay = NULL;
	int error = suggest_new(&command->suggest, &suggest_options);
	int status = 1;

	if (!error)
		error = replay_new(&replay, &replay_options);
	if (error)
		cli_fail(&verb_suggest, error, NULL);
	else if (read_files(command, files, replay) == 0)
		status = write_rules(command);
	replay_free(replay);
	suggest_free(command->suggest);
	return status;
}

static bool take(struct suggest_command *command, int option)
{
	switch (option) {
	case OPTION_POLICY:
		if (command->policy_count == POLICIES_MAX)
			return false;
		command->policy_files[command->policy_count++] = optarg;
		return true;
	case OPTION_ONLY:
		command->policies.only = true;
		return true;
	case OPTION_APP:
		command->policies.app = optarg;
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
	struct suggest_command command = {0};
	int option, status;

	opterr = 0;
	optind = 0;
	while ((option = getopt_long(argc, argv, ":ho:", long_options, NULL)) !=
	       -1) {
		if (option == 'h') {
			arguments_help(&verb_suggest);
			return 0;
		}
		if (!take(&command, option))
			return arguments_unknown(&verb_suggest,
						 argv[optind - 1]);
	}
	command.policies.files = command.policy_files;
	status = suggest_all(&command, argv + optind);
	protected_places_finish(&command.places);
	replay_policies_finish(&command.policies);
	return status;
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
