/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The guard around code that is not ours: a plugin that does not return ends
 * the daemon, since no other question would ever be put again. What started the
 * daemon starts it anew; monitors wait for that, or deny.
 */
#pragma once

#define TIME_LIMIT_SECONDS 5

/* @name: said when it does not return; must live until time_limit_leave() */
void time_limit_enter(const char *name);
void time_limit_leave(void);
