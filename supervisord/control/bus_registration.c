/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a monitor registers with: see bus_registration.h. */
#include "control/bus_registration.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "control/client.h"
#include "control/delta.h"
#include "control/try.h"
#include "control/wire.h"
#include "supervision/domain.h"
#include "supervision/strings.h"

int bus_registration_init(struct bus_registration *ret,
			  const struct domain_info *info)
{
	*ret = (struct bus_registration){
		.app = strdup(info->app),
		.engine_name = strdup(info->engine ? info->engine : ""),
		.command = strings_copy(info->command),
		.policy_files = strings_copy(info->policy_files),
		.root_pid = info->root_pid,
	};
	if (info->variables)
		ret->variables = strings_copy(info->variables);
	if (!ret->app || (info->variables && !ret->variables) ||
	    !ret->engine_name || !ret->command || !ret->policy_files)
		return -ENOMEM;
	return domain_first_rules(info, &ret->first);
}

void bus_registration_finish(struct bus_registration *registration)
{
	rules_finish(&registration->first);
	strings_free(registration->command);
	strings_free(registration->policy_files);
	strings_free(registration->variables);
	free(registration->app);
	free(registration->engine_name);
}

static int new_hand_over(sd_bus *bus, sd_bus_message **ret)
{
	return client_call_new(bus, "HandOver", ret);
}

static int hand_over(sd_bus *bus, const struct ruleset *committed)
{
	const struct rulebook *book;
	uint64_t version;

	if (!committed)
		return 0;
	book = ruleset_book(committed, DOMAIN_SESSION, &version);
	return delta_hand_over(bus, book, version, new_hand_over);
}

static int tell_variables(const struct bus_registration *registration,
			  sd_bus *bus)
{
	_cleanup_(sd_bus_message_unrefp) sd_bus_message *m = NULL;

	if (!registration->variables)
		return 0;
	TRY(client_call_new(bus, "Variables", &m));
	TRY(wire_append_strings(m,
				(const char *const *)registration->variables));
	TRY(sd_bus_message_set_expect_reply(m, false));
	TRY(sd_bus_send(bus, m, NULL));
	return 0;
}

int bus_registration_call(const struct bus_registration *registration,
			  sd_bus *bus, const struct ruleset *committed,
			  sd_bus_message **ret)
{
	static const struct rules none;
	_cleanup_(sd_bus_message_unrefp) sd_bus_message *m = NULL;

	TRY(hand_over(bus, committed));
	TRY(tell_variables(registration, bus));
	TRY(client_call_new(bus, "Register", &m));
	TRY(wire_append_bytes(m, registration->app));
	TRY(wire_append_strings(m, (const char *const *)registration->command));
	TRY(sd_bus_message_append(m, "sx", registration->engine_name,
				  (int64_t)registration->root_pid));
	TRY(wire_append_strings(
		m, (const char *const *)registration->policy_files));
	TRY(sd_bus_message_append(m, "but", registration->own_agent,
				  (uint32_t)registration->timeout_seconds,
				  committed ? ruleset_generation(committed)
					    : 0));
	TRY(wire_append_rules(m, committed ? &none : &registration->first));
	*ret = m;
	m = NULL;
	return 0;
}
