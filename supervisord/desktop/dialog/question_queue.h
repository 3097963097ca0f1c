/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The questions that a dialog has, and which of them is shown: first those of
 * one program, then those of the next, in the order in which they came. What
 * nobody answered in time stays behind them, to be allowed after all.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

#include "agent/prompt_parts.h"

/* So many that nobody answered are remembered: the last ones. */
#define QUESTION_QUEUE_MISSED_MAX 64

enum question_state {
	QUESTION_OPEN,
	QUESTION_ANSWERED, /* that has not been confirmed yet */
	QUESTION_MISSED,   /* denied, since nobody answered */
};

struct queued_question {
	TAILQ_ENTRY(queued_question) link;
	struct prompt *prompt;
	enum question_state state;
	bool all; /* it was answered together with another one */
};

struct question_queue {
	TAILQ_HEAD(, queued_question) list;
	size_t open, missed;
	struct queued_question *shown; /* NULL: nothing */
	char *app;		       /* of what was shown last; or NULL */
};

void question_queue_init(struct question_queue *queue);
void question_queue_finish(struct question_queue *queue);

/*
 * @prompt: taken
 * Returns: what was added, or NULL (the prompt is freed).
 */
struct queued_question *question_queue_add(struct question_queue *queue,
					   struct prompt *prompt);

/* One by the number of its question; or NULL. */
struct queued_question *question_queue_find(struct question_queue *queue,
					    uint64_t id);

/* It is over, and forgotten. If it was shown, nothing is. */
void question_queue_end(struct question_queue *queue,
			struct queued_question *question);

/* Nobody has answered in time: it stays, but what is open comes first. */
void question_queue_miss(struct question_queue *queue,
			 struct queued_question *question);

/*
 * Whose turn it is: what is shown, as long as it is open; else the next of the
 * same program, the next of another, what was missed. NULL: there is none.
 * @missed: whether what was missed is wanted
 */
struct queued_question *question_queue_next(struct question_queue *queue,
					    bool missed);

/* This is shown now. NULL: nothing. */
void question_queue_show(struct question_queue *queue,
			 struct queued_question *question);

/* Whether another one waits beside it, of the same program and as open. */
bool question_queue_is_like(const struct queued_question *question,
			    const struct queued_question *other);

/* How many do. */
size_t question_queue_likes(const struct question_queue *queue,
			    const struct queued_question *question);
