/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tells when what is kept has changed: see state_watch.h.
 */
#include "desktop/manager/state_watch.h"

#include <gio/gio.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "desktop/manager/landlord_command.h"

#define QUIET_MSEC 2000
#define SOON_MSEC 200

struct state_watch {
	void (*changed)(void *userdata);
	void *userdata;
	GFileMonitor *monitors[2];
	guint timer;
	gint64 told_at; /* microseconds */
};

static gboolean on_time(gpointer userdata)
{
	struct state_watch *watch = userdata;

	watch->timer = 0;
	watch->told_at = g_get_monotonic_time();
	watch->changed(watch->userdata);
	return G_SOURCE_REMOVE;
}

static void on_event(GFileMonitor *monitor, GFile *file, GFile *other,
		     GFileMonitorEvent event, gpointer userdata)
{
	struct state_watch *watch = userdata;
	const gint64 since = (g_get_monotonic_time() - watch->told_at) / 1000;

	(void)monitor;
	(void)file;
	(void)other;
	(void)event;
	if (!watch->timer)
		watch->timer = g_timeout_add(since > QUIET_MSEC ? SOON_MSEC
								: QUIET_MSEC,
					     on_time, watch);
}

static void follow(struct state_watch *watch, size_t number, const char *path)
{
	g_autoptr(GFile) file = g_file_new_for_path(path);

	watch->monitors[number] =
		g_file_monitor_directory(file, G_FILE_MONITOR_NONE, NULL, NULL);
	if (watch->monitors[number])
		g_signal_connect(watch->monitors[number], "changed",
				 G_CALLBACK(on_event), watch);
}

struct state_watch *state_watch_new(void (*changed)(void *userdata),
				    void *userdata)
{
	struct state_watch *watch = g_new0(struct state_watch, 1);
	const char *const state = landlord_command_state();
	g_autofree char *grants = g_build_filename(state, "grants", NULL);

	watch->changed = changed;
	watch->userdata = userdata;
	follow(watch, 0, state);
	follow(watch, 1, grants);
	return watch;
}

struct state_watch *state_watch_free(struct state_watch *watch)
{
	if (!watch)
		return NULL;
	for (size_t i = 0; i < G_N_ELEMENTS(watch->monitors); i++)
		g_clear_object(&watch->monitors[i]);
	if (watch->timer)
		g_source_remove(watch->timer);
	g_free(watch);
	return NULL;
}
