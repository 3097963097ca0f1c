/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The accessibility bus: whoever is on it can press the buttons of windows.
 */
#pragma once

/*
 * Asks the session bus for it.
 * @found: called from the loop with the path of its socket, once, if there is
 *         one
 */
void accessibility_bus_find(void (*found)(void *userdata, const char *path),
			    void *userdata);
