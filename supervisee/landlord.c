/* SPDX-License-Identifier: GPL-2.0-or-later */
/* landlord: the command. One table of verbs, one file a verb. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "cli/doctor.h"
#include "cli/verbs.h"
#include "engines.h"
#include "run/run.h"

static const struct verb verb_run = {
	.name = "run",
	.arguments = "[OPTION]... [--] COMMAND [ARG]...",
	.summary = "Run a program that asks for what no rule allows",
	.run = run_main,
};

static void usage(FILE *stream)
{
	fputs("Usage: landlord VERB [ARG]...\n"
	      "Programs ask before they reach for what no rule allows.\n"
	      "\n"
	      "To begin:  landlord run -- COMMAND\n"
	      "\n"
	      "Verbs:\n",
	      stream);
	fprintf(stream, "  %-9s %s\n", verb_run.name, verb_run.summary);
	for (size_t i = 0; cli_verbs[i]; i++)
		fprintf(stream, "  %-9s %s\n", cli_verbs[i]->name,
			cli_verbs[i]->summary);
	fputs("\n"
	      "landlord help VERB says more of each; see also landlord(1).\n",
	      stream);
}

static const struct verb *find_verb(const char *name)
{
	if (strcmp(name, verb_run.name) == 0)
		return &verb_run;
	for (size_t i = 0; cli_verbs[i]; i++)
		if (strcmp(name, cli_verbs[i]->name) == 0)
			return cli_verbs[i];
	return NULL;
}

static bool asks_for_help(const char *argument)
{
	return strcmp(argument, "--help") == 0 || strcmp(argument, "-h") == 0 ||
	       strcmp(argument, "help") == 0;
}

static const char *find_engine(const char **ret_why)
{
	const struct engine_ops *engine = engines_find("auto", ret_why);

	return engine ? engine->name : "none";
}

/* Of an engine that the kernel may lack: what it would do with another. */
static const struct doctor_row *coverage_rows(size_t *ret_count)
{
	return engines_usual()->coverage(ret_count);
}

static void coverage_calls(void (*callback)(const struct doctor_call *call,
					    void *userdata),
			   void *userdata)
{
	engines_usual()->calls(callback, userdata);
}

int main(int argc, char **argv)
{
	static char help[] = "--help";
	const struct verb *verb;

	log_open("landlord", LOG_NOTICE);
	if (argc < 2 || (argc == 2 && asks_for_help(argv[1]))) {
		usage(stdout);
		return 0;
	}
	/* "help VERB" is "VERB --help". */
	if (asks_for_help(argv[1])) {
		argv[1] = argv[2];
		argv[2] = help;
		argc = 3;
	}
	if (strcmp(argv[1], "--version") == 0) {
		puts("landlord " LANDLORD_VERSION);
		return 0;
	}
	doctor_engine = find_engine;
	doctor_coverage = coverage_rows;
	doctor_calls = coverage_calls;
	verb = find_verb(argv[1]);
	if (!verb) {
		log_error("%s: expected a verb; see landlord --help", argv[1]);
		return 2;
	}
	return verb->run(argc - 1, argv + 1);
}
