/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The window of the manager: see manager_window.h.
 */
#include "desktop/manager/manager_window.h"

#include <adwaita.h>
#include <string.h>

#include "base/cleanup.h"
#include "desktop/dialog/dialog_text.h"
#include "desktop/dialog/press_guard.h"
#include "desktop/dialog/program_icon.h"
#include "desktop/manager/item_row.h"
#include "desktop/manager/item_view.h"
#include "desktop/manager/landlord_command.h"
#include "desktop/manager/manager_text.h"
#include "desktop/manager/program_page.h"
#include "desktop/manager/programs.h"
#include "desktop/manager/rule_change.h"
#include "desktop/manager/state_watch.h"

struct manager_window {
	struct page_events events;
	GMainLoop *loop;
	GtkWidget *window, *toasts, *leaflet, *back;
	struct press_guard *guard;
	struct item_view *programs, *pending, *log;
	struct program_page *page;
	struct state_watch *watch;
	const char *first; /* app that is shown at first; borrowed; or NULL */
	json_t *rules, *running, *questions; /* as they were read last */
	unsigned int reading;		     /* so much of it is on its way */
	bool again;			     /* it has changed meanwhile */
};

/* --- What is shown ----------------------------------------------- */

static void say_programs(struct manager_window *window)
{
	json_t *programs = programs_find(window->rules, window->running,
					 window->questions);

	item_view_show(window->programs, programs);
	json_decref(programs);
}

static void read_all(struct manager_window *window);

/* One of those that are read has come. */
static void take(struct manager_window *window, json_t **place, json_t *output,
		 const char *error)
{
	const char *app;

	if (output) {
		json_decref(*place);
		*place = json_incref(output);
	} else if (error) {
		g_info("%s", error);
	}
	if (--window->reading > 0)
		return;
	say_programs(window);
	app = program_page_app(window->page);
	if (app || window->first)
		program_page_show(window->page, app ? app : window->first,
				  window->running);
	/* Rows may stand elsewhere now. */
	press_guard_rest(window->guard);
	if (window->again)
		read_all(window);
}

static void on_rules(void *userdata, json_t *output, const char *error)
{
	struct manager_window *window = userdata;

	take(window, &window->rules, output, error);
}

/* Without a daemon nothing that runs is known of. */
static void on_running(void *userdata, json_t *output, const char *error)
{
	struct manager_window *window = userdata;

	take(window, &window->running, output ? output : json_array(), error);
}

static void on_pending(void *userdata, json_t *output, const char *error)
{
	struct manager_window *window = userdata;

	if (output)
		item_view_show(window->pending, output);
	take(window, &window->questions, output, error);
}

/* The last one first. */
static void on_log(void *userdata, json_t *output, const char *error)
{
	struct manager_window *window = userdata;
	json_t *reversed = json_array(), *none = NULL;

	for (size_t i = json_array_size(output); i > 0; i--)
		json_array_append(reversed, json_array_get(output, i - 1));
	item_view_show(window->log, reversed);
	json_decref(reversed);
	take(window, &none, NULL, error);
}

/* What changes while it is read is read again, once. */
static void read_all(struct manager_window *window)
{
	static const char *const rules[] = {"rules", "--json", NULL};
	static const char *const running[] = {"ps", "--json", NULL};
	static const char *const pending[] = {"pending", "--json", NULL};
	static const char *const log[] = {"log", "--json", NULL};

	window->again = window->reading > 0;
	if (window->again)
		return;
	window->reading = 4;
	landlord_command_read(rules, on_rules, window);
	landlord_command_read(running, on_running, window);
	landlord_command_read(pending, on_pending, window);
	landlord_command_read(log, on_log, window);
}

static void on_state(void *userdata)
{
	read_all(userdata);
}

/* --- What pages tell --------------------------------------------- */

static bool on_take(void *userdata)
{
	struct manager_window *window = userdata;

	return press_guard_take(window->guard);
}

static void on_tell(void *userdata, const char *sentence)
{
	struct manager_window *window = userdata;
	AdwToast *toast;
	g_autofree char *escaped = g_markup_escape_text(sentence, -1);

	toast = adw_toast_new(escaped);
	adw_toast_overlay_add_toast(ADW_TOAST_OVERLAY(window->toasts), toast);
}

static void on_changed(void *userdata)
{
	read_all(userdata);
}

static GtkWindow *on_window(void *userdata)
{
	const struct manager_window *window = userdata;

	return GTK_WINDOW(window->window);
}

/* --- Programs ---------------------------------------------------- */

static GtkWidget *make_program(struct item_view *view)
{
	GtkWidget *row = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 12);
	GtkWidget *icon = gtk_image_new();
	GtkWidget *texts = item_row_new();

	(void)view;
	gtk_image_set_icon_size(GTK_IMAGE(icon), GTK_ICON_SIZE_LARGE);
	gtk_box_append(GTK_BOX(row), icon);
	gtk_box_append(GTK_BOX(row), texts);
	g_object_set_data(G_OBJECT(row), "icon", icon);
	g_object_set_data(G_OBJECT(row), "texts", texts);
	return row;
}

static unsigned long number_of(const json_t *thing, const char *key)
{
	return (unsigned long)json_integer_value(json_object_get(thing, key));
}

static char *program_counts(const json_t *program)
{
	const unsigned long rules = number_of(program, "rules");
	const unsigned long running = number_of(program, "running");
	const unsigned long waiting = number_of(program, "waiting");
	GString *text = g_string_new(NULL);

	if (running)
		g_string_append_printf(
			text, ngettext("%lu runs now", "%lu run now", running),
			running);
	if (rules)
		g_string_append_printf(text, "%s", text->len ? "\n" : "");
	if (rules)
		g_string_append_printf(
			text, ngettext("%lu answer", "%lu answers", rules),
			rules);
	if (waiting)
		g_string_append_printf(text, "%s", text->len ? "\n" : "");
	if (waiting)
		g_string_append_printf(text,
				       ngettext("%lu not answered",
						"%lu not answered", waiting),
				       waiting);
	return g_string_free(text, FALSE);
}

static void say_program(struct item_view *view, GtkWidget *row, json_t *program)
{
	const char *const app = item_view_text(program, "app");

	(void)view;
	gtk_image_set_from_gicon(
		GTK_IMAGE(g_object_get_data(G_OBJECT(row), "icon")),
		program_icon(app));
	item_row_say(g_object_get_data(G_OBJECT(row), "texts"),
		     dialog_text_name(app), NULL, program_counts(program));
}

static char *program_words(json_t *program)
{
	return g_strdup(item_view_text(program, "app"));
}

static void open_program(struct item_view *view, json_t *program)
{
	struct manager_window *window = item_view_userdata(view);

	program_page_show(window->page, item_view_text(program, "app"),
			  window->running);
	adw_leaflet_navigate(ADW_LEAFLET(window->leaflet),
			     ADW_NAVIGATION_DIRECTION_FORWARD);
}

static const struct item_view_ops program_ops = {
	.make = make_program,
	.say = say_program,
	.words = program_words,
	.open = open_program,
	.empty = N_("No program was supervised yet."),
	.name = N_("Programs"),
	.single = true,
};

/* --- Questions --------------------------------------------------- */

static void on_allow(GtkButton *button, gpointer userdata)
{
	struct manager_window *window = userdata;
	GtkWidget *row = g_object_get_data(G_OBJECT(button), "row");
	const json_t *question = item_view_thing(row);

	if (question && press_guard_take(window->guard))
		rule_change_open(question, &window->events);
}

static GtkWidget *make_question(struct item_view *view)
{
	GtkWidget *row = item_row_new();

	g_object_set_data(G_OBJECT(row), "allow",
			  item_row_add_button(row, _("Allow…"),
					      G_CALLBACK(on_allow),
					      item_view_userdata(view)));
	return row;
}

/* What is open is answered where it is asked. */
static void say_question(struct item_view *view, GtkWidget *row,
			 json_t *question)
{
	const bool open =
		strcmp(item_view_text(question, "state"), "open") == 0;

	(void)view;
	gtk_widget_set_visible(g_object_get_data(G_OBJECT(row), "allow"),
			       !open);
	item_row_say(row, manager_text_pending(question), NULL,
		     manager_text_pending_why(question));
}

static char *question_words(json_t *question)
{
	g_autofree char *text = manager_text_pending(question);

	return g_strjoin(" ", item_view_text(question, "app"), text, NULL);
}

static const struct item_view_ops pending_ops = {
	.make = make_question,
	.say = say_question,
	.words = question_words,
	.empty = N_("No question is open, and none went unanswered."),
	.name = N_("Not answered"),
};

/* --- The log ----------------------------------------------------- */

static GtkWidget *make_event(struct item_view *view)
{
	(void)view;
	return item_row_new();
}

static void say_event(struct item_view *view, GtkWidget *row, json_t *event)
{
	(void)view;
	item_row_say(row, manager_text_event(event), NULL,
		     manager_text_event_about(event));
}

static char *event_words(json_t *event)
{
	g_autofree char *title = manager_text_event(event);
	g_autofree char *about = manager_text_event_about(event);

	return g_strjoin(" ", title, about, NULL);
}

static void on_why(void *userdata, json_t *output, const char *error)
{
	struct manager_window *window = userdata;
	GString *text = g_string_new(error);
	GtkWidget *dialog;
	const json_t *answer;
	size_t i;

	json_array_foreach (output, i, answer) {
		const json_t *rule = json_object_get(answer, "rule");
		g_autofree char *effect =
			rule ? manager_text_effect(rule)
			     : g_strdup(_("No rule mentions it"));
		g_autofree char *object =
			rule ? manager_text_object(rule) : g_strdup("");
		g_autofree char *origin =
			rule ? manager_text_origin(rule) : g_strdup("");

		g_string_append_printf(text, "%s%s\n%s\n%s", i ? "\n\n" : "",
				       effect, object, origin);
	}
	dialog = adw_message_dialog_new(GTK_WINDOW(window->window),
					_("What Decides It Now"), text->str);
	adw_message_dialog_add_response(ADW_MESSAGE_DIALOG(dialog), "close",
					_("Close"));
	gtk_widget_set_visible(dialog, TRUE);
	g_string_free(text, TRUE);
}

/* By which rule that would be decided now. */
static void open_event(struct item_view *view, json_t *event)
{
	const json_t *access =
		json_array_get(json_object_get(event, "accesses"), 0);
	const char *const arguments[] = {"why",
					 "--json",
					 "--",
					 item_view_text(event, "app"),
					 item_view_text(access, "rights"),
					 item_view_text(access, "object"),
					 NULL};

	if (access)
		landlord_command_read(arguments, on_why,
				      item_view_userdata(view));
}

static const struct item_view_ops log_ops = {
	.make = make_event,
	.say = say_event,
	.words = event_words,
	.open = open_event,
	.empty = N_("Nothing has been asked or decided yet."),
	.name = N_("Log"),
};

/* --- How it is made ---------------------------------------------- */

static void on_back(GtkButton *button, gpointer userdata)
{
	struct manager_window *window = userdata;

	(void)button;
	adw_leaflet_navigate(ADW_LEAFLET(window->leaflet),
			     ADW_NAVIGATION_DIRECTION_BACK);
}

static GtkWidget *add_margins(GtkWidget *widget)
{
	gtk_widget_set_margin_top(widget, 12);
	gtk_widget_set_margin_bottom(widget, 12);
	gtk_widget_set_margin_start(widget, 12);
	gtk_widget_set_margin_end(widget, 12);
	return widget;
}

/* Beside each other, or one after the other where there is no room. */
static GtkWidget *new_programs(struct manager_window *window)
{
	GtkWidget *side, *right = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);

	window->programs = item_view_new(&program_ops, window);
	window->page = program_page_new(&window->events);
	window->back = gtk_button_new_with_label(_("All Programs"));
	g_signal_connect(window->back, "clicked", G_CALLBACK(on_back), window);
	side = add_margins(item_view_widget(window->programs));
	gtk_widget_set_size_request(side, 240, -1);
	gtk_box_append(GTK_BOX(right), window->back);
	gtk_box_append(GTK_BOX(right), program_page_widget(window->page));
	gtk_widget_set_hexpand(right, TRUE);
	window->leaflet = adw_leaflet_new();
	adw_leaflet_append(ADW_LEAFLET(window->leaflet), side);
	adw_leaflet_append(ADW_LEAFLET(window->leaflet), right);
	g_object_bind_property(window->leaflet, "folded", window->back,
			       "visible", G_BINDING_SYNC_CREATE);
	return window->leaflet;
}

static GtkWidget *new_pages(struct manager_window *window)
{
	GtkWidget *stack = adw_view_stack_new();
	AdwViewStack *pages = ADW_VIEW_STACK(stack);

	window->pending = item_view_new(&pending_ops, window);
	window->log = item_view_new(&log_ops, window);
	adw_view_stack_add_titled(pages, new_programs(window), "programs",
				  _("Programs"));
	adw_view_stack_add_titled(
		pages, add_margins(item_view_widget(window->pending)),
		"pending", _("Not Answered"));
	adw_view_stack_add_titled(pages,
				  add_margins(item_view_widget(window->log)),
				  "log", _("Log"));
	adw_view_stack_page_set_icon_name(
		adw_view_stack_get_page(pages, adw_view_stack_get_child_by_name(
						       pages, "programs")),
		"application-x-executable-symbolic");
	adw_view_stack_page_set_icon_name(
		adw_view_stack_get_page(pages, adw_view_stack_get_child_by_name(
						       pages, "pending")),
		"dialog-question-symbolic");
	adw_view_stack_page_set_icon_name(
		adw_view_stack_get_page(
			pages, adw_view_stack_get_child_by_name(pages, "log")),
		"document-open-recent-symbolic");
	return stack;
}

static void on_guard(void *userdata, bool counts)
{
	(void)userdata;
	(void)counts;
}

static void on_touched(void *userdata)
{
	(void)userdata;
}

static gboolean on_close(GtkWindow *gtk_window, gpointer userdata)
{
	struct manager_window *window = userdata;

	(void)gtk_window;
	g_main_loop_quit(window->loop);
	return TRUE;
}

static void fill(struct manager_window *window)
{
	GtkWidget *bar = gtk_header_bar_new();
	GtkWidget *switcher = adw_view_switcher_new();
	GtkWidget *pages = new_pages(window);

	adw_view_switcher_set_stack(ADW_VIEW_SWITCHER(switcher),
				    ADW_VIEW_STACK(pages));
	adw_view_switcher_set_policy(ADW_VIEW_SWITCHER(switcher),
				     ADW_VIEW_SWITCHER_POLICY_WIDE);
	gtk_header_bar_set_title_widget(GTK_HEADER_BAR(bar), switcher);
	window->toasts = adw_toast_overlay_new();
	adw_toast_overlay_set_child(ADW_TOAST_OVERLAY(window->toasts), pages);
	gtk_window_set_titlebar(GTK_WINDOW(window->window), bar);
	gtk_window_set_child(GTK_WINDOW(window->window), window->toasts);
}

struct manager_window *manager_window_new(const char *app, GMainLoop *loop)
{
	struct manager_window *window = g_new0(struct manager_window, 1);

	window->loop = loop;
	window->first = app;
	window->events = (struct page_events){
		.take = on_take,
		.tell = on_tell,
		.changed = on_changed,
		.window = on_window,
		.userdata = window,
	};
	window->window = gtk_window_new();
	gtk_window_set_title(GTK_WINDOW(window->window), "Landlord");
	gtk_window_set_icon_name(GTK_WINDOW(window->window),
				 "org.landlord.Landlord");
	gtk_window_set_default_size(GTK_WINDOW(window->window), 900, 640);
	fill(window);
	window->guard = press_guard_new(GTK_WINDOW(window->window), on_guard,
					on_touched, window);
	g_signal_connect(window->window, "close-request", G_CALLBACK(on_close),
			 window);
	window->watch = state_watch_new(on_state, window);
	read_all(window);
	gtk_widget_set_visible(window->window, TRUE);
	return window;
}

struct manager_window *manager_window_free(struct manager_window *window)
{
	if (!window)
		return NULL;
	state_watch_free(window->watch);
	gtk_window_destroy(GTK_WINDOW(window->window));
	json_decref(window->rules);
	json_decref(window->running);
	json_decref(window->questions);
	g_free(window);
	return NULL;
}
