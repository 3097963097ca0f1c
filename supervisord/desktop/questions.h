/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Questions that the daemon has put to the desktop and that nobody has answered
 * yet, as the messages that they came in: a dialog that has gone is started
 * anew, and gets them again.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>
#include <systemd/sd-bus.h>

struct open_question {
	TAILQ_ENTRY(open_question) link;
	uint64_t id;
	sd_bus_message *ask;
};

TAILQ_HEAD(questions, open_question);

/* Returns: 0 or a negative errno. */
int questions_add(struct questions *questions, sd_bus_message *ask);

/* One that is not there is no error. */
void questions_end(struct questions *questions, uint64_t id);

void questions_finish(struct questions *questions);
