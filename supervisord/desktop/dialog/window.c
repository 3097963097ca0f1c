/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The window that a question is shown in.
 */
#include "desktop/dialog/window.h"

#include <adwaita.h>
#include <gdk/x11/gdkx.h>

#include "base/clock.h"
#include "desktop/dialog/answer_choices.h"
#include "desktop/dialog/dialog_text.h"
#include "desktop/dialog/press_guard.h"
#include "desktop/dialog/program_icon.h"
#include "desktop/dialog/waiting_list.h"

#define WIDTH 520
/* What stands below what is scrolled, and around the window. */
#define BELOW 190
#define LEAST_HEIGHT 120
#define MARGIN 18

struct window {
	const struct window_events *events;
	void *userdata;
	GtkWidget *window, *scrolled, *question, *icon;
	GtkWidget *heading, *objects, *meaning, *program, *reason;
	GtkWidget *deadline, *notice, *stop, *deny, *allow;
	struct answer_choices *choices;
	struct waiting_list *waiting;
	struct press_guard *guard;
	const struct question_queue *queue; /* NULL: nothing is shown */
	struct prompt *prompt;		    /* that is shown */
	bool missed;			    /* it was not answered in time */
	bool allowed;			    /* as far as the daemon knows */
	bool touched;
	bool stopping; /* the button has been pressed once */
	guint clock;
};

/* Sets a text; one that is empty takes no room. */
static void say(GtkWidget *label, char *text)
{
	gtk_label_set_text(GTK_LABEL(label), text ? text : "");
	gtk_widget_set_visible(label, text && text[0]);
	g_free(text);
}

static void say_deadline(struct window *window)
{
	say(window->deadline,
	    dialog_text_deadline(window->prompt, clock_boot(&clock_real),
				 window->touched, window->missed));
}

static gboolean on_second(gpointer userdata)
{
	struct window *window = userdata;

	if (window->prompt)
		say_deadline(window);
	return G_SOURCE_CONTINUE;
}

static void say_stop(struct window *window)
{
	gtk_button_set_label(GTK_BUTTON(window->stop),
			     window->stopping
				     ? _("Stop it now, unsaved work and all")
				     : _("Stop the program…"));
}

static void update_buttons(struct window *window)
{
	gtk_widget_set_visible(window->allow, window->allowed);
	gtk_widget_set_sensitive(window->allow,
				 window->allowed &&
					 press_guard_counts(window->guard));
	gtk_button_set_label(GTK_BUTTON(window->deny),
			     window->missed ? _("Leave Denied") : _("Deny"));
	gtk_widget_set_visible(window->stop, !window->missed);
	say_stop(window);
}

static void on_guard(void *userdata, bool counts)
{
	(void)counts;
	update_buttons(userdata);
}

/* --- What a person does ------------------------------------------ */

static void answer(struct window *window, enum outcome outcome)
{
	if (!window->prompt || !press_guard_take(window->guard))
		return;
	window->events->answered(window->userdata, outcome,
				 answer_choices_lifetime(window->choices),
				 answer_choices_all(window->choices));
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

/* Twice, since there may be work that is not saved. */
static void on_stop(GtkButton *button, gpointer userdata)
{
	struct window *window = userdata;

	(void)button;
	if (!window->prompt || !press_guard_take(window->guard))
		return;
	if (window->stopping) {
		window->events->stopped(window->userdata);
		return;
	}
	window->stopping = true;
	press_guard_rest(window->guard);
}

static void on_past(GtkButton *button, gpointer userdata)
{
	struct window *window = userdata;

	(void)button;
	if (window->prompt && press_guard_take(window->guard))
		window->events->past(window->userdata);
}

static gboolean on_close(GtkWindow *gtk_window, gpointer userdata)
{
	struct window *window = userdata;

	(void)gtk_window;
	if (window->prompt && window->missed)
		window->events->dismissed(window->userdata);
	else if (window->prompt)
		window->events->answered(window->userdata, OUTCOME_DENY,
					 LIFETIME_ONCE, false);
	return TRUE;
}

/* Enter never allows, nor stops, and Escape denies. */
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
	return (focus == window->allow || focus == window->stop) &&
	       (key == GDK_KEY_Return || key == GDK_KEY_KP_Enter ||
		key == GDK_KEY_ISO_Enter);
}

static bool on_is_persons(void *userdata)
{
	const struct window *window = userdata;

	return press_guard_is_persons(window->guard);
}

/* What the buttons mean is another thing now. */
static void on_choice(void *userdata)
{
	struct window *window = userdata;

	press_guard_rest(window->guard);
}

static const struct answer_choices_events choices_events = {
	.is_persons = on_is_persons,
	.changed = on_choice,
};

static void on_chosen(void *userdata, uint64_t question_id)
{
	struct window *window = userdata;

	window->events->chosen(window->userdata, question_id);
}

/* Where the program that asks could be the one that touches it, it does not
 * hold its own clock. */
static void on_touched(void *userdata)
{
	struct window *window = userdata;

	if (window->prompt && window->allowed)
		window->events->touched(window->userdata);
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

/* Names of files: left to right, whole, to be copied. */
static GtkWidget *add_names(GtkWidget *box)
{
	GtkWidget *label = add_label(box, "monospace");

	gtk_label_set_wrap_mode(GTK_LABEL(label), PANGO_WRAP_CHAR);
	gtk_label_set_selectable(GTK_LABEL(label), TRUE);
	gtk_widget_set_direction(label, GTK_TEXT_DIR_LTR);
	return label;
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
	gtk_widget_set_margin_top(box, MARGIN);
	gtk_widget_set_margin_bottom(box, MARGIN);
	gtk_widget_set_margin_start(box, MARGIN);
	gtk_widget_set_margin_end(box, MARGIN);
	return box;
}

/* What it is about: the program's picture, and the question. */
static GtkWidget *new_question(struct window *window)
{
	GtkWidget *text = gtk_box_new(GTK_ORIENTATION_VERTICAL, 12);
	GtkWidget *head = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 12);

	window->icon = gtk_image_new();
	gtk_image_set_icon_size(GTK_IMAGE(window->icon), GTK_ICON_SIZE_LARGE);
	gtk_accessible_update_property(GTK_ACCESSIBLE(window->icon),
				       GTK_ACCESSIBLE_PROPERTY_LABEL,
				       _("picture of the program"), -1);
	gtk_box_append(GTK_BOX(head), window->icon);
	window->heading = add_label(head, "title-3");
	gtk_box_append(GTK_BOX(text), head);
	window->objects = add_names(text);
	window->meaning = add_label(text, "warning");
	window->program = add_label(text, NULL);
	gtk_label_set_selectable(GTK_LABEL(window->program), TRUE);
	window->reason = add_label(text, "dim-label");
	window->choices =
		answer_choices_new(GTK_BOX(text), &choices_events, window);
	window->waiting = waiting_list_new(GTK_BOX(text), on_chosen, window);
	return text;
}

static GtkWidget *new_scrolled(GtkWidget *child)
{
	GtkWidget *scrolled = gtk_scrolled_window_new();

	gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scrolled), child);
	gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(scrolled),
				       GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
	gtk_widget_set_vexpand(scrolled, TRUE);
	return scrolled;
}

/* What may be long is scrolled; the buttons always stand there. */
static GtkWidget *new_content(struct window *window)
{
	GtkWidget *all = add_margins(gtk_box_new(GTK_ORIENTATION_VERTICAL, 12));
	GtkWidget *more = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 12);
	GtkWidget *buttons = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 12);

	window->question = new_question(window);
	window->scrolled = new_scrolled(window->question);
	gtk_box_append(GTK_BOX(all), window->scrolled);
	window->notice = add_label(all, "heading");
	window->deadline = add_label(all, "dim-label");
	gtk_box_set_homogeneous(GTK_BOX(buttons), TRUE);
	window->deny =
		add_button(buttons, _("Deny"), G_CALLBACK(on_deny), window);
	window->allow =
		add_button(buttons, _("Allow"), G_CALLBACK(on_allow), window);
	window->stop = add_button(more, "", G_CALLBACK(on_stop), window);
	gtk_widget_add_css_class(window->stop, "flat");
	gtk_widget_add_css_class(
		add_button(more, _("Its Past…"), G_CALLBACK(on_past), window),
		"flat");
	gtk_box_append(GTK_BOX(all), more);
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

static void connect_window(struct window *window)
{
	GtkEventController *keys = gtk_event_controller_key_new();

	gtk_event_controller_set_propagation_phase(keys, GTK_PHASE_CAPTURE);
	g_signal_connect(keys, "key-pressed", G_CALLBACK(on_key), window);
	gtk_widget_add_controller(window->window, keys);
	/* The last one sees events first. */
	window->guard = press_guard_new(GTK_WINDOW(window->window), on_guard,
					on_touched, window);
	g_signal_connect(window->window, "close-request", G_CALLBACK(on_close),
			 window);
	g_signal_connect(window->window, "realize", G_CALLBACK(on_realize),
			 NULL);
}

struct window *window_new(const struct window_events *events, void *userdata)
{
	struct window *window = g_new0(struct window, 1);

	window->events = events;
	window->userdata = userdata;
	window->window = gtk_window_new();
	gtk_window_set_title(GTK_WINDOW(window->window), "Landlord");
	gtk_window_set_icon_name(GTK_WINDOW(window->window),
				 "org.landlord.Landlord");
	gtk_window_set_default_size(GTK_WINDOW(window->window), WIDTH, -1);
	gtk_window_set_child(GTK_WINDOW(window->window), new_content(window));
	connect_window(window);
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
	answer_choices_free(window->choices);
	g_free(window);
	return NULL;
}

/* --- What is shown ----------------------------------------------- */

/* What of the display a window may have. */
static GdkRectangle find_room(void)
{
	GListModel *monitors =
		gdk_display_get_monitors(gdk_display_get_default());
	g_autoptr(GdkMonitor) monitor = g_list_model_get_item(monitors, 0);
	GdkRectangle room = {.width = WIDTH, .height = 600};

	if (monitor)
		gdk_monitor_get_geometry(monitor, &room);
	return room;
}

/*
 * As high as what it says, so that nothing has to be scrolled to, as far as the
 * display goes. What is scrolled would ask for the height of unwrapped lines.
 */
static void fit(struct window *window)
{
	GtkScrolledWindow *scrolled = GTK_SCROLLED_WINDOW(window->scrolled);
	const GdkRectangle room = find_room();
	const int width = MIN(WIDTH, room.width - 20);
	const int most = MAX(LEAST_HEIGHT, room.height - BELOW);
	int height;

	gtk_widget_measure(window->question, GTK_ORIENTATION_VERTICAL,
			   width - 2 * MARGIN, NULL, &height, NULL, NULL);
	gtk_scrolled_window_set_min_content_height(scrolled, -1);
	gtk_scrolled_window_set_max_content_height(scrolled, most);
	gtk_scrolled_window_set_min_content_height(scrolled, MIN(height, most));
	gtk_window_set_default_size(GTK_WINDOW(window->window), width, -1);
}

static void say_question(struct window *window)
{
	const struct prompt *prompt = window->prompt;

	gtk_image_set_from_gicon(GTK_IMAGE(window->icon),
				 program_icon(prompt->app));
	say(window->heading, dialog_text_heading(prompt, window->missed));
	say(window->objects, dialog_text_objects(prompt));
	say(window->meaning, dialog_text_meaning(prompt));
	say(window->program, dialog_text_program(prompt));
	say(window->reason, dialog_text_reason(prompt));
	say(window->notice, NULL);
	answer_choices_show(window->choices, window->queue->shown->prompt,
			    window->missed);
}

void window_update(struct window *window)
{
	if (!window->prompt)
		return;
	answer_choices_set_likes(
		window->choices,
		question_queue_likes(window->queue, window->queue->shown));
	waiting_list_show(window->waiting, window->queue);
	say_deadline(window);
	/* More is answered with it than was. */
	if (answer_choices_all(window->choices))
		press_guard_rest(window->guard);
	fit(window);
}

void window_show(struct window *window, const struct question_queue *queue)
{
	GtkAdjustment *position = gtk_scrolled_window_get_vadjustment(
		GTK_SCROLLED_WINDOW(window->scrolled));

	window->queue = queue;
	window->prompt = queue->shown->prompt;
	window->missed = queue->shown->state == QUESTION_MISSED;
	/* There the daemon says whether a rule may be added. */
	window->allowed = window->missed;
	window->stopping = false;
	say_question(window);
	window_update(window);
	press_guard_rest(window->guard);
	update_buttons(window);
	gtk_adjustment_set_value(position, 0);
	gtk_widget_grab_focus(window->deny);
	gtk_widget_set_visible(window->window, TRUE);
}

void window_set_touched(struct window *window, bool touched)
{
	window->touched = touched;
	if (window->prompt)
		say_deadline(window);
}

void window_judged(struct window *window, bool allowed, const char *reached,
		   const char *others)
{
	if (!window->prompt || window->missed)
		return;
	if (allowed == window->allowed && allowed)
		return;
	window->allowed = allowed;
	say(window->notice,
	    !allowed	? dialog_text_entangled(window->prompt, reached)
	    : others[0] ? dialog_text_caution(others)
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
	window->queue = NULL;
	gtk_widget_set_visible(window->window, FALSE);
}

void window_present(struct window *window)
{
	if (window->prompt)
		gtk_window_present_with_time(GTK_WINDOW(window->window),
					     GDK_CURRENT_TIME);
}
