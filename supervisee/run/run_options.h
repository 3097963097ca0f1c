/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The command line of `landlord run`.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/rule.h"
#include "run/inherited.h"
#include "run/limits.h"
#include "run/signals.h"

#define POLICY_FILES_MAX 64

enum agent_choice {
	AGENT_DEFAULT, /* the terminal where there is one, else the bus */
	AGENT_TERMINAL,
	AGENT_BUS,
	AGENT_NONE,
	AGENT_SCRIPT,
	AGENT_ANSWER,
	AGENT_STREAM,
	AGENT_PROGRAM, /* a stream to one that we start */
};

struct run_options {
	const char *app;
	const char *policy_files[POLICY_FILES_MAX + 1]; /* NULL-terminated */
	struct rules rules; /* given by other options; owned */
	const char *engine; /* "auto", "seccomp" or "landlock" */
	enum agent_choice agent;
	const char *script;	   /* AGENT_SCRIPT: the file */
	const char *agent_program; /* AGENT_PROGRAM: its name, then its path */
	const char *answer;	   /* AGENT_ANSWER: the text */
	int timeout;		   /* seconds; 0: as configured */
	const char *record;	   /* file of the trace; NULL: none */
	uint64_t record_limit;	   /* bytes of it that are kept; 0: all */
	bool record_all;	   /* also what rules allow */
	bool learn;		   /* see learning.h */
	const char *learn_file;	   /* where rules are written; NULL: is asked */
	int events_fd;		   /* where it also goes, live; -1: nowhere */
	int questions_fd; /* AGENT_STREAM, AGENT_PROGRAM: the socket; -1: none
				 */
	bool private_tmp; /* see private_tmp.h */
	bool no_daemon;
	bool help;
	char **command; /* NULL-terminated */

	/* Not on the command line: what the caller had set. */
	struct signals signals;
	bool missing[3]; /* standard descriptors that are closed */
	struct inherited inherited;
	struct limits limits;
};

/*
 * Parses the arguments after the verb; strings are borrowed. What the rules
 * hold is kept for as long as the process runs.
 * Returns: 0, or -EINVAL after one line to standard error that says what was
 * expected.
 */
int run_options_parse(struct run_options *ret, int argc, char **argv);

/* The name of the app whose policy it is: --app, or the program's name. */
const char *run_options_app(const struct run_options *options);

/* Prints what `landlord run --help` says. */
void run_options_usage(void);
