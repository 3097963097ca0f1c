/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Addresses, their prefixes, and rules about them. */
#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "core/decision.h"
#include "core/network.h"
#include "core/object.h"
#include "core/ruleset.h"
#include "unit.h"

/* A port of an address; "" for one that is not known. */
static struct object peer(const char *address, uint16_t port)
{
	struct object object = {.type = OBJECT_PORT, .port = port};

	if (address[0])
		ck_assert_int_eq(network_parse(address, &object.network), 0);
	return object;
}

START_TEST(are_written_as_they_are_read)
{
	static const struct {
		const char *text, *again; /* NULL: refused */
	} cases[] = {
		{"443", "443"},
		{"*", "*"},
		{"192.0.2.1:443", "192.0.2.1:443"},
		{"192.0.2.1/32:443", "192.0.2.1:443"},
		{"192.0.2.0/24:*", "192.0.2.0/24:*"},
		{"0.0.0.0/0:80", "0.0.0.0/0:80"},
		{"[2001:db8::1]:443", "[2001:db8::1]:443"},
		{"[2001:DB8:0::/32]:443", "[2001:db8::/32]:443"},
		{"[::ffff:192.0.2.1]:443", "192.0.2.1:443"},
		{"[::ffff:192.0.2.0/120]:443", "192.0.2.0/24:443"},
		{"[::/0]:1", "[::/0]:1"},
		{"192.0.2.1/24:443", NULL}, /* which of the two is meant? */
		{"[2001:db8::1/32]:443", NULL},
		{"192.0.2.0/33:443", NULL},
		{"[2001:db8::/129]:443", NULL},
		{"192.0.2:443", NULL},
		{"192.0.2.1", NULL},
		{"192.0.2.1:", NULL},
		{"192.0.2.1:65536", NULL},
		{"2001:db8::1:443", NULL},
		{"[2001:db8::1]443", NULL},
		{"[2001:db8::1", NULL},
		{"[]:443", NULL},
		{":443", NULL},
		{"*:443", NULL},
		{"example.org:443", NULL},
		{"192.0.2.1/:443", NULL},
		{"192.0.2.1/-1:443", NULL},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *expected = NULL;
		struct object object;
		bool beneath;
		char *text;
		int error = object_parse(cases[i].text, RIGHT_NET_CONNECT_TCP,
					 &object, &beneath, &expected);

		ck_assert_msg(!error == !!cases[i].again, "%s: %d",
			      cases[i].text, error);
		if (error) {
			ck_assert_ptr_nonnull(expected);
			continue;
		}
		text = object_format(&object);
		ck_assert_str_eq(text, cases[i].again);
		free(text);
	}
}
END_TEST

START_TEST(contain_each_other)
{
	static const struct {
		const char *outer, *inner;
		bool contains;
	} cases[] = {
		{"192.0.2.0/24", "192.0.2.255", true},
		{"192.0.2.0/24", "192.0.3.0", false},
		{"192.0.2.128/25", "192.0.2.127", false},
		{"192.0.2.128/25", "192.0.2.128", true},
		{"192.0.2.0/24", "192.0.2.0/23", false},
		{"192.0.2.0/23", "192.0.2.0/24", true},
		{"0.0.0.0/0", "203.0.113.9", true},
		{"0.0.0.0/0", "2001:db8::1", false},
		{"::/0", "203.0.113.9", false},
		{"::ffff:0.0.0.0/96", "203.0.113.9", true},
		{"203.0.113.9", "::ffff:203.0.113.9", true},
		{"2001:db8::/33", "2001:db8:8000::", false},
		{"2001:db8::/33", "2001:db8:7fff::", true},
		{"2001:db8::1", "2001:db8::1", true},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct network outer, inner;

		ck_assert_int_eq(network_parse(cases[i].outer, &outer), 0);
		ck_assert_int_eq(network_parse(cases[i].inner, &inner), 0);
		ck_assert_msg(network_contains(&outer, &inner) ==
				      cases[i].contains,
			      "%s %s", cases[i].outer, cases[i].inner);
	}
}
END_TEST

/* Where the kernel connects to. */
START_TEST(nowhere_is_here)
{
	const struct in_addr any = {0};
	const struct network four = network_of_peer(AF_INET, &any),
			     six = network_of_peer(AF_INET6, &in6addr_any);
	struct network here;

	ck_assert_int_eq(network_parse("127.0.0.1", &here), 0);
	ck_assert(network_equal(&four, &here));
	ck_assert_int_eq(network_parse("::1", &here), 0);
	ck_assert(network_equal(&six, &here));
	here = network_of(AF_INET, &any);
	ck_assert(network_is_unspecified(&here));
}
END_TEST

static void add(struct rules *rules, enum effect effect, const char *text)
{
	struct rule rule = {.layer = LAYER_USER,
			    .effect = effect,
			    .rights = RIGHT_NET_CONNECT_TCP};
	const char *expected;

	ck_assert_int_eq(object_parse(text, rule.rights, &rule.object,
				      &rule.beneath, &expected),
			 0);
	ck_assert_int_eq(rules_take(rules, &rule), 0);
}

static struct ruleset *ruleset_of(struct rules *rules)
{
	struct ruleset *ruleset;

	ck_assert_int_eq(ruleset_new(&ruleset, rules, 0, 0), 0);
	rules_finish(rules);
	return ruleset;
}

/* 'a': allowed, 'd': denied, '?': asked; by both ways of judging. */
static char judge(const struct ruleset *ruleset, const char *address,
		  uint16_t port)
{
	const struct object object = peer(address, port);
	const struct judgement judgement = ruleset_judge(
		ruleset, &object, RIGHT_NET_CONNECT_TCP, PROCESS_NONE);
	const struct rule *rule = ruleset_why(
		ruleset, &object, RIGHT_NET_CONNECT_TCP, PROCESS_NONE);
	const char said = judgement.allowed  ? 'a'
			  : judgement.denied ? 'd'
					     : '?';

	ck_assert_int_eq(said, !rule			      ? '?'
			       : rule->effect == EFFECT_ALLOW ? 'a'
			       : rule->effect == EFFECT_DENY  ? 'd'
							      : '?');
	return said;
}

static bool allowed_somewhere(const struct ruleset *ruleset, uint16_t port)
{
	const struct object object = peer("", port);

	return ruleset_allowed_somewhere(ruleset, &object,
					 RIGHT_NET_CONNECT_TCP, PROCESS_NONE);
}

START_TEST(rules_are_about_some_addresses)
{
	struct rules rules = {0};
	struct ruleset *ruleset;

	add(&rules, EFFECT_ALLOW, "192.0.2.0/24:443");
	add(&rules, EFFECT_DENY, "192.0.2.7:443");
	add(&rules, EFFECT_ALLOW, "[2001:db8::/32]:*");
	ruleset = ruleset_of(&rules);
	ck_assert_int_eq(judge(ruleset, "192.0.2.1", 443), 'a');
	ck_assert_int_eq(judge(ruleset, "::ffff:192.0.2.1", 443), 'a');
	ck_assert_int_eq(judge(ruleset, "192.0.2.7", 443), 'd');
	ck_assert_int_eq(judge(ruleset, "::ffff:192.0.2.7", 443), 'd');
	ck_assert_int_eq(judge(ruleset, "192.0.3.1", 443), '?');
	ck_assert_int_eq(judge(ruleset, "192.0.2.1", 80), '?');
	ck_assert_int_eq(judge(ruleset, "2001:db8::9", 80), 'a');
	ck_assert_int_eq(judge(ruleset, "2001:db9::9", 80), '?');
	/* An address that is not known may be the one that is denied. */
	ck_assert_int_eq(judge(ruleset, "", 443), 'd');
	ck_assert_int_eq(judge(ruleset, "", 80), '?');
	ck_assert(allowed_somewhere(ruleset, 443));
	ck_assert(allowed_somewhere(ruleset, 80));
	ruleset_unref(ruleset);
}
END_TEST

/* Of a part of what is allowed: that is more exact, whichever comes first. */
START_TEST(addresses_outweigh_ports)
{
	struct rules rules = {0};
	struct ruleset *ruleset;

	add(&rules, EFFECT_DENY, "10.0.0.0/8:443");
	add(&rules, EFFECT_ALLOW, "443");
	add(&rules, EFFECT_ALLOW, "*");
	add(&rules, EFFECT_DENY, "172.16.0.0/12:*");
	ruleset = ruleset_of(&rules);
	ck_assert_int_eq(judge(ruleset, "10.1.2.3", 443), 'd');
	ck_assert_int_eq(judge(ruleset, "10.1.2.3", 80), 'a');
	ck_assert_int_eq(judge(ruleset, "172.16.9.9", 80), 'd');
	/* A rule about the very port is more exact than one about all. */
	ck_assert_int_eq(judge(ruleset, "172.16.9.9", 443), 'a');
	ck_assert_int_eq(judge(ruleset, "192.0.2.1", 443), 'a');
	ck_assert_int_eq(judge(ruleset, "", 443), 'd');
	/* Half of what it is about is denied. */
	ck_assert_int_eq(judge(ruleset, "8.0.0.0/5", 443), 'd');
	ck_assert(allowed_somewhere(ruleset, 443));
	ruleset_unref(ruleset);
}
END_TEST

static int count_port(void *userdata, const struct object *object,
		      rights_t rights, rights_t here)
{
	(void)here;
	if (object->type == OBJECT_PORT && rights & RIGHT_NET_CONNECT_TCP) {
		ck_assert_int_eq(object->network.family, 0);
		*(unsigned int *)userdata +=
			object->any ? 1 << 16 : object->port;
	}
	return 0;
}

/* The kernel knows ports alone: it may hold no port with an exception. */
START_TEST(no_kernel_holds_them)
{
	struct rules rules = {0};
	struct ruleset *ruleset;
	unsigned int held = 0;

	add(&rules, EFFECT_ALLOW, "*");
	ruleset = ruleset_of(&rules);
	ck_assert_int_eq(ruleset_uniform(ruleset, count_port, &held), 0);
	ck_assert_int_eq(held, 1 << 16);
	ruleset_unref(ruleset);
	held = 0;
	add(&rules, EFFECT_ALLOW, "*");
	add(&rules, EFFECT_ALLOW, "2");
	add(&rules, EFFECT_ALLOW, "4");
	add(&rules, EFFECT_DENY, "192.0.2.0/24:4");
	ruleset = ruleset_of(&rules);
	ck_assert_int_eq(ruleset_uniform(ruleset, count_port, &held), 0);
	ck_assert_int_eq(held, 2);
	ruleset_unref(ruleset);
	held = 0;
	add(&rules, EFFECT_ALLOW, "192.0.2.0/24:1");
	add(&rules, EFFECT_ALLOW, "0.0.0.0/0:*");
	add(&rules, EFFECT_ALLOW, "[::/0]:*");
	ruleset = ruleset_of(&rules);
	ck_assert_int_eq(ruleset_uniform(ruleset, count_port, &held), 0);
	ck_assert_int_eq(held, 0);
	ruleset_unref(ruleset);
}
END_TEST

/* Returns: the text of the one rule that an answer makes. */
static char *rule_of(const char *answer, const char *address)
{
	struct access access = {.missing = RIGHT_NET_CONNECT_TCP,
				.object = peer(address, 443)};
	const struct request request = {.accesses = {access},
					.accesses_count = 1};
	struct decision decision;
	struct rules rules;
	const char *expected;
	char *text;

	ck_assert_int_eq(decision_parse(answer, 0, &decision, &expected), 0);
	ck_assert_int_eq(decision_rules(&decision, &request, 0, &rules), 0);
	ck_assert_int_eq(rules.count, 1);
	text = object_format(&rules.items[0].object);
	rules_finish(&rules);
	decision_finish(&decision);
	return text;
}

START_TEST(an_answer_is_about_the_address)
{
	static const struct {
		const char *answer, *address, *rule;
	} cases[] = {
		{"allow:session", "192.0.2.1", "192.0.2.1:443"},
		{"allow:session:object", "2001:db8::1", "[2001:db8::1]:443"},
		{"allow:session:port", "192.0.2.1", "443"},
		{"deny:always", "192.0.2.1", "192.0.2.1:443"},
		{"allow:session", "", "443"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char *text = rule_of(cases[i].answer, cases[i].address);

		ck_assert_str_eq(text, cases[i].rule);
		free(text);
	}
}
END_TEST

UNIT_MAIN("network", are_written_as_they_are_read, contain_each_other,
	  nowhere_is_here, rules_are_about_some_addresses,
	  addresses_outweigh_ports, no_kernel_holds_them,
	  an_answer_is_about_the_address);
