/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What of a call is about the tree's own things: what it has made (see
 * engine/creations.h), and terminals whose other end it has.
 */
#pragma once

#include <stdbool.h>

#include "engine/judge.h"

struct job;

/*
 * Whether all that is missing is about such things, so that nobody is asked.
 * @detail: what judging the job said, with JUDGED_ASKED
 */
bool belongings_cover(struct job *job, const struct judged_detail *detail);

/* Keeps in mind what a job that has been performed has made or removed. */
void belongings_note(const struct job *job);
