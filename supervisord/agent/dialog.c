/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The questions that are put, one after another, on one terminal. */
#include "agent/dialog.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/queue.h>
#include <time.h>

#include "agent/places.h"
#include "agent/prompt.h"
#include "base/cleanup.h"

/* Keys that come sooner after a question appeared are not answers to it. */
#define REFRACTORY_MS 300

/* How often a terminal that belongs to another job is looked at again. */
#define RETRY_MS 250

/* Beyond this an agent takes no more: nobody would read them. */
#define QUESTIONS_MAX 1024

struct entry {
	TAILQ_ENTRY(entry) link;
	struct prompt *prompt;
};

struct dialog {
	struct agent *agent;
	const struct dialog_screen *screen;
	void *userdata;
	TAILQ_HEAD(, entry) queue; /* the first is, or will be, shown */
	size_t count;
	bool open;	       /* between screen open and close */
	bool shown;	       /* the first of the queue can be answered */
	int64_t deaf_until;    /* CLOCK_BOOTTIME milliseconds */
	struct event *advance; /* shows the next question, or closes */
};

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_BOOTTIME, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Writes a text that was made for it, and frees it. */
static void say(struct dialog *dialog, char *text)
{
	if (text)
		dialog->screen->write(dialog->userdata, text);
	free(text);
}

void dialog_show(struct dialog *dialog)
{
	static const struct timeval retry = {.tv_usec = RETRY_MS * 1000};
	struct entry *const first = TAILQ_FIRST(&dialog->queue);
	char *text;

	if (!first)
		return;
	dialog->shown = false;
	if (dialog->screen->open(dialog->userdata)) {
		dialog->open = false;
		event_add(dialog->advance, &retry);
		return;
	}
	dialog->open = true;
	text = prompt_text(first->prompt, dialog->count - 1, now_ms());
	/* What nobody could read, nobody can answer. */
	dialog->shown = text != NULL;
	say(dialog, text);
	say(dialog, prompt_choices(first->prompt));
	dialog->screen->drop_input(dialog->userdata);
	dialog->deaf_until = now_ms() + REFRACTORY_MS;
}

void dialog_hide(struct dialog *dialog)
{
	dialog->open = dialog->shown = false;
}

/*
 * Runs from the loop, not from within an answer: an answer may withdraw the
 * questions that it settles, and bring new ones.
 */
static void on_advance(evutil_socket_t fd, short what, void *userdata)
{
	struct dialog *const dialog = userdata;

	(void)fd;
	(void)what;
	if (dialog->shown)
		return;
	if (!TAILQ_EMPTY(&dialog->queue)) {
		dialog_show(dialog);
	} else if (dialog->open) {
		dialog->open = false;
		dialog->screen->close(dialog->userdata);
	}
}

/* Takes an entry out; the next one is shown when the loop runs again. */
static struct prompt *entry_remove(struct dialog *dialog, struct entry *entry)
{
	struct prompt *const prompt = entry->prompt;

	if (entry == TAILQ_FIRST(&dialog->queue)) {
		dialog->shown = false;
		event_active(dialog->advance, EV_TIMEOUT, 0);
	}
	TAILQ_REMOVE(&dialog->queue, entry, link);
	dialog->count--;
	free(entry);
	return prompt;
}

int dialog_ask(struct dialog *dialog, const struct question *question)
{
	struct entry *const entry = calloc(1, sizeof(*entry));
	struct places places;
	int error;

	if (!entry)
		return -ENOMEM;
	if (dialog->count == QUESTIONS_MAX) {
		free(entry);
		return -ENOBUFS;
	}
	places_find(&places, question->request);
	error = prompt_new(&entry->prompt, question,
			   &(const struct prompt_places){
				   .project = places.project,
				   .home = places.home,
			   });
	places_finish(&places);
	if (error) {
		free(entry);
		return error;
	}
	TAILQ_INSERT_TAIL(&dialog->queue, entry, link);
	dialog->count++;
	if (dialog->count == 1)
		event_active(dialog->advance, EV_TIMEOUT, 0);
	return 0;
}

void dialog_withdraw(struct dialog *dialog, uint64_t question_id)
{
	struct entry *entry;

	TAILQ_FOREACH (entry, &dialog->queue, link) {
		if (prompt_question_id(entry->prompt) == question_id)
			break;
	}
	if (!entry)
		return;
	if (dialog->shown && entry == TAILQ_FIRST(&dialog->queue))
		dialog->screen->write(dialog->userdata,
				      "-- no longer asked: denied, or the "
				      "program has gone --\n");
	prompt_free(entry_remove(dialog, entry));
}

static void answer(struct dialog *dialog, struct entry *entry,
		   struct decision *decision)
{
	struct prompt *const prompt = entry_remove(dialog, entry);
	const uint64_t id = prompt_question_id(prompt);

	say(dialog, prompt_answer(prompt, decision));
	prompt_free(prompt);
	agent_decide(dialog->agent, id, decision);
	decision_finish(decision);
}

void dialog_input(struct dialog *dialog, const char *bytes, size_t length)
{
	struct entry *const first = TAILQ_FIRST(&dialog->queue);
	struct decision decision;

	if (!dialog->shown || !first || length != 1)
		return;
	/* ^C and ^\ never allow anything, so they need not wait. */
	if (now_ms() < dialog->deaf_until && *bytes != '\003' &&
	    *bytes != '\034')
		return;
	switch (prompt_key(first->prompt, *bytes, &decision)) {
	case PROMPT_DECIDED:
		answer(dialog, first, &decision);
		break;
	case PROMPT_EXPLAIN:
		say(dialog, prompt_explanation(first->prompt));
		say(dialog, prompt_choices(first->prompt));
		break;
	case PROMPT_SCOPE:
		say(dialog, prompt_choices(first->prompt));
		break;
	case PROMPT_IGNORED:
		break;
	}
}

bool dialog_is_open(const struct dialog *dialog)
{
	return dialog->open;
}

size_t dialog_count(const struct dialog *dialog)
{
	return dialog->count;
}

int dialog_new(struct dialog **ret, struct event_base *loop,
	       struct agent *agent, const struct dialog_screen *screen,
	       void *userdata)
{
	struct dialog *const dialog = calloc(1, sizeof(*dialog));

	if (!dialog)
		return -ENOMEM;
	TAILQ_INIT(&dialog->queue);
	dialog->agent = agent;
	dialog->screen = screen;
	dialog->userdata = userdata;
	dialog->advance = event_new(loop, -1, 0, on_advance, dialog);
	if (!dialog->advance) {
		free(dialog);
		return -ENOMEM;
	}
	*ret = dialog;
	return 0;
}

struct dialog *dialog_free(struct dialog *dialog)
{
	struct entry *entry;

	if (!dialog)
		return NULL;
	event_free(dialog->advance);
	while ((entry = TAILQ_FIRST(&dialog->queue))) {
		TAILQ_REMOVE(&dialog->queue, entry, link);
		prompt_free(entry->prompt);
		free(entry);
	}
	free(dialog);
	return NULL;
}
