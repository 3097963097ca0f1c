/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Icons of programs: see program_icon.h. The environment of the dialog has no
 * directory of the user's among those of the data: desktop_session.c.
 */
#include "desktop/dialog/program_icon.h"

#include <gio/gdesktopappinfo.h>
#include <string.h>

#define UNKNOWN "application-x-executable"

static GIcon *find(const char *app)
{
	g_autofree char *id = g_strconcat(app, ".desktop", NULL);
	g_autoptr(GDesktopAppInfo) entry = NULL;
	GIcon *icon;

	if (strchr(app, '/') || !g_utf8_validate(app, -1, NULL))
		return NULL;
	entry = g_desktop_app_info_new(id);
	icon = entry ? g_app_info_get_icon(G_APP_INFO(entry)) : NULL;
	return icon ? g_object_ref(icon) : NULL;
}

GIcon *program_icon(const char *app)
{
	static GIcon *last;

	g_clear_object(&last);
	last = find(app);
	if (!last)
		last = g_themed_icon_new(UNKNOWN);
	return last;
}
