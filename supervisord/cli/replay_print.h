/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What was judged again, for people and for programs.
 */
#pragma once

#include <stdbool.h>
#include <stdio.h>

#include "trace/replay_result.h"

/* One line: where it was asked, what it was, and what it is now, and why. */
void replay_print_text(const struct replay_result *result);

/* The same as a JSON object on one line. */
void replay_print_json(const struct replay_result *result);
