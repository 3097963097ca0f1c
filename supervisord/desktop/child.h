/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The dialog's process: started when it is needed, with one end of a pair of
 * sockets as descriptor DIALOG_FD.
 */
#pragma once

#include <sys/types.h>
#include <systemd/sd-bus.h>

#define DIALOG_FD 3

/* What the dialog asks of who has started it, beside what the daemon is asked. */
#define DESKTOP_PATH "/org/landlord/Desktop1"
#define DESKTOP "org.landlord.Desktop1"

/*
 * Starts the dialog.
 * @program: its path
 * @ret_bus: the connection with it, not started yet
 * Returns: 0 or a negative errno.
 */
int child_start(const char *program, pid_t *ret_pid, sd_bus **ret_bus);

/*
 * Starts the manager, with the environment of this process.
 * @program: its path
 * @app: what it shows first
 * Returns: 0 or a negative errno.
 */
int child_start_manager(const char *program, const char *app);
