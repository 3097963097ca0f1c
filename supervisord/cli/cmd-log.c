/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * landlord log: what was asked, decided and committed.
 */
#include <errno.h>
#include <stdio.h>
#include <time.h>

#include "cli/arguments.h"
#include "cli/log_reader.h"

static const char *text_of(const json_t *line, const char *key)
{
	const char *text = json_string_value(json_object_get(line, key));

	return text ? text : "";
}

/* What was escaped when it was written can be printed as it is. */
static void print_accesses(const json_t *line)
{
	const json_t *access;
	size_t i;

	json_array_foreach (json_object_get(line, "accesses"), i, access)
		printf(" %s %s", text_of(access, "rights"),
		       text_of(access, "object"));
}

static void print_line(void *userdata, const json_t *line, const char *text)
{
	const struct arguments *arguments = userdata;
	const time_t seconds =
		(time_t)json_number_value(json_object_get(line, "time"));
	const json_t *generation = json_object_get(line, "generation");
	const json_t *count = json_object_get(line, "count");
	static const char *const keys[] = {"outcome", "lifetime", "agent",
					   "reason",  "error",	  "exe"};
	char when[32];
	struct tm tm;

	if (arguments->json) {
		puts(text);
		return;
	}
	localtime_r(&seconds, &tm);
	strftime(when, sizeof(when), "%F %T", &tm);
	printf("%s %-12s %s", when, text_of(line, "event"),
	       text_of(line, "app"));
	print_accesses(line);
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (json_object_get(line, keys[i]))
			printf(" %s=%s", keys[i], text_of(line, keys[i]));
	if (generation)
		printf(" generation=%" JSON_INTEGER_FORMAT,
		       json_integer_value(generation));
	if (count)
		printf(" count=%" JSON_INTEGER_FORMAT,
		       json_integer_value(count));
	putchar('\n');
}

static int run(int argc, char *argv[])
{
	struct arguments arguments;
	int r, status;

	if (!arguments_parse(&verb_log, argc, argv, ACCEPT_FOLLOW, 0, 0,
			     &arguments, &status))
		return status;
	r = log_read(arguments.follow, print_line, &arguments);
	if (r == -ENOENT) {
		if (!arguments.json)
			cli_note("Nothing has been logged yet: no program has "
				 "run under Landlord.");
		return 0;
	}
	if (r == -EINVAL)
		return cli_fail(&verb_log, r, "the log is not a regular file");
	return r < 0 ? cli_fail(&verb_log, r, NULL) : 0;
}

const struct verb verb_log = {
	.name = "log",
	.arguments = "[--json] [-f]",
	.summary = "Print what was asked, decided and committed",
	.details = "  -f      wait for more, until interrupted\n",
	.run = run,
};
