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

const sd_bus_vtable supervisor_vtable[] = {
	SD_BUS_VTABLE_START(0),
	ENTRY("Ping", "", BUS_PING, method_ping),
	/* Agents and the command line. */
	ENTRY("Subscribe", "", "", method_subscribe),
	ENTRY("Unsubscribe", "", "", method_unsubscribe),
	ENTRY("Decide", "t" BUS_DECISION, "", method_decide),
	ENTRY("HangOn", "a" BUS_ACCESS, "", method_hang_on),
	ENTRY("MayAllow", "t", "bayaay", method_may_allow),
	ENTRY("Postpone", "t", "x", method_postpone),
	ENTRY("Stop", "t", "", method_stop),
	ENTRY("ListDomains", "", "a" BUS_DOMAIN, method_list_domains),
	ENTRY("ListQuestions", "", "a" BUS_QUESTION, method_list_questions),
	ENTRY("ListRules", "ay", "a(t" BUS_RULE ")", method_list_rules),
	ENTRY("AddRules", "aya" BUS_RULE "b", "u", method_add_rules),
	ENTRY("MayChange", "ay", "b", method_may_change),
	ENTRY("Revoke", "ayay", "", method_revoke),
	ENTRY("Reload", "", "", method_reload),
	ENTRY("Record", "ayay", "u", method_record),
	ENTRY("ReadRecord", "", "ayb", method_read_record),
	ENTRY("StopRecord", "", "", method_stop_record),
	/* Monitors. */
	ENTRY("HandOver", "a" BUS_RULE, "", method_hand_over),
	ENTRY("Variables", "aay", "", method_variables),
	ENTRY("Register", "ayaaysxaaybuta" BUS_RULE, "tu", method_register),
	ENTRY("Ask", BUS_REQUEST, "", method_ask),
	ENTRY("Withdraw", "t", "", method_withdraw),
	ENTRY("Refused", BUS_REQUEST "ay", "", method_refused),
	ENTRY("Executes", BUS_REQUEST, "", method_executes),
	SD_BUS_VTABLE_END,
};

/*
 * Whether a caller is inside a tree that somebody supervises: this daemon, or a
 * supervisor that does not use one.
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
	return domain || process_is_supervised(caller->pid);
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
