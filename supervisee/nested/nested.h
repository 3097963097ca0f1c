/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The nested engine: of a supervisor that is itself supervised. The outer one
 * receives the calls; here they are judged, by rules and agents of our own, and
 * only ever more strictly (see seccomp/nest.h).
 */
#pragma once

#include "engine/engine.h"

extern const struct engine_ops engine_nested;
