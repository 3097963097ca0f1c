/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The language that windows speak: see translation.h.
 */
#include "desktop/dialog/translation.h"

#include <gtk/gtk.h>
#include <locale.h>
#include <string.h>

#include "desktop/dialog/dialog_text.h"

#define DOMAIN "landlord"

/* Beside the program, wherever that has been put. */
static char *find_catalogues(void)
{
	g_autofree char *program = g_file_read_link("/proc/self/exe", NULL);
	g_autofree char *directory =
		program ? g_path_get_dirname(program) : NULL;

	return directory
		       ? g_build_filename(directory, LANDLORD_LOCALE_DIR, NULL)
		       : NULL;
}

void translation_init(void)
{
	g_autofree char *catalogues = find_catalogues();

	setlocale(LC_ALL, "");
	if (catalogues)
		bindtextdomain(DOMAIN, catalogues);
	bind_textdomain_codeset(DOMAIN, "UTF-8");
	textdomain(DOMAIN);
}

void translation_direct(void)
{
	/* TRANSLATORS: "default:RTL" if it is read from right to left */
	const char *const direction = _("default:LTR");

	gtk_widget_set_default_direction(strcmp(direction, "default:RTL") == 0
						 ? GTK_TEXT_DIR_RTL
						 : GTK_TEXT_DIR_LTR);
}
