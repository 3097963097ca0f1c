/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The language that windows speak.
 */
#pragma once

/* Before anything is said: the locale, and where its words are. */
void translation_init(void);

/* Once there is a display: whether it is read from right to left. */
void translation_direct(void);
