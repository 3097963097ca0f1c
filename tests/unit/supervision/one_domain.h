/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One domain, of an app called "app", in a virtual world with an agent; more can
 * be added.
 */
#pragma once

#include "supervision/ask.h"
#include "supervision/registration.h"
#include "unit.h"
#include "virtual.h"

static struct event_base *loop;
static struct supervisor *supervisor;
static struct engine engine;
static struct puppet puppet;
static struct domain *domain;

static inline int add_domain(const char *app, struct engine *of, int timeout,
			     struct agent *own, struct domain **ret)
{
	const struct domain_info info = {.app = app, .monitor_pid = getpid()};
	const struct domain_options options = {
		.info = &info,
		.events = &engine_events,
		.engine = of,
		.own_agent = own,
		.timeout_seconds = timeout,
	};

	return domain_register(&supervisor->registry, &options, ret, NULL);
}

static inline void open_world_by(const struct clock *clock, int timeout,
				 bool watch)
{
	engine = (struct engine){0};
	puppet = (struct puppet){.clock = clock};
	loop = event_base_new();
	supervisor = virtual_open(loop, clock, watch);
	puppet.agent.ops = &puppet_ops;
	ck_assert_int_eq(
		supervisor_subscribe(supervisor, &puppet.agent, 1, NULL), 0);
	ck_assert_int_eq(add_domain("app", &engine, timeout, NULL, &domain), 0);
	ck_assert_uint_eq(engine.commits, 1);
}

static inline void open_watched_world(int timeout)
{
	open_world_by(&virtual_clock, timeout, true);
}

static inline void open_world(int timeout)
{
	open_world_by(&virtual_clock, timeout, false);
}

static inline void close_world(void)
{
	domain_unregister(domain);
	virtual_close(supervisor);
	event_base_free(loop);
	ruleset_unref(engine.ruleset);
}

static inline void ask(struct domain *of, uint64_t id, const char *path)
{
	struct request request = world_request(id, path);

	ck_assert_int_eq(domain_ask(of, &request), 0);
	request_finish(&request);
}

static inline int keep_rule(void *userdata, const struct rule *rule)
{
	*(const struct rule **)userdata = rule;
	return 0;
}
