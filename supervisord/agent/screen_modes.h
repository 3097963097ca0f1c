/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What screen.c and screen_text.c share: the numbers of modes.
 */
#pragma once

#include "agent/screen.h"

/* A mode that "CSI n h" sets, or "CSI ? n h" if it is private. */
struct screen_mode_number {
	bool private;
	unsigned int number;
	enum screen_mode mode;
	bool inverted; /* the mode is on when it is reset */
};

#define SCREEN_MODES_COUNT 14

extern const struct screen_mode_number screen_modes[SCREEN_MODES_COUNT];
