/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What tests of agents share. */
#include "ask.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void decided(void *userdata, uint64_t question_id,
		    const struct decision *decision)
{
	struct answered *const answered = userdata;

	snprintf(answered->text, sizeof(answered->text), "%s:%s%s%s",
		 outcome_name(decision->outcome),
		 lifetime_name(decision->lifetime),
		 decision->beneath ? ":beneath:" : "",
		 decision->beneath ? decision->beneath : "");
	answered->id = question_id;
	answered->count++;
}

static void gone(void *userdata, struct agent *agent)
{
	(void)agent;
	((struct answered *)userdata)->gone = true;
}

const struct agent_events answered_events = {
	.decide = decided,
	.gone = gone,
};

static struct access *add(struct request *request, rights_t missing)
{
	struct access *const access =
		&request->accesses[request->accesses_count];

	if (request->accesses_count == REQUEST_ACCESSES_MAX)
		abort();
	request->accesses_count++;
	access->missing = missing;
	return access;
}

void ask_path(struct request *request, const char *path, rights_t missing)
{
	if (object_init_path(&add(request, missing)->object, path))
		abort();
}

void ask_port(struct request *request, uint16_t port, rights_t missing)
{
	struct access *const access = add(request, missing);

	access->object.type = OBJECT_PORT;
	access->object.port = port;
}

void ask_subject(struct request *request)
{
	request->operation = strdup("openat");
	request->subject.pid = request->subject.tid = 100;
	request->subject.exe = strdup("/usr/bin/cat");
	request->subject.comm = strdup("cat");
	request->subject.ancestors[0].pid = 99;
	request->subject.ancestors[0].exe = strdup("/usr/bin/bash");
	request->subject.ancestors_count = 1;
}

int ask(struct agent *agent, uint64_t id, const struct request *request)
{
	const struct question question = {
		.id = id,
		.app = "demo",
		.supervisor = "landlord",
		.request = request,
		.waiting = 1,
	};

	return agent_ask(agent, &question);
}
