/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The seccomp engine: notifications of one supervised tree, from receipt to
 * reply.
 *
 *	notification -> gather -> resolve -> judge
 *		-> native | perform | refuse
 *		-> ask the decider -> commit -> judge again
 */
#pragma once

#include "engine/engine.h"

extern const struct engine_ops engine_seccomp;
