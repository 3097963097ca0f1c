/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The wall clock, by which what is allowed until a time ends. It jumps when it
 * is set and after a suspend: ask it when it matters, keep no difference.
 */
#pragma once

#include <stdint.h>

/* Seconds since the epoch. */
int64_t clock_wall(void);

/* Has a test's clock asked instead; NULL: the real one again. */
void clock_replace(int64_t (*wall)(void));
