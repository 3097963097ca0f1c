/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What else waits: see waiting_list.h.
 */
#include "desktop/dialog/waiting_list.h"

#include <string.h>

#include "desktop/dialog/dialog_text.h"

/* More than these are counted, not shown. */
#define PROGRAMS_MAX 12

struct waiting_list {
	GtkWidget *same, *programs;
	void (*chosen)(void *userdata, uint64_t question_id);
	void *userdata;
};

static void on_program(GtkButton *button, gpointer userdata)
{
	struct waiting_list *list = userdata;
	const uint64_t *id = g_object_get_data(G_OBJECT(button), "question");

	list->chosen(list->userdata, *id);
}

static void add_button(struct waiting_list *list, const char *text,
		       const struct queued_question *first)
{
	GtkWidget *button = gtk_button_new();
	GtkWidget *label = gtk_label_new(text);
	uint64_t *id = g_new(uint64_t, 1);

	*id = prompt_question_id(first->prompt);
	gtk_label_set_wrap(GTK_LABEL(label), TRUE);
	gtk_label_set_wrap_mode(GTK_LABEL(label), PANGO_WRAP_WORD_CHAR);
	gtk_label_set_xalign(GTK_LABEL(label), 0);
	gtk_button_set_child(GTK_BUTTON(button), label);
	gtk_accessible_update_relation(GTK_ACCESSIBLE(button),
				       GTK_ACCESSIBLE_RELATION_LABELLED_BY,
				       label, NULL, -1);
	gtk_widget_add_css_class(button, "flat");
	g_object_set_data_full(G_OBJECT(button), "question", id, g_free);
	g_signal_connect(button, "clicked", G_CALLBACK(on_program), list);
	gtk_box_append(GTK_BOX(list->programs), button);
}

static void empty(GtkWidget *box)
{
	GtkWidget *child;

	while ((child = gtk_widget_get_first_child(box)))
		gtk_box_remove(GTK_BOX(box), child);
}

/* Whether a question is the first one of its program that waits. */
static bool is_first(const struct question_queue *queue,
		     const struct queued_question *question)
{
	const struct queued_question *before;

	TAILQ_FOREACH (before, &queue->list, link)
		if (before == question ||
		    question_queue_is_like(question, before))
			return before == question;
	return false;
}

static void add_program(struct waiting_list *list,
			const struct question_queue *queue,
			const struct queued_question *first)
{
	const size_t count = question_queue_likes(queue, first) + 1;
	g_autofree char *name = dialog_text_name(first->prompt->app);
	g_autofree char *text = g_strdup_printf(
		ngettext("“%s” waits with %zu question",
			 "“%s” waits with %zu questions", count),
		name, count);

	add_button(list, text, first);
}

static void show_programs(struct waiting_list *list,
			  const struct question_queue *queue)
{
	const struct queued_question *question, *missed = NULL;
	size_t shown = 0;

	empty(list->programs);
	TAILQ_FOREACH (question, &queue->list, link) {
		if (question->state == QUESTION_MISSED && !missed)
			missed = question;
		if (question->state != QUESTION_OPEN || shown == PROGRAMS_MAX ||
		    question == queue->shown ||
		    question_queue_is_like(queue->shown, question) ||
		    !is_first(queue, question))
			continue;
		add_program(list, queue, question);
		shown++;
	}
	if (missed && queue->shown->state != QUESTION_MISSED) {
		g_autofree char *text = g_strdup_printf(
			ngettext("%zu question was not answered in time",
				 "%zu questions were not answered in time",
				 queue->missed),
			queue->missed);

		add_button(list, text, missed);
	}
	gtk_widget_set_visible(list->programs, gtk_widget_get_first_child(
						       list->programs) != NULL);
}

static void show_same(struct waiting_list *list,
		      const struct question_queue *queue)
{
	const struct queued_question *other;
	GString *text = g_string_new(NULL);

	TAILQ_FOREACH (other, &queue->list, link) {
		g_autofree char *line = NULL;

		if (!question_queue_is_like(queue->shown, other))
			continue;
		line = dialog_text_summary(other->prompt);
		if (text->len)
			g_string_append_c(text, '\n');
		g_string_append(text, line);
	}
	gtk_label_set_text(GTK_LABEL(list->same), text->str);
	gtk_widget_set_visible(list->same, text->len > 0);
	g_string_free(text, TRUE);
}

void waiting_list_show(struct waiting_list *list,
		       const struct question_queue *queue)
{
	show_same(list, queue);
	show_programs(list, queue);
}

struct waiting_list *waiting_list_new(GtkBox *box,
				      void (*chosen)(void *userdata,
						     uint64_t question_id),
				      void *userdata)
{
	struct waiting_list *list = g_new0(struct waiting_list, 1);

	list->chosen = chosen;
	list->userdata = userdata;
	list->same = gtk_label_new("");
	gtk_label_set_wrap(GTK_LABEL(list->same), TRUE);
	gtk_label_set_wrap_mode(GTK_LABEL(list->same), PANGO_WRAP_CHAR);
	gtk_label_set_xalign(GTK_LABEL(list->same), 0);
	gtk_box_append(box, list->same);
	list->programs = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
	gtk_box_append(box, list->programs);
	g_object_set_data_full(G_OBJECT(box), "waiting", list, g_free);
	return list;
}
