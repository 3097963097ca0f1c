/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Startup: the places that own an agent or the user's next shell. Who writes
 * there runs what he likes as the user, unsupervised, the next time that a
 * shell, a desktop or a mail comes; or changes what the next question looks
 * like.
 *
 * They are in no scope that an answer gives and in no rule about a directory
 * above them: each is asked for by itself, with what it means. A rule that
 * names a place, or something beneath it, is about it. So there is a rule of
 * the user's rank and EFFECT_GUARD for each, and for what is above it, which
 * could be exchanged. The table is part of the program: it cannot be lost.
 */
#pragma once

#include <stdbool.h>

#include "core/rule.h"
#include "policy/resolve.h"

/*
 * Adds the rules, of what the places are called and of what links lead to.
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
 * what is said of the directory is not about the path.
 */
bool startup_stands_between(const char *directory, const char *path);
