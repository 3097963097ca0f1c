/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the rules say of a request that a recorder has seen.
 */
#pragma once

#include "core/decision.h"
#include "core/ruleset.h"

/*
 * @ruleset: in force; NULL: none
 * @ret_rule: where the rule is from that decides; NULL: none does; borrowed
 *            from the ruleset
 */
enum outcome recorder_judge(const struct ruleset *ruleset,
			    const struct request *request,
			    const char **ret_rule);
