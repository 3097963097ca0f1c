/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Globs over bytes, for scripts that answer questions.
 *
 * "*" stands for any bytes, "/" included (a script's "/home/u/" followed by an
 * asterisk means all that is beneath), "?" for one byte, and a backslash takes
 * the next byte as it is. Unlike fnmatch(3), it takes bytes that are not valid
 * in the locale, and its time is bounded by the product of the two lengths.
 */
#pragma once

#include <stdbool.h>

bool glob_match(const char *pattern, const char *string);
