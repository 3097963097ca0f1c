/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The desktop session: the display, buses and devices that a window depends on,
 * and what of the environment the dialog is given.
 */
#pragma once

#include <systemd/sd-bus.h>

/*
 * Tells the daemon what the dialog hangs on: see HangOn in landlord-control(7).
 * @also: one more socket, of the accessibility bus; NULL: not known here
 * @ret_sentence: on failure a sentence (free(3))
 * Returns: 0 or a negative errno.
 */
int desktop_session_tell(sd_bus *daemon, const char *also, char **ret_sentence);

/*
 * The environment of the dialog. It reads nothing that a program of the user's
 * may have written: no style sheets, themes, icons, fonts, modules or settings
 * from the home directory.
 * Returns: NULL-terminated, strings_free(); or NULL when memory is short.
 */
char **desktop_session_environment(void);
