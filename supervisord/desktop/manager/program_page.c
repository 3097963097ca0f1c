/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A program: see program_page.h.
 */
#include "desktop/manager/program_page.h"

#include <adwaita.h>
#include <string.h>

#include "desktop/dialog/dialog_text.h"
#include "desktop/dialog/program_icon.h"
#include "desktop/manager/item_row.h"
#include "desktop/manager/item_view.h"
#include "desktop/manager/landlord_command.h"
#include "desktop/manager/manager_text.h"
#include "desktop/manager/rule_change.h"

struct program_page {
	const struct page_events *events;
	GtkWidget *box, *icon, *name, *starts, *running;
	struct item_view *answers, *files;
	char *app; /* NULL: none yet */
};

/* --- Changes ----------------------------------------------------- */

static void on_changed(void *userdata, json_t *output, const char *error)
{
	const struct page_events *events = userdata;

	(void)output;
	if (error)
		events->tell(events->userdata, error);
	events->changed(events->userdata);
}

static json_t *thing_of(GtkButton *button)
{
	GtkWidget *row = g_object_get_data(G_OBJECT(button), "row");

	return item_view_thing(row);
}

/* To take a denial back allows something. */
static bool narrows(const json_t *rule)
{
	return strcmp(item_view_text(rule, "effect"), "allow") == 0;
}

static void on_revoke(GtkButton *button, gpointer userdata)
{
	struct program_page *page = userdata;
	const json_t *rule = thing_of(button);
	const char *const arguments[] = {"revoke", "--",
					 item_view_text(rule, "app"),
					 item_view_text(rule, "id"), NULL};

	if (rule && page->events->take(page->events->userdata))
		landlord_command_change(item_view_text(rule, "app"),
					narrows(rule), arguments, on_changed,
					(void *)page->events);
}

static void on_change(GtkButton *button, gpointer userdata)
{
	struct program_page *page = userdata;
	const json_t *rule = thing_of(button);

	if (rule && page->events->take(page->events->userdata))
		rule_change_open(rule, page->events);
}

/* What was asked before all of it is done. */
struct whole_change {
	const struct page_events *events;
	char *app;
	bool forget;
};

static void on_response(AdwMessageDialog *dialog, const char *response,
			gpointer userdata)
{
	struct whole_change *whole = userdata;
	const char *const forget[] = {"forget", "--", whole->app, NULL};
	const char *const revoke[] = {"revoke", "--object", "*",
				      "--",	whole->app, NULL};

	(void)dialog;
	if (strcmp(response, "do") == 0 &&
	    whole->events->take(whole->events->userdata))
		landlord_command_change(whole->app, false,
					whole->forget ? forget : revoke,
					on_changed, (void *)whole->events);
	g_free(whole->app);
	g_free(whole);
}

static void confirm(struct program_page *page, bool forget)
{
	struct whole_change *whole;
	g_autofree char *name = dialog_text_name(page->app);
	g_autofree char *heading = NULL;
	GtkWidget *dialog;

	if (!page->app || !page->events->take(page->events->userdata))
		return;
	whole = g_new0(struct whole_change, 1);
	whole->events = page->events;
	whole->app = g_strdup(page->app);
	whole->forget = forget;
	heading = g_strdup_printf(forget ? _("Forget “%s”?")
					 : _("Take back all answers about "
					     "“%s”?"),
				  name);
	dialog = adw_message_dialog_new(
		page->events->window(page->events->userdata), heading,
		_("Denials are taken back, too. What is open stays open."));
	adw_message_dialog_add_responses(
		ADW_MESSAGE_DIALOG(dialog), "cancel", _("Cancel"), "do",
		forget ? _("Forget") : _("Take Back"), NULL);
	adw_message_dialog_set_response_appearance(
		ADW_MESSAGE_DIALOG(dialog), "do", ADW_RESPONSE_DESTRUCTIVE);
	adw_message_dialog_set_default_response(ADW_MESSAGE_DIALOG(dialog),
						"cancel");
	g_signal_connect(dialog, "response", G_CALLBACK(on_response), whole);
	gtk_widget_set_visible(dialog, TRUE);
}

static void on_revoke_all(GtkButton *button, gpointer userdata)
{
	(void)button;
	confirm(userdata, false);
}

static void on_forget(GtkButton *button, gpointer userdata)
{
	(void)button;
	confirm(userdata, true);
}

/* --- Rules ------------------------------------------------------- */

static GtkWidget *make_answer(struct item_view *view)
{
	struct program_page *page = item_view_userdata(view);
	GtkWidget *row = item_row_new();

	item_row_add_button(row, _("Change…"), G_CALLBACK(on_change), page);
	item_row_add_button(row, _("Take Back"), G_CALLBACK(on_revoke), page);
	return row;
}

static GtkWidget *make_file(struct item_view *view)
{
	(void)view;
	return item_row_new();
}

static void say_rule(struct item_view *view, GtkWidget *row, json_t *rule)
{
	(void)view;
	item_row_say(row, manager_text_effect(rule), manager_text_object(rule),
		     manager_text_origin(rule));
}

static char *rule_words(json_t *rule)
{
	return g_strjoin(" ", item_view_text(rule, "effect"),
			 item_view_text(rule, "rights"),
			 item_view_text(rule, "object"),
			 item_view_text(rule, "origin"), NULL);
}

static const struct item_view_ops answer_ops = {
	.make = make_answer,
	.say = say_rule,
	.words = rule_words,
	.empty = N_("No answer about this program is kept."),
	.name = N_("Answers that are kept"),
};

static const struct item_view_ops file_ops = {
	.make = make_file,
	.say = say_rule,
	.words = rule_words,
	.empty = N_("No policy file says anything about it."),
	.name = N_("Rules of policy files"),
};

/* What was answered, what is in files, and behind that what is built in. */
static void show_rules(struct program_page *page, const json_t *rules)
{
	json_t *answers = json_array(), *files = json_array();
	json_t *builtin = json_array(), *rule;
	size_t i;

	json_array_foreach (rules, i, rule) {
		json_t *const to = item_view_text(rule, "id")[0] ? answers
				   : strcmp(item_view_text(rule, "origin"),
					    "built in") == 0
					   ? builtin
					   : files;

		json_array_append(to, rule);
	}
	json_array_extend(files, builtin);
	item_view_show(page->answers, answers);
	item_view_show(page->files, files);
	json_decref(answers);
	json_decref(files);
	json_decref(builtin);
}

/* Of rules that come late only those are shown that are still wanted. */
static void on_rules(void *userdata, json_t *output, const char *error)
{
	struct program_page *page = userdata;
	const json_t *first = json_array_get(output, 0);

	if (error)
		page->events->tell(page->events->userdata, error);
	if (first && page->app &&
	    strcmp(item_view_text(first, "app"), page->app) == 0) {
		g_autofree char *starts = manager_text_starts(first);

		gtk_label_set_text(GTK_LABEL(page->starts), starts);
		show_rules(page, output);
	}
	g_object_unref(page->box);
}

static void say_running(struct program_page *page, const json_t *running)
{
	GString *text = g_string_new(NULL);
	const json_t *program;
	size_t i;

	json_array_foreach (running, i, program) {
		g_autofree char *line = NULL;

		if (strcmp(item_view_text(program, "app"), page->app) != 0)
			continue;
		line = manager_text_running(program);
		g_string_append_printf(text, "%s%s", text->len ? "\n" : "",
				       line);
	}
	gtk_label_set_text(GTK_LABEL(page->running), text->str);
	gtk_widget_set_visible(page->running, text->len > 0);
	g_string_free(text, TRUE);
}

void program_page_show(struct program_page *page, const char *app,
		       const json_t *running)
{
	/* It may be the page's own. */
	char *const copy = g_strdup(app);
	const char *const arguments[] = {"rules", "--json", "--", copy, NULL};
	g_autofree char *name = dialog_text_name(copy);

	g_free(page->app);
	page->app = copy;
	gtk_image_set_from_gicon(GTK_IMAGE(page->icon), program_icon(copy));
	gtk_label_set_text(GTK_LABEL(page->name), name);
	say_running(page, running);
	/* The page outlives what is read for it. */
	g_object_ref(page->box);
	landlord_command_read(arguments, on_rules, page);
}

const char *program_page_app(const struct program_page *page)
{
	return page->app;
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

static GtkWidget *new_head(struct program_page *page)
{
	GtkWidget *head = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 12);
	GtkWidget *texts = gtk_box_new(GTK_ORIENTATION_VERTICAL, 3);
	GtkWidget *revoke = gtk_button_new_with_label(_("Take Back All…"));
	GtkWidget *forget = gtk_button_new_with_label(_("Forget…"));

	page->icon = gtk_image_new();
	gtk_image_set_icon_size(GTK_IMAGE(page->icon), GTK_ICON_SIZE_LARGE);
	page->name = add_label(texts, "title-3");
	page->starts = add_label(texts, "dim-label");
	gtk_widget_set_hexpand(texts, TRUE);
	gtk_widget_set_valign(revoke, GTK_ALIGN_CENTER);
	gtk_widget_set_valign(forget, GTK_ALIGN_CENTER);
	g_signal_connect(revoke, "clicked", G_CALLBACK(on_revoke_all), page);
	g_signal_connect(forget, "clicked", G_CALLBACK(on_forget), page);
	gtk_box_append(GTK_BOX(head), page->icon);
	gtk_box_append(GTK_BOX(head), texts);
	gtk_box_append(GTK_BOX(head), revoke);
	gtk_box_append(GTK_BOX(head), forget);
	return head;
}

static void page_free(gpointer userdata)
{
	struct program_page *page = userdata;

	g_free(page->app);
	g_free(page);
}

struct program_page *program_page_new(const struct page_events *events)
{
	struct program_page *page = g_new0(struct program_page, 1);
	GtkWidget *stack = gtk_stack_new();
	GtkWidget *switcher = gtk_stack_switcher_new();

	page->events = events;
	page->box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 12);
	gtk_widget_set_margin_top(page->box, 12);
	gtk_widget_set_margin_start(page->box, 12);
	gtk_widget_set_margin_end(page->box, 12);
	gtk_box_append(GTK_BOX(page->box), new_head(page));
	page->running = add_label(page->box, NULL);
	page->answers = item_view_new(&answer_ops, page);
	page->files = item_view_new(&file_ops, page);
	gtk_stack_add_titled(GTK_STACK(stack), item_view_widget(page->answers),
			     "answers", _("What Was Answered"));
	gtk_stack_add_titled(GTK_STACK(stack), item_view_widget(page->files),
			     "files", _("What Files Say"));
	gtk_stack_switcher_set_stack(GTK_STACK_SWITCHER(switcher),
				     GTK_STACK(stack));
	gtk_box_append(GTK_BOX(page->box), switcher);
	gtk_box_append(GTK_BOX(page->box), stack);
	g_object_set_data_full(G_OBJECT(page->box), "page", page, page_free);
	return page;
}

GtkWidget *program_page_widget(struct program_page *page)
{
	return page->box;
}
