/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the wire forms carry arrives as it was; what they must not carry is
 * refused.
 */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <systemd/sd-bus.h>

#include "control/wire.h"
#include "unit.h"
#include "world.h"

static sd_bus *bus;

static sd_bus_message *message(void)
{
	sd_bus_message *m;
	int pair[2];

	if (!bus) {
		ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
		ck_assert_int_ge(sd_bus_new(&bus), 0);
		ck_assert_int_ge(sd_bus_set_fd(bus, pair[0], pair[0]), 0);
		ck_assert_int_ge(sd_bus_start(bus), 0);
	}
	ck_assert_int_ge(
		sd_bus_message_new_method_call(bus, &m, NULL, "/a", "a.b", "c"),
		0);
	return m;
}

static void seal(sd_bus_message *m)
{
	ck_assert_int_ge(sd_bus_message_seal(m, 1, 0), 0);
	ck_assert_int_ge(sd_bus_message_rewind(m, 1), 0);
}

static struct rule sample(int i)
{
	struct rule rule = {
		.layer = i % LAYERS_,
		.effect = i % EFFECTS_,
		.rights = UINT64_C(1) << (i % 20),
		.beneath = i % 2,
		.pid = i % 3 ? 0 : 77,
		.pid_start = i % 3 ? 0 : UINT64_MAX,
		.expires = i * 1000,
		.origin = strdup("/etc/a\xff:3"),
		.id = i % 4 ? strdup("abc") : NULL,
	};

	switch (i % 5) {
	case 0:
		object_init_path(&rule.object, "/a\x80/b");
		break;
	case 1:
		object_init_abstract(&rule.object, "n\0me", 4);
		break;
	case 2:
		rule.object.type = OBJECT_PORT;
		rule.object.port = 443;
		strcpy(rule.object.address, "1.2.3.4");
		if (i % 2)
			network_parse("192.0.2.0/24", &rule.object.network);
		break;
	case 3:
		rule.object.type = OBJECT_NAMESPACE;
		rule.object.namespaces = UINT64_MAX;
		break;
	case 4:
		rule.object.type = OBJECT_SOCKET;
		rule.object.family = 2;
		rule.object.socket_type = 1;
		rule.object.protocol = -1;
		break;
	}
	return rule;
}

START_TEST(rules_arrive_as_they_were)
{
	struct rules rules = {0}, arrived = {0};
	sd_bus_message *m = message();

	for (int i = 0; i < 60; i++) {
		struct rule rule = sample(i);

		ck_assert_int_eq(rules_take(&rules, &rule), 0);
	}
	ck_assert_int_ge(wire_append_rules(m, &rules), 0);
	seal(m);
	ck_assert_int_eq(wire_read_rules(m, &arrived), 0);
	ck_assert_uint_eq(arrived.count, rules.count);
	for (size_t i = 0; i < rules.count; i++) {
		const struct rule *a = &rules.items[i], *b = &arrived.items[i];

		ck_assert(object_equal(&a->object, &b->object));
		ck_assert_int_eq(a->layer, b->layer);
		ck_assert_int_eq(a->effect, b->effect);
		ck_assert_uint_eq(a->rights, b->rights);
		ck_assert_int_eq(a->beneath, b->beneath);
		ck_assert_int_eq(a->pid, b->pid);
		ck_assert_uint_eq(a->pid_start, b->pid_start);
		ck_assert_int_eq(a->expires, b->expires);
		ck_assert_str_eq(a->origin, b->origin);
		ck_assert_int_eq(!a->id, !b->id);
	}
	rules_finish(&rules);
	rules_finish(&arrived);
	sd_bus_message_unref(m);
}
END_TEST

START_TEST(requests_and_decisions_arrive_as_they_were)
{
	struct request request = world_request(5, "/x/y"), arrived;
	struct decision decision =
				{
					.outcome = OUTCOME_ALLOW,
					.lifetime = LIFETIME_UNTIL,
					.until = 99,
					.beneath = strdup("/x"),
					.rights = 7,
					.agent = strdup("puppet"),
				},
			decided;
	sd_bus_message *m = message();

	request.subject.ancestors[0].pid = 3;
	request.subject.ancestors[0].exe = strdup("/bin/sh");
	request.subject.ancestors_count = 1;
	ck_assert_int_ge(wire_append_request(m, &request), 0);
	ck_assert_int_ge(wire_append_decision(m, &decision), 0);
	seal(m);
	ck_assert_int_eq(wire_read_request(m, &arrived), 0);
	ck_assert_int_eq(wire_read_decision(m, &decided), 0);
	ck_assert(request_same_question(&request, &arrived));
	ck_assert_uint_eq(arrived.id, 5);
	ck_assert_str_eq(arrived.subject.ancestors[0].exe, "/bin/sh");
	ck_assert_str_eq(arrived.operation, "openat");
	ck_assert_str_eq(decided.beneath, "/x");
	ck_assert_str_eq(decided.agent, "puppet");
	ck_assert_int_eq(decided.until, 99);
	request_finish(&request);
	request_finish(&arrived);
	decision_finish(&decision);
	decision_finish(&decided);
	sd_bus_message_unref(m);
}
END_TEST

/* A rule with one thing wrong. */
static int read_bad(uint8_t layer, uint8_t effect, uint8_t type,
		    const char *bytes, size_t length, int64_t number)
{
	sd_bus_message *m = message();
	struct rules rules = {0};
	int result;

	sd_bus_message_open_container(m, 'a', BUS_RULE);
	sd_bus_message_open_container(m, 'r', "yyt" BUS_OBJECT "bxtxayay");
	sd_bus_message_append(m, "yyt", layer, effect, UINT64_C(1));
	sd_bus_message_open_container(m, 'r', "yayxxxb");
	sd_bus_message_append(m, "y", type);
	sd_bus_message_append_array(m, 'y', bytes, length);
	sd_bus_message_append(m, "xxxb", number, INT64_C(0), INT64_C(0), 0);
	sd_bus_message_close_container(m);
	sd_bus_message_append(m, "bxtxayay", 0, INT64_C(0), UINT64_C(0),
			      INT64_C(0), 0, 0);
	sd_bus_message_close_container(m);
	sd_bus_message_close_container(m);
	seal(m);
	result = wire_read_rules(m, &rules);
	ck_assert_uint_eq(rules.count, result == 0);
	rules_finish(&rules);
	sd_bus_message_unref(m);
	return result;
}

START_TEST(what_is_not_canonical_is_refused)
{
	ck_assert_int_eq(read_bad(1, 1, OBJECT_PATH, "/a", 2, 0), 0);
	ck_assert_int_lt(read_bad(LAYERS_, 1, OBJECT_PATH, "/a", 2, 0), 0);
	ck_assert_int_lt(read_bad(1, EFFECTS_, OBJECT_PATH, "/a", 2, 0), 0);
	ck_assert_int_lt(read_bad(1, 1, OBJECT_TYPES_, "/a", 2, 0), 0);
	ck_assert_int_lt(read_bad(1, 1, OBJECT_PATH, "", 0, 0), 0);
	ck_assert_int_lt(read_bad(1, 1, OBJECT_PATH, "a", 1, 0), 0);
	ck_assert_int_lt(read_bad(1, 1, OBJECT_PATH, "/a/../b", 7, 0), 0);
	ck_assert_int_lt(read_bad(1, 1, OBJECT_PATH, "/a\0b", 4, 0), 0);
	ck_assert_int_lt(read_bad(1, 1, OBJECT_PORT, "", 0, 65536), 0);
	ck_assert_int_lt(read_bad(1, 1, OBJECT_PORT, "", 0, -1), 0);
	ck_assert_int_lt(read_bad(1, 1, OBJECT_CAPABILITY, "", 0, INT64_MAX),
			 0);
}
END_TEST

/* Behind the text of an address. */
static int read_peer(size_t length, uint8_t family, uint8_t bits, uint8_t last)
{
	char bytes[200] = "";
	const struct network network = {
		.family = family, .bits = bits, .bytes[15] = last};

	memcpy(bytes + 64, &network, sizeof(network));
	return read_bad(1, 1, OBJECT_PORT, bytes, length, 1);
}

START_TEST(networks_are_whole)
{
	const size_t length = 64 + sizeof(struct network);

	ck_assert_int_eq(read_peer(length, AF_INET6, 128, 1), 0);
	ck_assert_int_eq(read_peer(length, AF_INET, 32, 0), 0);
	ck_assert_int_lt(read_peer(length, AF_INET6, 127, 1), 0);
	ck_assert_int_lt(read_peer(length, AF_INET6, 129, 0), 0);
	ck_assert_int_lt(read_peer(length, AF_INET, 33, 0), 0);
	ck_assert_int_lt(read_peer(length, AF_INET, 32, 1), 0);
	ck_assert_int_lt(read_peer(length, 0, 0, 0), 0);
	ck_assert_int_lt(read_peer(length - 1, AF_INET, 32, 0), 0);
	ck_assert_int_lt(read_peer(length + 1, AF_INET, 32, 0), 0);
	ck_assert_int_lt(read_peer(64, AF_INET, 32, 0), 0);
}
END_TEST

START_TEST(cut_messages_are_refused)
{
	sd_bus_message *m = message();
	struct request request;
	struct rules rules;

	sd_bus_message_append(m, "t", UINT64_C(1));
	seal(m);
	ck_assert_int_lt(wire_read_request(m, &request), 0);
	ck_assert_int_lt(wire_read_rules(m, &rules), 0);
	sd_bus_message_unref(m);
	m = message();
	seal(m);
	ck_assert_int_lt(wire_read_request(m, &request), 0);
	ck_assert_int_lt(wire_read_rules(m, &rules), 0);
	sd_bus_message_unref(m);
}
END_TEST

UNIT_MAIN("wire", rules_arrive_as_they_were,
	  requests_and_decisions_arrive_as_they_were,
	  what_is_not_canonical_is_refused, networks_are_whole,
	  cut_messages_are_refused);
