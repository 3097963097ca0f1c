/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Questions that nobody has answered yet.
 */
#include "desktop/questions.h"

#include <errno.h>
#include <stdlib.h>

int questions_add(struct questions *questions, sd_bus_message *ask)
{
	struct open_question *question;
	uint64_t id;
	int result = sd_bus_message_read(ask, "t", &id);

	if (result >= 0)
		result = sd_bus_message_rewind(ask, 1);
	if (result < 0)
		return result;
	question = calloc(1, sizeof(*question));
	if (!question)
		return -ENOMEM;
	question->id = id;
	question->ask = sd_bus_message_ref(ask);
	TAILQ_INSERT_TAIL(questions, question, link);
	return 0;
}

static void end(struct questions *questions, struct open_question *question)
{
	TAILQ_REMOVE(questions, question, link);
	sd_bus_message_unref(question->ask);
	free(question);
}

void questions_end(struct questions *questions, uint64_t id)
{
	struct open_question *question;

	TAILQ_FOREACH (question, questions, link)
		if (question->id == id) {
			end(questions, question);
			return;
		}
}

void questions_finish(struct questions *questions)
{
	while (!TAILQ_EMPTY(questions))
		end(questions, TAILQ_FIRST(questions));
}
