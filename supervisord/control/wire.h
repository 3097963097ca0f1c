/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Wire forms: the core's values as D-Bus messages. Paths and names are arrays
 * of bytes, for they need not be UTF-8.
 *
 * Readers check everything that is bounded or canonical in the core; what they
 * return is as safe as what the core made itself. They return 0, or a negative
 * errno (-EBADMSG, -EINVAL: not what the form says) with *ret untouched.
 */
#pragma once

#include <systemd/sd-bus.h>

#include "agent/agent.h"
#include "bus/names.h"
#include "core/decision.h"
#include "core/request.h"
#include "core/rule.h"

#define WIRE_RULES_MAX 65536
#define WIRE_STRINGS_MAX 4096

int wire_append_bytes(sd_bus_message *m, const char *string);
/* @ret: a new string (free(3)) without NUL in it */
int wire_read_bytes(sd_bus_message *m, char **ret);

int wire_append_strings(sd_bus_message *m, const char *const *strings);
/* @ret: NULL-terminated; strings_free() */
int wire_read_strings(sd_bus_message *m, char ***ret);

int wire_append_rules(sd_bus_message *m, const struct rules *rules);
int wire_read_rules(sd_bus_message *m, struct rules *ret);
int wire_append_rule(sd_bus_message *m, const struct rule *rule);
int wire_read_rule(sd_bus_message *m, struct rule *ret);

int wire_append_request(sd_bus_message *m, const struct request *request);
int wire_read_request(sd_bus_message *m, struct request *ret);

/* A question with all that it points to. */
struct wire_question {
	struct question question;
	struct request request;
	char *app, *supervisor;
};

/* Reads the arguments of Agent1.Ask; wire_question_finish() it. */
int wire_read_question(sd_bus_message *m, struct wire_question *ret);
void wire_question_finish(struct wire_question *question);

int wire_append_decision(sd_bus_message *m, const struct decision *decision);
int wire_read_decision(sd_bus_message *m, struct decision *ret);
