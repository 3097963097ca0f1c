/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rules become places: what they make of every node is computed once. */
#pragma once

#include "core/ruleset_layout.h"

/*
 * Fills trie, places and links from the rules.
 * Returns: 0, -EINVAL for a rule that makes no sense, -ENOMEM.
 */
int ruleset_compile(struct ruleset *ruleset);
