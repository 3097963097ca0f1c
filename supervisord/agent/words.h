/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Words of a question that every agent says, whatever it says them on.
 */
#pragma once

#include "core/decision.h"
#include "core/request.h"

/* "once", "for this process", "for this session", "always". */
const char *words_lifetime(enum lifetime lifetime);

/*
 * What somebody gives away with an access, beyond what it says.
 * Returns: a sentence without its full stop, NULL where there is none; static
 * storage.
 */
const char *words_meaning(const struct access *access);
