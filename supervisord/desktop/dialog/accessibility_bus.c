/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The accessibility bus: see accessibility_bus.h.
 */
#include "desktop/dialog/accessibility_bus.h"

#include <gio/gio.h>
#include <string.h>

#define CALL_MSEC 5000

struct accessibility_bus {
	void (*found)(void *userdata, const char *path);
	void *userdata;
};

/* "unix:path=/run/user/1000/at-spi/bus_0,guid=..." */
static void on_address(GObject *source, GAsyncResult *result, gpointer userdata)
{
	g_autoptr(GVariant) reply = g_dbus_connection_call_finish(
		G_DBUS_CONNECTION(source), result, NULL);
	g_autofree struct accessibility_bus *bus = userdata;
	g_autofree char *path = NULL;
	const char *address, *start;

	if (!reply)
		return;
	g_variant_get(reply, "(&s)", &address);
	start = strstr(address, "path=");
	if (!start)
		return;
	start += strlen("path=");
	path = g_strndup(start, strcspn(start, ",;"));
	bus->found(bus->userdata, path);
}

static void on_bus(GObject *source, GAsyncResult *result, gpointer userdata)
{
	g_autoptr(GDBusConnection) session = g_bus_get_finish(result, NULL);

	(void)source;
	if (!session) {
		g_free(userdata);
		return;
	}
	g_dbus_connection_set_exit_on_close(session, FALSE);
	g_dbus_connection_call(session, "org.a11y.Bus", "/org/a11y/bus",
			       "org.a11y.Bus", "GetAddress", NULL,
			       G_VARIANT_TYPE("(s)"), G_DBUS_CALL_FLAGS_NONE,
			       CALL_MSEC, NULL, on_address, userdata);
}

void accessibility_bus_find(void (*found)(void *userdata, const char *path),
			    void *userdata)
{
	struct accessibility_bus *bus = g_new(struct accessibility_bus, 1);

	*bus = (struct accessibility_bus){found, userdata};
	g_bus_get(G_BUS_TYPE_SESSION, NULL, on_bus, bus);
}
