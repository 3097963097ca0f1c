/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What else waits: other questions of the same program, whole, and a button for
 * each other program that asks, and for what nobody answered.
 */
#pragma once

#include <gtk/gtk.h>

#include "desktop/dialog/question_queue.h"

struct waiting_list;

/*
 * @chosen: the first question of a program whose button was pressed
 * Returns: what lives as long as the box that it is appended to.
 */
struct waiting_list *waiting_list_new(GtkBox *box,
				      void (*chosen)(void *userdata,
						     uint64_t question_id),
				      void *userdata);

/* Shows what waits beside the question that is shown. */
void waiting_list_show(struct waiting_list *list,
		       const struct question_queue *queue);
