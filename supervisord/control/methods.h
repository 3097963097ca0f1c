/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The methods of org.landlord.Supervisor1, by who calls them. Each is an
 * sd_bus_message_handler_t whose userdata is the caller.
 */
#pragma once

#include <systemd/sd-bus.h>

#include "control/caller.h"

#define METHOD(name) \
	int name(sd_bus_message *m, void *userdata, sd_bus_error *error)

/* Everybody, on the session bus as well. */
METHOD(method_ping);

/* Monitors: the supervisors of programs. */
METHOD(method_hand_over);
METHOD(method_variables);
METHOD(method_register);
METHOD(method_ask);
METHOD(method_withdraw);
METHOD(method_refused);
METHOD(method_executes);

/* Agents. */
METHOD(method_subscribe);
METHOD(method_unsubscribe);
METHOD(method_decide);
METHOD(method_hang_on);
METHOD(method_may_allow);
METHOD(method_postpone);
METHOD(method_stop);

/* The command line: what there is, and changes of it. */
METHOD(method_list_domains);
METHOD(method_list_questions);
METHOD(method_list_rules);
METHOD(method_add_rules);
METHOD(method_may_change);
METHOD(method_revoke);
METHOD(method_reload);

/* The command line: a recording, see methods_record.c. */
METHOD(method_record);
METHOD(method_read_record);
METHOD(method_stop_record);

/*
 * Refuses a client that is inside a supervised tree: it could answer or rule
 * for the domain it is in. To be the first call of each method but a monitor's.
 * Returns: 0, or what the handler returns (the error is set).
 */
int refuse_inside(struct caller *caller, sd_bus_error *error);

/* The table of the control socket. */
extern const sd_bus_vtable supervisor_vtable[];
