/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Changes of metadata, tried; each returns an exit status. See main.c.
 */
#pragma once

#include <stdbool.h>

int try_each(const char *name, const char *link);
int try_watch(const char *name);
int race_path(int seconds);
int race_descriptor(int seconds, bool shared);
int try_unknown_calls(void);
