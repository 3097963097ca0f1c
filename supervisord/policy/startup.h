/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Startup: the places that own an agent or the user's next shell. Whoever can
 * write there runs anything as the user, unsupervised, as soon as the next
 * shell, desktop session or mail comes, or changes what the next question looks
 * like.
 *
 * No scope of an answer includes them, and no rule about a directory above them
 * does: each is asked about by itself, with what it means. A rule that
 * names a place, or something beneath it, is about it. So there is a rule of
 * the user's rank and EFFECT_GUARD for each, and for the directories above it,
 * which could be replaced. The table is part of the program: it cannot be lost.
 */
#pragma once

#include <stdbool.h>

#include "core/rule.h"
#include "policy/resolve.h"

/*
 * Adds the rules, for the names of the places and for what links lead to.
 * Returns: 0 or -ENOMEM.
 */
int startup_guard(struct rules *rules, struct resolve_memo *memo);

/*
 * What it means to write to a path.
 * Returns: a sentence in static storage, NULL when it is no such place.
 */
const char *startup_meaning(const char *path);

/*
 * Whether such a place lies beneath a directory and is, or holds, a path: then
 * a rule about the directory is not about the path.
 */
bool startup_stands_between(const char *directory, const char *path);
