/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Wire forms of what is asked and decided: see wire.h.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "control/wire.h"
#include "control/wire_parts.h"

#define REQUEST_CONTENTS "ttxxtuayaya(xay)aya" BUS_ACCESS

static int append_ancestors(sd_bus_message *m, const struct subject *subject)
{
	TRY(sd_bus_message_open_container(m, 'a', "(xay)"));
	for (size_t i = 0; i < subject->ancestors_count; i++) {
		const struct ancestor *ancestor = &subject->ancestors[i];

		TRY(sd_bus_message_open_container(m, 'r', "xay"));
		TRY(sd_bus_message_append(m, "x", (int64_t)ancestor->pid));
		TRY(wire_append_bytes(m, ancestor->exe));
		TRY(sd_bus_message_close_container(m));
	}
	return sd_bus_message_close_container(m);
}

static int append_accesses(sd_bus_message *m, const struct request *request)
{
	TRY(sd_bus_message_open_container(m, 'a', BUS_ACCESS));
	for (size_t i = 0; i < request->accesses_count; i++) {
		const struct access *access = &request->accesses[i];

		TRY(sd_bus_message_open_container(m, 'r', BUS_OBJECT "t"));
		TRY(wire_append_object(m, &access->object));
		TRY(sd_bus_message_append(m, "t", access->missing));
		TRY(sd_bus_message_close_container(m));
	}
	return sd_bus_message_close_container(m);
}

int wire_append_request(sd_bus_message *m, const struct request *request)
{
	const struct subject *subject = &request->subject;

	TRY(sd_bus_message_open_container(m, 'r', REQUEST_CONTENTS));
	TRY(sd_bus_message_append(m, "ttxxtu", request->id, request->generation,
				  (int64_t)subject->pid, (int64_t)subject->tid,
				  subject->pid_start, (uint32_t)subject->uid));
	TRY(wire_append_bytes(m, subject->exe));
	TRY(wire_append_bytes(m, subject->comm));
	TRY(append_ancestors(m, subject));
	TRY(wire_append_bytes(m, request->operation));
	TRY(append_accesses(m, request));
	return sd_bus_message_close_container(m);
}

static int read_ancestors(sd_bus_message *m, struct subject *subject)
{
	TRY(wire_some(sd_bus_message_enter_container(m, 'a', "(xay)")));
	while (sd_bus_message_at_end(m, 0) == 0) {
		struct ancestor *ancestor;
		int64_t pid;

		if (subject->ancestors_count == REQUEST_ANCESTORS_MAX)
			return -E2BIG;
		ancestor = &subject->ancestors[subject->ancestors_count];
		TRY(wire_some(sd_bus_message_enter_container(m, 'r', "xay")));
		TRY(sd_bus_message_read(m, "x", &pid));
		ancestor->pid = (pid_t)pid;
		TRY(wire_read_bytes(m, &ancestor->exe));
		subject->ancestors_count++;
		TRY(sd_bus_message_exit_container(m));
	}
	return sd_bus_message_exit_container(m);
}

static int read_accesses(sd_bus_message *m, struct request *request)
{
	TRY(wire_some(sd_bus_message_enter_container(m, 'a', BUS_ACCESS)));
	while (sd_bus_message_at_end(m, 0) == 0) {
		struct access *access;

		if (request->accesses_count == REQUEST_ACCESSES_MAX)
			return -E2BIG;
		access = &request->accesses[request->accesses_count];
		TRY(wire_some(sd_bus_message_enter_container(m, 'r',
							     BUS_OBJECT "t")));
		TRY(wire_read_object(m, &access->object));
		request->accesses_count++;
		/* Nobody accesses all that a pattern matches. */
		if (access->object.type == OBJECT_PATTERN)
			return -EINVAL;
		TRY(sd_bus_message_read(m, "t", &access->missing));
		TRY(sd_bus_message_exit_container(m));
	}
	if (request->accesses_count == 0)
		return -EINVAL;
	return sd_bus_message_exit_container(m);
}

/* Reads into a request that the caller finishes, also after a failure. */
static int read_request(sd_bus_message *m, struct request *request)
{
	struct subject *subject = &request->subject;
	int64_t pid, tid;
	uint32_t uid;

	TRY(sd_bus_message_read(m, "ttxxtu", &request->id, &request->generation,
				&pid, &tid, &subject->pid_start, &uid));
	subject->pid = (pid_t)pid;
	subject->tid = (pid_t)tid;
	subject->uid = uid;
	TRY(wire_read_bytes(m, &subject->exe));
	TRY(wire_read_bytes(m, &subject->comm));
	TRY(read_ancestors(m, subject));
	TRY(wire_read_bytes(m, &request->operation));
	return read_accesses(m, request);
}

int wire_read_request(sd_bus_message *m, struct request *ret)
{
	struct request request = {0};
	int result;

	result = wire_some(
		sd_bus_message_enter_container(m, 'r', REQUEST_CONTENTS));
	if (result > 0)
		result = read_request(m, &request);
	if (result >= 0)
		result = sd_bus_message_exit_container(m);
	if (result < 0) {
		request_finish(&request);
		return result;
	}
	*ret = request;
	return 0;
}

static int read_question(sd_bus_message *m, struct wire_question *ret)
{
	uint32_t waiting;

	TRY(sd_bus_message_read(m, "t", &ret->question.id));
	TRY(wire_read_bytes(m, &ret->app));
	TRY(wire_read_bytes(m, &ret->supervisor));
	TRY(sd_bus_message_read(m, "ux", &waiting, &ret->question.deadline));
	ret->question.waiting = waiting;
	return wire_read_request(m, &ret->request);
}

int wire_read_question(sd_bus_message *m, struct wire_question *ret)
{
	int result;

	*ret = (struct wire_question){0};
	result = read_question(m, ret);
	if (result < 0) {
		wire_question_finish(ret);
		return result;
	}
	ret->question.app = ret->app;
	ret->question.supervisor = ret->supervisor;
	ret->question.request = &ret->request;
	return 0;
}

void wire_question_finish(struct wire_question *question)
{
	free(question->app);
	free(question->supervisor);
	request_finish(&question->request);
	*question = (struct wire_question){0};
}

/* An outcome of the wire alone: nobody was there to decide. */
#define OUTCOME_UNANSWERED 2

/* A scope of the wire: it is no path. */
#define PORT_ALONE "port"

int wire_append_decision(sd_bus_message *m, const struct decision *decision)
{
	TRY(sd_bus_message_open_container(m, 'r', "yyxaytay"));
	TRY(sd_bus_message_append(
		m, "yyx",
		(uint8_t)(decision->unanswered ? OUTCOME_UNANSWERED
					       : decision->outcome),
		(uint8_t)decision->lifetime, decision->until));
	TRY(wire_append_bytes(m, decision->port_alone ? PORT_ALONE
						      : decision->beneath));
	TRY(sd_bus_message_append(m, "t", decision->rights));
	TRY(wire_append_bytes(m, decision->agent));
	return sd_bus_message_close_container(m);
}

/* An empty scope is the objects themselves. */
static int read_scope(sd_bus_message *m, struct decision *decision)
{
	_cleanup_free_ char *beneath = NULL;
	struct object object = {0};

	TRY(wire_read_bytes(m, &beneath));
	decision->port_alone = strcmp(beneath, PORT_ALONE) == 0;
	if (beneath[0] == '\0' || decision->port_alone)
		return 0;
	TRY(object_init_path(&object, beneath));
	object_finish(&object);
	decision->beneath = beneath;
	beneath = NULL;
	return 0;
}

static int read_decision(sd_bus_message *m, struct decision *decision)
{
	uint8_t outcome, lifetime;

	TRY(sd_bus_message_read(m, "yyx", &outcome, &lifetime,
				&decision->until));
	if (outcome > OUTCOME_UNANSWERED || lifetime >= LIFETIMES_ ||
	    (outcome == OUTCOME_UNANSWERED && lifetime != LIFETIME_ONCE))
		return -EINVAL;
	decision->unanswered = outcome == OUTCOME_UNANSWERED;
	if (!decision->unanswered)
		decision->outcome = outcome;
	decision->lifetime = lifetime;
	TRY(read_scope(m, decision));
	TRY(sd_bus_message_read(m, "t", &decision->rights));
	return wire_read_bytes(m, &decision->agent);
}

int wire_read_decision(sd_bus_message *m, struct decision *ret)
{
	struct decision decision = {0};
	int result;

	result = wire_some(sd_bus_message_enter_container(m, 'r', "yyxaytay"));
	if (result > 0)
		result = read_decision(m, &decision);
	if (result >= 0)
		result = sd_bus_message_exit_container(m);
	if (result < 0) {
		decision_finish(&decision);
		return result;
	}
	*ret = decision;
	return 0;
}
