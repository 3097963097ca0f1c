/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/log_counters.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"

int log_counters_init(struct log_counters *ret)
{
	ret->events = json_object();
	ret->decisions = json_object();
	if (ret->events && ret->decisions)
		return 0;
	log_counters_finish(ret);
	return -ENOMEM;
}

void log_counters_finish(struct log_counters *counters)
{
	json_decref(counters->events);
	json_decref(counters->decisions);
}

/* NAME="VALUE", as the format wants it. */
static void put_label(FILE *out, const char *before, const char *name,
		      const json_t *line)
{
	const char *value = json_string_value(json_object_get(line, name));

	fprintf(out, "%s%s=\"", before, name);
	for (; value && *value; value++) {
		if (strchr("\\\"", *value))
			fputc('\\', out);
		fputs(*value == '\n' ? "\\n" : (char[]){*value, '\0'}, out);
	}
	fputc('"', out);
}

static void count(json_t *counters, const json_t *line,
		  const char *const *names)
{
	_cleanup_free_ char *labels = NULL;
	size_t size = 0;
	FILE *const out = open_memstream(&labels, &size);
	json_t *number;

	if (!out)
		return;
	for (size_t i = 0; names[i]; i++)
		put_label(out, i ? "," : "", names[i], line);
	if (!text_finish(out, &labels))
		return;
	number = json_object_get(counters, labels);
	if (number)
		json_integer_set(number, json_integer_value(number) + 1);
	else
		json_object_set_new(counters, labels, json_integer(1));
}

void log_counters_add(struct log_counters *counters, const json_t *line)
{
	static const char *const event[] = {"app", "event", NULL};
	static const char *const decision[] = {"app", "outcome", "lifetime",
					       NULL};

	count(counters->events, line, event);
	if (json_object_get(line, "outcome"))
		count(counters->decisions, line, decision);
}

static void print(FILE *out, const char *name, const char *help,
		  json_t *counters)
{
	const char *labels;
	json_t *number;

	fprintf(out, "# HELP %s %s\n# TYPE %s counter\n", name, help, name);
	json_object_foreach (counters, labels, number)
		fprintf(out, "%s{%s} %" JSON_INTEGER_FORMAT "\n", name, labels,
			json_integer_value(number));
}

void log_counters_print(const struct log_counters *counters, FILE *out)
{
	print(out, "landlord_events_total", "Events in the log, by app.",
	      counters->events);
	print(out, "landlord_decisions_total",
	      "What was answered, by app, outcome and lifetime.",
	      counters->decisions);
}
