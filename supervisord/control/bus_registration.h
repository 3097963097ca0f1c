/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a monitor registers its domain with, at first and whenever the daemon
 * has come back.
 */
#pragma once

#include <systemd/sd-bus.h>

#include "core/decider.h"

struct bus_registration {
	char *app, *engine_name;
	char **command, **policy_files; /* NULL-terminated */
	char **variables;		/* the same; NULL: of the daemon */
	pid_t root_pid;
	int timeout_seconds; /* 0: as the daemon is configured */
	bool own_agent;
	struct rules first; /* of the session that it begins with */
};

/*
 * @ret: to be finished in either case
 * @info: copied
 * Returns: 0 or a negative errno.
 */
int bus_registration_init(struct bus_registration *ret,
			  const struct domain_info *info);
void bus_registration_finish(struct bus_registration *registration);

/*
 * Makes the call. The session that is in force goes before it, in messages of
 * its own: grants of a session are in the memory of the daemon only, and
 * handing them back lets them survive its restart. Nothing is proven by that:
 * the monitor enforces its own domain, so it is trusted with its rules anyway.
 * @committed: in force; NULL before the first commit
 * Returns: a negative errno, or not.
 */
int bus_registration_call(const struct bus_registration *registration,
			  sd_bus *bus, const struct ruleset *committed,
			  sd_bus_message **ret);
