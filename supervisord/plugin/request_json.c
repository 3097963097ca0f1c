/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Requests as JSON.
 */
#include "plugin/request_json.h"

#include "base/cleanup.h"
#include "base/escape.h"

json_t *json_bytes(const char *bytes)
{
	_cleanup_free_ char *escaped = escape_string(bytes ? bytes : "");

	return escaped ? json_string(escaped) : NULL;
}

static json_t *access_json(const struct access *access)
{
	_cleanup_free_ char *rights = rights_format(access->missing);
	_cleanup_free_ char *object = object_format(&access->object);

	if (!rights || !object)
		return NULL;
	return json_pack("{s:s, s:o}", "rights", rights, "object",
			 json_bytes(object));
}

json_t *request_json(const struct request *request)
{
	json_t *accesses = json_array();

	for (size_t i = 0; i < request->accesses_count; i++)
		json_array_append_new(accesses,
				      access_json(&request->accesses[i]));
	return json_pack("{s:i, s:o, s:o, s:o}", "pid",
			 (int)request->subject.pid, "exe",
			 json_bytes(request->subject.exe), "operation",
			 json_bytes(request->operation), "accesses", accesses);
}
