/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * landlord-dialog: puts questions to a person, in a window. landlord-desktop
 * starts it when there is one, and it ends when there has been none for a
 * while.
 */
#include <adwaita.h>
#include <stdlib.h>
#include <string.h>

#include "desktop/child.h"
#include "desktop/dialog/asking.h"
#include "desktop/dialog/translation.h"

int main(void)
{
	struct asking *asking;
	GMainLoop *loop;
	int error;

	translation_init();
	g_set_prgname("landlord-dialog");
	g_set_application_name("Landlord");
	if (!gtk_init_check()) {
		g_printerr("landlord-dialog: there is no display\n");
		return EXIT_FAILURE;
	}
	adw_init();
	translation_direct();
	loop = g_main_loop_new(NULL, FALSE);
	error = asking_new(&asking, DIALOG_FD, loop);
	if (error) {
		g_printerr("landlord-dialog: is started by landlord-desktop: "
			   "%s\n",
			   strerror(-error));
		return EXIT_FAILURE;
	}
	g_main_loop_run(loop);
	asking_free(asking);
	g_main_loop_unref(loop);
	return EXIT_SUCCESS;
}
