/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * landlord-dialog: puts questions to a person, in a window. landlord-desktop
 * starts it when there is one, and it ends when there has been none for a
 * while.
 */
#include <adwaita.h>
#include <errno.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#include "agent/places.h"
#include "base/cleanup.h"
#include "base/escape.h"
#include "desktop/child.h"
#include "desktop/dialog/bus_link.h"
#include "desktop/dialog/desktop_notification.h"
#include "desktop/dialog/dialog_text.h"
#include "desktop/dialog/window.h"

#define IDLE_SECONDS 30

/* A question, in the order in which they came. */
struct queued_question {
	TAILQ_ENTRY(queued_question) link;
	struct prompt *prompt;
	bool answered; /* and not taken yet */
};

struct dialog_program {
	GMainLoop *loop;
	struct bus_link *link;
	struct window *window;
	struct desktop_notification *notify;
	TAILQ_HEAD(, queued_question) entries;
	size_t count;
	struct queued_question *shown; /* NULL: nothing */
	guint idle;
	int status;
};

static struct queued_question *find(struct dialog_program *dialog, uint64_t id)
{
	struct queued_question *entry;

	TAILQ_FOREACH (entry, &dialog->entries, link)
		if (prompt_question_id(entry->prompt) == id)
			return entry;
	return NULL;
}

static gboolean on_idle(gpointer userdata)
{
	struct dialog_program *dialog = userdata;

	dialog->idle = 0;
	g_main_loop_quit(dialog->loop);
	return G_SOURCE_REMOVE;
}

static void announce(struct dialog_program *dialog)
{
	const struct prompt *prompt = dialog->shown->prompt;
	g_autofree char *heading = dialog_text_heading(prompt);
	g_autofree char *objects = dialog_text_objects(prompt);

	desktop_notification_question(
		dialog->notify, prompt_question_id(prompt), heading, objects);
}

/* Shows the question whose turn it is, if that is another one now. */
static void advance(struct dialog_program *dialog)
{
	struct queued_question *first = TAILQ_FIRST(&dialog->entries);

	if (dialog->idle) {
		g_source_remove(dialog->idle);
		dialog->idle = 0;
	}
	if (!first) {
		dialog->shown = NULL;
		window_hide(dialog->window);
		desktop_notification_close(dialog->notify);
		dialog->idle =
			g_timeout_add_seconds(IDLE_SECONDS, on_idle, dialog);
		return;
	}
	if (dialog->shown == first) {
		window_set_more(dialog->window, dialog->count - 1);
		return;
	}
	dialog->shown = first;
	window_show(dialog->window, first->prompt, dialog->count - 1);
	bus_link_judge(dialog->link, prompt_question_id(first->prompt));
	announce(dialog);
}

static void end(struct dialog_program *dialog, uint64_t id)
{
	struct queued_question *entry = find(dialog, id);

	if (!entry)
		return;
	TAILQ_REMOVE(&dialog->entries, entry, link);
	dialog->count--;
	if (dialog->shown == entry)
		dialog->shown = NULL;
	advance(dialog);
	prompt_free(entry->prompt);
	g_free(entry);
}

/* --- From the daemon --------------------------------------------- */

/* The dialog itself has no home directory: see desktop_session.h. */
static struct prompt *new_prompt(const struct question *question)
{
	const char *const home = getenv("LANDLORD_HOME");
	struct prompt *prompt = NULL;
	struct places places;

	places_find(&places, question->request);
	if (!places.home && home)
		places.home = realpath(home, NULL);
	prompt_new(&prompt, question,
		   &(const struct prompt_places){places.project, places.home});
	places_finish(&places);
	return prompt;
}

static void on_asked(void *userdata, const struct question *question)
{
	const struct decision deny = {.outcome = OUTCOME_DENY};
	struct dialog_program *dialog = userdata;
	struct prompt *prompt = new_prompt(question);
	struct queued_question *entry;

	if (!prompt) {
		bus_link_decide(dialog->link, question->id, &deny);
		return;
	}
	entry = g_new0(struct queued_question, 1);
	entry->prompt = prompt;
	TAILQ_INSERT_TAIL(&dialog->entries, entry, link);
	dialog->count++;
	advance(dialog);
}

static void on_withdrawn(void *userdata, uint64_t question_id)
{
	end(userdata, question_id);
}

static void on_judged(void *userdata, uint64_t question_id, bool allowed,
		      const char *reached, const char *others)
{
	struct dialog_program *dialog = userdata;

	if (dialog->shown &&
	    prompt_question_id(dialog->shown->prompt) == question_id)
		window_judged(dialog->window, allowed, reached, others);
}

static void on_decided(void *userdata, uint64_t question_id, const char *error)
{
	struct dialog_program *dialog = userdata;
	struct queued_question *entry = find(dialog, question_id);

	if (!entry)
		return;
	if (!error) {
		end(dialog, question_id);
		return;
	}
	entry->answered = false;
	if (dialog->shown != entry)
		return;
	window_complain(dialog->window, error);
	bus_link_judge(dialog->link, question_id);
}

/* The question that it is about is not shown any more. */
static void on_told(void *userdata, const char *sentence)
{
	struct dialog_program *dialog = userdata;
	g_autofree char *safe = escape_string(sentence);

	if (safe)
		desktop_notification_tell(dialog->notify, safe);
}

static void on_closed(void *userdata)
{
	struct dialog_program *dialog = userdata;

	g_main_loop_quit(dialog->loop);
}

static const struct bus_link_events bus_link_events = {
	.asked = on_asked,
	.withdrawn = on_withdrawn,
	.judged = on_judged,
	.decided = on_decided,
	.told = on_told,
	.closed = on_closed,
};

/* --- From the person --------------------------------------------- */

static void on_answered(void *userdata, enum outcome outcome,
			enum lifetime lifetime)
{
	struct dialog_program *dialog = userdata;
	struct queued_question *entry = dialog->shown;
	struct decision decision;

	if (!entry || entry->answered ||
	    prompt_decide(entry->prompt, outcome, lifetime, "desktop",
			  &decision) < 0)
		return;
	entry->answered =
		bus_link_decide(dialog->link, prompt_question_id(entry->prompt),
				&decision) == 0;
	decision_finish(&decision);
}

static const struct window_events window_events = {
	.answered = on_answered,
};

static void on_show(void *userdata)
{
	struct dialog_program *dialog = userdata;

	window_present(dialog->window);
}

/* The question that the notification was about, not one that came since. */
static void on_deny(void *userdata, uint64_t question_id)
{
	struct dialog_program *dialog = userdata;

	if (dialog->shown &&
	    prompt_question_id(dialog->shown->prompt) == question_id)
		on_answered(dialog, OUTCOME_DENY, LIFETIME_ONCE);
}

static void on_accessibility(void *userdata, const char *path)
{
	struct dialog_program *dialog = userdata;

	bus_link_hang_on(dialog->link, path);
	if (dialog->shown)
		bus_link_judge(dialog->link,
			       prompt_question_id(dialog->shown->prompt));
}

static const struct desktop_notification_events notify_events = {
	.show = on_show,
	.deny = on_deny,
	.accessibility = on_accessibility,
};

int main(void)
{
	struct dialog_program dialog = {0};
	int result;

	setlocale(LC_ALL, "");
	bindtextdomain("landlord", LANDLORD_LOCALE_DIR);
	bind_textdomain_codeset("landlord", "UTF-8");
	textdomain("landlord");
	g_set_prgname("landlord-dialog");
	g_set_application_name("Landlord");
	if (!gtk_init_check()) {
		g_printerr("landlord-dialog: there is no display\n");
		return EXIT_FAILURE;
	}
	adw_init();
	TAILQ_INIT(&dialog.entries);
	dialog.loop = g_main_loop_new(NULL, FALSE);
	dialog.window = window_new(&window_events, &dialog);
	dialog.notify = desktop_notification_new(&notify_events, &dialog);
	result = bus_link_new(&dialog.link, DIALOG_FD, &bus_link_events,
			      &dialog);
	if (result < 0) {
		g_printerr("landlord-dialog: is started by landlord-desktop: "
			   "%s\n",
			   strerror(-result));
		return EXIT_FAILURE;
	}
	g_main_loop_run(dialog.loop);
	dialog.link = bus_link_free(dialog.link);
	desktop_notification_free(dialog.notify);
	window_free(dialog.window);
	while (!TAILQ_EMPTY(&dialog.entries)) {
		struct queued_question *entry = TAILQ_FIRST(&dialog.entries);

		TAILQ_REMOVE(&dialog.entries, entry, link);
		prompt_free(entry->prompt);
		g_free(entry);
	}
	g_main_loop_unref(dialog.loop);
	return dialog.status;
}
