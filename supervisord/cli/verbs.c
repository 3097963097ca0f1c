/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Verbs of the `landlord` command.
 */
#include "cli/verbs.h"

const struct verb *const cli_verbs[] = {
	&verb_ps,     &verb_log,    &verb_pending, &verb_rules,	  &verb_why,
	&verb_allow,  &verb_deny,   &verb_revoke,  &verb_forget,  &verb_export,
	&verb_record, &verb_replay, &verb_suggest, &verb_import,  &verb_report,
	&verb_policy, &verb_review, &verb_agent,   &verb_desktop, &verb_doctor,
	NULL,
};
