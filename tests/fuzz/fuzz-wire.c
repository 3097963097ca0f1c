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
#include "fill.h"
#include "fuzz.h"
#include "supervision/strings.h"

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

static void check_rules(sd_bus_message *m, sd_bus_message *copy)
{
	struct rules rules = {0}, again = {0};

	if (wire_read_rules(m, &rules) < 0)
		return;
	FUZZ_CHECK(wire_append_rules(copy, &rules) >= 0);
	seal(copy);
	FUZZ_CHECK(wire_read_rules(copy, &again) >= 0);
	FUZZ_CHECK(rules_equal(&rules, &again));
	rules_finish(&rules);
	rules_finish(&again);
}

static void check_strings(sd_bus_message *m, sd_bus_message *copy)
{
	char **strings, **again;

	if (wire_read_strings(m, &strings) < 0)
		return;
	FUZZ_CHECK(wire_append_strings(copy, (const char *const *)strings) >=
		   0);
	seal(copy);
	FUZZ_CHECK(wire_read_strings(copy, &again) >= 0);
	for (size_t i = 0; strings[i] || again[i]; i++)
		FUZZ_CHECK(strcmp(strings[i], again[i]) == 0);
	strings_free(strings);
	strings_free(again);
}

static const struct {
	const char *type;
	void (*check)(sd_bus_message *m, sd_bus_message *copy);
} values[] = {
	{BUS_RULE, check_rule},		{BUS_REQUEST, check_request},
	{BUS_DECISION, check_decision}, {"a" BUS_RULE, check_rules},
	{"aay", check_strings},
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input input = {data, size};
	const size_t which =
		take(&input, 1) % (sizeof(values) / sizeof(values[0]));
	const char *type = values[which].type;
	sd_bus_message *m = message(), *copy = message();

	fill(m, type, type + strlen(type), &input);
	seal(m);
	values[which].check(m, copy);
	sd_bus_message_unref(m);
	sd_bus_message_unref(copy);
	return 0;
}
