/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The window of the manager: programs with their rules, what nobody answered,
 * and the log.
 */
#pragma once

#include <glib.h>

struct manager_window;

/*
 * @app: what is shown first; borrowed; NULL: nothing in particular
 * @loop: ended when the window is closed; borrowed
 */
struct manager_window *manager_window_new(const char *app, GMainLoop *loop);

/* Takes NULL; always returns NULL. */
struct manager_window *manager_window_free(struct manager_window *window);
