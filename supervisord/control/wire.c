/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Wire forms: the core's values as D-Bus messages.
 */
#include "control/wire.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/param.h>

#include "base/cleanup.h"
#include "control/wire_parts.h"
#include "supervision/strings.h"

/* An address for a person, and the network; see pack_peer(). */
#define PEER_BYTES \
	(sizeof(((struct object *)0)->address) + sizeof(struct network))

int wire_append_bytes(sd_bus_message *m, const char *string)
{
	return sd_bus_message_append_array(m, 'y', string ? string : "",
					   string ? strlen(string) : 0);
}

static int read_array(sd_bus_message *m, const char **ret, size_t *ret_length)
{
	const void *bytes = NULL;
	size_t length = 0;

	TRY(wire_some(sd_bus_message_read_array(m, 'y', &bytes, &length)));
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
	int result;

	if (!strings)
		return -ENOMEM;
	result = wire_some(sd_bus_message_enter_container(m, 'a', "ay"));
	while (result > 0 && (result = sd_bus_message_at_end(m, 0)) == 0) {
		longer = reallocarray(strings, count + 2, sizeof(*strings));
		result = longer ? 1 : -ENOMEM;
		if (longer)
			strings = longer;
		if (result > 0 && count == WIRE_STRINGS_MAX)
			result = -E2BIG;
		if (result > 0)
			result = wire_read_bytes(m, &strings[count]);
		if (result < 0)
			break;
		strings[++count] = NULL;
		result = 1;
	}
	if (result >= 0)
		result = sd_bus_message_exit_container(m);
	if (result < 0) {
		strings_free(strings);
		return result;
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

/*
 * The text of an address and, behind its NUL, the network, which is longer than
 * what a version without networks takes: it would take a rule about some
 * addresses for one about all.
 * Returns: how many bytes.
 */
static size_t pack_peer(const struct object *object, char ret[PEER_BYTES])
{
	const size_t length =
		strnlen(object->address, sizeof(object->address) - 1);

	memset(ret, 0, PEER_BYTES);
	memcpy(ret, object->address, length);
	if (!object->network.family)
		return length;
	memcpy(ret + sizeof(object->address), &object->network,
	       sizeof(object->network));
	return PEER_BYTES;
}

/* Returns: 0 or -EINVAL. */
static int unpack_peer(struct object *ret, const char *bytes, size_t length)
{
	memcpy(ret->address, bytes, MIN(length, sizeof(ret->address) - 1));
	if (length < sizeof(ret->address))
		return 0;
	if (length != PEER_BYTES)
		return -EINVAL;
	memcpy(&ret->network, bytes + sizeof(ret->address),
	       sizeof(ret->network));
	return network_is_canonical(&ret->network) ? 0 : -EINVAL;
}

int wire_append_object(sd_bus_message *m, const struct object *object)
{
	const char *bytes = "";
	char peer[PEER_BYTES];
	int64_t numbers[3];
	size_t length = 0;

	if (object->type == OBJECT_PATH || object->type == OBJECT_PATTERN ||
	    object->type == OBJECT_ABSTRACT) {
		bytes = object->bytes ? object->bytes : "";
		length = object->length;
	} else if (object->type == OBJECT_PORT) {
		length = pack_peer(object, peer);
		bytes = peer;
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
	case OBJECT_PATTERN:
		if (length == 0 || memchr(bytes, '\0', length))
			return -EINVAL;
		path = strndup(bytes, length);
		return path ? object_init_pattern(ret, path) : -ENOMEM;
	case OBJECT_ABSTRACT:
		return object_init_abstract(ret, bytes, length);
	case OBJECT_PORT:
		if (numbers[0] < 0 || numbers[0] > UINT16_MAX)
			return -EINVAL;
		ret->port = (uint16_t)numbers[0];
		return unpack_peer(ret, bytes, length);
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

int wire_read_object(sd_bus_message *m, struct object *ret)
{
	struct object object = {0};
	int64_t numbers[3];
	const char *bytes;
	size_t length;
	uint8_t type;
	int any;

	TRY(wire_some(sd_bus_message_enter_container(m, 'r', "yayxxxb")));
	TRY(wire_some(sd_bus_message_read(m, "y", &type)));
	TRY(read_array(m, &bytes, &length));
	TRY(wire_some(sd_bus_message_read(m, "xxxb", &numbers[0], &numbers[1],
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
	TRY(wire_append_object(m, &rule->object));
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
	TRY(wire_read_object(m, &rule->object));
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
	struct rule rule = {0};
	int result;

	result = wire_some(sd_bus_message_enter_container(
		m, 'r', "yyt" BUS_OBJECT "bxtxayay"));
	if (result > 0)
		result = read_rule(m, &rule);
	if (result >= 0)
		result = sd_bus_message_exit_container(m);
	if (result < 0) {
		rule_finish(&rule);
		return result;
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
	struct rules rules = {0};
	struct rule rule;
	int result;

	result = wire_some(sd_bus_message_enter_container(m, 'a', BUS_RULE));
	while (result > 0 && (result = sd_bus_message_at_end(m, 0)) == 0) {
		result = rules.count == WIRE_RULES_MAX
				 ? -E2BIG
				 : wire_read_rule(m, &rule);
		if (result < 0)
			break;
		result = rules_take(&rules, &rule);
		if (result < 0) {
			rule_finish(&rule);
			break;
		}
		result = 1;
	}
	if (result >= 0)
		result = sd_bus_message_exit_container(m);
	if (result < 0) {
		rules_finish(&rules);
		return result;
	}
	*ret = rules;
	return 0;
}
