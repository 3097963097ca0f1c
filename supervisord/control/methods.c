/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The methods of org.landlord.Supervisor1: their table, and who may not call.
 */
#include "control/methods.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "control/errors.h"
#include "control/wire.h"
#include "supervision/domain.h"
#include "supervision/process.h"

#define ENTRY(name, in, out, handler) \
	SD_BUS_METHOD(name, in, out, handler, SD_BUS_VTABLE_UNPRIVILEGED)
#define SESSION_ENTRY(name, in, out, handler) \
	ENTRY(name, in, out, session_bus_call)
#define NAMED(name, in, out, handler) \
	{                             \
		name, handler         \
	}

/* What agents and the command line call. */
#define PUBLIC_METHODS(E)                                                    \
	E("Ping", "", "sxuu", method_ping),                                  \
		E("Subscribe", "", "", method_subscribe),                    \
		E("Unsubscribe", "", "", method_unsubscribe),                \
		E("Decide", "t" BUS_DECISION, "", method_decide),            \
		E("ListDomains", "", "a" BUS_DOMAIN, method_list_domains),   \
		E("ListQuestions", "", "a" BUS_QUESTION,                     \
		  method_list_questions),                                    \
		E("ListRules", "ay", "a(t" BUS_RULE ")", method_list_rules), \
		E("AddRules", "aya" BUS_RULE "b", "u", method_add_rules),    \
		E("Revoke", "ayay", "", method_revoke),                      \
		E("Reload", "", "", method_reload)

const sd_bus_vtable supervisor_vtable[] = {
	SD_BUS_VTABLE_START(0),
	PUBLIC_METHODS(ENTRY),
	ENTRY("Register", "ayaaysxaaybuta" BUS_RULE, "tu", method_register),
	ENTRY("Ask", BUS_REQUEST, "", method_ask),
	ENTRY("Withdraw", "t", "", method_withdraw),
	ENTRY("Refused", BUS_REQUEST "ay", "", method_refused),
	SD_BUS_VTABLE_END,
};

const sd_bus_vtable session_vtable[] = {
	SD_BUS_VTABLE_START(0),
	PUBLIC_METHODS(SESSION_ENTRY),
	SD_BUS_VTABLE_END,
};

sd_bus_message_handler_t method_find(const char *name)
{
	static const struct {
		const char *name;
		sd_bus_message_handler_t handler;
	} methods[] = {PUBLIC_METHODS(NAMED)};

	for (size_t i = 0; i < ARRAY_SIZE(methods); i++)
		if (strcmp(methods[i].name, name) == 0)
			return methods[i].handler;
	return NULL;
}

/*
 * Whether a caller is inside a tree that this daemon supervises or, on the
 * session bus, acts for a supervised program at all: the bus is a socket like
 * others, so rules may let programs connect to it, and then who connected may
 * be their supervisor. Programs that have a supervisor of their own without a
 * daemon follow the same grants.
 */
static bool is_inside(const struct caller *caller, const char **ret_app)
{
	struct domain *domain = NULL;

	*ret_app = "unknown";
	if (domain_enclosing(&caller->supervisor->registry, caller->pid,
			     &domain) < 0)
		return true;
	if (domain)
		*ret_app = domain->app;
	return domain || (caller->name && process_is_supervised(caller->pid));
}

int refuse_inside(struct caller *caller, sd_bus_error *error)
{
	_cleanup_free_ char *sentence = NULL;
	const char *app;

	if (!is_inside(caller, &app))
		return 0;
	if (asprintf(&sentence,
		     "process %d is inside a supervised tree (%s) and cannot "
		     "decide for it",
		     caller->pid, app) < 0)
		sentence = NULL;
	log_warning("control: %s", sentence ? sentence : "refused");
	return bus_fail(error, -EDEADLK, sentence);
}
