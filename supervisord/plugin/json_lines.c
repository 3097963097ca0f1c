/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One JSON object a line: see json_lines.h. */
#include "plugin/json_lines.h"

#include <errno.h>
#include <event2/buffer.h>

#include "base/cleanup.h"
#include "plugin/request_json.h"

#define OUTPUT_BYTES_MAX (1024 * 1024)

int json_lines_send(struct bufferevent *stream, json_t *object)
{
	_cleanup_free_ char *line =
		object ? json_dumps(object, JSON_COMPACT) : NULL;
	struct evbuffer *output;

	json_decref(object);
	if (!line)
		return -ENOMEM;
	if (!stream)
		return -ENOTCONN;
	output = bufferevent_get_output(stream);
	if (evbuffer_get_length(output) > OUTPUT_BYTES_MAX)
		return -ENOBUFS;
	return evbuffer_add_printf(output, "%s\n", line) < 0 ? -ENOMEM : 0;
}

json_t *json_lines_question(const struct question *question)
{
	json_t *object = request_json(question->request);

	if (!object)
		return NULL;
	json_object_set_new(object, "ask",
			    json_integer((json_int_t)question->id));
	json_object_set_new(object, "app", json_bytes(question->app));
	return object;
}
