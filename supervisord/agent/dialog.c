/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The questions that are put, one after another, on one terminal. */
#include "agent/dialog.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#include "agent/keys.h"
#include "agent/places.h"
#include "agent/prompt.h"
#include "base/cleanup.h"
#include "base/clock.h"

/* Keys count after so long without any. */
#define PAUSE_MS 1000

/* Who has opened the question and then does nothing has gone away. */
#define ATTENTION_MS 15000

/* How often a terminal that belongs to another job is looked at again. */
#define RETRY_MS 250

/* Beyond this an agent takes no more: nobody would read them. */
#define QUESTIONS_MAX 1024

struct queued_prompt {
	TAILQ_ENTRY(queued_prompt) link;
	struct prompt *prompt;
};

struct dialog {
	struct agent *agent;
	const struct dialog_screen *screen;
	void *userdata;
	int64_t (*now_ms)(void);
	TAILQ_HEAD(, queued_prompt) queue; /* the first is, or will be, shown */
	size_t count;
	bool open;  /* between screen open and close */
	bool shown; /* the first of the queue can be answered */
	bool small; /* it could, were the window larger */
	enum prompt_state state;
	struct keys keys;
	char *explanation;     /* being read; NULL: none */
	size_t explained;      /* how much of it was shown */
	struct event *advance; /* shows the next question, or closes */
	struct event *pause;   /* nothing was pressed for a while */
};

static int64_t boottime_ms(void)
{
	return clock_boot(&clock_real);
}

/* Writes a text that was made for it, and frees it. */
static void say(struct dialog *dialog, char *text)
{
	if (text)
		dialog->screen->write(dialog->userdata, text);
	free(text);
}

/* By the wish of whoever started us. */
static bool is_terse(void)
{
	const char *wish = getenv("LANDLORD_PROMPT");

	return wish && strcmp(wish, "short") == 0;
}

static struct prompt_window window_of(const struct dialog *dialog)
{
	struct prompt_window window = {
		.more = dialog->count - 1,
		.now = dialog->now_ms(),
		.terse = is_terse(),
	};

	dialog->screen->size(dialog->userdata, &window.rows, &window.columns);
	return window;
}

/* Wakes the dialog when the state is to change by itself. */
static void wait_ms(struct dialog *dialog, int64_t ms)
{
	const struct timeval delay = {
		.tv_sec = ms / 1000,
		.tv_usec = ms % 1000 * 1000 + 1,
	};

	event_add(dialog->pause, &delay);
}

/* Writes the question on a screen that is clear. */
static void write_page(struct dialog *dialog, enum prompt_state state)
{
	const struct prompt_window window = window_of(dialog);
	struct queued_prompt *const first = TAILQ_FIRST(&dialog->queue);
	char *text = NULL;
	const int error = prompt_page(first->prompt, &window, state, &text);

	/* What nobody could read, nobody can answer. */
	dialog->shown = !error;
	dialog->small = error == -ENOSPC;
	dialog->state = state;
	if (dialog->small)
		dialog->screen->write(dialog->userdata,
				      "Landlord: enlarge the window (^C "
				      "denies)");
	say(dialog, text);
}

static void change_state(struct dialog *dialog, enum prompt_state state)
{
	dialog->screen->clear(dialog->userdata);
	write_page(dialog, state);
	if (state == PROMPT_RESTING)
		wait_ms(dialog, PAUSE_MS);
	else if (state == PROMPT_READY)
		event_del(dialog->pause);
	else
		wait_ms(dialog, ATTENTION_MS);
}

static void stop_explaining(struct dialog *dialog)
{
	free(dialog->explanation);
	dialog->explanation = NULL;
	dialog->explained = 0;
}

void dialog_show(struct dialog *dialog)
{
	static const struct timeval retry = {.tv_usec = RETRY_MS * 1000};

	if (TAILQ_EMPTY(&dialog->queue))
		return;
	dialog->shown = dialog->small = false;
	stop_explaining(dialog);
	if (dialog->screen->open(dialog->userdata)) {
		dialog->open = false;
		event_add(dialog->advance, &retry);
		return;
	}
	dialog->open = true;
	write_page(dialog, PROMPT_RESTING);
	dialog->screen->drop_input(dialog->userdata);
	keys_start(&dialog->keys, dialog->now_ms());
	wait_ms(dialog, PAUSE_MS);
}

void dialog_hide(struct dialog *dialog)
{
	dialog->open = dialog->shown = dialog->small = false;
	event_del(dialog->pause);
}

/* Nothing was pressed for a while, if that is still so. */
static void on_pause(evutil_socket_t fd, short what, void *userdata)
{
	struct dialog *const dialog = userdata;
	const int64_t quiet = keys_quiet(&dialog->keys, dialog->now_ms());
	const int64_t enough =
		dialog->state == PROMPT_RESTING ? PAUSE_MS : ATTENTION_MS;

	(void)fd;
	(void)what;
	if (!dialog->shown)
		return;
	if (quiet < enough) {
		wait_ms(dialog, enough - quiet);
		return;
	}
	stop_explaining(dialog);
	change_state(dialog, PROMPT_READY);
}

static void close_screen(struct dialog *dialog)
{
	if (dialog->open)
		dialog->screen->close(dialog->userdata);
	dialog->open = false;
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
	} else {
		close_screen(dialog);
	}
}

/* Takes an entry out; the next one is shown when the loop runs again. */
static struct prompt *entry_remove(struct dialog *dialog,
				   struct queued_prompt *entry)
{
	struct prompt *const prompt = entry->prompt;

	if (entry == TAILQ_FIRST(&dialog->queue)) {
		dialog->shown = dialog->small = false;
		event_del(dialog->pause);
		event_active(dialog->advance, EV_TIMEOUT, 0);
	}
	TAILQ_REMOVE(&dialog->queue, entry, link);
	dialog->count--;
	free(entry);
	return prompt;
}

int dialog_ask(struct dialog *dialog, const struct question *question)
{
	struct queued_prompt *const entry = calloc(1, sizeof(*entry));
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
	struct queued_prompt *entry;

	TAILQ_FOREACH (entry, &dialog->queue, link) {
		if (prompt_question_id(entry->prompt) == question_id)
			break;
	}
	if (!entry)
		return;
	if ((dialog->shown || dialog->small) &&
	    entry == TAILQ_FIRST(&dialog->queue))
		dialog->screen->write(dialog->userdata,
				      "-- no longer asked: denied, or the "
				      "program has gone --");
	prompt_free(entry_remove(dialog, entry));
}

static void answer(struct dialog *dialog, struct decision *decision)
{
	struct queued_prompt *const first = TAILQ_FIRST(&dialog->queue);
	const struct prompt_window window = window_of(dialog);
	struct prompt *const prompt = entry_remove(dialog, first);
	const uint64_t id = prompt_question_id(prompt);
	char *text;

	text = prompt_answer(prompt, decision, window.columns);
	if (text)
		text[strlen(text) - 1] = '\0';
	say(dialog, text);
	prompt_free(prompt);
	/*
	 * While who asked still waits: the signal to draw the screen again
	 * would interrupt the next call of a program that goes on already.
	 */
	if (TAILQ_EMPTY(&dialog->queue))
		close_screen(dialog);
	agent_decide(dialog->agent, id, decision);
	decision_finish(decision);
}

/* Shows the next piece of the explanation, or the question again. */
static void explain(struct dialog *dialog)
{
	const struct prompt_window window = window_of(dialog);
	const char *from = dialog->explanation + dialog->explained;
	const char *to = from;
	char *piece;

	if (!*from) {
		stop_explaining(dialog);
		change_state(dialog, PROMPT_CHOOSING);
		return;
	}
	for (size_t row = 2; *to && (row < window.rows || to == from); row++)
		to += strcspn(to, "\n") + 1;
	piece = strndup(from, (size_t)(to - from));
	dialog->explained += (size_t)(to - from);
	dialog->screen->clear(dialog->userdata);
	say(dialog, piece);
	dialog->screen->write(dialog->userdata, "-- any key goes on --");
	wait_ms(dialog, ATTENTION_MS);
}

static void choose(struct dialog *dialog, char key)
{
	struct prompt *const prompt = TAILQ_FIRST(&dialog->queue)->prompt;
	struct decision decision;

	switch (prompt_key(prompt, key, &decision)) {
	case PROMPT_DECIDED:
		answer(dialog, &decision);
		break;
	case PROMPT_CONFIRM:
		change_state(dialog, PROMPT_CONFIRMING);
		break;
	case PROMPT_EXPLAIN:
		dialog->explanation =
			prompt_explanation(prompt, window_of(dialog).columns);
		if (dialog->explanation)
			explain(dialog);
		break;
	case PROMPT_SCOPE:
		change_state(dialog, PROMPT_CHOOSING);
		break;
	case PROMPT_IGNORED:
		change_state(dialog, PROMPT_RESTING);
		break;
	}
}

static void confirm(struct dialog *dialog, char key)
{
	struct prompt *const prompt = TAILQ_FIRST(&dialog->queue)->prompt;
	struct decision decision;

	if ((key == '\r' || key == '\n') &&
	    prompt_confirm(prompt, &decision) == 0)
		answer(dialog, &decision);
	else
		change_state(dialog, PROMPT_CHOOSING);
}

/* Something came that is not Ctrl-], or too soon. */
static void rest(struct dialog *dialog)
{
	stop_explaining(dialog);
	if (dialog->state != PROMPT_RESTING)
		change_state(dialog, PROMPT_RESTING);
}

/* ^C and ^\ never allow anything, so they need not wait. */
static void interrupt(struct dialog *dialog)
{
	struct decision decision;

	if (prompt_deny(TAILQ_FIRST(&dialog->queue)->prompt, &decision) == 0)
		answer(dialog, &decision);
}

int dialog_input(struct dialog *dialog, const char *bytes, size_t length)
{
	const int64_t now = dialog->now_ms();
	const int64_t quiet = keys_quiet(&dialog->keys, now);
	const int key = keys_follow(&dialog->keys, bytes, length, now);

	if (!dialog->shown && !dialog->small)
		return key;
	if (key == '\003' || key == '\034')
		interrupt(dialog);
	else if (dialog->small)
		return key;
	else if (dialog->state < PROMPT_CHOOSING && key == KEY_ATTENTION &&
		 quiet >= PAUSE_MS)
		change_state(dialog, PROMPT_CHOOSING);
	else if (dialog->state < PROMPT_CHOOSING || key < 0 ||
		 quiet >= ATTENTION_MS)
		rest(dialog);
	else if (dialog->explanation)
		explain(dialog);
	else if (dialog->state == PROMPT_CONFIRMING)
		confirm(dialog, (char)key);
	else
		choose(dialog, (char)key);
	return key;
}

bool dialog_is_open(const struct dialog *dialog)
{
	return dialog->open;
}

size_t dialog_count(const struct dialog *dialog)
{
	return dialog->count;
}

void dialog_set_clock(struct dialog *dialog, int64_t (*now_ms)(void))
{
	dialog->now_ms = now_ms;
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
	dialog->now_ms = boottime_ms;
	dialog->advance = event_new(loop, -1, 0, on_advance, dialog);
	dialog->pause = event_new(loop, -1, 0, on_pause, dialog);
	if (!dialog->advance || !dialog->pause) {
		dialog_free(dialog);
		return -ENOMEM;
	}
	*ret = dialog;
	return 0;
}

struct dialog *dialog_free(struct dialog *dialog)
{
	struct queued_prompt *entry;

	if (!dialog)
		return NULL;
	if (dialog->advance)
		event_free(dialog->advance);
	if (dialog->pause)
		event_free(dialog->pause);
	stop_explaining(dialog);
	while ((entry = TAILQ_FIRST(&dialog->queue))) {
		TAILQ_REMOVE(&dialog->queue, entry, link);
		prompt_free(entry->prompt);
		free(entry);
	}
	free(dialog);
	return NULL;
}
