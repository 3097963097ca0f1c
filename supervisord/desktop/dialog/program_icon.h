/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Icons of programs, by the names of their apps: those that the system has
 * installed, and none that a user, or a program of the user's, may have put
 * somewhere.
 */
#pragma once

#include <gio/gio.h>

/* Returns: borrowed, until the next call. */
GIcon *program_icon(const char *app);
