/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Asking: see asking.h.
 */
#include "desktop/dialog/asking.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "agent/places.h"
#include "base/clock.h"
#include "base/escape.h"
#include "desktop/dialog/accessibility_bus.h"
#include "desktop/dialog/bus_link.h"
#include "desktop/dialog/desktop_notification.h"
#include "desktop/dialog/dialog_text.h"
#include "desktop/dialog/question_queue.h"
#include "desktop/dialog/window.h"
#include "supervision/decide.h"

#define IDLE_SECONDS 30
/* What was missed can be shown for so long; then `landlord pending` has it. */
#define MISSED_SECONDS 900
/* Somebody who has touched the window is taken to be there for so long. */
#define TOUCHED_MSEC (5 * 60 * 1000)
/* What has less time than this left is put off. */
#define LEFT_MSEC 10000
/* A deadline is told about a little after it has passed. */
#define LATE_MSEC 500
/* However much comes, it is not shown more often than this. */
#define UPDATE_MSEC 100
#define UNTIL_SECONDS 3600

struct asking {
	GMainLoop *loop;
	struct bus_link *link;
	struct window *window;
	struct desktop_notification *notify;
	struct question_queue queue;
	bool wants_missed;  /* the person wants to see what was missed */
	int64_t touched_at; /* CLOCK_BOOTTIME milliseconds; 0: not */
	guint idle, update, second;
};

/* --- What is shown ----------------------------------------------- */

static gboolean on_idle(gpointer userdata)
{
	struct asking *asking = userdata;

	asking->idle = 0;
	g_main_loop_quit(asking->loop);
	return G_SOURCE_REMOVE;
}

static gboolean on_update(gpointer userdata)
{
	struct asking *asking = userdata;

	asking->update = 0;
	if (asking->queue.shown)
		window_update(asking->window);
	return G_SOURCE_REMOVE;
}

static void stop_timer(guint *timer)
{
	if (*timer)
		g_source_remove(*timer);
	*timer = 0;
}

static void announce(struct asking *asking)
{
	const struct prompt *prompt = asking->queue.shown->prompt;
	g_autofree char *heading = dialog_text_heading(prompt, false);
	g_autofree char *objects = dialog_text_objects(prompt);

	desktop_notification_question(
		asking->notify, prompt_question_id(prompt), heading, objects);
}

static void announce_missed(struct asking *asking, const struct prompt *prompt)
{
	g_autofree char *title = dialog_text_heading(prompt, true);
	g_autofree char *objects = dialog_text_objects(prompt);
	g_autofree char *body =
		g_strdup_printf(_("%s\nNobody answered in time: it was denied, "
				  "once."),
				objects);

	desktop_notification_missed(asking->notify, title, body);
}

static void show_nothing(struct asking *asking)
{
	question_queue_show(&asking->queue, NULL);
	asking->touched_at = 0;
	window_set_touched(asking->window, false);
	window_hide(asking->window);
	asking->idle = g_timeout_add_seconds(
		asking->queue.missed ? MISSED_SECONDS : IDLE_SECONDS, on_idle,
		asking);
}

static void show(struct asking *asking, struct queued_question *question)
{
	const bool missed = question->state == QUESTION_MISSED;

	question_queue_show(&asking->queue, question);
	stop_timer(&asking->update);
	window_show(asking->window, &asking->queue);
	if (missed)
		return;
	bus_link_judge(asking->link, prompt_question_id(question->prompt));
	announce(asking);
}

/*
 * Shows the question whose turn it is.
 * @anew: also if it is shown already
 */
static void advance(struct asking *asking, bool anew)
{
	struct question_queue *queue = &asking->queue;
	struct queued_question *next;

	stop_timer(&asking->idle);
	if (!queue->missed) {
		asking->wants_missed = false;
		desktop_notification_close_missed(asking->notify);
	}
	if (!queue->open)
		desktop_notification_close(asking->notify);
	next = question_queue_next(queue, asking->wants_missed);
	if (!next)
		show_nothing(asking);
	else if (next != queue->shown || anew)
		show(asking, next);
	else if (!asking->update)
		asking->update = g_timeout_add(UPDATE_MSEC, on_update, asking);
}

static void end(struct asking *asking, struct queued_question *question)
{
	/* The window has to let go of it first. */
	if (question == asking->queue.shown)
		window_hide(asking->window);
	question_queue_end(&asking->queue, question);
	advance(asking, false);
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
	struct asking *asking = userdata;
	struct prompt *prompt = new_prompt(question);

	if (!prompt || !question_queue_add(&asking->queue, prompt))
		bus_link_decide(asking->link, question->id, &deny);
	else
		advance(asking, false);
}

static bool is_late(const struct prompt *prompt)
{
	return prompt->deadline &&
	       clock_boot(&clock_real) >= prompt->deadline - LATE_MSEC;
}

static void on_withdrawn(void *userdata, uint64_t question_id)
{
	struct asking *asking = userdata;
	struct queued_question *question =
		question_queue_find(&asking->queue, question_id);
	bool was_shown;

	if (!question)
		return;
	if (question->state != QUESTION_OPEN || !is_late(question->prompt)) {
		end(asking, question);
		return;
	}
	announce_missed(asking, question->prompt);
	was_shown = question == asking->queue.shown;
	if (was_shown)
		window_hide(asking->window);
	question_queue_miss(&asking->queue, question);
	advance(asking, was_shown);
}

static bool is_shown(const struct asking *asking, uint64_t question_id)
{
	return asking->queue.shown &&
	       prompt_question_id(asking->queue.shown->prompt) == question_id;
}

static void on_judged(void *userdata, uint64_t question_id, bool allowed,
		      const char *reached, const char *others)
{
	struct asking *asking = userdata;

	if (is_shown(asking, question_id))
		window_judged(asking->window, allowed, reached, others);
}

static void on_postponed(void *userdata, uint64_t question_id, int64_t deadline)
{
	struct asking *asking = userdata;
	struct queued_question *question =
		question_queue_find(&asking->queue, question_id);

	if (question)
		question->prompt->deadline = deadline;
}

static void on_decided(void *userdata, uint64_t question_id, const char *error)
{
	struct asking *asking = userdata;
	struct queued_question *question =
		question_queue_find(&asking->queue, question_id);

	if (!question)
		return;
	if (!error) {
		end(asking, question);
		return;
	}
	if (question->state == QUESTION_ANSWERED)
		question->state = QUESTION_OPEN;
	if (!is_shown(asking, question_id)) {
		advance(asking, false);
		return;
	}
	window_complain(asking->window, error);
	if (question->state == QUESTION_OPEN)
		bus_link_judge(asking->link, question_id);
}

/* The question that it is about is not shown any more. */
static void on_told(void *userdata, const char *sentence)
{
	struct asking *asking = userdata;
	g_autofree char *safe = escape_string(sentence);

	if (safe)
		desktop_notification_tell(asking->notify, safe);
}

static void on_closed(void *userdata)
{
	struct asking *asking = userdata;

	g_main_loop_quit(asking->loop);
}

static const struct bus_link_events bus_link_events = {
	.asked = on_asked,
	.withdrawn = on_withdrawn,
	.judged = on_judged,
	.postponed = on_postponed,
	.decided = on_decided,
	.told = on_told,
	.closed = on_closed,
};

/* --- From the person --------------------------------------------- */

/* What is answered with another one is about the same directory, if its objects
 * lie there, too; else about them alone. */
static void follow_scope(struct prompt *prompt, const struct prompt *other)
{
	const struct scope *const wanted = &other->scopes.items[other->scope];

	prompt->scope = 0;
	prompt->wide = other->wide;
	for (size_t i = 1; i < prompt->scopes.count; i++) {
		const struct scope *const scope = &prompt->scopes.items[i];

		if ((wanted->port_alone && scope->port_alone) ||
		    (wanted->beneath && scope->beneath &&
		     strcmp(scope->beneath, wanted->beneath) == 0))
			prompt->scope = i;
	}
}

/* Gives the app rules after all. */
static int allow_late(struct asking *asking, const struct prompt *prompt,
		      const struct decision *decision)
{
	const bool persist = decision->lifetime != LIFETIME_SESSION;
	struct rules rules = {0};
	int error = decide_rules(decision, &prompt->request,
				 clock_wall(&clock_real), &rules);

	if (!error)
		error = bus_link_add_rules(asking->link,
					   prompt_question_id(prompt),
					   prompt->app, &rules, persist);
	rules_finish(&rules);
	return error;
}

/* Returns: whether the answer is on its way. */
static bool send_answer(struct asking *asking, struct queued_question *question,
			enum outcome outcome, enum lifetime lifetime)
{
	struct decision decision;
	int error;

	if (question->state == QUESTION_ANSWERED ||
	    prompt_decide(question->prompt, outcome, lifetime, "desktop",
			  &decision) < 0)
		return false;
	if (lifetime == LIFETIME_UNTIL)
		decision.until = clock_wall(&clock_real) + UNTIL_SECONDS;
	if (question->state == QUESTION_MISSED) {
		error = allow_late(asking, question->prompt, &decision);
	} else {
		error = bus_link_decide(asking->link,
					prompt_question_id(question->prompt),
					&decision);
		if (!error)
			question->state = QUESTION_ANSWERED;
	}
	decision_finish(&decision);
	return !error;
}

/* It stays denied: nothing is to be sent. */
static void leave_denied(struct asking *asking, bool all)
{
	struct queued_question *shown = asking->queue.shown, *other, *next;

	for (other = TAILQ_FIRST(&asking->queue.list); all && other;
	     other = next) {
		next = TAILQ_NEXT(other, link);
		if (question_queue_is_like(shown, other))
			question_queue_end(&asking->queue, other);
	}
	end(asking, shown);
}

static void answer_likes(struct asking *asking, enum outcome outcome,
			 enum lifetime lifetime)
{
	struct queued_question *shown = asking->queue.shown, *other;

	TAILQ_FOREACH (other, &asking->queue.list, link)
		if (question_queue_is_like(shown, other)) {
			follow_scope(other->prompt, shown->prompt);
			send_answer(asking, other, outcome, lifetime);
		}
}

static void on_answered(void *userdata, enum outcome outcome,
			enum lifetime lifetime, bool all)
{
	struct asking *asking = userdata;
	struct queued_question *shown = asking->queue.shown;

	if (!shown)
		return;
	if (shown->state == QUESTION_MISSED && outcome == OUTCOME_DENY) {
		leave_denied(asking, all);
		return;
	}
	/* The others first: they are like it as long as it is open. */
	if (all)
		answer_likes(asking, outcome, lifetime);
	send_answer(asking, shown, outcome, lifetime);
}

/* It stays listed. */
static void on_dismissed(void *userdata)
{
	struct asking *asking = userdata;

	asking->wants_missed = false;
	question_queue_show(&asking->queue, NULL);
	advance(asking, false);
}

static void on_stopped(void *userdata)
{
	struct asking *asking = userdata;

	if (asking->queue.shown)
		bus_link_stop(asking->link,
			      prompt_question_id(asking->queue.shown->prompt));
}

static void on_chosen(void *userdata, uint64_t question_id)
{
	struct asking *asking = userdata;
	struct queued_question *question =
		question_queue_find(&asking->queue, question_id);

	if (!question || question->state == QUESTION_ANSWERED)
		return;
	asking->wants_missed = question->state == QUESTION_MISSED;
	stop_timer(&asking->idle);
	show(asking, question);
}

static void on_past(void *userdata)
{
	struct asking *asking = userdata;

	if (asking->queue.shown)
		bus_link_show_past(asking->link,
				   asking->queue.shown->prompt->app);
}

static void on_touched(void *userdata)
{
	struct asking *asking = userdata;

	asking->touched_at = clock_boot(&clock_real);
	window_set_touched(asking->window, true);
}

static const struct window_events window_events = {
	.answered = on_answered,
	.dismissed = on_dismissed,
	.stopped = on_stopped,
	.chosen = on_chosen,
	.past = on_past,
	.touched = on_touched,
};

/* Whoever is at one question cannot be at the others as well. */
static gboolean on_second(gpointer userdata)
{
	struct asking *asking = userdata;
	const int64_t now = clock_boot(&clock_real);
	const struct queued_question *question;

	if (!asking->touched_at)
		return G_SOURCE_CONTINUE;
	if (now - asking->touched_at > TOUCHED_MSEC) {
		asking->touched_at = 0;
		window_set_touched(asking->window, false);
		return G_SOURCE_CONTINUE;
	}
	TAILQ_FOREACH (question, &asking->queue.list, link)
		if (question->state == QUESTION_OPEN &&
		    question->prompt->deadline &&
		    question->prompt->deadline - now < LEFT_MSEC)
			bus_link_postpone(asking->link,
					  prompt_question_id(question->prompt));
	return G_SOURCE_CONTINUE;
}

/* --- From notifications ------------------------------------------ */

static void on_show(void *userdata)
{
	struct asking *asking = userdata;

	window_present(asking->window);
}

/* The question that the notification was about, not one that came since. */
static void on_deny(void *userdata, uint64_t question_id)
{
	struct asking *asking = userdata;

	if (is_shown(asking, question_id) &&
	    asking->queue.shown->state == QUESTION_OPEN)
		on_answered(asking, OUTCOME_DENY, LIFETIME_ONCE, false);
}

static void on_show_missed(void *userdata)
{
	struct asking *asking = userdata;

	asking->wants_missed = true;
	advance(asking, false);
	window_present(asking->window);
}

static void on_accessibility(void *userdata, const char *path)
{
	struct asking *asking = userdata;

	bus_link_hang_on(asking->link, path);
	if (asking->queue.shown && asking->queue.shown->state == QUESTION_OPEN)
		bus_link_judge(asking->link,
			       prompt_question_id(asking->queue.shown->prompt));
}

static const struct desktop_notification_events notify_events = {
	.show = on_show,
	.deny = on_deny,
	.show_missed = on_show_missed,
};

/* --- Its life ---------------------------------------------------- */

int asking_new(struct asking **ret, int fd, GMainLoop *loop)
{
	struct asking *asking = g_new0(struct asking, 1);
	int error;

	asking->loop = loop;
	question_queue_init(&asking->queue);
	asking->window = window_new(&window_events, asking);
	asking->notify = desktop_notification_new(&notify_events, asking);
	asking->second = g_timeout_add_seconds(1, on_second, asking);
	error = bus_link_new(&asking->link, fd, &bus_link_events, asking);
	if (error) {
		asking_free(asking);
		return error;
	}
	accessibility_bus_find(on_accessibility, asking);
	*ret = asking;
	return 0;
}

struct asking *asking_free(struct asking *asking)
{
	if (!asking)
		return NULL;
	stop_timer(&asking->idle);
	stop_timer(&asking->update);
	stop_timer(&asking->second);
	bus_link_free(asking->link);
	desktop_notification_free(asking->notify);
	window_free(asking->window);
	question_queue_finish(&asking->queue);
	g_free(asking);
	return NULL;
}
