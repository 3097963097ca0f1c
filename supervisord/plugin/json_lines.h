/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One JSON object a line, over a stream to whoever answers questions.
 */
#pragma once

#include <event2/bufferevent.h>
#include <jansson.h>

#include "agent/agent.h"

/* Longer ones end a stream. */
#define JSON_LINE_MAX 65536

/*
 * Sends an object, which is released.
 * @stream: NULL when it has ended
 * Returns: 0, -ENOTCONN, -ENOBUFS when nobody reads, -ENOMEM.
 */
int json_lines_send(struct bufferevent *stream, json_t *object);

/* A question as it is sent. Returns: NULL when memory is short. */
json_t *json_lines_question(const struct question *question);
