/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * landlord log: what was asked, decided and committed.
 */
#include <errno.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <time.h>

#include "base/cleanup.h"
#include "base/quote.h"
#include "cli/arguments.h"
#include "cli/log_counters.h"
#include "cli/log_filter.h"
#include "cli/log_reader.h"

struct log_command {
	bool json, follow, counters;
	struct log_filter filter;
	struct log_counters counted;
};

enum {
	OPTION_SINCE = 256,
	OPTION_UNTIL,
	OPTION_APP,
	OPTION_OUTCOME,
	OPTION_COUNTERS,
};

static const char *text_of(const json_t *line, const char *key)
{
	const char *text = json_string_value(json_object_get(line, key));

	return text ? text : "";
}

/* It was escaped when it was written, if nobody else wrote it. */
static void print_text(const char *before, const char *escaped, bool sentence)
{
	_cleanup_free_ char *safe = sentence ? quote_escaped_text(escaped)
					     : quote_escaped_word(escaped);

	printf("%s%s", before, safe ? safe : "?");
}

static void print_accesses(const json_t *line)
{
	const json_t *access;
	size_t i;

	json_array_foreach (json_object_get(line, "accesses"), i, access) {
		print_text(" ", text_of(access, "rights"), false);
		print_text(" ", text_of(access, "object"), false);
	}
}

static void print_time(const json_t *line)
{
	const double number = json_number_value(json_object_get(line, "time"));
	const time_t seconds =
		number >= 0 && number < 1e11 ? (time_t)number : 0;
	char when[32];
	struct tm tm;

	if (localtime_r(&seconds, &tm) &&
	    strftime(when, sizeof(when), "%F %T", &tm))
		fputs(when, stdout);
}

static void print_line(void *userdata, const json_t *line, const char *text)
{
	struct log_command *const command = userdata;
	const json_t *generation = json_object_get(line, "generation");
	static const char *const keys[] = {"outcome", "lifetime", "agent",
					   "reason",  "error",	  "exe"};
	_cleanup_free_ char *event = NULL;

	if (!log_filter_matches(&command->filter, line))
		return;
	if (command->counters) {
		log_counters_add(&command->counted, line);
		return;
	}
	if (command->json) {
		puts(text);
		return;
	}
	print_time(line);
	event = quote_escaped_word(text_of(line, "event"));
	printf(" %-12s", event ? event : "?");
	print_text(" ", text_of(line, "app"), false);
	print_accesses(line);
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		if (!json_object_get(line, keys[i]))
			continue;
		printf(" %s", keys[i]);
		print_text("=", text_of(line, keys[i]), true);
	}
	if (generation)
		printf(" generation=%" JSON_INTEGER_FORMAT,
		       json_integer_value(generation));
	putchar('\n');
}

static const struct option long_options[] = {
	{"since", required_argument, NULL, OPTION_SINCE},
	{"until", required_argument, NULL, OPTION_UNTIL},
	{"app", required_argument, NULL, OPTION_APP},
	{"outcome", required_argument, NULL, OPTION_OUTCOME},
	{"counters", no_argument, NULL, OPTION_COUNTERS},
	{"follow", no_argument, NULL, 'f'},
	{"json", no_argument, NULL, 'j'},
	{"help", no_argument, NULL, 'h'},
	{},
};

static bool take(void *userdata, int option)
{
	struct log_command *const command = userdata;
	struct log_filter *const filter = &command->filter;

	switch (option) {
	case OPTION_SINCE:
		return log_time_parse(optarg, time(NULL), &filter->since) == 0;
	case OPTION_UNTIL:
		return log_time_parse(optarg, time(NULL), &filter->until) == 0;
	case OPTION_APP:
		filter->app = optarg;
		return true;
	case OPTION_OUTCOME:
		filter->outcome = optarg;
		return log_outcome_is_known(optarg);
	case OPTION_COUNTERS:
		command->counters = true;
		return true;
	case 'f':
		command->follow = true;
		return true;
	case 'j':
		command->json = true;
		return true;
	default:
		return false;
	}
}

static int print_log(struct log_command *command)
{
	const int error = log_read(command->follow, print_line, command);

	if (command->counters && (!error || error == -ENOENT))
		log_counters_print(&command->counted, stdout);
	else if (error == -ENOENT && !command->json)
		cli_note("Nothing has been logged yet: no program has run "
			 "under Landlord.");
	if (error == -EINVAL)
		return cli_fail(&verb_log, error,
				"the log is not a regular file");
	return error && error != -ENOENT ? cli_fail(&verb_log, error, NULL) : 0;
}

static int run(int argc, char *argv[])
{
	static const struct arguments_options options = {":jhf", long_options,
							 take};
	struct log_command command = {0};
	int status;

	if (!arguments_take(&verb_log, argc, argv, &options, &command, &status))
		return status;
	if (optind != argc ||
	    (command.counters && (command.follow || command.json)))
		return arguments_expected(
			&verb_log, "landlord log [OPTION]..., with --counters "
				   "neither -f nor --json");
	if (log_counters_init(&command.counted) < 0)
		return cli_fail(&verb_log, -ENOMEM, NULL);
	status = print_log(&command);
	log_counters_finish(&command.counted);
	return status;
}

const struct verb verb_log = {
	.name = "log",
	.arguments = "[--json] [-f] [--since TIME] [--until TIME] "
		     "[--app GLOB] [--outcome OUTCOME] [--counters]",
	.summary = "Print what was asked, decided and committed",
	.details =
		"  -f                 wait for more, until interrupted\n"
		"  --since, --until   TIME: 2h or 30d ago, \"2026-11-30 "
		"12:00\", "
		"or\n"
		"                     2026-11-30T12:00:00Z\n"
		"  --app GLOB         only of these apps\n"
		"  --outcome OUTCOME  only what was decided so: allow, deny, "
		"unanswered or\n"
		"                     refused\n"
		"  --counters         how often each was, for Prometheus\n",
	.run = run,
};
