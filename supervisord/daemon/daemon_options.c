/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What landlordd was told on its command line.
 */
#include "daemon/daemon_options.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#define TIMEOUT_MAX_SECONDS (7 * 24 * 3600)

static const char help[] =
	"Usage: landlordd [OPTION]...\n"
	"Decides for supervised programs: policy, questions, grants.\n"
	"\n"
	"  -t, --timeout SECONDS  how long a question stays open (0: as the\n"
	"                         policy says)\n"
	"  -p, --plugin FILE      ask a policy plugin (shared object) before\n"
	"                         any person; may be given more than once\n"
	"  -e, --exec PROGRAM     ask a helper program that speaks JSON lines\n"
	"      --no-confine       do not confine the daemon itself\n"
	"  -v, --verbose          say more on standard error or in the "
	"journal\n"
	"  -h, --help             print this\n"
	"  -V, --version          print the version\n"
	"\n"
	"It listens on $XDG_RUNTIME_DIR/landlord/control, or on the socket "
	"that\n"
	"systemd hands over. SIGHUP reads the policy again.\n";

enum { OPTION_NO_CONFINE = 256 };

static const struct option long_options[] = {
	{"timeout", required_argument, NULL, 't'},
	{"plugin", required_argument, NULL, 'p'},
	{"exec", required_argument, NULL, 'e'},
	{"no-confine", no_argument, NULL, OPTION_NO_CONFINE},
	{"verbose", no_argument, NULL, 'v'},
	{"help", no_argument, NULL, 'h'},
	{"version", no_argument, NULL, 'V'},
	{},
};

static int expected(const char *what)
{
	fprintf(stderr, "landlordd: expected %s; see landlordd --help\n", what);
	return -EINVAL;
}

static int parse_timeout(const char *text, int *ret)
{
	char *end;
	long seconds;

	errno = 0;
	seconds = strtol(text, &end, 10);
	if (errno || end == text || *end || seconds < 0 ||
	    seconds > TIMEOUT_MAX_SECONDS)
		return expected("a number of seconds after --timeout");
	*ret = (int)seconds;
	return 0;
}

static int add_plugin(struct daemon_options *options, bool exec,
		      const char *path)
{
	if (path[0] != '/')
		return expected("an absolute path of a plugin");
	if (options->plugins_count == OPTIONS_PLUGINS_MAX)
		return expected("no more than 8 plugins");
	options->plugins[options->plugins_count++] =
		(struct plugin_option){exec, path};
	return 0;
}

/* Returns: as daemon_options_parse(). */
static int parse_one(struct daemon_options *options, int option)
{
	switch (option) {
	case 't':
		return parse_timeout(optarg, &options->timeout_seconds);
	case 'p':
		return add_plugin(options, false, optarg);
	case 'e':
		return add_plugin(options, true, optarg);
	case OPTION_NO_CONFINE:
		options->confine = false;
		return 0;
	case 'v':
		options->verbose = true;
		return 0;
	case 'h':
		fputs(help, stdout);
		return 1;
	case 'V':
		puts("landlordd " LANDLORD_VERSION);
		return 1;
	case ':':
		return expected("an argument after the last option");
	default:
		return expected("an option it knows");
	}
}

int daemon_options_parse(int argc, char *argv[], struct daemon_options *ret)
{
	int option, result = 0;

	*ret = (struct daemon_options){.confine = true};
	opterr = 0;
	while (result == 0 && (option = getopt_long(argc, argv, ":t:p:e:vhV",
						    long_options, NULL)) != -1)
		result = parse_one(ret, option);
	if (result == 0 && optind < argc)
		return expected("no further arguments");
	return result;
}
