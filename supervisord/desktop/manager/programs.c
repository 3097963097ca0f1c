/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The programs that something is known of: see programs.h.
 */
#include "desktop/manager/programs.h"

#include <stdlib.h>
#include <string.h>

/* Counts the things of each app. */
static void count(json_t *programs, const json_t *things, const char *key)
{
	const json_t *thing;
	json_t *program;
	const char *app;
	size_t i;

	json_array_foreach (things, i, thing) {
		app = json_string_value(json_object_get(thing, "app"));
		if (!app)
			continue;
		program = json_object_get(programs, app);
		if (!program) {
			program = json_pack("{s:s, s:i, s:i, s:i}", "app", app,
					    "rules", 0, "running", 0, "waiting",
					    0);
			json_object_set_new(programs, app, program);
		}
		json_object_set_new(
			program, key,
			json_integer(json_integer_value(
					     json_object_get(program, key)) +
				     1));
	}
}

static int compare(const void *a, const void *b)
{
	return strcmp(
		json_string_value(json_object_get(*(json_t *const *)a, "app")),
		json_string_value(json_object_get(*(json_t *const *)b, "app")));
}

/* The values of an object, in order. */
static json_t *sorted(json_t *programs)
{
	const size_t size = json_object_size(programs);
	json_t **list = calloc(size + 1, sizeof(json_t *));
	json_t *array = json_array(), *program;
	const char *app;
	size_t i = 0;

	if (!list)
		return array;
	json_object_foreach (programs, app, program)
		list[i++] = program;
	qsort(list, size, sizeof(json_t *), compare);
	for (i = 0; i < size; i++)
		json_array_append(array, list[i]);
	free(list);
	return array;
}

json_t *programs_find(const json_t *rules, const json_t *running,
		      const json_t *pending)
{
	json_t *programs = json_object(), *array;

	count(programs, rules, "rules");
	count(programs, running, "running");
	count(programs, pending, "waiting");
	array = sorted(programs);
	json_decref(programs);
	return array;
}
