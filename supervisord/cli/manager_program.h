/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The desktop's manager, which is a program of its own: it is not there where
 * there is no desktop.
 */
#pragma once

/*
 * Executes it in the place of the caller.
 * @app: what to show first; NULL: nothing in particular
 * Returns: a negative errno, -ENOENT where it is not installed.
 */
int manager_program_execute(const char *app);
