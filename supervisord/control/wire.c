/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Wire forms: the core's values as D-Bus messages.
 */
#include "control/wire.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "supervision/strings.h"

#define TRY(expression)                        \
	do {                                   \
		const int try_ = (expression); \
		if (try_ < 0)                  \
			return try_;           \
	} while (0)

/* sd-bus says 0 where the message or the array ends. */
static int some(int r)
{
	return r == 0 ? -EBADMSG : r;
}

int wire_append_bytes(sd_bus_message *m, const char *string)
{
	return sd_bus_message_append_array(m, 'y', string ? string : "",
					   string ? strlen(string) : 0);
}

static int read_array(sd_bus_message *m, const char **ret, size_t *ret_length)
{
	const void *bytes = NULL;
	size_t length = 0;

	TRY(some(sd_bus_message_read_array(m, 'y', &bytes, &length)));
	*ret = bytes;
	*ret_length = length;
	return 0;
}

int wire_read_bytes(sd_bus_message *m, char **ret)
{
	const char *bytes;
	size_t length;
	char *string;

	TRY(read_array(m, &bytes, &length));
	if (length > 0 && memchr(bytes, '\0', length))
		return -EINVAL;
	string = strndup(length > 0 ? bytes : "", length);
	if (!string)
		return -ENOMEM;
	*ret = string;
	return 0;
}

int wire_append_strings(sd_bus_message *m, const char *const *strings)
{
	TRY(sd_bus_message_open_container(m, 'a', "ay"));
	for (; strings && *strings; strings++)
		TRY(wire_append_bytes(m, *strings));
	return sd_bus_message_close_container(m);
}

int wire_read_strings(sd_bus_message *m, char ***ret)
{
	char **strings = calloc(1, sizeof(*strings)), **longer;
	size_t count = 0;
	int r;

	if (!strings)
		return -ENOMEM;
	r = some(sd_bus_message_enter_container(m, 'a', "ay"));
	while (r > 0 && (r = sd_bus_message_at_end(m, 0)) == 0) {
		longer = reallocarray(strings, count + 2, sizeof(*strings));
		r = longer ? 1 : -ENOMEM;
		if (longer)
			strings = longer;
		if (r > 0 && count == WIRE_STRINGS_MAX)
			r = -E2BIG;
		if (r > 0)
			r = wire_read_bytes(m, &strings[count]);
		if (r < 0)
			break;
		strings[++count] = NULL;
		r = 1;
	}
	if (r >= 0)
		r = sd_bus_message_exit_container(m);
	if (r < 0) {
		strings_free(strings);
		return r;
	}
	*ret = strings;
	return 0;
}

/* The numbers of an object, as three of the wire. */
static void object_numbers(const struct object *object, int64_t ret[3])
{
	memset(ret, 0, 3 * sizeof(*ret));
	switch (object->type) {
	case OBJECT_PORT:
		ret[0] = object->port;
		break;
	case OBJECT_CAPABILITY:
		ret[0] = object->capability;
		break;
	case OBJECT_NAMESPACE:
		ret[0] = (int64_t)object->namespaces;
		break;
	case OBJECT_SOCKET:
		ret[0] = object->family;
		ret[1] = object->socket_type;
		ret[2] = object->protocol;
		break;
	case OBJECT_PROCESS:
		ret[0] = object->pid;
		break;
	default:
		break;
	}
}

static int append_object(sd_bus_message *m, const struct object *object)
{
	const char *bytes = "";
	int64_t numbers[3];
	size_t length = 0;

	if (object->type == OBJECT_PATH || object->type == OBJECT_ABSTRACT) {
		bytes = object->bytes ? object->bytes : "";
		length = object->length;
	} else if (object->type == OBJECT_PORT) {
		bytes = object->address;
		length = strnlen(bytes, sizeof(object->address));
	}
	object_numbers(object, numbers);
	TRY(sd_bus_message_open_container(m, 'r', "yayxxxb"));
	TRY(sd_bus_message_append(m, "y", (uint8_t)object->type));
	TRY(sd_bus_message_append_array(m, 'y', bytes, length));
	TRY(sd_bus_message_append(m, "xxxb", numbers[0], numbers[1], numbers[2],
				  (int)object->any));
	return sd_bus_message_close_container(m);
}

static bool fits_int(int64_t number)
{
	return number >= INT_MIN && number <= INT_MAX;
}

/* Makes an object of what was on the wire. */
static int make_object(struct object *ret, uint8_t type, const char *bytes,
		       size_t length, const int64_t numbers[3])
{
	_cleanup_free_ char *path = NULL;

	if (type != OBJECT_NAMESPACE &&
	    (!fits_int(numbers[0]) || !fits_int(numbers[1]) ||
	     !fits_int(numbers[2])))
		return -EINVAL;
	ret->type = type;
	switch ((enum object_type)type) {
	case OBJECT_PATH:
		if (length == 0 || memchr(bytes, '\0', length))
			return -EINVAL;
		path = strndup(bytes, length);
		return path ? object_init_path(ret, path) : -ENOMEM;
	case OBJECT_ABSTRACT:
		return object_init_abstract(ret, bytes, length);
	case OBJECT_PORT:
		if (numbers[0] < 0 || numbers[0] > UINT16_MAX ||
		    length >= sizeof(ret->address))
			return -EINVAL;
		ret->port = (uint16_t)numbers[0];
		memcpy(ret->address, bytes, length);
		return 0;
	case OBJECT_CAPABILITY:
		ret->capability = (int)numbers[0];
		return 0;
	case OBJECT_NAMESPACE:
		ret->namespaces = (uint64_t)numbers[0];
		return 0;
	case OBJECT_SOCKET:
		ret->family = (int)numbers[0];
		ret->socket_type = (int)numbers[1];
		ret->protocol = (int)numbers[2];
		return 0;
	case OBJECT_PROCESS:
		ret->pid = (pid_t)numbers[0];
		return 0;
	case OBJECT_TYPES_:
		break;
	}
	return -EINVAL;
}

static int read_object(sd_bus_message *m, struct object *ret)
{
	struct object object = {};
	int64_t numbers[3];
	const char *bytes;
	size_t length;
	uint8_t type;
	int any;

	TRY(some(sd_bus_message_enter_container(m, 'r', "yayxxxb")));
	TRY(some(sd_bus_message_read(m, "y", &type)));
	TRY(read_array(m, &bytes, &length));
	TRY(some(sd_bus_message_read(m, "xxxb", &numbers[0], &numbers[1],
				     &numbers[2], &any)));
	TRY(sd_bus_message_exit_container(m));
	TRY(make_object(&object, type, length ? bytes : "", length, numbers));
	object.any = any;
	*ret = object;
	return 0;
}

int wire_append_rule(sd_bus_message *m, const struct rule *rule)
{
	TRY(sd_bus_message_open_container(m, 'r', "yyt" BUS_OBJECT "bxtxayay"));
	TRY(sd_bus_message_append(m, "yyt", (uint8_t)rule->layer,
				  (uint8_t)rule->effect, rule->rights));
	TRY(append_object(m, &rule->object));
	TRY(sd_bus_message_append(m, "bxtx", (int)rule->beneath,
				  (int64_t)rule->pid, rule->pid_start,
				  rule->expires));
	TRY(wire_append_bytes(m, rule->origin));
	TRY(wire_append_bytes(m, rule->id));
	return sd_bus_message_close_container(m);
}

/* Reads into a rule that the caller finishes, also after a failure. */
static int read_rule(sd_bus_message *m, struct rule *rule)
{
	uint8_t layer, effect;
	int64_t pid;
	int beneath;

	TRY(sd_bus_message_read(m, "yyt", &layer, &effect, &rule->rights));
	if (layer >= LAYERS_ || effect >= EFFECTS_)
		return -EINVAL;
	rule->layer = layer;
	rule->effect = effect;
	TRY(read_object(m, &rule->object));
	TRY(sd_bus_message_read(m, "bxtx", &beneath, &pid, &rule->pid_start,
				&rule->expires));
	rule->beneath = beneath;
	if (pid < 0 || pid > INT_MAX)
		return -EINVAL;
	rule->pid = (pid_t)pid;
	TRY(wire_read_bytes(m, &rule->origin));
	TRY(wire_read_bytes(m, &rule->id));
	if (rule->id[0] == '\0') {
		free(rule->id);
		rule->id = NULL;
	}
	return 0;
}

int wire_read_rule(sd_bus_message *m, struct rule *ret)
{
	struct rule rule = {};
	int r;

	r = some(sd_bus_message_enter_container(m, 'r',
						"yyt" BUS_OBJECT "bxtxayay"));
	if (r > 0)
		r = read_rule(m, &rule);
	if (r >= 0)
		r = sd_bus_message_exit_container(m);
	if (r < 0) {
		rule_finish(&rule);
		return r;
	}
	*ret = rule;
	return 0;
}

int wire_append_rules(sd_bus_message *m, const struct rules *rules)
{
	TRY(sd_bus_message_open_container(m, 'a', BUS_RULE));
	for (size_t i = 0; i < rules->count; i++)
		TRY(wire_append_rule(m, &rules->items[i]));
	return sd_bus_message_close_container(m);
}

int wire_read_rules(sd_bus_message *m, struct rules *ret)
{
	struct rules rules = {};
	struct rule rule;
	int r;

	r = some(sd_bus_message_enter_container(m, 'a', BUS_RULE));
	while (r > 0 && (r = sd_bus_message_at_end(m, 0)) == 0) {
		r = rules.count == WIRE_RULES_MAX ? -E2BIG
						  : wire_read_rule(m, &rule);
		if (r < 0)
			break;
		r = rules_take(&rules, &rule);
		if (r < 0) {
			rule_finish(&rule);
			break;
		}
		r = 1;
	}
	if (r >= 0)
		r = sd_bus_message_exit_container(m);
	if (r < 0) {
		rules_finish(&rules);
		return r;
	}
	*ret = rules;
	return 0;
}

#define REQUEST_CONTENTS "ttxxtuayaya(xay)aya" BUS_ACCESS

static int append_ancestors(sd_bus_message *m, const struct subject *subject)
{
	TRY(sd_bus_message_open_container(m, 'a', "(xay)"));
	for (size_t i = 0; i < subject->ancestors_count; i++) {
		const struct ancestor *ancestor = &subject->ancestors[i];

		TRY(sd_bus_message_open_container(m, 'r', "xay"));
		TRY(sd_bus_message_append(m, "x", (int64_t)ancestor->pid));
		TRY(wire_append_bytes(m, ancestor->exe));
		TRY(sd_bus_message_close_container(m));
	}
	return sd_bus_message_close_container(m);
}

static int append_accesses(sd_bus_message *m, const struct request *request)
{
	TRY(sd_bus_message_open_container(m, 'a', BUS_ACCESS));
	for (size_t i = 0; i < request->accesses_count; i++) {
		const struct access *access = &request->accesses[i];

		TRY(sd_bus_message_open_container(m, 'r', BUS_OBJECT "t"));
		TRY(append_object(m, &access->object));
		TRY(sd_bus_message_append(m, "t", access->missing));
		TRY(sd_bus_message_close_container(m));
	}
	return sd_bus_message_close_container(m);
}

int wire_append_request(sd_bus_message *m, const struct request *request)
{
	const struct subject *subject = &request->subject;

	TRY(sd_bus_message_open_container(m, 'r', REQUEST_CONTENTS));
	TRY(sd_bus_message_append(m, "ttxxtu", request->id, request->generation,
				  (int64_t)subject->pid, (int64_t)subject->tid,
				  subject->pid_start, (uint32_t)subject->uid));
	TRY(wire_append_bytes(m, subject->exe));
	TRY(wire_append_bytes(m, subject->comm));
	TRY(append_ancestors(m, subject));
	TRY(wire_append_bytes(m, request->operation));
	TRY(append_accesses(m, request));
	return sd_bus_message_close_container(m);
}

static int read_ancestors(sd_bus_message *m, struct subject *subject)
{
	TRY(some(sd_bus_message_enter_container(m, 'a', "(xay)")));
	while (sd_bus_message_at_end(m, 0) == 0) {
		struct ancestor *ancestor;
		int64_t pid;

		if (subject->ancestors_count == REQUEST_ANCESTORS_MAX)
			return -E2BIG;
		ancestor = &subject->ancestors[subject->ancestors_count];
		TRY(some(sd_bus_message_enter_container(m, 'r', "xay")));
		TRY(sd_bus_message_read(m, "x", &pid));
		ancestor->pid = (pid_t)pid;
		TRY(wire_read_bytes(m, &ancestor->exe));
		subject->ancestors_count++;
		TRY(sd_bus_message_exit_container(m));
	}
	return sd_bus_message_exit_container(m);
}

static int read_accesses(sd_bus_message *m, struct request *request)
{
	TRY(some(sd_bus_message_enter_container(m, 'a', BUS_ACCESS)));
	while (sd_bus_message_at_end(m, 0) == 0) {
		struct access *access;

		if (request->accesses_count == REQUEST_ACCESSES_MAX)
			return -E2BIG;
		access = &request->accesses[request->accesses_count];
		TRY(some(sd_bus_message_enter_container(m, 'r',
							BUS_OBJECT "t")));
		TRY(read_object(m, &access->object));
		request->accesses_count++;
		TRY(sd_bus_message_read(m, "t", &access->missing));
		TRY(sd_bus_message_exit_container(m));
	}
	if (request->accesses_count == 0)
		return -EINVAL;
	return sd_bus_message_exit_container(m);
}

/* Reads into a request that the caller finishes, also after a failure. */
static int read_request(sd_bus_message *m, struct request *request)
{
	struct subject *subject = &request->subject;
	int64_t pid, tid;
	uint32_t uid;

	TRY(sd_bus_message_read(m, "ttxxtu", &request->id, &request->generation,
				&pid, &tid, &subject->pid_start, &uid));
	subject->pid = (pid_t)pid;
	subject->tid = (pid_t)tid;
	subject->uid = uid;
	TRY(wire_read_bytes(m, &subject->exe));
	TRY(wire_read_bytes(m, &subject->comm));
	TRY(read_ancestors(m, subject));
	TRY(wire_read_bytes(m, &request->operation));
	return read_accesses(m, request);
}

int wire_read_request(sd_bus_message *m, struct request *ret)
{
	struct request request = {};
	int r;

	r = some(sd_bus_message_enter_container(m, 'r', REQUEST_CONTENTS));
	if (r > 0)
		r = read_request(m, &request);
	if (r >= 0)
		r = sd_bus_message_exit_container(m);
	if (r < 0) {
		request_finish(&request);
		return r;
	}
	*ret = request;
	return 0;
}

int wire_append_decision(sd_bus_message *m, const struct decision *decision)
{
	TRY(sd_bus_message_open_container(m, 'r', "yyxaytay"));
	TRY(sd_bus_message_append(m, "yyx", (uint8_t)decision->outcome,
				  (uint8_t)decision->lifetime,
				  decision->until));
	TRY(wire_append_bytes(m, decision->beneath));
	TRY(sd_bus_message_append(m, "t", decision->rights));
	TRY(wire_append_bytes(m, decision->agent));
	return sd_bus_message_close_container(m);
}

/* An empty scope is the objects themselves. */
static int read_beneath(sd_bus_message *m, char **ret)
{
	_cleanup_free_ char *beneath = NULL;
	struct object object = {};

	TRY(wire_read_bytes(m, &beneath));
	if (beneath[0] == '\0')
		return 0;
	TRY(object_init_path(&object, beneath));
	object_finish(&object);
	*ret = beneath;
	beneath = NULL;
	return 0;
}

static int read_decision(sd_bus_message *m, struct decision *decision)
{
	uint8_t outcome, lifetime;

	TRY(sd_bus_message_read(m, "yyx", &outcome, &lifetime,
				&decision->until));
	if (outcome > OUTCOME_ALLOW || lifetime >= LIFETIMES_)
		return -EINVAL;
	decision->outcome = outcome;
	decision->lifetime = lifetime;
	TRY(read_beneath(m, &decision->beneath));
	TRY(sd_bus_message_read(m, "t", &decision->rights));
	return wire_read_bytes(m, &decision->agent);
}

int wire_read_decision(sd_bus_message *m, struct decision *ret)
{
	struct decision decision = {};
	int r;

	r = some(sd_bus_message_enter_container(m, 'r', "yyxaytay"));
	if (r > 0)
		r = read_decision(m, &decision);
	if (r >= 0)
		r = sd_bus_message_exit_container(m);
	if (r < 0) {
		decision_finish(&decision);
		return r;
	}
	*ret = decision;
	return 0;
}
