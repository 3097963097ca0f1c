/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The watchdog: a thread that ends this process when its loop waits for a page
 * of a program's memory (see task/memory.h) and none comes.
 *
 * No page is waited for in the loop, as long as nobody takes it away between a
 * look and an access, which only a program that wants to can do. Its supervisor
 * cannot be freed then; so it ends, and the whole tree with it, instead of
 * hanging and being deaf to every signal.
 */
#pragma once

/* An access is about to begin. Starts the thread at first. */
void watchdog_wake(void);
