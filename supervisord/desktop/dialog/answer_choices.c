/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The choices of an answer: see answer_choices.h.
 */
#include "desktop/dialog/answer_choices.h"

#include "desktop/dialog/dialog_text.h"

/* The least first. In the first column is what may be too late. */
static const struct {
	enum lifetime lifetime;
	const char *name;
	int column, row;
} lifetimes[] = {
	{LIFETIME_ONCE, N_("Only this time"), 0, 0},
	{LIFETIME_SESSION, N_("Until it ends"), 1, 0},
	{LIFETIME_ALWAYS, N_("Always"), 2, 0},
	{LIFETIME_PROCESS, N_("This process only"), 0, 1},
	{LIFETIME_UNTIL, N_("For an hour"), 1, 1},
};

#define LIFETIMES_COUNT G_N_ELEMENTS(lifetimes)

struct answer_choices {
	const struct answer_choices_events *events;
	void *userdata;
	GtkWidget *about, *scopes[SCOPES_MAX], *scope_labels[SCOPES_MAX];
	GtkWidget *wider, *lifetimes[LIFETIMES_COUNT], *all;
	struct prompt *prompt;
	size_t likes;
	/* What is chosen; what stands on the widgets follows, or is undone. */
	size_t scope, lifetime;
	bool wide, same;
	bool filling; /* what changes is not anybody's choice */
};

/* --- What stands there ------------------------------------------- */

static void set(GtkWidget *check, bool active)
{
	gtk_check_button_set_active(GTK_CHECK_BUTTON(check), active);
}

static bool is_set(GtkWidget *check)
{
	return gtk_check_button_get_active(GTK_CHECK_BUTTON(check));
}

static size_t find_set(GtkWidget *const checks[], size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (is_set(checks[i]))
			return i;
	return 0;
}

/* Says what is chosen. */
static void restore(struct answer_choices *choices)
{
	choices->filling = true;
	set(choices->scopes[choices->scope], true);
	set(choices->lifetimes[choices->lifetime], true);
	set(choices->wider, choices->wide);
	set(choices->all, choices->same);
	choices->filling = false;
}

static void say_wider(struct answer_choices *choices)
{
	g_autofree char *text = dialog_text_wider(choices->prompt);

	gtk_check_button_set_label(GTK_CHECK_BUTTON(choices->wider),
				   text ? text : "");
	gtk_widget_set_visible(choices->wider, text != NULL);
}

/* A directory cannot be answered about only once. */
static void offer_scopes(struct answer_choices *choices)
{
	const bool lasts =
		lifetimes[choices->lifetime].lifetime != LIFETIME_ONCE;

	gtk_widget_set_sensitive(choices->about, lasts);
}

static void take(struct answer_choices *choices)
{
	struct prompt *prompt = choices->prompt;

	choices->scope = find_set(choices->scopes, SCOPES_MAX);
	choices->lifetime = find_set(choices->lifetimes, LIFETIMES_COUNT);
	choices->wide = is_set(choices->wider);
	choices->same = is_set(choices->all);
	if (choices->scope < prompt->scopes.count)
		prompt->scope = choices->scope;
	prompt->wide = choices->wide;
	say_wider(choices);
	offer_scopes(choices);
}

static void on_toggled(GtkCheckButton *check, gpointer userdata)
{
	struct answer_choices *choices = userdata;
	const bool radio = check != GTK_CHECK_BUTTON(choices->wider) &&
			   check != GTK_CHECK_BUTTON(choices->all);

	/* Of two that change by one choice the second one tells. */
	if (choices->filling || !choices->prompt ||
	    (radio && !is_set(GTK_WIDGET(check))))
		return;
	if (!choices->events->is_persons(choices->userdata)) {
		restore(choices);
		return;
	}
	take(choices);
	choices->events->changed(choices->userdata);
}

/* --- How it is made ---------------------------------------------- */

/* A box of choices under a name, which a screen reader says with each. */
static GtkWidget *add_group(GtkBox *box, const char *name)
{
	GtkWidget *group = gtk_box_new(GTK_ORIENTATION_VERTICAL, 3);
	GtkWidget *label = gtk_label_new(name);

	gtk_label_set_xalign(GTK_LABEL(label), 0);
	gtk_widget_add_css_class(label, "heading");
	gtk_box_append(GTK_BOX(group), label);
	gtk_accessible_update_relation(GTK_ACCESSIBLE(group),
				       GTK_ACCESSIBLE_RELATION_LABELLED_BY,
				       label, NULL, -1);
	gtk_box_append(box, group);
	return group;
}

/* @group: another one of which only one is chosen; NULL: none yet */
static GtkWidget *new_check(struct answer_choices *choices, const char *name,
			    GtkAccessibleRole role, GtkWidget *group)
{
	GtkWidget *check = g_object_new(GTK_TYPE_CHECK_BUTTON, "label", name,
					"accessible-role", role, NULL);

	if (group)
		gtk_check_button_set_group(GTK_CHECK_BUTTON(check),
					   GTK_CHECK_BUTTON(group));
	g_signal_connect(check, "toggled", G_CALLBACK(on_toggled), choices);
	return check;
}

/* Paths are long: the label of a check button does not wrap by itself. */
static void add_scope(struct answer_choices *choices, size_t number)
{
	GtkWidget *check = new_check(choices, NULL, GTK_ACCESSIBLE_ROLE_RADIO,
				     number ? choices->scopes[0] : NULL);
	GtkWidget *row = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
	GtkWidget *label = gtk_label_new("");

	gtk_label_set_wrap(GTK_LABEL(label), TRUE);
	gtk_label_set_wrap_mode(GTK_LABEL(label), PANGO_WRAP_WORD_CHAR);
	gtk_label_set_xalign(GTK_LABEL(label), 0);
	gtk_widget_set_hexpand(label, TRUE);
	gtk_accessible_update_relation(GTK_ACCESSIBLE(check),
				       GTK_ACCESSIBLE_RELATION_LABELLED_BY,
				       label, NULL, -1);
	gtk_box_append(GTK_BOX(row), check);
	gtk_box_append(GTK_BOX(row), label);
	gtk_box_append(GTK_BOX(choices->about), row);
	choices->scopes[number] = check;
	choices->scope_labels[number] = label;
}

static void add_lifetimes(struct answer_choices *choices, GtkBox *box)
{
	GtkWidget *grid = gtk_grid_new();

	gtk_grid_set_column_spacing(GTK_GRID(grid), 12);
	gtk_grid_set_row_spacing(GTK_GRID(grid), 3);
	for (size_t i = 0; i < LIFETIMES_COUNT; i++) {
		choices->lifetimes[i] =
			new_check(choices, gettext(lifetimes[i].name),
				  GTK_ACCESSIBLE_ROLE_RADIO,
				  i ? choices->lifetimes[0] : NULL);
		gtk_grid_attach(GTK_GRID(grid), choices->lifetimes[i],
				lifetimes[i].column, lifetimes[i].row, 1, 1);
	}
	gtk_box_append(box, grid);
}

struct answer_choices *
answer_choices_new(GtkBox *box, const struct answer_choices_events *events,
		   void *userdata)
{
	struct answer_choices *choices = g_new0(struct answer_choices, 1);

	choices->events = events;
	choices->userdata = userdata;
	choices->filling = true;
	add_lifetimes(choices, GTK_BOX(add_group(box, _("The answer holds"))));
	choices->about = add_group(box, _("It is about"));
	for (size_t i = 0; i < SCOPES_MAX; i++)
		add_scope(choices, i);
	choices->wider =
		new_check(choices, "", GTK_ACCESSIBLE_ROLE_CHECKBOX, NULL);
	gtk_box_append(GTK_BOX(choices->about), choices->wider);
	choices->all =
		new_check(choices, "", GTK_ACCESSIBLE_ROLE_CHECKBOX, NULL);
	gtk_box_append(box, choices->all);
	choices->filling = false;
	return choices;
}

struct answer_choices *answer_choices_free(struct answer_choices *choices)
{
	g_free(choices);
	return NULL;
}

/* --- What is shown ----------------------------------------------- */

static void show_scopes(struct answer_choices *choices)
{
	const struct prompt *prompt = choices->prompt;

	for (size_t i = 0; i < SCOPES_MAX; i++) {
		GtkWidget *label = choices->scope_labels[i];
		const bool is = i < prompt->scopes.count;
		g_autofree char *text =
			is ? dialog_text_scope(prompt, i) : g_strdup("");

		gtk_label_set_text(GTK_LABEL(label), text);
		gtk_widget_set_visible(gtk_widget_get_parent(label), is);
	}
	gtk_widget_set_visible(choices->about, prompt->scopes.count > 1);
}

/* The least that there is. */
static size_t first_lifetime(bool missed)
{
	for (size_t i = 0; i < LIFETIMES_COUNT; i++)
		if (!missed || lifetimes[i].column > 0)
			return i;
	return 0;
}

void answer_choices_show(struct answer_choices *choices, struct prompt *prompt,
			 bool missed)
{
	choices->prompt = prompt;
	choices->scope = prompt->scope = 0;
	choices->wide = prompt->wide = false;
	choices->same = false;
	choices->lifetime = first_lifetime(missed);
	for (size_t i = 0; i < LIFETIMES_COUNT; i++)
		gtk_widget_set_visible(choices->lifetimes[i],
				       !missed || lifetimes[i].column > 0);
	restore(choices);
	show_scopes(choices);
	say_wider(choices);
	offer_scopes(choices);
}

void answer_choices_set_likes(struct answer_choices *choices, size_t likes)
{
	g_autofree char *text = g_strdup_printf(
		ngettext("The same for %zu more question of this program",
			 "The same for %zu more questions of this program",
			 likes),
		likes);
	const bool less = choices->likes && !likes;

	choices->likes = likes;
	gtk_check_button_set_label(GTK_CHECK_BUTTON(choices->all), text);
	gtk_widget_set_visible(choices->all, likes > 0);
	if (less) {
		choices->same = false;
		restore(choices);
	}
}

enum lifetime answer_choices_lifetime(const struct answer_choices *choices)
{
	return lifetimes[choices->lifetime].lifetime;
}

bool answer_choices_all(const struct answer_choices *choices)
{
	return choices->same && choices->likes > 0;
}
