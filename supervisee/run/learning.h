/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Learning: a program may do whatever no rule protects, all of it is recorded,
 * and rules are made of that in the end.
 *
 * What a rule denies or asks for stays denied or asked for: administrators'
 * files, what owns an agent or the user's next shell, keys and passwords, the
 * homes of others. Everything else is allowed by rules that come behind all
 * others, and only for this run.
 */
#pragma once

#include "core/rule.h"
#include "run/run_options.h"

/*
 * Names the trace, where the options name none, and makes its directory.
 * Returns: 0, or a negative errno after one line that says what is wrong.
 */
int learning_begin(struct run_options *options);

/* Adds the rules of the run. Returns: 0 or a negative errno. */
int learning_rules(struct rules *rules);

/*
 * Writes rules where the options say so, or a person at the terminal; or says
 * where the trace is.
 */
void learning_end(const struct run_options *options);
