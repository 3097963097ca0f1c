/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A domain at its monitor's end of the control socket: the rules in force, what
 * waits for an answer, and the methods by which the daemon changes both.
 */
#pragma once

#include <stdbool.h>
#include <systemd/sd-bus.h>

#include "control/bus_rules.h"
#include "control/open_requests.h"
#include "core/decider.h"

/* The daemon denies at the deadline; this is for when it does not. */
#define BUS_DOMAIN_SLACK_SECONDS 2

struct bus_domain {
	struct event_base *base;
	const struct clock *clock;
	const char *grants_dir; /* NULL: nothing is kept */
	const struct decider_events *events;
	void *engine;
	const char *app; /* borrowed */
	/* The program is to end; NULL: nobody can end it. */
	void (*stop)(void *userdata);
	void *stop_userdata;

	struct bus_rules rules;
	struct open_requests open;
	bool tells_executions; /* the daemon wants to know of them */

	struct grants_watch *grants; /* NULL while a daemon follows the store */
	bool grants_told;	     /* that they cannot be read */
};

/*
 * @domain: zeroed, but for what is before the rules
 * @late: nobody has answered in time; see open_requests_init()
 * Returns: 0 or a negative errno; to be finished in either case.
 */
int bus_domain_init(struct bus_domain *domain,
		    void (*late)(void *userdata, uint64_t request_id),
		    void *userdata);
void bus_domain_finish(struct bus_domain *domain);

/* Offers its methods on a connection. Returns: 0 or a negative errno. */
int bus_domain_serve(struct bus_domain *domain, sd_bus *bus);

/*
 * There is no daemon that would follow the store: what is taken back there is
 * taken from what is in force, until the next commit of a daemon.
 */
void bus_domain_follow_grants(struct bus_domain *domain);
