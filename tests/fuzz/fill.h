/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Messages of the right form with any values: the input chooses them.
 */
#pragma once

#include <stdbool.h>
#include <systemd/sd-bus.h>

#include "fuzz.h"

#define BYTES_MAX 64
#define ITEMS_MAX 4

struct input {
	const uint8_t *data;
	size_t size;
};

static inline uint64_t take(struct input *input, size_t bytes)
{
	uint64_t value = 0;

	if (bytes > input->size)
		bytes = input->size;
	memcpy(&value, input->data, bytes);
	input->data += bytes;
	input->size -= bytes;
	return value;
}

/* The end of the type that starts here. */
static inline const char *type_end(const char *type)
{
	int depth = 0;

	while (*type == 'a')
		type++;
	do {
		depth += (*type == '(') - (*type == ')');
		type++;
	} while (depth > 0);
	return type;
}

static inline void fill(sd_bus_message *m, const char *types, const char *end,
			struct input *input);

static inline void fill_array(sd_bus_message *m, const char *type,
			      const char *end, struct input *input)
{
	char *element = strndup(type, (size_t)(end - type));
	const size_t most = *type == 'y' ? BYTES_MAX : ITEMS_MAX;
	const size_t count = take(input, 1) % (most + 1);

	FUZZ_CHECK(sd_bus_message_open_container(m, 'a', element) >= 0);
	for (size_t i = 0; i < count; i++)
		fill(m, type, end, input);
	FUZZ_CHECK(sd_bus_message_close_container(m) >= 0);
	free(element);
}

static inline void fill_struct(sd_bus_message *m, const char *type,
			       const char *end, struct input *input)
{
	char *members = strndup(type + 1, (size_t)(end - type - 2));

	FUZZ_CHECK(sd_bus_message_open_container(m, 'r', members) >= 0);
	fill(m, members, members + strlen(members), input);
	FUZZ_CHECK(sd_bus_message_close_container(m) >= 0);
	free(members);
}

static inline void fill_number(sd_bus_message *m, char type,
			       struct input *input)
{
	/* Small numbers mean something more often. */
	const bool wide = type != 'b' && take(input, 1) % 4 == 0;
	const uint64_t number = take(input, wide ? 8 : 1);
	const int boolean = number & 1;

	FUZZ_CHECK(sd_bus_message_append_basic(
			   m, type,
			   type == 'b' ? (const void *)&boolean
				       : (const void *)&number) >= 0);
}

static inline void fill(sd_bus_message *m, const char *types, const char *end,
			struct input *input)
{
	while (types < end) {
		const char *next = type_end(types);

		if (*types == 'a')
			fill_array(m, types + 1, next, input);
		else if (*types == '(')
			fill_struct(m, types, next, input);
		else
			fill_number(m, *types, input);
		types = next;
	}
}
