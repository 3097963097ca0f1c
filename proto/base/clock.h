/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Clocks. */
#pragma once

#include <stdint.h>

/*
 * Seconds since the epoch, by which what is allowed until a time ends. They
 * jump when the clock is set and after a suspend: ask when it matters, keep no
 * difference.
 */
int64_t clock_wall(void);

/*
 * What has gone by since some moment: it does not jump, and stands still while
 * the machine is asleep.
 */
int64_t clock_monotonic_ns(void);
int64_t clock_monotonic_ms(void);

/* Has a test's clock asked for the former instead; NULL: the real one again. */
void clock_replace(int64_t (*wall)(void));
