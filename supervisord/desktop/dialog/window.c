/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The window that a question is shown in.
 */
#include "desktop/dialog/window.h"

#include <adwaita.h>
#include <gdk/x11/gdkx.h>

#include "base/clock.h"
#include "desktop/dialog/dialog_text.h"
#include "desktop/dialog/press_guard.h"

#define WIDTH 520

struct window {
	const struct window_events *events;
	void *userdata;
	GtkWidget *window, *heading, *objects, *meaning, *program, *reason;
	GtkWidget *scope, *wider, *lifetime, *waiting, *notice, *deny, *allow;
	struct press_guard *guard;
	struct prompt *prompt; /* NULL: nothing is shown */
	size_t more;
	bool allowed; /* as far as the daemon knows */
	bool filling; /* what is chosen is not a person's choice */
	guint clock;
};

/* In the order in which they are offered. */
static const enum lifetime lifetimes[] = {
	LIFETIME_ONCE,
	LIFETIME_SESSION,
	LIFETIME_PROCESS,
	LIFETIME_ALWAYS,
};

/* Sets a text; one that is empty takes no room. */
static void say(GtkWidget *label, char *text)
{
	gtk_label_set_text(GTK_LABEL(label), text ? text : "");
	gtk_widget_set_visible(label, text && text[0]);
	g_free(text);
}

static void say_waiting(struct window *window)
{
	say(window->waiting, dialog_text_waiting(window->prompt, window->more,
						 clock_boot(&clock_real)));
}

static gboolean on_second(gpointer userdata)
{
	struct window *window = userdata;

	if (window->prompt)
		say_waiting(window);
	return G_SOURCE_CONTINUE;
}

static void update_buttons(struct window *window)
{
	gtk_widget_set_visible(window->allow, window->allowed);
	gtk_widget_set_sensitive(window->allow,
				 window->allowed &&
					 press_guard_counts(window->guard));
}

static void on_guard(void *userdata, bool counts)
{
	(void)counts;
	update_buttons(userdata);
}

static void answer(struct window *window, enum outcome outcome)
{
	const guint chosen =
		gtk_drop_down_get_selected(GTK_DROP_DOWN(window->lifetime));

	if (!window->prompt || !press_guard_take(window->guard))
		return;
	window->events->answered(window->userdata, outcome,
				 chosen < G_N_ELEMENTS(lifetimes)
					 ? lifetimes[chosen]
					 : LIFETIME_ONCE);
}

static void on_deny(GtkButton *button, gpointer userdata)
{
	(void)button;
	answer(userdata, OUTCOME_DENY);
}

static void on_allow(GtkButton *button, gpointer userdata)
{
	struct window *window = userdata;

	(void)button;
	if (window->allowed)
		answer(window, OUTCOME_ALLOW);
}

static gboolean on_close(GtkWindow *gtk_window, gpointer userdata)
{
	struct window *window = userdata;

	(void)gtk_window;
	if (window->prompt)
		window->events->answered(window->userdata, OUTCOME_DENY,
					 LIFETIME_ONCE);
	return TRUE;
}

/* Enter never allows, and Escape denies. */
static gboolean on_key(GtkEventControllerKey *controller, guint key, guint code,
		       GdkModifierType state, gpointer userdata)
{
	struct window *window = userdata;
	GtkWidget *focus = gtk_window_get_focus(GTK_WINDOW(window->window));

	(void)controller;
	(void)code;
	(void)state;
	if (key == GDK_KEY_Escape) {
		answer(window, OUTCOME_DENY);
		return TRUE;
	}
	return focus == window->allow &&
	       (key == GDK_KEY_Return || key == GDK_KEY_KP_Enter ||
		key == GDK_KEY_ISO_Enter);
}

static void say_wider(struct window *window)
{
	g_autofree char *text = dialog_text_wider(window->prompt);

	gtk_check_button_set_label(GTK_CHECK_BUTTON(window->wider),
				   text ? text : "");
	gtk_widget_set_visible(window->wider, text != NULL);
}

static void on_choice(GObject *widget, GParamSpec *spec, gpointer userdata)
{
	struct window *window = userdata;
	struct prompt *prompt = window->prompt;
	guint scope;

	(void)widget;
	(void)spec;
	if (window->filling || !prompt)
		return;
	scope = gtk_drop_down_get_selected(GTK_DROP_DOWN(window->scope));
	if (scope < prompt->scopes.count)
		prompt->scope = scope;
	prompt->wide =
		gtk_check_button_get_active(GTK_CHECK_BUTTON(window->wider));
	say_wider(window);
	/* What the buttons mean is another thing now. */
	press_guard_rest(window->guard);
}

/* --- How it is made ---------------------------------------------- */

static GtkWidget *add_label(GtkWidget *box, const char *class)
{
	GtkWidget *label = gtk_label_new("");

	gtk_label_set_wrap(GTK_LABEL(label), TRUE);
	gtk_label_set_wrap_mode(GTK_LABEL(label), PANGO_WRAP_WORD_CHAR);
	gtk_label_set_xalign(GTK_LABEL(label), 0);
	if (class)
		gtk_widget_add_css_class(label, class);
	gtk_box_append(GTK_BOX(box), label);
	return label;
}

/* Names of files and programs: left to right, whole, to be copied. */
static GtkWidget *add_names(GtkWidget *box)
{
	GtkWidget *label = add_label(box, "monospace");

	gtk_label_set_wrap_mode(GTK_LABEL(label), PANGO_WRAP_CHAR);
	gtk_label_set_selectable(GTK_LABEL(label), TRUE);
	gtk_widget_set_direction(label, GTK_TEXT_DIR_LTR);
	return label;
}

static GtkWidget *add_row(GtkWidget *box, const char *name, GtkWidget *widget)
{
	GtkWidget *row = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 12);
	GtkWidget *label = gtk_label_new(name);

	gtk_label_set_mnemonic_widget(GTK_LABEL(label), widget);
	gtk_accessible_update_relation(GTK_ACCESSIBLE(widget),
				       GTK_ACCESSIBLE_RELATION_LABELLED_BY,
				       label, NULL, -1);
	gtk_widget_set_hexpand(widget, TRUE);
	gtk_box_append(GTK_BOX(row), label);
	gtk_box_append(GTK_BOX(row), widget);
	gtk_box_append(GTK_BOX(box), row);
	return widget;
}

static GtkWidget *new_lifetimes(void)
{
	const char *const names[] = {_("this once"), _("this session"),
				     _("this process"), _("always"), NULL};

	_Static_assert(G_N_ELEMENTS(lifetimes) == 4, "one name each");
	return gtk_drop_down_new_from_strings(names);
}

static void add_choices(struct window *window, GtkWidget *box)
{
	const char *const nothing[] = {NULL};

	window->scope = add_row(box, _("Applies to"),
				gtk_drop_down_new_from_strings(nothing));
	window->wider = gtk_check_button_new();
	gtk_box_append(GTK_BOX(box), window->wider);
	window->lifetime = add_row(box, _("Holds for"), new_lifetimes());
	g_signal_connect(window->scope, "notify::selected",
			 G_CALLBACK(on_choice), window);
	g_signal_connect(window->wider, "notify::active", G_CALLBACK(on_choice),
			 window);
	g_signal_connect(window->lifetime, "notify::selected",
			 G_CALLBACK(on_choice), window);
}

static GtkWidget *add_button(GtkWidget *box, const char *name,
			     GCallback pressed, struct window *window)
{
	GtkWidget *button = gtk_button_new_with_label(name);

	gtk_widget_set_hexpand(button, TRUE);
	g_signal_connect(button, "clicked", pressed, window);
	gtk_box_append(GTK_BOX(box), button);
	return button;
}

static GtkWidget *add_margins(GtkWidget *box)
{
	gtk_widget_set_margin_top(box, 18);
	gtk_widget_set_margin_bottom(box, 18);
	gtk_widget_set_margin_start(box, 18);
	gtk_widget_set_margin_end(box, 18);
	return box;
}

/* What may be long is scrolled; the choices and buttons always stand there. */
static GtkWidget *new_content(struct window *window)
{
	GtkWidget *all = add_margins(gtk_box_new(GTK_ORIENTATION_VERTICAL, 12));
	GtkWidget *text = gtk_box_new(GTK_ORIENTATION_VERTICAL, 12);
	GtkWidget *scrolled = gtk_scrolled_window_new();
	GtkWidget *buttons = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 12);

	window->heading = add_label(text, "title-3");
	window->objects = add_names(text);
	window->meaning = add_label(text, "warning");
	window->program = add_names(text);
	window->reason = add_label(text, "dim-label");
	gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scrolled), text);
	gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(scrolled),
				       GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
	gtk_scrolled_window_set_propagate_natural_height(
		GTK_SCROLLED_WINDOW(scrolled), TRUE);
	gtk_scrolled_window_set_max_content_height(
		GTK_SCROLLED_WINDOW(scrolled), 400);
	gtk_widget_set_vexpand(scrolled, TRUE);
	gtk_box_append(GTK_BOX(all), scrolled);
	add_choices(window, all);
	window->notice = add_label(all, "heading");
	window->waiting = add_label(all, "dim-label");
	gtk_box_set_homogeneous(GTK_BOX(buttons), TRUE);
	window->deny =
		add_button(buttons, _("Deny"), G_CALLBACK(on_deny), window);
	window->allow =
		add_button(buttons, _("Allow"), G_CALLBACK(on_allow), window);
	gtk_box_append(GTK_BOX(all), buttons);
	return all;
}

/* A window manager gives no focus to what was started at no time. */
static void on_realize(GtkWidget *widget, gpointer userdata)
{
	GdkSurface *surface = gtk_native_get_surface(GTK_NATIVE(widget));

	(void)userdata;
	if (GDK_IS_X11_SURFACE(surface))
		gdk_x11_surface_set_user_time(surface, 0);
}

struct window *window_new(const struct window_events *events, void *userdata)
{
	struct window *window = g_new0(struct window, 1);
	GtkEventController *keys = gtk_event_controller_key_new();

	window->events = events;
	window->userdata = userdata;
	window->window = gtk_window_new();
	gtk_window_set_title(GTK_WINDOW(window->window), "Landlord");
	gtk_window_set_icon_name(GTK_WINDOW(window->window), "dialog-question");
	gtk_window_set_default_size(GTK_WINDOW(window->window), WIDTH, -1);
	gtk_window_set_child(GTK_WINDOW(window->window), new_content(window));
	gtk_event_controller_set_propagation_phase(keys, GTK_PHASE_CAPTURE);
	g_signal_connect(keys, "key-pressed", G_CALLBACK(on_key), window);
	gtk_widget_add_controller(window->window, keys);
	/* The last one sees events first. */
	window->guard =
		press_guard_new(GTK_WINDOW(window->window), on_guard, window);
	g_signal_connect(window->window, "close-request", G_CALLBACK(on_close),
			 window);
	g_signal_connect(window->window, "realize", G_CALLBACK(on_realize),
			 NULL);
	window->clock = g_timeout_add_seconds(1, on_second, window);
	return window;
}

struct window *window_free(struct window *window)
{
	if (!window)
		return NULL;
	window->prompt = NULL;
	g_source_remove(window->clock);
	gtk_window_destroy(GTK_WINDOW(window->window));
	g_free(window);
	return NULL;
}

/* --- What is shown ----------------------------------------------- */

/* As high as what it says, so that nothing has to be scrolled to. */
static void fit(struct window *window)
{
	gtk_window_set_default_size(GTK_WINDOW(window->window), WIDTH, -1);
}

static void fill_scopes(struct window *window)
{
	const struct prompt *prompt = window->prompt;
	GtkStringList *names = gtk_string_list_new(NULL);

	for (size_t i = 0; i < prompt->scopes.count; i++)
		gtk_string_list_take(names, dialog_text_scope(prompt, i));
	gtk_drop_down_set_model(GTK_DROP_DOWN(window->scope),
				G_LIST_MODEL(names));
	gtk_drop_down_set_selected(GTK_DROP_DOWN(window->scope), 0);
	gtk_widget_set_sensitive(window->scope, prompt->scopes.count > 1);
	g_object_unref(names);
}

void window_show(struct window *window, struct prompt *prompt, size_t more)
{
	window->prompt = prompt;
	window->more = more;
	window->allowed = false;
	window->filling = true;
	say(window->heading, dialog_text_heading(prompt));
	say(window->objects, dialog_text_objects(prompt));
	say(window->meaning, dialog_text_meaning(prompt));
	say(window->program, dialog_text_program(prompt));
	say(window->reason, dialog_text_reason(prompt));
	say(window->notice, NULL);
	fill_scopes(window);
	gtk_check_button_set_active(GTK_CHECK_BUTTON(window->wider), FALSE);
	gtk_drop_down_set_selected(GTK_DROP_DOWN(window->lifetime), 0);
	window->filling = false;
	say_wider(window);
	say_waiting(window);
	press_guard_rest(window->guard);
	update_buttons(window);
	fit(window);
	gtk_widget_grab_focus(window->deny);
	gtk_widget_set_visible(window->window, TRUE);
}

void window_set_more(struct window *window, size_t more)
{
	window->more = more;
	if (window->prompt)
		say_waiting(window);
}

void window_judged(struct window *window, bool allowed, const char *reached,
		   const char *others)
{
	if (!window->prompt)
		return;
	if (allowed == window->allowed && allowed)
		return;
	window->allowed = allowed;
	say(window->notice, !allowed ? text_entangled(window->prompt, reached)
			    : others[0] ? text_caution(others)
					: NULL);
	press_guard_rest(window->guard);
	update_buttons(window);
	fit(window);
}

void window_complain(struct window *window, const char *error)
{
	say(window->notice, g_strdup(error));
	press_guard_rest(window->guard);
	fit(window);
}

void window_hide(struct window *window)
{
	window->prompt = NULL;
	gtk_widget_set_visible(window->window, FALSE);
}

void window_present(struct window *window)
{
	if (window->prompt)
		gtk_window_present_with_time(GTK_WINDOW(window->window),
					     GDK_CURRENT_TIME);
}
