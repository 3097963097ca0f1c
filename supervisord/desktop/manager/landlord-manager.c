/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * landlord-manager: a window to look at what programs may do, and to change it.
 */
#include <adwaita.h>
#include <stdlib.h>
#include <string.h>

#include "desktop/desktop_session.h"
#include "desktop/dialog/accessibility_bus.h"
#include "desktop/dialog/translation.h"
#include "desktop/manager/landlord_command.h"
#include "desktop/manager/manager_window.h"
#include "supervision/strings.h"

/*
 * The environment of a window, as the dialog has it: nothing is read that a
 * program of the user's may have written.
 */
static int take_environment(void)
{
	char **environment = desktop_session_environment();

	if (!environment)
		return -1;
	clearenv();
	for (size_t i = 0; environment[i]; i++) {
		char *const value = strchr(environment[i], '=');

		*value = '\0';
		setenv(environment[i], value + 1, 1);
	}
	strings_free(environment);
	return 0;
}

static void on_accessibility(void *userdata, const char *path)
{
	(void)userdata;
	landlord_command_hang_on(path);
}

int main(int argc, char *argv[])
{
	struct manager_window *window;
	GMainLoop *loop;

	landlord_command_init();
	if (argc > 2) {
		g_printerr("usage: landlord-manager [APP]\n");
		return 2;
	}
	if (take_environment() < 0)
		return EXIT_FAILURE;
	translation_init();
	g_set_prgname("org.landlord.Landlord");
	g_set_application_name("Landlord");
	if (!gtk_init_check()) {
		g_printerr("landlord-manager: there is no display\n");
		return EXIT_FAILURE;
	}
	adw_init();
	translation_direct();
	accessibility_bus_find(on_accessibility, NULL);
	loop = g_main_loop_new(NULL, FALSE);
	window = manager_window_new(argv[1], loop);
	g_main_loop_run(loop);
	manager_window_free(window);
	g_main_loop_unref(loop);
	return EXIT_SUCCESS;
}
