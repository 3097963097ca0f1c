/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The command line of `landlord run`: see run_options.h. */
#include "run/run_options.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "base/log.h"
#include "core/decision.h"
#include "engines.h"
#include "run/given_rules.h"
#include "run/named_policy.h"

#define TIMEOUT_MAX (7 * 24 * 3600)
#define APP_BYTES_MAX 128
#define RECORD_LIMIT_MAX (1024 * 1024) /* MiB */

enum {
	OPTION_APP = 256,
	OPTION_POLICY,
	OPTION_PROFILE,
	OPTION_ENGINE,
	OPTION_AGENT,
	OPTION_ANSWER,
	OPTION_TIMEOUT,
	OPTION_NO_DAEMON,
	OPTION_RECORD,
	OPTION_RECORD_LIMIT,
	OPTION_RECORD_ALL,
	OPTION_LEARN,
	OPTION_EVENTS_FD,
	OPTION_QUESTIONS_FD,
	OPTION_PRIVATE_TMP,
	OPTION_DENY_REST,
	OPTION_ASK_REST,
	OPTION_GIVEN, /* and an enum given */
};

static const struct option long_options[] = {
	{"app", required_argument, NULL, OPTION_APP},
	{"policy", required_argument, NULL, OPTION_POLICY},
	{"profile", required_argument, NULL, OPTION_PROFILE},
	{"engine", required_argument, NULL, OPTION_ENGINE},
	{"agent", required_argument, NULL, OPTION_AGENT},
	{"answer", required_argument, NULL, OPTION_ANSWER},
	{"timeout", required_argument, NULL, OPTION_TIMEOUT},
	{"no-daemon", no_argument, NULL, OPTION_NO_DAEMON},
	{"record", required_argument, NULL, OPTION_RECORD},
	{"record-limit", required_argument, NULL, OPTION_RECORD_LIMIT},
	{"record-all", no_argument, NULL, OPTION_RECORD_ALL},
	{"learn", optional_argument, NULL, OPTION_LEARN},
	{"events-fd", required_argument, NULL, OPTION_EVENTS_FD},
	{"questions-fd", required_argument, NULL, OPTION_QUESTIONS_FD},
	{"ro", required_argument, NULL, OPTION_GIVEN + GIVEN_READ_ONLY},
	{"rw", required_argument, NULL, OPTION_GIVEN + GIVEN_READ_WRITE},
	{"exec", required_argument, NULL, OPTION_GIVEN + GIVEN_EXECUTE},
	{"connect", required_argument, NULL, OPTION_GIVEN + GIVEN_CONNECT},
	{"no-network", no_argument, NULL, OPTION_GIVEN + GIVEN_NO_NETWORK},
	{"project", no_argument, NULL, OPTION_GIVEN + GIVEN_PROJECT},
	{"private-tmp", no_argument, NULL, OPTION_PRIVATE_TMP},
	{"deny-rest", no_argument, NULL, OPTION_DENY_REST},
	{"ask-rest", no_argument, NULL, OPTION_ASK_REST},
	{"help", no_argument, NULL, 'h'},
	{NULL, 0, NULL, 0},
};

void run_options_usage(void)
{
	fputs("Usage: landlord run [OPTION]... [--] COMMAND [ARG]...\n"
	      "Run a program that has to ask for what no rule allows.\n"
	      "\n"
	      "  --app NAME        use the policy and grants of NAME "
	      "(default:\n"
	      "                    the last part of COMMAND)\n"
	      "  --policy FILE     add a policy file (may be repeated)\n"
	      "  --profile NAME    add a policy that is installed: build, git, "
	      "...\n"
	      "  --ro PATH, --rw PATH, --exec PATH\n"
	      "                    allow to read it; also to write, make, "
	      "remove and\n"
	      "                    rename; or to read and execute it, and "
	      "all\n"
	      "                    beneath it (may be repeated)\n"
	      "  --project         allow the same as --rw and --exec beneath "
	      "the\n"
	      "                    project that the current directory is in\n"
	      "  --private-tmp     give it a TMPDIR of its own, which goes "
	      "with it\n"
	      "  --connect [HOST:]PORT\n"
	      "                    allow to connect to a port, or to all: "
	      "*\n"
	      "  --no-network      refuse TCP, UDP and all else of the "
	      "Internet\n"
	      "  --deny-rest       deny what no rule allows (--agent none)\n"
	      "  --ask-rest        ask for it, as usual\n"
	      "  --engine ENGINE   auto, seccomp or landlock (default: auto)\n"
	      "  --agent AGENT     who answers: terminal, bus (the agents of "
	      "the\n"
	      "                    daemon), none, script:FILE, or exec:PROGRAM "
	      "that is\n"
	      "                    asked (default: the terminal if there is "
	      "one, else\n"
	      "                    bus)\n"
	      "  --questions-fd FD write questions to a socket, and read "
	      "answers\n"
	      "                    there\n"
	      "  --answer OUTCOME[:LIFETIME[:SCOPE]]\n"
	      "                    give every question this answer, for "
	      "example\n"
	      "                    allow:session or deny\n"
	      "  --timeout SECONDS deny what is not answered in time\n"
	      "  --no-daemon       decide here, even if landlordd runs\n"
	      "  --record FILE     append what is asked and decided to a "
	      "trace\n"
	      "  --record-limit N  keep only about the last N MiB of it\n"
	      "  --record-all      record also what rules allow\n"
	      "  --learn[=FILE]    allow what nothing protects, record it, and "
	      "write\n"
	      "                    rules for it to a new file\n"
	      "  --events-fd FD    write the same lines to a descriptor, "
	      "live\n"
	      "\n"
	      "The exit status is the program's, 128+N after signal N, 125 "
	      "when\n"
	      "Landlord itself fails, 126 and 127 as for env(1).\n"
	      "See landlord-run(1).\n",
	      stdout);
}

static int bad(const char *option, const char *value, const char *expected)
{
	log_error("%s %s: expected %s", option, value, expected);
	return -EINVAL;
}

static int parse_agent(struct run_options *options, const char *value)
{
	static const struct {
		const char *name;
		enum agent_choice choice;
	} names[] = {
		{"terminal", AGENT_TERMINAL},
		{"bus", AGENT_BUS},
		{"none", AGENT_NONE},
	};

	if (strncmp(value, "script:", 7) == 0 && value[7]) {
		options->agent = AGENT_SCRIPT;
		options->script = value + 7;
		return 0;
	}
	if (strncmp(value, "exec:", 5) == 0 && value[5]) {
		options->agent = AGENT_PROGRAM;
		options->agent_program = value + 5;
		return 0;
	}
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcmp(value, names[i].name) == 0) {
			options->agent = names[i].choice;
			return 0;
		}
	}
	return bad("--agent", value,
		   "terminal, bus, none, script:FILE or exec:PROGRAM");
}

static int parse_answer(struct run_options *options, const char *value)
{
	struct decision decision = {0};
	const char *expected = "";

	if (decision_parse(value, time(NULL), &decision, &expected))
		return bad("--answer", value, expected);
	decision_finish(&decision);
	options->agent = AGENT_ANSWER;
	options->answer = value;
	return 0;
}

static int parse_timeout(struct run_options *options, const char *value)
{
	char *end;
	const long seconds = strtol(value, &end, 10);

	if (end == value || *end || seconds < 1 || seconds > TIMEOUT_MAX)
		return bad("--timeout", value,
			   "a number of seconds from 1 to 604800");
	options->timeout = (int)seconds;
	return 0;
}

static int parse_record_limit(struct run_options *options, const char *value)
{
	char *end;
	const long mebibytes = strtol(value, &end, 10);

	if (end == value || *end || mebibytes < 1 ||
	    mebibytes > RECORD_LIMIT_MAX)
		return bad("--record-limit", value,
			   "a number of mebibytes from 1 to 1048576");
	options->record_limit = (uint64_t)mebibytes * 1024 * 1024;
	return 0;
}

static int parse_events_fd(struct run_options *options, const char *value)
{
	char *end;
	const long fd = strtol(value, &end, 10);

	if (end == value || *end || fd < 3 || fd > INT_MAX ||
	    fcntl((int)fd, F_GETFD) < 0)
		return bad("--events-fd", value,
			   "the number of a descriptor that is open, from 3");
	options->events_fd = (int)fd;
	return 0;
}

static int parse_questions_fd(struct run_options *options, const char *value)
{
	int type = 0;
	socklen_t size = sizeof(type);
	char *end;
	const long fd = strtol(value, &end, 10);

	if (end == value || *end || fd < 3 || fd > INT_MAX ||
	    getsockopt((int)fd, SOL_SOCKET, SO_TYPE, &type, &size) < 0 ||
	    type != SOCK_STREAM)
		return bad("--questions-fd", value,
			   "the number of a connected stream socket, from 3");
	options->agent = AGENT_STREAM;
	options->questions_fd = (int)fd;
	return 0;
}

static int parse_engine(struct run_options *options, const char *value)
{
	const char *why;

	if (!engines_have(value))
		return bad("--engine", value, "auto, seccomp or landlock");
	if (!engines_find(value, &why)) {
		log_error("--engine %s: %s", value, why);
		return -EINVAL;
	}
	options->engine = value;
	return 0;
}

static int parse_app(struct run_options *options, const char *value)
{
	if (!*value || strlen(value) > APP_BYTES_MAX)
		return bad("--app", value, "a name of 1 to 128 bytes");
	options->app = value;
	return 0;
}

static int add_policy(struct run_options *options, const char *value)
{
	size_t count = 0;

	while (options->policy_files[count])
		count++;
	if (count == POLICY_FILES_MAX)
		return bad("--policy", value, "at most 64 files");
	options->policy_files[count] = value;
	return 0;
}

static int add_profile(struct run_options *options, const char *value)
{
	char *path; /* kept, as what the rules hold */
	const int error = named_policy_find(value, &path);

	return error ? error : add_policy(options, path);
}

static int parse_given(struct run_options *options, enum given given,
		       const char *value)
{
	static const char *const names[] = {
		[GIVEN_READ_ONLY] = "--ro",
		[GIVEN_READ_WRITE] = "--rw",
		[GIVEN_EXECUTE] = "--exec",
		[GIVEN_CONNECT] = "--connect",
		[GIVEN_NO_NETWORK] = "--no-network",
		[GIVEN_PROJECT] = "--project",
	};
	const char *expected = "";
	const int error =
		given_rules_add(&options->rules, given, value, &expected);

	if (error == -EINVAL && *expected) {
		log_error("%s%s%s: expected %s", names[given], value ? " " : "",
			  value ? value : "", expected);
		return error;
	}
	if (error)
		log_error("%s %s: %s; expected a file or directory that is "
			  "there",
			  names[given], value ? value : "", strerror(-error));
	return error ? -EINVAL : 0;
}

static int parse_option(struct run_options *options, int option,
			const char *value)
{
	switch (option) {
	case OPTION_APP:
		return parse_app(options, value);
	case OPTION_POLICY:
		return add_policy(options, value);
	case OPTION_PROFILE:
		return add_profile(options, value);
	case OPTION_ENGINE:
		return parse_engine(options, value);
	case OPTION_AGENT:
		return parse_agent(options, value);
	case OPTION_ANSWER:
		return parse_answer(options, value);
	case OPTION_TIMEOUT:
		return parse_timeout(options, value);
	case OPTION_NO_DAEMON:
		options->no_daemon = true;
		return 0;
	case OPTION_RECORD:
		options->record = value;
		return 0;
	case OPTION_RECORD_LIMIT:
		return parse_record_limit(options, value);
	case OPTION_RECORD_ALL:
		options->record_all = true;
		return 0;
	case OPTION_LEARN:
		/* The daemon takes no rules that come behind its own. */
		options->learn = options->record_all = options->no_daemon =
			true;
		options->learn_file = value;
		return 0;
	case OPTION_EVENTS_FD:
		return parse_events_fd(options, value);
	case OPTION_QUESTIONS_FD:
		return parse_questions_fd(options, value);
	case OPTION_PRIVATE_TMP:
		options->private_tmp = true;
		return 0;
	case OPTION_DENY_REST:
		options->agent = AGENT_NONE;
		return 0;
	case OPTION_ASK_REST:
		options->agent = AGENT_DEFAULT;
		return 0;
	case 'h':
		options->help = true;
		return 0;
	default:
		return parse_given(options, option - OPTION_GIVEN, value);
	}
}

int run_options_parse(struct run_options *ret, int argc, char **argv)
{
	struct run_options options = {
		.engine = "auto", .events_fd = -1, .questions_fd = -1};
	int option, error;

	opterr = 0;
	optind = 1;
	while ((option = getopt_long(argc, argv, "+:h", long_options, NULL)) >=
	       0) {
		if (option == '?' || option == ':') {
			log_error("%s: %s; see landlord run --help",
				  argv[optind - 1],
				  option == ':' ? "expected an argument"
						: "unknown option");
			return -EINVAL;
		}
		error = parse_option(&options, option, optarg);
		if (error)
			return error;
	}
	if (options.record_all && !options.learn && !options.record &&
	    options.events_fd < 0)
		return bad("--record-all", "",
			   "--record or --events-fd beside it");
	/* Others know only what they are asked. */
	if (options.record_all && strcmp(options.engine, "auto") == 0)
		options.engine = "seccomp";
	if (options.record_all && strcmp(options.engine, "seccomp") != 0)
		return bad("--engine", options.engine,
			   "seccomp, which alone sees what rules allow");
	options.command = argv + optind;
	if (!options.help && !options.command[0]) {
		log_error("expected a command to run; see landlord run --help");
		return -EINVAL;
	}
	*ret = options;
	return 0;
}

const char *run_options_app(const struct run_options *options)
{
	const char *slash = strrchr(options->command[0], '/');

	if (options->app)
		return options->app;
	return slash && slash[1] ? slash + 1 : options->command[0];
}
