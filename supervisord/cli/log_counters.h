/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How often what is in the log has happened, in the format that Prometheus reads,
 * from a file by its node-exporter for example.
 */
#pragma once

#include <jansson.h>
#include <stdio.h>

struct log_counters {
	json_t *events;	   /* by app and event, as they are printed */
	json_t *decisions; /* by app, outcome and lifetime */
};

/* Returns: 0 or -ENOMEM. */
int log_counters_init(struct log_counters *ret);
void log_counters_finish(struct log_counters *counters);

void log_counters_add(struct log_counters *counters, const json_t *line);

/* In the order in which they were met first. */
void log_counters_print(const struct log_counters *counters, FILE *out);
