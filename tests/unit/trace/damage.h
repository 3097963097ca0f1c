/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Damage: bytes that flip, pieces that are cut out or put in, lines that come
 * twice.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct text {
	char *bytes; /* malloc(3) */
	size_t length;
};

/* @random: see unit_random() */
void damage(struct text *text, uint64_t *random);
