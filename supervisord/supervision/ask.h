/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Requests: where they come in, are put to the policy plugins, and are answered
 * when a generation decides them.
 */
#pragma once

#include "supervision/domain.h"
#include "supervision/inquiry.h"

/* See struct decider_ops. Returns: 0, or a negative errno: deny. */
int domain_ask(struct domain *domain, const struct request *request);
void domain_withdraw(struct domain *domain, uint64_t request_id);
void domain_refused(struct domain *domain, const struct request *request,
		    const char *reason);

/*
 * Puts the questions that nobody was there for to the last of the plugins, the
 * prompt: somebody is there now.
 */
void ask_waiting(struct registry *registry);

/* Nobody comes who was sent for: what waits for that is denied. */
void ask_no_more(struct registry *registry);

/* What the chain and the commits of a registry call; their userdata is it. */
extern const struct plugin_events ask_plugin_events;
extern const struct generation_events ask_generation_events;
