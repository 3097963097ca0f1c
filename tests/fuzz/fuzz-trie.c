/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Keys of any type and bytes: each that was added is found as the node it was
 * given, its path is what it was, and what was never added is not found.
 *
 * The input is keys: type, length, bytes.
 */
#include <errno.h>
#include <stdbool.h>

#include "core/trie.h"
#include "fuzz.h"

#define KEYS_MAX 32

static bool same(const struct trie_key *a, const struct trie_key *b)
{
	return a->type == b->type && a->length == b->length &&
	       memcmp(a->bytes, b->bytes, a->length) == 0;
}

static bool take_key(const uint8_t **data, size_t *size, struct trie_key *ret)
{
	size_t length;

	if (*size < 2)
		return false;
	length = (*data)[1];
	*ret = (struct trie_key){.type = (*data)[0] % OBJECT_TYPES_};
	*data += 2;
	*size -= 2;
	if (length > *size)
		length = *size;
	/* What is a number has eight bytes. */
	if (ret->type != OBJECT_PATH && ret->type != OBJECT_ABSTRACT) {
		if (*size < 8)
			return false;
		length = 8;
	}
	ret->bytes = (const char *)*data;
	ret->length = length;
	*data += length;
	*size -= length;
	return true;
}

/* Returns: the node of a key, or TRIE_NONE. */
static uint32_t look_up(const struct trie *trie, struct trie_key key)
{
	uint32_t node = key.type;

	for (;;)
		switch (trie_step(trie, &key, &node)) {
		case TRIE_STEP:
			break;
		case TRIE_END:
			return node;
		default:
			return TRIE_NONE;
		}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct trie_key keys[KEYS_MAX];
	uint32_t nodes[KEYS_MAX];
	struct trie trie;
	size_t count = 0;

	FUZZ_CHECK(trie_init(&trie) == 0);
	while (count < KEYS_MAX && take_key(&data, &size, &keys[count])) {
		const struct trie_key *key = &keys[count];
		const int error = trie_add(&trie, *key, &nodes[count]);

		FUZZ_CHECK(error == 0 || error == -EINVAL);
		if (error == 0)
			count++;
		else
			FUZZ_CHECK(key->type == OBJECT_PATH);
	}
	for (size_t i = 0; i < count; i++) {
		FUZZ_CHECK(look_up(&trie, keys[i]) == nodes[i]);
		FUZZ_CHECK(trie_type(&trie, nodes[i]) == keys[i].type);
		for (size_t j = 0; j < i; j++)
			FUZZ_CHECK((nodes[i] == nodes[j]) ==
				   same(&keys[i], &keys[j]));
		if (keys[i].type == OBJECT_PATH) {
			char *path = trie_path(&trie, nodes[i]);

			FUZZ_CHECK(path && !path[keys[i].length] &&
				   memcmp(path, keys[i].bytes,
					  keys[i].length) == 0);
			free(path);
		}
	}
	trie_finish(&trie);
	return 0;
}
