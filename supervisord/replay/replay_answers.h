/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The answers of then, as a policy plugin: it keeps every question until the
 * trace has come to the answer.
 */
#pragma once

#include "plugin/backend.h"

/* Returns: the plugin, NULL when memory is short. */
struct plugin *replay_answers_new(void);

/* Answers a question. @decision: copied */
void replay_answers_give(struct plugin *plugin, uint64_t question_id,
			 const struct decision *decision);
