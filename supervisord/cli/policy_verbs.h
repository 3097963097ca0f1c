/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Verbs of `landlord policy`: each is a verb as those of `landlord` are, and has
 * a file of its own, policy_NAME.c.
 */
#pragma once

#include "cli/verbs.h"

/* What goes wrong so that nothing can be said, as in replay. */
#define POLICY_FAILED 2

extern const struct verb verb_policy_check, verb_policy_diff, verb_policy_fmt,
	verb_policy_show, verb_policy_test;

/* What --help says of options that they share. */
#define DETAILS_PLACE                                                      \
	"  --policy PLACE  a directory in place of that of a layer, or a " \
	"file "                                                            \
	"besides\n"                                                        \
	"  --layer LAYER   the layer: user (default), administrator or "   \
	"vendor\n"                                                         \
	"  --only          nothing of this machine besides\n"
