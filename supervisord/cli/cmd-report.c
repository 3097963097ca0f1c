/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * landlord report: what is in traces, as a page.
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "cli/arguments.h"
#include "cli/protected.h"
#include "cli/replay_policies.h"
#include "report/report.h"
#include "supervision/decide.h"
#include "trace/suggest.h"

struct command {
	const char *output, *title;
	struct replay_policies policies;
	struct report *report;
	struct suggest *suggest;
	/* What the policy of the app that was met last protects. */
	const struct replay_policy *policy;
	struct protected_places places;
	int error;
};

enum {
	OPTION_TITLE = 256,
	OPTION_APP,
};

static const struct option long_options[] = {
	{"output", required_argument, NULL, 'o'},
	{"title", required_argument, NULL, OPTION_TITLE},
	{"app", required_argument, NULL, OPTION_APP},
	{"help", no_argument, NULL, 'h'},
	{},
};

static enum suggest_protection look(void *userdata, const char *path,
				    rights_t rights)
{
	const struct command *command = userdata;

	return protected_places_look(&command->places, path, rights);
}

static int get_policy(void *userdata, const struct trace_header *header,
		      const struct replay_policy **ret)
{
	struct command *command = userdata;
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
	struct command *command = userdata;

	report_result(command->report, result);
	if (!command->error)
		command->error = suggest_take(command->suggest, result);
}

static void fixed(void *userdata, const struct replay_result *result)
{
	report_result(((struct command *)userdata)->report, result);
}

static void on_damage(void *userdata, const struct trace_place *place,
		      const char *problem)
{
	(void)userdata;
	fprintf(stderr, "landlord report: %s:%" PRIu64 ": not understood: %s\n",
		place->file, place->line, problem);
}

static int read_files(struct command *command, char *const *files,
		      struct replay *replay, struct report_words *words)
{
	_cleanup_(trace_reader_freep) struct trace_reader *reader = NULL;
	struct trace_place place = {.file = "-"};
	struct trace_entry entry;
	int r = trace_reader_new(&reader, files, on_damage, NULL);

	while (r >= 0 && (r = trace_reader_next(reader, &entry, &place)) > 0) {
		report_entry(command->report, &entry);
		r = replay_take(replay, &entry, &place);
		if (!r)
			r = command->error;
	}
	if (r == 0)
		r = replay_end(replay);
	if (r < 0) {
		fprintf(stderr, "landlord report: %s: %s\n", place.file,
			strerror(-r));
		return r;
	}
	words->lines = trace_reader_counts(reader);
	words->counts = replay_counts(replay);
	return 0;
}

/* A report that is there was made before, and is made anew. */
static FILE *open_output(const struct command *command)
{
	FILE *out = command->output ? fopen(command->output, "we") : stdout;

	if (!out)
		fprintf(stderr, "landlord report: %s: %s\n", command->output,
			strerror(errno));
	return out;
}

static int suggest_text(struct command *command, char **ret)
{
	size_t length;
	FILE *out = open_memstream(ret, &length);
	int error;

	if (!out)
		return -ENOMEM;
	error = suggest_write(command->suggest, out, NULL);
	return fclose(out) == EOF && !error ? -ENOMEM : error;
}

static int write_page(struct command *command, struct report_words *words)
{
	_cleanup_free_ char *suggestions = NULL;
	int error = suggest_text(command, &suggestions);
	FILE *out = error ? NULL : open_output(command);
	bool failed;

	if (!error && !out)
		return 1;
	words->title = command->title;
	words->suggestions = suggestions;
	if (!error)
		error = report_write(command->report, words, out);
	failed = out && (fflush(out) != 0 || ferror(out));
	if (out && out != stdout)
		failed |= fclose(out) != 0;
	return error || failed
		       ? cli_fail(&verb_report, error ? error : -EIO, NULL)
		       : 0;
}

static int report_all(struct command *command, char *const *files)
{
	const struct suggest_options suggest_options = {
		.look = look, .home = getenv("HOME"), .userdata = command};
	const struct replay_options replay_options = {
		.policy = get_policy,
		.rules = decide_rules,
		.judged = judged,
		.fixed = fixed,
		.policy_only = true,
		.userdata = command,
	};
	struct report_words words = {0};
	struct replay *replay = NULL;
	int error = suggest_new(&command->suggest, &suggest_options);
	int status = 1;

	if (!error)
		error = report_new(&command->report);
	if (!error)
		error = replay_new(&replay, &replay_options);
	if (error)
		cli_fail(&verb_report, error, NULL);
	else if (read_files(command, files, replay, &words) == 0)
		status = write_page(command, &words);
	replay_free(replay);
	report_free(command->report);
	suggest_free(command->suggest);
	return status;
}

static int run(int argc, char *argv[])
{
	static const char *const none[] = {NULL};
	struct command command = {.policies.files = none};
	int option, status;

	opterr = 0;
	optind = 0;
	while ((option = getopt_long(argc, argv, ":ho:", long_options, NULL)) !=
	       -1) {
		switch (option) {
		case 'h':
			arguments_help(&verb_report);
			return 0;
		case 'o':
			command.output = optarg;
			break;
		case OPTION_TITLE:
			command.title = optarg;
			break;
		case OPTION_APP:
			command.policies.app = optarg;
			break;
		default:
			return arguments_unknown(&verb_report,
						 argv[optind - 1]);
		}
	}
	status = report_all(&command, argv + optind);
	protected_places_finish(&command.places);
	replay_policies_finish(&command.policies);
	return status;
}

const struct verb verb_report = {
	.name = "report",
	.arguments = "[OPTION]... [TRACE]...",
	.summary = "Make a page of what was recorded",
	.details =
		"  -o FILE        write it there (default: standard output)\n"
		"  --title TEXT   its title\n"
		"  --app NAME     suggest rules beside the policy of NAME\n"
		"                 (default: as the trace says)\n"
		"\n"
		"See landlord-report(1).\n",
	.run = run,
};
