/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where objects are in the trie of a ruleset. */
#include "core/ruleset_layout.h"

struct trie_key ruleset_key(const struct object *object, uint64_t *number)
{
	struct trie_key key = {
		.type = object->type,
		.bytes = (const char *)number,
		.length = sizeof(*number),
	};

	switch (object->type) {
	case OBJECT_PATH:
	case OBJECT_ABSTRACT:
		key.bytes = object->bytes;
		key.length = object->length;
		return key;
	case OBJECT_PORT:
		*number = object->port;
		break;
	case OBJECT_CAPABILITY:
		*number = object->capability;
		break;
	case OBJECT_NAMESPACE:
		*number = object->namespaces & -object->namespaces;
		break;
	case OBJECT_PROCESS:
		*number = object->pid;
		break;
	default:
		/* Sockets are all at their root. */
		key.length = 0;
		break;
	}
	if (object->any)
		key.length = 0;
	return key;
}
