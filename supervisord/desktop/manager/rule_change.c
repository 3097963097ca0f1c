/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A rule gets another scope or lifetime: see rule_change.h.
 */
#include "desktop/manager/rule_change.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/escape.h"
#include "desktop/dialog/dialog_text.h"
#include "desktop/dialog/press_guard.h"
#include "desktop/manager/landlord_command.h"
#include "desktop/manager/manager_text.h"

#define SCOPES_MOST 4

static const struct {
	const char *lifetime; /* of landlord allow */
	const char *name;
} lifetimes[] = {
	{"session", N_("Until what runs now has ended")},
	{"1h", N_("For an hour")},
	{"1d", N_("For a day")},
	{"always", N_("Always")},
};

#define LIFETIMES_COUNT G_N_ELEMENTS(lifetimes)

struct rule_change {
	const struct page_events *events;
	json_t *rule;
	GtkWidget *window, *apply;
	GtkWidget *lifetimes[LIFETIMES_COUNT], *scopes[SCOPES_MOST];
	char *objects[SCOPES_MOST]; /* bytes, as an argument */
	size_t scopes_count;
	struct press_guard *guard;
};

static const char *text_of(const struct rule_change *change, const char *key)
{
	const char *text =
		json_string_value(json_object_get(change->rule, key));

	return text ? text : "";
}

static void change_free(gpointer userdata)
{
	struct rule_change *change = userdata;

	for (size_t i = 0; i < change->scopes_count; i++)
		free(change->objects[i]);
	json_decref(change->rule);
	g_free(change);
}

/* --- What is done ------------------------------------------------ */

/* What is left to do when the window has gone. */
struct taking_back {
	const struct page_events *events;
	char *app, *id; /* NULL: nothing is */
};

static void finish(struct taking_back *back, const char *error)
{
	if (error)
		back->events->tell(back->events->userdata, error);
	back->events->changed(back->events->userdata);
	g_free(back->app);
	g_free(back->id);
	g_free(back);
}

static void on_taken_back(void *userdata, json_t *output, const char *error)
{
	(void)output;
	finish(userdata, error);
}

/* The new rule is there: the old one goes, unless it is the same. */
static void on_made(void *userdata, json_t *output, const char *error)
{
	struct taking_back *back = userdata;
	const char *const arguments[] = {"revoke", back->app, back->id, NULL};

	(void)output;
	if (error || !back->id)
		finish(back, error);
	else
		landlord_command_change(back->app, true, arguments,
					on_taken_back, back);
}

static size_t find_set(GtkWidget *const checks[], size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (gtk_check_button_get_active(GTK_CHECK_BUTTON(checks[i])))
			return i;
	return 0;
}

static void on_apply(GtkButton *button, gpointer userdata)
{
	struct rule_change *change = userdata;
	const bool denies = strcmp(text_of(change, "effect"), "deny") == 0;
	const size_t scope = find_set(change->scopes, change->scopes_count);
	const size_t lifetime = find_set(change->lifetimes, LIFETIMES_COUNT);
	const char *const arguments[] = {
		denies ? "deny" : "allow",    "--lifetime",
		lifetimes[lifetime].lifetime, "--",
		text_of(change, "app"),	      text_of(change, "rights"),
		change->objects[scope],	      NULL};
	struct taking_back *back;

	(void)button;
	if (!press_guard_take(change->guard))
		return;
	back = g_new0(struct taking_back, 1);
	back->events = change->events;
	back->app = g_strdup(text_of(change, "app"));
	/* One about the same object takes the place of the old one, unless it
	 * is not kept. */
	if (text_of(change, "id")[0] && (scope > 0 || lifetime == 0))
		back->id = g_strdup(text_of(change, "id"));
	landlord_command_change(back->app, denies, arguments, on_made, back);
	gtk_window_destroy(GTK_WINDOW(change->window));
}

static void on_cancel(GtkButton *button, gpointer userdata)
{
	struct rule_change *change = userdata;

	(void)button;
	gtk_window_destroy(GTK_WINDOW(change->window));
}

/* --- How it is made ---------------------------------------------- */

static void on_guard(void *userdata, bool counts)
{
	struct rule_change *change = userdata;

	gtk_widget_set_sensitive(change->apply, counts);
}

static void on_touched(void *userdata)
{
	(void)userdata;
}

static void on_toggled(GtkCheckButton *check, gpointer userdata)
{
	struct rule_change *change = userdata;

	(void)check;
	press_guard_rest(change->guard);
}

static GtkWidget *add_label(GtkWidget *box, const char *text, const char *class)
{
	GtkWidget *label = gtk_label_new(text);

	gtk_label_set_wrap(GTK_LABEL(label), TRUE);
	gtk_label_set_wrap_mode(GTK_LABEL(label), PANGO_WRAP_WORD_CHAR);
	gtk_label_set_xalign(GTK_LABEL(label), 0);
	if (class)
		gtk_widget_add_css_class(label, class);
	gtk_box_append(GTK_BOX(box), label);
	return label;
}

static void add_check(GtkWidget *box, GtkWidget *checks[], size_t number,
		      const char *name)
{
	GtkWidget *check = g_object_new(GTK_TYPE_CHECK_BUTTON, "label", name,
					"accessible-role",
					GTK_ACCESSIBLE_ROLE_RADIO, NULL);

	if (number)
		gtk_check_button_set_group(GTK_CHECK_BUTTON(check),
					   GTK_CHECK_BUTTON(checks[0]));
	checks[number] = check;
	gtk_box_append(GTK_BOX(box), check);
}

static void add_scope(struct rule_change *change, GtkWidget *box, char *object)
{
	const size_t number = change->scopes_count;
	g_autofree char *name = dialog_text_name(object);
	g_autofree char *text = NULL;

	if (number == 0)
		text = g_strdup(_("Only what it is about now"));
	else
		text = g_strdup_printf(_("Everything beneath %s"), name);
	change->objects[number] = object;
	change->scopes_count++;
	add_check(box, change->scopes, number, text);
}

/* The directories above, the nearest first; the root is nothing to choose. */
static void add_scopes(struct rule_change *change, GtkWidget *box)
{
	_cleanup_free_ char *object = NULL;
	char *slash;

	if (unescape_string(text_of(change, "object"), &object, NULL) < 0)
		object = strdup("");
	if (!object)
		return;
	add_scope(change, box, strdup(object));
	while (object[0] == '/' && (slash = strrchr(object, '/')) > object &&
	       change->scopes_count < SCOPES_MOST) {
		*slash = '\0';
		add_scope(change, box, strdup(object));
	}
}

static GtkWidget *new_buttons(struct rule_change *change)
{
	GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 12);
	GtkWidget *cancel = gtk_button_new_with_label(_("Cancel"));

	change->apply = gtk_button_new_with_label(_("Apply"));
	gtk_box_set_homogeneous(GTK_BOX(box), TRUE);
	gtk_widget_set_hexpand(cancel, TRUE);
	gtk_widget_set_sensitive(change->apply, FALSE);
	g_signal_connect(cancel, "clicked", G_CALLBACK(on_cancel), change);
	g_signal_connect(change->apply, "clicked", G_CALLBACK(on_apply),
			 change);
	gtk_box_append(GTK_BOX(box), cancel);
	gtk_box_append(GTK_BOX(box), change->apply);
	return box;
}

static GtkWidget *new_content(struct rule_change *change)
{
	GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 6);
	g_autofree char *effect = manager_text_effect(change->rule);
	g_autofree char *object = manager_text_object(change->rule);

	gtk_widget_set_margin_top(box, 18);
	gtk_widget_set_margin_bottom(box, 18);
	gtk_widget_set_margin_start(box, 18);
	gtk_widget_set_margin_end(box, 18);
	add_label(box, effect, "heading");
	add_label(box, object, "monospace");
	add_label(box, _("It holds"), "heading");
	for (size_t i = 0; i < LIFETIMES_COUNT; i++)
		add_check(box, change->lifetimes, i,
			  gettext(lifetimes[i].name));
	add_label(box, _("It is about"), "heading");
	add_scopes(change, box);
	gtk_box_append(GTK_BOX(box), new_buttons(change));
	return box;
}

static void choose(struct rule_change *change)
{
	const size_t always = LIFETIMES_COUNT - 1;

	gtk_check_button_set_active(GTK_CHECK_BUTTON(change->lifetimes[always]),
				    TRUE);
	if (change->scopes_count)
		gtk_check_button_set_active(GTK_CHECK_BUTTON(change->scopes[0]),
					    TRUE);
	for (size_t i = 0; i < LIFETIMES_COUNT; i++)
		g_signal_connect(change->lifetimes[i], "toggled",
				 G_CALLBACK(on_toggled), change);
	for (size_t i = 0; i < change->scopes_count; i++)
		g_signal_connect(change->scopes[i], "toggled",
				 G_CALLBACK(on_toggled), change);
}

void rule_change_open(const json_t *rule, const struct page_events *events)
{
	struct rule_change *change = g_new0(struct rule_change, 1);

	change->events = events;
	change->rule = json_deep_copy(rule);
	if (!json_object_get(rule, "effect"))
		json_object_set_new(change->rule, "effect",
				    json_string("allow"));
	change->window = gtk_window_new();
	gtk_window_set_title(GTK_WINDOW(change->window), _("Change a Rule"));
	gtk_window_set_modal(GTK_WINDOW(change->window), TRUE);
	gtk_window_set_transient_for(GTK_WINDOW(change->window),
				     events->window(events->userdata));
	gtk_window_set_default_size(GTK_WINDOW(change->window), 440, -1);
	gtk_window_set_child(GTK_WINDOW(change->window), new_content(change));
	change->guard = press_guard_new(GTK_WINDOW(change->window), on_guard,
					on_touched, change);
	choose(change);
	g_object_set_data_full(G_OBJECT(change->window), "change", change,
			       change_free);
	gtk_widget_set_visible(change->window, TRUE);
}
