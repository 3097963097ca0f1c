/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * landlord report: what is in traces, as a page.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "cli/arguments.h"
#include "cli/suggesting.h"
#include "report/report.h"

struct command {
	const char *output, *title;
	struct suggesting suggesting;
	struct report *report;
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

static void on_entry(void *userdata, const struct trace_entry *entry)
{
	report_entry(((struct command *)userdata)->report, entry);
}

static void on_result(void *userdata, const struct replay_result *result)
{
	report_result(((struct command *)userdata)->report, result);
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
	error = suggest_write(command->suggesting.suggest, out, NULL);
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
	struct suggesting *suggesting = &command->suggesting;
	struct report_words words = {0};
	int error, status = 1;

	suggesting->verb = verb_report.name;
	suggesting->entry = on_entry;
	suggesting->result = on_result;
	suggesting->userdata = command;
	error = suggesting_begin(suggesting);
	if (!error)
		error = report_new(&command->report);
	if (error)
		cli_fail(&verb_report, error, NULL);
	else if (suggesting_read(suggesting, files) == 0) {
		words.lines = suggesting->lines;
		words.counts = suggesting->counts;
		status = write_page(command, &words);
	}
	report_free(command->report);
	suggesting_finish(suggesting);
	return status;
}

static bool take(void *userdata, int option)
{
	struct command *command = userdata;

	switch (option) {
	case 'o':
		command->output = optarg;
		return true;
	case OPTION_TITLE:
		command->title = optarg;
		return true;
	case OPTION_APP:
		command->suggesting.policies.app = optarg;
		return true;
	default:
		return false;
	}
}

static int run(int argc, char *argv[])
{
	static const struct arguments_options options = {":ho:", long_options,
							 take};
	struct command command = {0};
	int status;

	if (!arguments_take(&verb_report, argc, argv, &options, &command,
			    &status))
		return status;
	return report_all(&command, argv + optind);
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
