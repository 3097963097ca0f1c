/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A row of a list: see item_row.h.
 */
#include "desktop/manager/item_row.h"

enum { TITLE, OBJECT, NOTE, TEXTS_ };

static const char *const names[TEXTS_] = {"title", "object", "note"};

static GtkWidget *new_text(size_t number)
{
	static const char *const classes[TEXTS_] = {NULL, "monospace",
						    "dim-label"};
	GtkWidget *label = gtk_label_new("");

	gtk_label_set_wrap(GTK_LABEL(label), TRUE);
	gtk_label_set_wrap_mode(GTK_LABEL(label), PANGO_WRAP_WORD_CHAR);
	gtk_label_set_xalign(GTK_LABEL(label), 0);
	if (classes[number])
		gtk_widget_add_css_class(label, classes[number]);
	return label;
}

GtkWidget *item_row_new(void)
{
	GtkWidget *row = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
	GtkWidget *texts = gtk_box_new(GTK_ORIENTATION_VERTICAL, 3);

	for (size_t i = 0; i < TEXTS_; i++) {
		GtkWidget *label = new_text(i);

		g_object_set_data(G_OBJECT(row), names[i], label);
		gtk_box_append(GTK_BOX(texts), label);
	}
	gtk_widget_set_hexpand(texts, TRUE);
	gtk_widget_set_margin_top(row, 6);
	gtk_widget_set_margin_bottom(row, 6);
	gtk_box_append(GTK_BOX(row), texts);
	return row;
}

void item_row_say(GtkWidget *row, char *title, char *object, char *note)
{
	char *const texts[TEXTS_] = {title, object, note};

	for (size_t i = 0; i < TEXTS_; i++) {
		GtkWidget *label = g_object_get_data(G_OBJECT(row), names[i]);

		gtk_label_set_text(GTK_LABEL(label), texts[i] ? texts[i] : "");
		gtk_widget_set_visible(label, texts[i] && texts[i][0]);
		g_free(texts[i]);
	}
}

GtkWidget *item_row_add_button(GtkWidget *row, const char *name,
			       GCallback pressed, void *userdata)
{
	GtkWidget *button = gtk_button_new_with_label(name);

	gtk_widget_set_valign(button, GTK_ALIGN_CENTER);
	g_object_set_data(G_OBJECT(button), "row", row);
	g_signal_connect(button, "clicked", pressed, userdata);
	gtk_box_append(GTK_BOX(row), button);
	return button;
}
