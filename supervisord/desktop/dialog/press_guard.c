/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The guard of a window's buttons.
 */
#include "desktop/dialog/press_guard.h"

/* More than the 250 that GTK takes. */
#define KEY_MSEC 500

struct press_guard {
	void (*changed)(void *userdata, bool counts);
	void (*touched)(void *userdata);
	void *userdata;
	guint timer;	 /* 0: presses count */
	bool event;	 /* of a person's, whose press may still come */
	guint forget;	 /* ends that; 0: there is none */
	int64_t down_at; /* of the key or button that is down last */
	int64_t since;	 /* when presses began to count */
};

static gboolean on_time(gpointer userdata)
{
	struct press_guard *guard = userdata;

	guard->timer = 0;
	guard->since = g_get_monotonic_time();
	guard->changed(guard->userdata, true);
	return G_SOURCE_REMOVE;
}

static void forget_event(struct press_guard *guard)
{
	guard->event = false;
	if (guard->forget)
		g_source_remove(guard->forget);
	guard->forget = 0;
}

static gboolean on_forget(gpointer userdata)
{
	struct press_guard *guard = userdata;

	guard->event = false;
	guard->forget = 0;
	return G_SOURCE_REMOVE;
}

/* A button is pressed while its release is dispatched, and at no other time. */
static void note_release(struct press_guard *guard)
{
	forget_event(guard);
	guard->event = true;
	guard->forget =
		g_idle_add_full(G_PRIORITY_HIGH, on_forget, guard, NULL);
}

/* By a key it is pressed somewhat later: GTK shows it pressed before. */
static void note_key(struct press_guard *guard)
{
	forget_event(guard);
	guard->event = true;
	guard->forget = g_timeout_add(KEY_MSEC, on_forget, guard);
}

void press_guard_rest(struct press_guard *guard)
{
	const bool counted = !guard->timer;

	if (guard->timer)
		g_source_remove(guard->timer);
	guard->timer = g_timeout_add(PRESS_GUARD_MSEC, on_time, guard);
	forget_event(guard);
	if (counted)
		guard->changed(guard->userdata, false);
}

bool press_guard_counts(const struct press_guard *guard)
{
	return !guard->timer;
}

bool press_guard_is_persons(const struct press_guard *guard)
{
	return guard->event;
}

bool press_guard_take(struct press_guard *guard)
{
	const bool counts =
		!guard->timer && guard->event && guard->down_at > guard->since;

	forget_event(guard);
	return counts;
}

/* Keys that move about or press; all others are somebody typing. */
static bool is_of_dialogs(guint key)
{
	switch (key) {
	case GDK_KEY_Tab:
	case GDK_KEY_ISO_Left_Tab:
	case GDK_KEY_KP_Tab:
	case GDK_KEY_space:
	case GDK_KEY_KP_Space:
	case GDK_KEY_Escape:
	case GDK_KEY_Return:
	case GDK_KEY_KP_Enter:
	case GDK_KEY_ISO_Enter:
	case GDK_KEY_Up:
	case GDK_KEY_Down:
	case GDK_KEY_Left:
	case GDK_KEY_Right:
	case GDK_KEY_Page_Up:
	case GDK_KEY_Page_Down:
	case GDK_KEY_Home:
	case GDK_KEY_End:
		return true;
	default:
		return key >= GDK_KEY_Shift_L && key <= GDK_KEY_Hyper_R;
	}
}

/* Sees every event of the window before its widgets do. */
static gboolean on_event(GtkEventControllerLegacy *controller, GdkEvent *event,
			 gpointer userdata)
{
	struct press_guard *guard = userdata;

	(void)controller;
	switch (gdk_event_get_event_type(event)) {
	case GDK_KEY_PRESS:
		guard->touched(guard->userdata);
		if (!is_of_dialogs(gdk_key_event_get_keyval(event)))
			press_guard_rest(guard);
		guard->down_at = g_get_monotonic_time();
		note_key(guard);
		break;
	case GDK_KEY_RELEASE:
		note_key(guard);
		break;
	case GDK_SCROLL:
		guard->touched(guard->userdata);
		break;
	case GDK_BUTTON_PRESS:
	case GDK_TOUCH_BEGIN:
		guard->touched(guard->userdata);
		guard->down_at = g_get_monotonic_time();
		break;
	case GDK_BUTTON_RELEASE:
	case GDK_TOUCH_END:
		note_release(guard);
		break;
	default:
		break;
	}
	return GDK_EVENT_PROPAGATE;
}

static void on_active(GtkWindow *window, GParamSpec *spec, gpointer userdata)
{
	(void)spec;
	if (gtk_window_is_active(window))
		press_guard_rest(userdata);
}

static void on_map(GtkWidget *widget, gpointer userdata)
{
	(void)widget;
	press_guard_rest(userdata);
}

static void press_guard_free(gpointer userdata)
{
	struct press_guard *guard = userdata;

	if (guard->timer)
		g_source_remove(guard->timer);
	forget_event(guard);
	g_free(guard);
}

struct press_guard *
press_guard_new(GtkWindow *window, void (*changed)(void *userdata, bool counts),
		void (*touched)(void *userdata), void *userdata)
{
	struct press_guard *guard = g_new0(struct press_guard, 1);
	GtkEventController *events = gtk_event_controller_legacy_new();

	guard->changed = changed;
	guard->touched = touched;
	guard->userdata = userdata;
	gtk_event_controller_set_propagation_phase(events, GTK_PHASE_CAPTURE);
	g_signal_connect(events, "event", G_CALLBACK(on_event), guard);
	gtk_widget_add_controller(GTK_WIDGET(window), events);
	g_signal_connect(window, "notify::is-active", G_CALLBACK(on_active),
			 guard);
	g_signal_connect(window, "map", G_CALLBACK(on_map), guard);
	g_object_set_data_full(G_OBJECT(window), "guard", guard,
			       press_guard_free);
	return guard;
}
