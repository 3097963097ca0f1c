/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The guard around code that is not ours: a plugin that does not return ends
 * the daemon, since nobody else's question would ever be put again. Whoever
 * started the daemon starts it anew; monitors wait for that, or deny.
 */
#pragma once

#define GUARD_SECONDS 5

/* @name: said when it does not return; must live until guard_leave() */
void guard_enter(const char *name);
void guard_leave(void);
