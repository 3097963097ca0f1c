/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What outer and inner supervisors say to each other: see nest_message.h. */
#include "seccomp/nest_message.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/escape.h"

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

/* Of the mode only the kind is looked at, and that only of directories. */
static int mode_of(const struct accesses *accesses, unsigned int i)
{
	return accesses->directories[i] ? S_IFDIR : 0;
}

char *nest_message_ask(const struct nest_question *question)
{
	const struct accesses *accesses = &question->accesses;
	_cleanup_json_ json_t *needs = json_array();
	_cleanup_json_ json_t *message = NULL;

	for (size_t i = 0; i < accesses->count; i++)
		if (json_array_append_new(needs,
					  pack_need(&accesses->needs[i])))
			return NULL;
	message = json_pack(
		"{s:I, s:i, s:s, s:O, s:b, s:b, s:b, s:i, s:i}", "id",
		(json_int_t)question->id, "tid", (int)question->tid,
		"operation", question->operation, "needs", needs, "reparents",
		accesses->reparents, "exchanges", accesses->exchanges,
		"in_registers", question->in_registers, "mode0",
		mode_of(accesses, 0), "mode1", mode_of(accesses, 1));
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

static int unpack_need(json_t *json, struct accesses *accesses)
{
	const char *escaped;
	json_int_t rights, device, inode;
	_cleanup_free_ char *text = NULL;
	struct object object;
	struct need *need;
	size_t length;
	int type;

	if (json_unpack(json, "{s:s, s:i, s:I, s:I, s:I}", "object", &escaped,
			"type", &type, "rights", &rights, "device", &device,
			"inode", &inode))
		return -EBADMSG;
	if (unescape_string(escaped, &text, &length))
		return -EBADMSG;
	if (strlen(text) != length ||
	    unpack_object(text, (enum object_type)type, (rights_t)rights,
			  &object))
		return -EBADMSG;
	need = accesses_need(accesses, &object, (rights_t)rights);
	need->device = (dev_t)device;
	need->inode = (ino_t)inode;
	return 0;
}

static int unpack_needs(json_t *json, struct accesses *accesses)
{
	int error = 0;

	if (!json_is_array(json) ||
	    json_array_size(json) > REQUEST_ACCESSES_MAX)
		return -EBADMSG;
	for (size_t i = 0; !error && i < json_array_size(json); i++)
		error = unpack_need(json_array_get(json, i), accesses);
	return error;
}

int nest_message_parse_ask(const char *text, size_t length,
			   struct nest_question *ret)
{
	_cleanup_json_ json_t *message = json_loadb(text, length, 0, NULL);
	int tid, reparents, exchanges, in_registers, modes[2], error;
	const char *operation;
	json_int_t id;
	json_t *needs;

	*ret = (struct nest_question){0};
	accesses_init(&ret->accesses);
	if (!message ||
	    json_unpack(message,
			"{s:I, s:i, s:s, s:o, s:b, s:b, s:b, s:i, s:i}", "id",
			&id, "tid", &tid, "operation", &operation, "needs",
			&needs, "reparents", &reparents, "exchanges",
			&exchanges, "in_registers", &in_registers, "mode0",
			&modes[0], "mode1", &modes[1]))
		return -EBADMSG;
	ret->id = (uint64_t)id;
	ret->tid = tid;
	ret->in_registers = in_registers;
	ret->accesses.reparents = reparents;
	ret->accesses.exchanges = exchanges;
	for (unsigned int i = 0; i < 2; i++)
		ret->accesses.directories[i] = S_ISDIR((mode_t)modes[i]);
	error = unpack_needs(needs, &ret->accesses);
	if (!error) {
		ret->operation = strdup(operation);
		error = ret->operation ? 0 : -ENOMEM;
	}
	if (error)
		nest_question_finish(ret);
	return error;
}

void nest_question_finish(struct nest_question *question)
{
	struct accesses *accesses = &question->accesses;

	for (size_t i = 0; i < accesses->count; i++)
		object_finish(&accesses->needs[i].object);
	accesses_forget(accesses);
	free(question->operation);
	question->operation = NULL;
}

static const char *const actions[] = {
	[ACTION_NATIVE] = "native",
	[ACTION_PERFORM] = "perform",
	[ACTION_DENY] = "deny",
};

char *nest_message_reply(uint64_t id, enum action action, int error)
{
	_cleanup_json_ json_t *message =
		json_pack("{s:I, s:s, s:i}", "id", (json_int_t)id, "verdict",
			  actions[action], "error", -error);

	return message ? json_dumps(message, JSON_COMPACT) : NULL;
}

int nest_message_parse_reply(const char *text, size_t length, uint64_t *ret_id,
			     enum action *ret_action, int *ret_error)
{
	_cleanup_json_ json_t *message = json_loadb(text, length, 0, NULL);
	const char *verdict;
	json_int_t id;
	int error;

	if (!message ||
	    json_unpack(message, "{s:I, s:s, s:i}", "id", &id, "verdict",
			&verdict, "error", &error) ||
	    (uint32_t)error > 4095)
		return -EBADMSG;
	for (size_t i = 0; i < ARRAY_SIZE(actions); i++) {
		if (!actions[i] || strcmp(actions[i], verdict))
			continue;
		*ret_id = (uint64_t)id;
		*ret_action = (enum action)i;
		*ret_error = error ? -error : -EACCES;
		return 0;
	}
	return -EBADMSG;
}
