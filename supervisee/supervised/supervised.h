/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The landlock engine: of a kernel whose Landlock has supervisors (see
 * kernel/). There the kernel itself asks about what no rule of its allows, and
 * its rules can change while a program runs:
 *
 *	event -> denial (denial.h) -> objects by name (named.h) -> judge
 *		-> committed rule (committed.h), and the access goes on
 *		-> ask the decider -> commit -> judge again (pending_denial.h)
 *
 * Nothing is performed for the program, and what the kernel has a rule for is
 * never seen here. What it does not ask about is left to another engine, which
 * runs beside this one.
 */
#pragma once

#include "engine/engine.h"

extern const struct engine_ops engine_landlock;

/*
 * The same within another supervisor's tree. The kernel asks the youngest
 * domain first; of the rest, which one supervisor is notified of for all, the
 * outer one asks us, see nested/nested.h.
 */
extern const struct engine_ops engine_landlock_nested;
