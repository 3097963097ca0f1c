/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Callers: who calls the methods of org.landlord.Supervisor1. A caller is a
 * client of the control socket and begins its connection (connection.h), but
 * for those on the session bus, who are nobody in particular (session_bus.h).
 */
#pragma once

#include <stdbool.h>
#include <sys/queue.h>
#include <systemd/sd-bus.h>

#include "control/bus_agent.h"
#include "supervision/supervisor.h"

struct domain;
struct record_session;

struct callers {
	TAILQ_HEAD(, caller) list;
	size_t count;
};

struct caller {
	TAILQ_ENTRY(caller) link;
	struct callers *callers; /* NULL while it is in none */
	struct supervisor *supervisor;
	uint64_t id;
	pid_t pid;
	sd_bus *bus;
	/* Sends a message and gives up on who does not read. */
	int (*send)(struct caller *caller, sd_bus_message *message);

	struct domain *domain;	       /* registered by a monitor */
	struct bus_agent *own_agent;   /* of that domain */
	struct bus_agent *subscribed;  /* for everybody's questions */
	uint64_t levers;	       /* that it hangs on */
	struct record_session *record; /* what it records; NULL: nothing */
};

void callers_init(struct callers *callers);
void callers_add(struct callers *callers, struct caller *caller);

/* A caller by its id, or NULL. */
struct caller *callers_find(const struct callers *callers, uint64_t id);

/* Ends what it has: its domain, its agents, its place among the callers; but for
 * what it records. */
void caller_finish(struct caller *caller);

/* An agent on its side; the caller of this owns it. NULL without memory. */
struct bus_agent *caller_agent_new(struct caller *caller);
