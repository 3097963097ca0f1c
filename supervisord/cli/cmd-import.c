/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * landlord import: what the kernel or strace(1) wrote, as a trace.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "cli/arguments.h"
#include "cli/grant_import.h"
#include "trace/codec.h"
#include "trace/import.h"

#define UNKNOWN_TOLD 10 /* records that are not understood, one by one */

struct import_command {
	enum import_form form;
	const char *app;  /* whose grants a policy file becomes; NULL: no */
	const char *name; /* of the file that is read */
	uint64_t told;
	int error;
};

static void on_entry(void *userdata, const struct trace_entry *entry)
{
	struct import_command *command = userdata;
	_cleanup_free_ char *line = NULL;
	const int error = trace_encode(entry, &line);

	if (error)
		command->error = error;
	else
		puts(line);
}

static void on_unknown(void *userdata, uint64_t line, const char *problem)
{
	struct import_command *command = userdata;

	if (command->told++ < UNKNOWN_TOLD)
		fprintf(stderr,
			"landlord import: %s:%" PRIu64 ": not understood: %s\n",
			command->name, line, problem);
}

/* Returns: 0 or a negative errno. */
static int read_lines(struct import_command *command, struct import *import,
		      FILE *in)
{
	_cleanup_free_ char *line = NULL;
	size_t allocated = 0;
	ssize_t length;
	int error = 0;

	while (!error && (length = getline(&line, &allocated, in)) > 0) {
		if (line[length - 1] == '\n')
			line[--length] = '\0';
		error = import_line(import, line, (size_t)length);
		if (!error)
			error = command->error;
	}
	return error || !ferror(in) ? error : -EIO;
}

static int read_file(struct import_command *command, const char *name,
		     struct import_counts *total)
{
	const struct import_options options = {
		.form = command->form,
		.home = getenv("HOME"),
		.uid = getuid(),
		.entry = on_entry,
		.unknown = on_unknown,
		.userdata = command,
	};
	const bool standard = strcmp(name, "-") == 0;
	FILE *in = standard ? stdin : fopen(name, "re");
	struct import_counts counts;
	struct import *import;
	int error = in ? import_new(&import, &options) : -errno;

	if (in && !error) {
		command->name = name;
		error = read_lines(command, import, in);
		if (!error)
			error = import_end(import);
		counts = import_counts(import);
		total->lines += counts.lines;
		total->others += counts.others;
		total->records += counts.records;
		total->unknown += counts.unknown;
		total->entries += counts.entries;
		import_free(import);
	}
	if (in && !standard)
		fclose(in);
	if (error)
		fprintf(stderr, "landlord import: %s: %s\n", name,
			strerror(-error));
	return error;
}

static int import_files(struct import_command *command, char *const *files)
{
	struct import_counts total = {0};
	int error = 0;

	for (; !error && *files; files++)
		error = read_file(command, *files, &total);
	if (!error && (fflush(stdout) != 0 || ferror(stdout)))
		error = cli_fail(&verb_import, -EIO, NULL);
	fprintf(stderr,
		"%" PRIu64 " lines: %" PRIu64 " records of accesses, of which "
		"%" PRIu64 " were not understood; %" PRIu64
		" lines of others\n",
		total.lines, total.records, total.unknown, total.others);
	return error ? 1 : 0;
}

static const struct option long_options[] = {
	{"strace", no_argument, NULL, 's'},
	{"grants", required_argument, NULL, 'g'},
	{"help", no_argument, NULL, 'h'},
	{},
};

static bool take(void *userdata, int option)
{
	struct import_command *command = userdata;

	if (option == 's')
		command->form = IMPORT_STRACE;
	if (option == 'g')
		command->app = optarg;
	return option == 's' || option == 'g';
}

static int run(int argc, char *argv[])
{
	static const struct arguments_options options = {":h", long_options,
							 take};
	static char standard[] = "-", *const only_standard[] = {standard, NULL};
	struct import_command command = {.form = IMPORT_KERNEL};
	int status;

	if (!arguments_take(&verb_import, argc, argv, &options, &command,
			    &status))
		return status;
	if (command.app && (optind + 1 != argc || !*command.app))
		return arguments_expected(&verb_import,
					  "landlord import --grants APP FILE");
	if (command.app)
		return grant_import(command.app, argv[optind]);
	return import_files(&command,
			    argv[optind] ? argv + optind : only_standard);
}

const struct verb verb_import = {
	.name = "import",
	.arguments = "[--strace] [FILE]... | --grants APP FILE",
	.summary = "Make a trace of what the kernel or strace(1) wrote",
	.details =
		"  FILE       from ausearch --raw, audit.log, dmesg, "
		"journalctl -o export,\n"
		"             trace-cmd report or perf script (default: "
		"standard input)\n"
		"  --strace   it is from strace -f -yy -ttt instead\n"
		"  --grants APP  make grants of a policy file instead, such as "
		"landlord export\n"
		"             has written\n"
		"\n"
		"The trace goes to standard output; see landlord-trace(5).\n",
	.run = run,
};
