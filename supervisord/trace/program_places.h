/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which directories beneath a home are a program's own: those that have its
 * name where the XDG specification puts such, or behind a dot, and those of a
 * table. Who is given all of one gains little that is another's.
 */
#pragma once

#include <stdbool.h>

/*
 * @program: path of its executable; only an installed one has places, since
 *           others may have any name
 * @place: of a directory, from the home on: ".cache/pip"
 */
bool program_has_place(const char *program, const char *place);
