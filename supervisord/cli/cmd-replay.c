/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * landlord replay: judges again what was asked.
 */
#include <errno.h>
#include <event2/event.h>
#include <fcntl.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/console.h"
#include "agent/script.h"
#include "base/cleanup.h"
#include "base/fd.h"
#include "cli/arguments.h"
#include "cli/replay_expect.h"
#include "cli/replay_pace.h"
#include "cli/replay_policies.h"
#include "cli/replay_print.h"
#include "cli/suggesting.h"
#include "trace/reader.h"
#include "replay/replay.h"

#define DIFFERENT 1
#define FAILED 2

struct replay_command {
	const char *answers, *expected;
	bool recorded, all, json, ask;
	struct replay_policies policies;
	struct replay_pace pace;
	struct agent *agent; /* answers; NULL: as the trace has it */
	struct replay_clock clock;
	struct event_base *loop;
	struct replay_expect expect;
	uint64_t different;
	int error; /* of what was expected */
};

enum {
	OPTION_POLICY = 256,
	OPTION_ONLY,
	OPTION_RECORDED,
	OPTION_ANSWERS,
	OPTION_ASK,
	OPTION_EXPECT,
	OPTION_APP,
	OPTION_ALL,
	OPTION_SPEED,
};

static const struct option long_options[] = {
	{"policy", required_argument, NULL, OPTION_POLICY},
	{"only", no_argument, NULL, OPTION_ONLY},
	{"recorded", no_argument, NULL, OPTION_RECORDED},
	{"answers", required_argument, NULL, OPTION_ANSWERS},
	{"ask", no_argument, NULL, OPTION_ASK},
	{"expect", required_argument, NULL, OPTION_EXPECT},
	{"app", required_argument, NULL, OPTION_APP},
	{"all", no_argument, NULL, OPTION_ALL},
	{"speed", required_argument, NULL, OPTION_SPEED},
	{"json", no_argument, NULL, 'j'},
	{"help", no_argument, NULL, 'h'},
	{},
};

/* --- Answers ----------------------------------------------------- */

static int open_script(struct replay_command *command)
{
	_cleanup_free_ char *sentence = NULL;
	const int error = script_agent_new(&command->agent, command->answers,
					   &command->clock.clock, &sentence);

	if (error)
		cli_fail(&verb_replay, error, sentence);
	return error;
}

static int open_console(struct replay_command *command)
{
	_cleanup_fd_ int tty = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
	int error = tty < 0 ? -errno : 0;

	if (!error)
		error = console_agent_new(&command->agent, command->loop, tty);
	if (error)
		cli_fail(&verb_replay, error, "there is no terminal to ask on");
	return error;
}

/* Who answers; nobody else than then, where nothing is said. */
static int open_agent(struct replay_command *command)
{
	replay_clock_init(&command->clock);
	command->loop = event_base_new();
	if (!command->loop)
		return cli_fail(&verb_replay, -ENOMEM, NULL), -ENOMEM;
	if (command->answers)
		return open_script(command);
	return command->ask ? open_console(command) : 0;
}

/* --- Results ----------------------------------------------------- */

/* What it is compared with. Returns: whether there is anything. */
static bool set_expected(struct replay_command *command,
			 struct replay_result *result)
{
	int found;

	if (!command->expected || command->error)
		return !command->error;
	found = replay_expect_next(&command->expect, &result->old);
	if (found > 0)
		return true;
	if (found < 0) {
		fprintf(stderr,
			"landlord replay: %s:%u: expected a line of replay "
			"--all --json\n",
			command->expected, command->expect.line);
		command->error = found;
		return false;
	}
	result->old = (struct replay_verdict){REPLAY_ASK, TRACE_BY_UNKNOWN,
					      "what was not expected"};
	command->different += result->new.outcome == REPLAY_ASK;
	return true;
}

static void judged(void *userdata, const struct replay_result *result)
{
	struct replay_command *command = userdata;
	struct replay_result compared = *result;
	bool different;

	if (!set_expected(command, &compared))
		return;
	different = compared.old.outcome != compared.new.outcome;
	command->different += different;
	if (!different && !command->all)
		return;
	if (command->json)
		replay_print_json(&compared);
	else
		replay_print_text(&compared);
}

static void on_damage(void *userdata, const struct trace_place *place,
		      const char *problem)
{
	(void)userdata;
	fprintf(stderr, "landlord replay: %s:%" PRIu64 ": not understood: %s\n",
		place->file, place->line, problem);
}

static int load(void *userdata, const char *app, struct rules *ret)
{
	struct replay_command *command = userdata;

	return replay_policies_load(&command->policies, app, ret);
}

/* --- The command ------------------------------------------------- */

/* Everything that is in the files. Returns: 0 or a negative errno. */
static int replay_files(struct replay_command *command, char *const *files,
			struct replay *replay, struct trace_counts *ret_counts)
{
	_cleanup_(trace_reader_freep) struct trace_reader *reader = NULL;
	struct trace_entry entry;
	struct trace_place place;
	int result = trace_reader_new(&reader, files, on_damage, NULL);

	if (result < 0)
		return cli_fail(&verb_replay, result, NULL), result;
	while ((result = trace_reader_next(reader, &entry, &place)) > 0) {
		replay_pace_wait(&command->pace, command->loop, entry.time);
		result = replay_take(replay, &entry, &place);
		/* Until a person had answered, time stood still. */
		if (command->ask)
			replay_pace_resume(&command->pace);
		if (result < 0 || command->error)
			break;
	}
	if (result == 0)
		result = replay_end(replay);
	if (result < 0)
		fprintf(stderr, "landlord replay: %s: %s\n", place.file,
			strerror(-result));
	*ret_counts = trace_reader_counts(reader);
	return result < 0 ? result : command->error;
}

/* What was not there to be judged. */
static void print_missing(const struct replay_counts *counts,
			  const struct trace_counts *lines)
{
	const struct {
		uint64_t count;
		const char *what;
	} missing[] = {
		{lines->damaged, "damaged lines"},
		{lines->torn, "lines that were cut off"},
		{counts->lost, "lines that could not be recorded"},
		{counts->stray, "lines about what is not in the trace"},
		{lines->untold, "questions whose end a log does not tell"},
		{counts->withdrawn, "requests whose requester had gone"},
		{counts->fixed, "refusals that no rule can change"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(missing); i++)
		if (missing[i].count > 0)
			fprintf(stderr, "Not judged: %" PRIu64 " %s.\n",
				missing[i].count, missing[i].what);
}

static void print_summary(const struct replay_command *command,
			  const struct replay_counts *counts,
			  const struct trace_counts *lines)
{
	if (!command->json)
		printf("%" PRIu64 " judged, %" PRIu64 " differently\n",
		       counts->judged, command->different);
	print_missing(counts, lines);
	suggesting_tell_log(verb_replay.name, lines);
}

/* What is expected and did not come is a difference, too. */
static void count_missing(struct replay_command *command)
{
	struct replay_verdict verdict;

	while (command->expected &&
	       replay_expect_next(&command->expect, &verdict) > 0)
		command->different++;
}

static int replay_all(struct replay_command *command, char *const *files)
{
	const struct replay_options options = {
		.load = command->recorded ? NULL : load,
		.agent = command->agent,
		.judged = judged,
		.userdata = command,
		.loop = command->loop,
		.clock = &command->clock,
	};
	struct trace_counts lines;
	struct replay_counts counts;
	struct replay *replay;
	int error = replay_new(&replay, &options);

	if (error)
		return cli_fail(&verb_replay, error, NULL), FAILED;
	error = replay_files(command, files, replay, &lines);
	counts = replay_counts(replay);
	replay_free(replay);
	if (error)
		return FAILED;
	count_missing(command);
	print_summary(command, &counts, &lines);
	return command->different > 0 ? DIFFERENT : 0;
}

static bool take(void *userdata, int option)
{
	struct replay_command *command = userdata;

	switch (option) {
	case OPTION_POLICY:
		return replay_policies_add(&command->policies, optarg);
	case OPTION_ONLY:
		command->policies.only = true;
		return true;
	case OPTION_RECORDED:
		command->recorded = true;
		return true;
	case OPTION_ANSWERS:
		command->answers = optarg;
		return true;
	case OPTION_ASK:
		command->ask = true;
		return true;
	case OPTION_EXPECT:
		command->expected = optarg;
		return true;
	case OPTION_APP:
		command->policies.app = optarg;
		return true;
	case OPTION_ALL:
		command->all = true;
		return true;
	case OPTION_SPEED:
		return replay_pace_parse(&command->pace, optarg);
	case 'j':
		command->json = true;
		return true;
	default:
		return false;
	}
}

/* Returns: whether to go on. */
static bool parse(struct replay_command *command, int argc, char *argv[],
		  int *ret_status)
{
	static const struct arguments_options options = {":jh", long_options,
							 take};

	if (!arguments_take(&verb_replay, argc, argv, &options, command,
			    ret_status))
		return false;
	if (command->ask && command->answers) {
		*ret_status = arguments_expected(&verb_replay,
						 "either --ask or --answers");
		return false;
	}
	if (!command->recorded ||
	    (command->policies.files_count == 0 && !command->policies.only))
		return true;
	*ret_status = arguments_expected(&verb_replay,
					 "either --recorded or --policy");
	return false;
}

static int run(int argc, char *argv[])
{
	struct replay_command command = {0};
	int status, error;

	if (!parse(&command, argc, argv, &status))
		return status;
	status = FAILED;
	error = open_agent(&command);
	if (!error && command.expected) {
		error = replay_expect_open(&command.expect, command.expected);
		if (error)
			fprintf(stderr, "landlord replay: %s: %s\n",
				command.expected, strerror(-error));
	}
	if (!error)
		status = replay_all(&command, argv + optind);
	replay_expect_close(&command.expect);
	replay_policies_finish(&command.policies);
	agent_free(command.agent);
	if (command.loop)
		event_base_free(command.loop);
	return status;
}

const struct verb verb_replay = {
	.name = "replay",
	.arguments = "[OPTION]... [TRACE]...",
	.summary = "Judge again what was recorded, and say what differs",
	.details = "  --policy FILE   also by this policy file (may be "
		   "repeated)\n"
		   "  --only          by nothing else than these files\n"
		   "  --recorded      by the rules that the trace has\n"
		   "  --app NAME      by the policy of NAME (default: as the "
		   "trace says)\n"
		   "  --answers FILE  questions are answered by a script, and "
		   "not as they were\n"
		   "  --ask           questions are put to you, on this "
		   "terminal\n"
		   "  --expect FILE   compare with the output of an earlier "
		   "--all --json\n"
		   "  --all           print also what is as before\n"
		   "  --speed N       at the pace of then, N times as fast\n"
		   "\n"
		   "The exit status is 0 when nothing differs, 1 when "
		   "something does, 2 for an\n"
		   "error. See landlord-replay(1).\n",
	.run = run,
};
