/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * landlord import: what the kernel wrote of denials, as a trace.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "cli/arguments.h"
#include "trace/codec.h"
#include "trace/import.h"

#define UNKNOWN_TOLD 10 /* records that are not understood, one by one */

struct command {
	const char *name; /* of the file that is read */
	uint64_t told;
	int error;
};

static void on_entry(void *userdata, const struct trace_entry *entry)
{
	struct command *command = userdata;
	_cleanup_free_ char *line = NULL;
	const int error = trace_encode(entry, &line);

	if (error)
		command->error = error;
	else
		puts(line);
}

static void on_unknown(void *userdata, uint64_t line, const char *problem)
{
	struct command *command = userdata;

	if (command->told++ < UNKNOWN_TOLD)
		fprintf(stderr,
			"landlord import: %s:%" PRIu64 ": not understood: %s\n",
			command->name, line, problem);
}

/* Returns: 0 or a negative errno. */
static int read_lines(struct command *command, struct import *import, FILE *in)
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

static int read_file(struct command *command, const char *name,
		     struct import_counts *total)
{
	const struct import_options options = {on_entry, on_unknown, command};
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

static int run(int argc, char *argv[])
{
	static char standard[] = "-", *const only_standard[] = {standard, NULL};
	struct import_counts total = {0};
	struct command command = {0};
	struct arguments arguments;
	char *const *files;
	int error = 0, status;

	if (!arguments_parse(&verb_import, argc, argv, 0, 0, INT32_MAX,
			     &arguments, &status))
		return status;
	files = arguments.count > 0 ? arguments.operands : only_standard;
	for (; !error && *files; files++)
		error = read_file(&command, *files, &total);
	if (!error && (fflush(stdout) != 0 || ferror(stdout)))
		error = cli_fail(&verb_import, -EIO, NULL);
	fprintf(stderr,
		"%" PRIu64 " lines: %" PRIu64 " records of Landlock, of which "
		"%" PRIu64 " were not understood; %" PRIu64
		" lines of others\n",
		total.lines, total.records, total.unknown, total.others);
	return error ? 1 : 0;
}

const struct verb verb_import = {
	.name = "import",
	.arguments = "[FILE]...",
	.summary = "Make a trace of what the kernel's audit log says",
	.details =
		"  FILE    from ausearch --raw, audit.log, dmesg, or "
		"journalctl -o export\n"
		"          (default: standard input)\n"
		"\n"
		"The trace goes to standard output; see landlord-trace(5).\n",
	.run = run,
};
