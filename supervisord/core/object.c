/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/object.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/cleanup.h"
#include "base/escape.h"
#include "base/text.h"
#include "core/object_names.h"
#include "core/pattern.h"

/* What each type is about, and how a person is told to write it. */
static const struct {
	rights_t rights;
	const char *expected;
} types[OBJECT_TYPES_] = {
	[OBJECT_PATH] = {RIGHTS_FS | RIGHT_SCOPE_PATHNAME_UNIX_SOCKET,
			 "an absolute path without \".\", \"..\" or \"//\""},
	[OBJECT_PORT] = {RIGHTS_NET,
			 "a port from 0 to 65535, or \"*\"; with an address "
			 "\"192.0.2.1:443\", \"192.0.2.0/24:443\" or "
			 "\"[2001:db8::1]:*\""},
	[OBJECT_ABSTRACT] = {RIGHT_SCOPE_ABSTRACT_UNIX_SOCKET,
			     "an abstract socket \"@NAME\" or \"@PREFIX*\""},
	[OBJECT_CAPABILITY] = {RIGHT_PERM_CAPABILITY_USE,
			       "a capability as \"CAP_NET_RAW\", or \"*\""},
	[OBJECT_NAMESPACE] = {RIGHT_PERM_NAMESPACE_ENTER,
			      "namespaces as \"user+mnt\", or \"*\""},
	[OBJECT_SOCKET] = {RIGHT_PERM_SOCKET_CREATE,
			   "FAMILY:TYPE:PROTOCOL as \"inet:stream:*\""},
	[OBJECT_PROCESS] = {RIGHT_SCOPE_SIGNAL | RIGHT_PTRACE,
			    "a process as \"pid:123\", or \"*\""},
	[OBJECT_PATTERN] = {RIGHTS_FS | RIGHT_SCOPE_PATHNAME_UNIX_SOCKET,
			    "a path with wildcards in it"},
};

rights_t object_rights(enum object_type type)
{
	return types[type].rights;
}

/* Whether a component of a path, which ends at '/' or NUL, is plain. */
static bool component_is_plain(const char *component, size_t length)
{
	return length > 0 && !(length == 1 && component[0] == '.') &&
	       !(length == 2 && component[0] == '.' && component[1] == '.');
}

static bool path_is_canonical(const char *path)
{
	if (path[0] != '/')
		return false;
	if (path[1] == '\0')
		return true;
	while (*path == '/') {
		const size_t length = strcspn(++path, "/");

		if (!component_is_plain(path, length))
			return false;
		path += length;
	}
	return true;
}

bool path_is_beneath(const char *path, const char *ancestor)
{
	const size_t length = strlen(ancestor);

	if (strcmp(ancestor, "/") == 0)
		return true;
	return strncmp(path, ancestor, length) == 0 &&
	       (path[length] == '/' || path[length] == '\0');
}

static int init_bytes(struct object *ret, enum object_type type,
		      const char *bytes, size_t length)
{
	char *const copy = malloc(length + 1);

	if (!copy)
		return -ENOMEM;
	memcpy(copy, bytes, length);
	copy[length] = '\0';
	*ret = (struct object){.type = type};
	ret->bytes = copy;
	ret->length = length;
	return 0;
}

int object_init_path(struct object *ret, const char *path)
{
	if (!path_is_canonical(path))
		return -EINVAL;
	return init_bytes(ret, OBJECT_PATH, path, strlen(path));
}

int object_init_pattern(struct object *ret, const char *pattern)
{
	struct pattern_problem problem;

	if (pattern_check(pattern, &problem) < 0)
		return -EINVAL;
	return init_bytes(ret, OBJECT_PATTERN, pattern, strlen(pattern));
}

bool object_be_pattern(struct object *object)
{
	struct pattern_problem problem;

	if (object->type != OBJECT_PATH ||
	    pattern_check(object->bytes, &problem) < 0)
		return false;
	object->type = OBJECT_PATTERN;
	return true;
}

int object_init_abstract(struct object *ret, const char *name, size_t length)
{
	return init_bytes(ret, OBJECT_ABSTRACT, name, length);
}

static bool owns_bytes(const struct object *object)
{
	return object->type == OBJECT_PATH || object->type == OBJECT_ABSTRACT ||
	       object->type == OBJECT_PATTERN;
}

int object_copy(struct object *ret, const struct object *object)
{
	int error;

	if (!owns_bytes(object) || !object->bytes) {
		*ret = *object;
		return 0;
	}
	error = init_bytes(ret, object->type, object->bytes, object->length);
	if (!error)
		ret->any = object->any;
	return error;
}

void object_finish(struct object *object)
{
	if (owns_bytes(object))
		free(object->bytes);
	*object = (struct object){0};
}

bool object_equal(const struct object *a, const struct object *b)
{
	if (a->type != b->type || a->any != b->any)
		return false;
	switch (a->type) {
	case OBJECT_PATH:
	case OBJECT_PATTERN:
	case OBJECT_ABSTRACT:
		return a->length == b->length &&
		       (a->length == 0 ||
			memcmp(a->bytes, b->bytes, a->length) == 0);
	case OBJECT_PORT:
		return network_equal(&a->network, &b->network) &&
		       (a->any || a->port == b->port);
	case OBJECT_CAPABILITY:
		return a->any || a->capability == b->capability;
	case OBJECT_NAMESPACE:
		return a->any || a->namespaces == b->namespaces;
	case OBJECT_SOCKET:
		return a->family == b->family &&
		       a->socket_type == b->socket_type &&
		       a->protocol == b->protocol;
	case OBJECT_PROCESS:
		return a->any || a->pid == b->pid;
	case OBJECT_TYPES_:
		break;
	}
	return false;
}

/* FNV-1a: short keys, and not a table that an attacker fills. */
static uint64_t hash_bytes(uint64_t hash, const void *bytes, size_t length)
{
	const unsigned char *const in = bytes;

	for (size_t i = 0; i < length; i++)
		hash = (hash ^ in[i]) * UINT64_C(0x100000001b3);
	return hash;
}

static uint64_t hash_number(uint64_t hash, int64_t number)
{
	return hash_bytes(hash, &number, sizeof(number));
}

uint64_t object_hash(const struct object *object)
{
	uint64_t hash = hash_number(UINT64_C(0xcbf29ce484222325),
				    object->type * 2 + object->any);

	if (owns_bytes(object))
		return hash_bytes(hash, object->bytes, object->length);
	if (object->type == OBJECT_SOCKET) {
		hash = hash_number(hash, object->family);
		hash = hash_number(hash, object->socket_type);
		return hash_number(hash, object->protocol);
	}
	if (object->type == OBJECT_PORT && object->network.family)
		hash = hash_bytes(hash, &object->network,
				  sizeof(object->network));
	if (object->any)
		return hash;
	switch (object->type) {
	case OBJECT_PORT:
		return hash_number(hash, object->port);
	case OBJECT_CAPABILITY:
		return hash_number(hash, object->capability);
	case OBJECT_NAMESPACE:
		return hash_number(hash, object->namespaces);
	default:
		return hash_number(hash, object->pid);
	}
}

static void format_abstract(FILE *out, const struct object *object)
{
	const char *const bytes = object->bytes;
	const size_t length = object->length;

	fputc('@', out);
	for (size_t i = 0; i < length;) {
		const size_t size = utf8_decode(bytes + i, length - i, NULL);
		const bool asterisk = bytes[i] == '*' && i + 1 == length;

		if (size == 0 || bytes[i] == '\0' || bytes[i] == '\\' ||
		    asterisk) {
			fprintf(out, "\\x%02x", (unsigned char)bytes[i]);
			i++;
		} else {
			fwrite(bytes + i, 1, size, out);
			i += size;
		}
	}
	if (object->any)
		fputc('*', out);
}

/* In front of the port. */
static void format_network(FILE *out, const struct network *network)
{
	if (network->family == AF_INET6)
		fputc('[', out);
	network_format(out, network);
	fputs(network->family == AF_INET6 ? "]:" : ":", out);
}

static void format_number(FILE *out, const char *prefix, bool any,
			  int64_t number)
{
	if (any)
		fputc('*', out);
	else
		fprintf(out, "%s%" PRId64, prefix, number);
}

char *object_format(const struct object *object)
{
	char *text = NULL;
	size_t size = 0;
	FILE *const out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	switch (object->type) {
	case OBJECT_PATH:
	case OBJECT_PATTERN:
		fwrite(object->bytes, 1, object->length, out);
		break;
	case OBJECT_PORT:
		if (object->network.family)
			format_network(out, &object->network);
		format_number(out, "", object->any, object->port);
		break;
	case OBJECT_ABSTRACT:
		format_abstract(out, object);
		break;
	case OBJECT_CAPABILITY:
		if (object->any)
			fputc('*', out);
		else
			capability_format(out, object->capability);
		break;
	case OBJECT_NAMESPACE:
		if (object->any)
			fputc('*', out);
		else
			namespaces_format(out, object->namespaces);
		break;
	case OBJECT_SOCKET:
		socket_format(out, object->family, object->socket_type,
			      object->protocol);
		break;
	case OBJECT_PROCESS:
		format_number(out, "pid:", object->any, object->pid);
		break;
	case OBJECT_TYPES_:
		break;
	}
	return text_finish(out, &text);
}

static int parse_path(const char *text, struct object *ret, bool *ret_beneath)
{
	_cleanup_free_ char *path = strdup(text);
	bool beneath = true;
	size_t length;
	int error;

	if (!path)
		return -ENOMEM;
	length = strlen(path);
	if (length >= 2 && strcmp(path + length - 2, "/$") == 0) {
		beneath = false;
		path[--length] = '\0';
	}
	if (length > 1 && path[length - 1] == '/')
		path[length - 1] = '\0';
	error = object_init_path(ret, path);
	if (!error)
		*ret_beneath = beneath;
	return error;
}

static int parse_abstract(const char *text, struct object *ret)
{
	const size_t text_length = strlen(text);
	_cleanup_free_ char *name = NULL, *bytes = NULL;
	size_t length;
	bool prefix;
	int error;

	if (strcmp(text, "*") == 0)
		text = "@*";
	else if (text_length < 2 || text[0] != '@')
		return -EINVAL;
	name = strdup(text + 1);
	if (!name)
		return -ENOMEM;
	prefix = name[strlen(name) - 1] == '*';
	if (prefix)
		name[strlen(name) - 1] = '\0';
	error = unescape_string(name, &bytes, &length);
	if (!error)
		error = object_init_abstract(ret, bytes, length);
	if (!error)
		ret->any = prefix;
	return error;
}

/*
 * What stands before a port: an address or its prefix, an IPv6 one in brackets.
 * Returns: where the port begins, or NULL.
 */
static const char *parse_network(const char *text, struct network *ret)
{
	const bool bracketed = text[0] == '[';
	const char *end = bracketed ? strstr(text, "]:") : strchr(text, ':');
	_cleanup_free_ char *network = NULL;

	if (!end)
		return bracketed ? NULL : text;
	network = strndup(text + bracketed, (size_t)(end - text - bracketed));
	if (!network || network_parse(network, ret) < 0)
		return NULL;
	return end + 1 + bracketed;
}

static int parse_port(const char *text, struct object *ret)
{
	const char *port = parse_network(text, &ret->network);
	int64_t number = 0;

	if (!port)
		return -EINVAL;
	ret->any = strcmp(port, "*") == 0;
	if (!ret->any && number_parse(port, UINT16_MAX, &number) < 0)
		return -EINVAL;
	ret->port = (uint16_t)number;
	return 0;
}

/* Types whose object is one number, or "*". */
static int parse_number(const char *text, struct object *ret)
{
	const bool any = strcmp(text, "*") == 0;
	int64_t number = 0;

	switch (ret->type) {
	case OBJECT_CAPABILITY:
		if (!any && capability_parse(text, &ret->capability) < 0)
			return -EINVAL;
		break;
	case OBJECT_NAMESPACE:
		if (!any && namespaces_parse(text, &ret->namespaces) < 0)
			return -EINVAL;
		break;
	default:
		if (!any && strncmp(text, "pid:", 4) != 0)
			return -EINVAL;
		if (!any && (number_parse(text + 4, INT32_MAX, &number) < 0 ||
			     number == 0))
			return -EINVAL;
		ret->pid = number;
		break;
	}
	ret->any = any;
	return 0;
}

/* The type that a text looks like; the rights may suit several. */
static enum object_type guess_type(const char *text, rights_t rights)
{
	enum object_type type;

	if (text[0] == '/' || text[0] == '.' || text[0] == '~')
		type = OBJECT_PATH;
	else if (text[0] == '@')
		type = OBJECT_ABSTRACT;
	else
		type = OBJECT_PORT;
	if (types[type].rights & rights)
		return type;
	for (type = 0; type < OBJECT_TYPES_; type++)
		if (types[type].rights & rights)
			break;
	return type;
}

int object_parse(const char *text, rights_t rights, struct object *ret,
		 bool *ret_beneath, const char **ret_expected)
{
	const enum object_type type = guess_type(text, rights);
	struct object object = {.type = type};
	bool beneath = false;
	int error;

	if (type == OBJECT_TYPES_) {
		*ret_expected = "a right";
		return -EINVAL;
	}
	if (type == OBJECT_PATH)
		error = parse_path(text, &object, &beneath);
	else if (type == OBJECT_ABSTRACT)
		error = parse_abstract(text, &object);
	else if (type == OBJECT_PORT)
		error = parse_port(text, &object);
	else if (type == OBJECT_SOCKET)
		error = socket_parse(text, &object.family, &object.socket_type,
				     &object.protocol);
	else
		error = parse_number(text, &object);
	if (error == -EINVAL)
		*ret_expected = types[type].expected;
	if (error)
		return error;
	*ret = object;
	*ret_beneath = beneath;
	return 0;
}
