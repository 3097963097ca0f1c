/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Verbs of the `landlord` command: one table entry a verb, one file a verb.
 */
#pragma once

#include <stddef.h>

struct verb {
	const char *name;      /* "ps" */
	const char *arguments; /* "[--json]": of the usage line */
	const char *summary;   /* one line for the list of verbs */
	const char *details;   /* lines of --help after it; NULL: none */
	/* @argv[0]: the verb. Returns: the exit status; 2: bad arguments. */
	int (*run)(int argc, char *argv[]);
};

/* The verbs that ask, list or change; NULL-terminated. */
extern const struct verb *const cli_verbs[];

extern const struct verb verb_agent, verb_allow, verb_deny, verb_desktop,
	verb_doctor, verb_export, verb_forget, verb_import, verb_log,
	verb_pending, verb_policy, verb_ps, verb_record, verb_replay,
	verb_report, verb_review, verb_revoke, verb_rules, verb_suggest,
	verb_why;
