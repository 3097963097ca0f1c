/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The questions of a dialog: see question_queue.h.
 */
#include "desktop/dialog/question_queue.h"

#include <stdlib.h>
#include <string.h>

void question_queue_init(struct question_queue *queue)
{
	*queue = (struct question_queue){0};
	TAILQ_INIT(&queue->list);
}

void question_queue_finish(struct question_queue *queue)
{
	while (!TAILQ_EMPTY(&queue->list))
		question_queue_end(queue, TAILQ_FIRST(&queue->list));
	free(queue->app);
	queue->app = NULL;
}

/* How many there are of its kind. */
static size_t *counter(struct question_queue *queue,
		       const struct queued_question *question)
{
	return question->state == QUESTION_MISSED ? &queue->missed
						  : &queue->open;
}

struct queued_question *question_queue_add(struct question_queue *queue,
					   struct prompt *prompt)
{
	struct queued_question *question = calloc(1, sizeof(*question));

	if (!question) {
		prompt_free(prompt);
		return NULL;
	}
	question->prompt = prompt;
	TAILQ_INSERT_TAIL(&queue->list, question, link);
	queue->open++;
	return question;
}

struct queued_question *question_queue_find(struct question_queue *queue,
					    uint64_t id)
{
	struct queued_question *question;

	TAILQ_FOREACH (question, &queue->list, link)
		if (prompt_question_id(question->prompt) == id)
			return question;
	return NULL;
}

void question_queue_end(struct question_queue *queue,
			struct queued_question *question)
{
	TAILQ_REMOVE(&queue->list, question, link);
	--*counter(queue, question);
	if (queue->shown == question)
		queue->shown = NULL;
	prompt_free(question->prompt);
	free(question);
}

static struct queued_question *first_in(struct question_queue *queue,
					enum question_state state,
					const char *app)
{
	struct queued_question *question;

	TAILQ_FOREACH (question, &queue->list, link)
		if (question->state == state &&
		    (!app || strcmp(question->prompt->app, app) == 0))
			return question;
	return NULL;
}

void question_queue_miss(struct question_queue *queue,
			 struct queued_question *question)
{
	if (question->state == QUESTION_MISSED)
		return;
	--*counter(queue, question);
	question->state = QUESTION_MISSED;
	++*counter(queue, question);
	if (queue->missed > QUESTION_QUEUE_MISSED_MAX)
		question_queue_end(queue,
				   first_in(queue, QUESTION_MISSED, NULL));
}

struct queued_question *question_queue_next(struct question_queue *queue,
					    bool missed)
{
	struct queued_question *next = NULL;

	if (queue->shown && queue->shown->state != QUESTION_MISSED)
		return queue->shown;
	if (queue->app)
		next = first_in(queue, QUESTION_OPEN, queue->app);
	if (!next)
		next = first_in(queue, QUESTION_OPEN, NULL);
	if (!next && missed)
		next = queue->shown ? queue->shown
				    : first_in(queue, QUESTION_MISSED, NULL);
	return next;
}

void question_queue_show(struct question_queue *queue,
			 struct queued_question *question)
{
	queue->shown = question;
	if (!question)
		return;
	free(queue->app);
	queue->app = strdup(question->prompt->app);
}

bool question_queue_is_like(const struct queued_question *question,
			    const struct queued_question *other)
{
	return question != other && question->state == other->state &&
	       strcmp(question->prompt->app, other->prompt->app) == 0;
}

size_t question_queue_likes(const struct question_queue *queue,
			    const struct queued_question *question)
{
	const struct queued_question *other;
	size_t count = 0;

	TAILQ_FOREACH (other, &queue->list, link)
		count += question_queue_is_like(question, other);
	return count;
}
