// SPDX-License-Identifier: GPL-2.0-or-later
/* What outer and inner supervisors say to each other: see nest_message.h. */
#include "seccomp/nest_message.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/escape.h"
#include "operation/call.h"

static void json_cleanup(json_t **json)
{
	json_decref(*json);
}

#define _cleanup_json_ _cleanup_(json_cleanup)

static json_t *pack_need(const struct need *need)
{
	_cleanup_free_ char *text = object_format(&need->object);
	_cleanup_free_ char *escaped = text ? escape_string(text) : NULL;

	if (!escaped)
		return NULL;
	return json_pack("{s:s, s:i, s:I, s:I, s:I}", "object", escaped, "type",
			 (int)need->object.type, "rights",
			 (json_int_t)need->rights, "device",
			 (json_int_t)need->device, "inode",
			 (json_int_t)need->inode);
}

char *nest_message_ask(uint64_t id, const struct trap *trap)
{
	_cleanup_json_ json_t *needs = json_array();
	_cleanup_json_ json_t *message = NULL;

	for (size_t i = 0; i < trap->needs_count; i++)
		if (json_array_append_new(needs, pack_need(&trap->needs[i])))
			return NULL;
	message = json_pack("{s:I, s:i, s:s, s:O, s:b, s:b, s:b, s:i, s:i}",
			    "id", (json_int_t)id, "tid", (int)trap->tid,
			    "operation", trap->call->name, "needs", needs,
			    "reparents", trap->reparents, "exchanges",
			    trap->exchanges, "in_registers", trap->in_registers,
			    "mode0", (int)trap->pins[0].stat.st_mode, "mode1",
			    (int)trap->pins[1].stat.st_mode);
	return message ? json_dumps(message, JSON_COMPACT) : NULL;
}

/* The bytes of a path are taken as they are: it is no pattern. */
static int unpack_object(const char *text, enum object_type type,
			 rights_t rights, struct object *ret)
{
	const char *expected;
	bool beneath;

	if (type == OBJECT_PATH)
		return object_init_path(ret, text);
	if (object_parse(text, rights, ret, &beneath, &expected))
		return -EBADMSG;
	if (ret->type == type)
		return 0;
	object_finish(ret);
	return -EBADMSG;
}

static int unpack_need(json_t *json, struct trap *trap)
{
	const char *escaped;
	json_int_t rights, device, inode;
	_cleanup_free_ char *text = NULL;
	size_t length;
	struct need *need = &trap->needs[trap->needs_count];
	int type;

	if (json_unpack(json, "{s:s, s:i, s:I, s:I, s:I}", "object", &escaped,
			"type", &type, "rights", &rights, "device", &device,
			"inode", &inode))
		return -EBADMSG;
	if (unescape_string(escaped, &text, &length))
		return -EBADMSG;
	memset(need, 0, sizeof(*need));
	need->place = -1;
	if (strlen(text) != length ||
	    unpack_object(text, (enum object_type)type, (rights_t)rights,
			  &need->object))
		return -EBADMSG;
	trap->needs_count++;
	need->rights = (rights_t)rights;
	need->device = (dev_t)device;
	need->inode = (ino_t)inode;
	return 0;
}

int nest_message_parse_ask(const char *text, size_t length, uint64_t *ret_id,
			   struct trap *ret, char **ret_operation)
{
	_cleanup_json_ json_t *message = json_loadb(text, length, 0, NULL);
	int tid, reparents, exchanges, in_registers, modes[2];
	const char *operation;
	json_int_t id;
	json_t *needs;

	trap_init(ret);
	*ret_id = 0;
	*ret_operation = NULL;
	if (!message ||
	    json_unpack(message,
			"{s:I, s:i, s:s, s:o, s:b, s:b, s:b, s:i, s:i}", "id",
			&id, "tid", &tid, "operation", &operation, "needs",
			&needs, "reparents", &reparents, "exchanges",
			&exchanges, "in_registers", &in_registers, "mode0",
			&modes[0], "mode1", &modes[1]) ||
	    !json_is_array(needs) ||
	    json_array_size(needs) > REQUEST_ACCESSES_MAX)
		return -EBADMSG;
	*ret_id = (uint64_t)id;
	for (size_t i = 0; i < json_array_size(needs); i++) {
		const int error = unpack_need(json_array_get(needs, i), ret);

		if (error) {
			nest_message_finish(ret);
			return error;
		}
	}
	ret->tid = tid;
	ret->reparents = reparents;
	ret->exchanges = exchanges;
	ret->in_registers = in_registers;
	ret->pins[0].stat.st_mode = (mode_t)modes[0];
	ret->pins[1].stat.st_mode = (mode_t)modes[1];
	ret->exposed = 0;
	*ret_operation = strdup(operation);
	return *ret_operation ? 0 : -ENOMEM;
}

void nest_message_finish(struct trap *trap)
{
	for (size_t i = 0; i < trap->needs_count; i++)
		object_finish(&trap->needs[i].object);
	trap->needs_count = 0;
	trap_forget(trap);
}

static const char *const verdicts[] = {
	[VERDICT_NATIVE] = "native",
	[VERDICT_PERFORM] = "perform",
	[VERDICT_DENY] = "deny",
};

char *nest_message_reply(uint64_t id, enum verdict verdict, int error)
{
	_cleanup_json_ json_t *message =
		json_pack("{s:I, s:s, s:i}", "id", (json_int_t)id, "verdict",
			  verdicts[verdict], "error", -error);

	return message ? json_dumps(message, JSON_COMPACT) : NULL;
}

int nest_message_parse_reply(const char *text, size_t length, uint64_t *ret_id,
			     enum verdict *ret_verdict, int *ret_error)
{
	_cleanup_json_ json_t *message = json_loadb(text, length, 0, NULL);
	const char *verdict;
	json_int_t id;
	int error;

	if (!message ||
	    json_unpack(message, "{s:I, s:s, s:i}", "id", &id, "verdict",
			&verdict, "error", &error) ||
	    error < 0 || error > 4095)
		return -EBADMSG;
	for (size_t i = 0; i < ARRAY_SIZE(verdicts); i++) {
		if (!verdicts[i] || strcmp(verdicts[i], verdict))
			continue;
		*ret_id = (uint64_t)id;
		*ret_verdict = (enum verdict)i;
		*ret_error = error ? -error : -EACCES;
		return 0;
	}
	return -EBADMSG;
}
