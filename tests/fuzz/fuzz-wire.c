/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Messages of the right form with any values: what a reader takes for a value
 * of the core comes back the same after it was written again. (What is not even
 * of the form, sd-bus and the gate refuse.)
 *
 * The first byte chooses the value, the rest fills it.
 */
#include <stdbool.h>
#include <unistd.h>

#include "control/wire.h"
#include "fuzz.h"

#define BYTES_MAX 64
#define ITEMS_MAX 4

struct input {
	const uint8_t *data;
	size_t size;
};

static uint64_t take(struct input *input, size_t bytes)
{
	uint64_t value = 0;

	if (bytes > input->size)
		bytes = input->size;
	memcpy(&value, input->data, bytes);
	input->data += bytes;
	input->size -= bytes;
	return value;
}

static sd_bus_message *message(void)
{
	static sd_bus *bus;
	sd_bus_message *m;
	int ends[2];

	if (!bus) {
		FUZZ_CHECK(pipe(ends) == 0);
		FUZZ_CHECK(sd_bus_new(&bus) >= 0);
		FUZZ_CHECK(sd_bus_set_fd(bus, ends[0], ends[1]) >= 0);
		FUZZ_CHECK(sd_bus_start(bus) >= 0);
	}
	FUZZ_CHECK(sd_bus_message_new_method_call(bus, &m, NULL, "/a", "a.b",
						  "c") >= 0);
	return m;
}

static void seal(sd_bus_message *m)
{
	FUZZ_CHECK(sd_bus_message_seal(m, 1, 0) >= 0);
	FUZZ_CHECK(sd_bus_message_rewind(m, 1) >= 0);
}

/* The end of the type that starts here. */
static const char *type_end(const char *type)
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

static void fill(sd_bus_message *m, const char *types, const char *end,
		 struct input *input);

static void fill_array(sd_bus_message *m, const char *type, const char *end,
		       struct input *input)
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

static void fill_struct(sd_bus_message *m, const char *type, const char *end,
			struct input *input)
{
	char *members = strndup(type + 1, (size_t)(end - type - 2));

	FUZZ_CHECK(sd_bus_message_open_container(m, 'r', members) >= 0);
	fill(m, members, members + strlen(members), input);
	FUZZ_CHECK(sd_bus_message_close_container(m) >= 0);
	free(members);
}

static void fill_number(sd_bus_message *m, char type, struct input *input)
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

static void fill(sd_bus_message *m, const char *types, const char *end,
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

static void check_rule(sd_bus_message *m, sd_bus_message *copy)
{
	struct rules first = {0}, second = {0};
	struct rule rule, again;

	if (wire_read_rule(m, &rule) < 0)
		return;
	FUZZ_CHECK(wire_append_rule(copy, &rule) >= 0);
	seal(copy);
	FUZZ_CHECK(wire_read_rule(copy, &again) >= 0);
	FUZZ_CHECK(rules_take(&first, &rule) == 0);
	FUZZ_CHECK(rules_take(&second, &again) == 0);
	FUZZ_CHECK(rules_equal(&first, &second));
	rules_finish(&first);
	rules_finish(&second);
}

static void check_request(sd_bus_message *m, sd_bus_message *copy)
{
	struct request request, again;

	if (wire_read_request(m, &request) < 0)
		return;
	FUZZ_CHECK(wire_append_request(copy, &request) >= 0);
	seal(copy);
	FUZZ_CHECK(wire_read_request(copy, &again) >= 0);
	FUZZ_CHECK(request_same_question(&request, &again));
	FUZZ_CHECK(request.id == again.id);
	request_finish(&request);
	request_finish(&again);
}

static void check_decision(sd_bus_message *m, sd_bus_message *copy)
{
	struct decision decision = {0}, again = {0};

	if (wire_read_decision(m, &decision) < 0)
		return;
	FUZZ_CHECK(wire_append_decision(copy, &decision) >= 0);
	seal(copy);
	FUZZ_CHECK(wire_read_decision(copy, &again) >= 0);
	FUZZ_CHECK(decision.outcome == again.outcome);
	FUZZ_CHECK(decision.unanswered == again.unanswered);
	FUZZ_CHECK(!decision.unanswered || decision.outcome == OUTCOME_DENY);
	FUZZ_CHECK(decision.lifetime == again.lifetime);
	decision_finish(&decision);
	decision_finish(&again);
}

static const struct {
	const char *type;
	void (*check)(sd_bus_message *m, sd_bus_message *copy);
} values[] = {
	{BUS_RULE, check_rule},
	{BUS_REQUEST, check_request},
	{BUS_DECISION, check_decision},
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input input = {data, size};
	const size_t which = take(&input, 1) % 3;
	const char *type = values[which].type;
	sd_bus_message *m = message(), *copy = message();

	fill(m, type, type + strlen(type), &input);
	seal(m);
	values[which].check(m, copy);
	sd_bus_message_unref(m);
	sd_bus_message_unref(copy);
	return 0;
}
