/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Notifications, by org.freedesktop.Notifications.
 */
#include "desktop/dialog/desktop_notification.h"

#include <gio/gio.h>
#include <string.h>

#include "desktop/dialog/dialog_text.h"

#define NAME "org.freedesktop.Notifications"
#define PATH "/org/freedesktop/Notifications"
#define CALL_MSEC 5000

/* One that is shown in the place of the one before. */
struct bubble {
	struct desktop_notification *notify;
	uint32_t shown;	   /* its number on the server; 0: none */
	GVariant *waiting; /* what to show once the bus is there */
	bool closed;	   /* nothing is to be shown any more */
};

struct desktop_notification {
	const struct desktop_notification_events *events;
	void *userdata;
	GDBusConnection *bus; /* NULL: not yet, or none */
	GCancellable *cancellable;
	guint signal;
	struct bubble question, missed;
	uint64_t question_id;
};

static void on_action(GDBusConnection *bus, const char *sender,
		      const char *path, const char *interface, const char *name,
		      GVariant *parameters, gpointer userdata)
{
	struct desktop_notification *notify = userdata;
	const char *action;
	uint32_t number;

	(void)bus;
	(void)sender;
	(void)path;
	(void)interface;
	(void)name;
	if (!g_variant_is_of_type(parameters, G_VARIANT_TYPE("(us)")))
		return;
	g_variant_get(parameters, "(u&s)", &number, &action);
	if (number == 0)
		return;
	if (number == notify->missed.shown)
		notify->events->show_missed(notify->userdata);
	if (number != notify->question.shown)
		return;
	if (strcmp(action, "deny") == 0)
		notify->events->deny(notify->userdata, notify->question_id);
	else
		notify->events->show(notify->userdata);
}

static void close_shown(struct bubble *bubble)
{
	if (bubble->shown && bubble->notify->bus)
		g_dbus_connection_call(bubble->notify->bus, NAME, PATH, NAME,
				       "CloseNotification",
				       g_variant_new("(u)", bubble->shown),
				       NULL, G_DBUS_CALL_FLAGS_NONE, CALL_MSEC,
				       NULL, NULL, NULL);
	bubble->shown = 0;
}

static void on_shown(GObject *source, GAsyncResult *result, gpointer userdata)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GVariant) reply = g_dbus_connection_call_finish(
		G_DBUS_CONNECTION(source), result, &error);
	struct bubble *bubble = userdata;

	if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
		return;
	if (!reply) {
		g_info("nobody shows notifications: %s", error->message);
		return;
	}
	g_variant_get(reply, "(u)", &bubble->shown);
	if (bubble->closed)
		close_shown(bubble);
}

static void show_waiting(struct bubble *bubble)
{
	struct desktop_notification *notify = bubble->notify;
	g_autoptr(GVariant) parameters = NULL;

	if (!notify->bus)
		return;
	parameters = g_steal_pointer(&bubble->waiting);
	if (parameters)
		g_dbus_connection_call(notify->bus, NAME, PATH, NAME, "Notify",
				       parameters, G_VARIANT_TYPE("(u)"),
				       G_DBUS_CALL_FLAGS_NONE, CALL_MSEC,
				       notify->cancellable, on_shown, bubble);
}

static void close_bubble(struct bubble *bubble)
{
	g_clear_pointer(&bubble->waiting, g_variant_unref);
	bubble->closed = true;
	close_shown(bubble);
}

static void on_bus(GObject *source, GAsyncResult *result, gpointer userdata)
{
	g_autoptr(GError) error = NULL;
	GDBusConnection *bus = g_bus_get_finish(result, &error);
	struct desktop_notification *notify = userdata;

	(void)source;
	if (!bus) {
		if (!g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
			g_info("no session bus: %s", error->message);
		return;
	}
	notify->bus = bus;
	g_dbus_connection_set_exit_on_close(bus, FALSE);
	/* GDBus compares the sender with who owns the name. */
	notify->signal = g_dbus_connection_signal_subscribe(
		bus, NAME, NAME, "ActionInvoked", PATH, NULL,
		G_DBUS_SIGNAL_FLAGS_NONE, on_action, notify, NULL);
	show_waiting(&notify->question);
	show_waiting(&notify->missed);
}

struct desktop_notification *
desktop_notification_new(const struct desktop_notification_events *events,
			 void *userdata)
{
	struct desktop_notification *notify =
		g_new0(struct desktop_notification, 1);

	notify->events = events;
	notify->userdata = userdata;
	notify->question.notify = notify->missed.notify = notify;
	notify->cancellable = g_cancellable_new();
	g_bus_get(G_BUS_TYPE_SESSION, notify->cancellable, on_bus, notify);
	return notify;
}

struct desktop_notification *
desktop_notification_free(struct desktop_notification *notify)
{
	if (!notify)
		return NULL;
	desktop_notification_close(notify);
	desktop_notification_close_missed(notify);
	g_cancellable_cancel(notify->cancellable);
	if (notify->bus) {
		g_dbus_connection_signal_unsubscribe(notify->bus,
						     notify->signal);
		g_dbus_connection_flush_sync(notify->bus, NULL, NULL);
		g_object_unref(notify->bus);
	}
	g_object_unref(notify->cancellable);
	g_free(notify);
	return NULL;
}

/* @deny: NULL: it cannot be denied there */
static void show_bubble(struct bubble *bubble, const char *title,
			const char *body, const char *deny)
{
	g_autofree char *escaped = g_markup_escape_text(body, -1);
	GVariantBuilder actions, hints;

	g_variant_builder_init(&actions, G_VARIANT_TYPE("as"));
	g_variant_builder_add(&actions, "s", "default");
	g_variant_builder_add(&actions, "s", _("Show"));
	if (deny) {
		g_variant_builder_add(&actions, "s", "deny");
		g_variant_builder_add(&actions, "s", deny);
	} else {
		/* Not every server has a button for the default. */
		g_variant_builder_add(&actions, "s", "show");
		g_variant_builder_add(&actions, "s", _("Show"));
	}
	g_variant_builder_init(&hints, G_VARIANT_TYPE("a{sv}"));
	g_variant_builder_add(&hints, "{sv}", "urgency", g_variant_new_byte(2));
	g_clear_pointer(&bubble->waiting, g_variant_unref);
	bubble->closed = false;
	bubble->waiting = g_variant_ref_sink(g_variant_new(
		"(susssasa{sv}i)", "Landlord", bubble->shown, "dialog-question",
		title, escaped, &actions, &hints, 0));
	show_waiting(bubble);
}

void desktop_notification_question(struct desktop_notification *notify,
				   uint64_t question_id, const char *title,
				   const char *body)
{
	notify->question_id = question_id;
	show_bubble(&notify->question, title, body, _("Deny"));
}

void desktop_notification_missed(struct desktop_notification *notify,
				 const char *title, const char *body)
{
	show_bubble(&notify->missed, title, body, NULL);
}

void desktop_notification_tell(struct desktop_notification *notify,
			       const char *sentence)
{
	g_autofree char *escaped = g_markup_escape_text(sentence, -1);

	if (!notify->bus)
		return;
	g_dbus_connection_call(notify->bus, NAME, PATH, NAME, "Notify",
			       g_variant_new("(susssasa{sv}i)", "Landlord", 0,
					     "dialog-warning", "Landlord",
					     escaped, NULL, NULL, -1),
			       G_VARIANT_TYPE("(u)"), G_DBUS_CALL_FLAGS_NONE,
			       CALL_MSEC, NULL, NULL, NULL);
}

void desktop_notification_close(struct desktop_notification *notify)
{
	close_bubble(&notify->question);
}

void desktop_notification_close_missed(struct desktop_notification *notify)
{
	close_bubble(&notify->missed);
}
