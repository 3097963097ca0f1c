/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * landlord log: what was asked, decided and committed.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <time.h>

#include "base/cleanup.h"
#include "base/quote.h"
#include "cli/arguments.h"
#include "cli/log_reader.h"

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
	const struct arguments *arguments = userdata;
	const json_t *generation = json_object_get(line, "generation");
	static const char *const keys[] = {"outcome", "lifetime", "agent",
					   "reason",  "error",	  "exe"};
	_cleanup_free_ char *event = NULL;

	if (arguments->json) {
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

static int run(int argc, char *argv[])
{
	struct arguments arguments;
	int error, status;

	if (!arguments_parse(&verb_log, argc, argv, ACCEPT_FOLLOW, 0, 0,
			     &arguments, &status))
		return status;
	error = log_read(arguments.follow, print_line, &arguments);
	if (error == -ENOENT) {
		if (!arguments.json)
			cli_note("Nothing has been logged yet: no program has "
				 "run under Landlord.");
		return 0;
	}
	if (error == -EINVAL)
		return cli_fail(&verb_log, error,
				"the log is not a regular file");
	return error ? cli_fail(&verb_log, error, NULL) : 0;
}

const struct verb verb_log = {
	.name = "log",
	.arguments = "[--json] [-f]",
	.summary = "Print what was asked, decided and committed",
	.details = "  -f      wait for more, until interrupted\n",
	.run = run,
};
