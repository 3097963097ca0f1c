/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Command lines of the verbs: the options they share, and one line for what
 * was expected when they are wrong.
 */
#pragma once

#include <getopt.h>
#include <stdbool.h>

#include "cli/verbs.h"
#include "core/object.h"

#define ARGUMENTS_BAD 2 /* exit status */

/* Options a verb takes besides --help and --json. */
#define ACCEPT_LIFETIME (1u << 0)
#define ACCEPT_AGENT (1u << 1)

/* What --help says of operands that verbs share. */
#define DETAILS_APP                                                        \
	"  APP     whose rules: the last part of a program's command, or " \
	"what\n"                                                           \
	"          landlord run --app says\n"
#define DETAILS_ACCESS                                                       \
	DETAILS_APP                                                          \
	"  RIGHT   read, write, create, remove, execute, connect, bind, or " \
	"one\n"                                                              \
	"          such as fs.read_file; several with commas between\n"      \
	"  OBJECT  a path (a directory stands for all beneath it), a port, " \
	"...\n"                                                              \
	"          see landlord-policy(5)\n"

struct arguments {
	bool json;
	const char *lifetime; /* NULL: not given */
	const char *script, *answer;
	char **operands; /* NULL-terminated, borrowed from argv */
	int count;
};

/*
 * @accepts: ACCEPT_* bits
 * @min, @max: how many operands
 * @ret_status: the exit status when there is nothing to go on with
 * Returns: whether to go on.
 */
bool arguments_parse(const struct verb *verb, int argc, char *argv[],
		     unsigned int accepts, int min, int max,
		     struct arguments *ret, int *ret_status);

/* The options of a verb, of which 'h' is --help. */
struct arguments_options {
	const char *letters; /* as for getopt_long(3), which finds optarg */
	const struct option *words;

	/* Returns: whether the verb has it, with such an argument. */
	bool (*take)(void *userdata, int option);
};

/*
 * Takes the options of a command line; its operands begin at argv[optind].
 * @ret_status: the exit status when there is nothing to go on with
 * Returns: whether to go on.
 */
bool arguments_take(const struct verb *verb, int argc, char *argv[],
		    const struct arguments_options *options, void *userdata,
		    int *ret_status);

/* One line on standard error. Returns: ARGUMENTS_BAD. */
int arguments_expected(const struct verb *verb, const char *what);

/*
 * Parses RIGHT and OBJECT. A path that exists is resolved, since rules are
 * about the objects that names lead to; for what is no directory the rule is
 * about that object alone.
 * @object: the caller finishes it
 * Returns: 0, or an exit status after one line was printed.
 */
int arguments_access(const struct verb *verb, const char *right,
		     const char *text, rights_t *ret_rights,
		     struct object *ret_object, bool *ret_beneath);

/*
 * One line on standard error, for a person who would otherwise see nothing or
 * wonder; it is neither a failure nor part of the result.
 */
void cli_note(const char *sentence);

/* One line "landlord VERB: MESSAGE" on standard error. Returns: 1. */
int cli_fail(const struct verb *verb, int error, const char *sentence);
