/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The objects by which agents can be moved.
 */
#include "supervision/levers.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/quote.h"
#include "base/text.h"

void levers_finish(struct levers *levers)
{
	for (size_t i = 0; i < levers->count; i++)
		object_finish(&levers->items[i].object);
	levers->count = 0;
}

int levers_add(struct levers *levers, const struct object *object,
	       rights_t rights, uint64_t *ret_set)
{
	struct lever *lever;
	int error;

	if (object->any || !rights || (rights & ~object_rights(object->type)))
		return -EINVAL;
	for (size_t i = 0; i < levers->count; i++) {
		lever = &levers->items[i];
		if (lever->rights == rights &&
		    object_equal(&lever->object, object)) {
			*ret_set |= UINT64_C(1) << i;
			return 0;
		}
	}
	if (levers->count == LEVERS_MAX)
		return -ENOSPC;
	lever = &levers->items[levers->count];
	error = object_copy(&lever->object, object);
	if (error)
		return error;
	lever->rights = rights;
	*ret_set |= UINT64_C(1) << levers->count++;
	return 0;
}

static uint64_t reached_by(const struct levers *levers,
			   const struct ruleset *ruleset,
			   struct process_id process)
{
	uint64_t set = 0;

	for (size_t i = 0; i < levers->count; i++) {
		const struct lever *lever = &levers->items[i];

		if (ruleset_allowed_somewhere(ruleset, &lever->object,
					      lever->rights, process))
			set |= UINT64_C(1) << i;
	}
	return set;
}

/* What processes with rules of their own reach, being gathered. */
struct gathering {
	const struct levers *levers;
	const struct ruleset *ruleset;
	rights_t rights; /* of any lever */
	uint64_t set;
};

static int gather_bound(void *userdata, const struct rule *rule)
{
	struct gathering *gathering = userdata;

	if (rule->rights & gathering->rights)
		gathering->set |= reached_by(
			gathering->levers, gathering->ruleset,
			(struct process_id){rule->pid, rule->pid_start});
	return 0;
}

uint64_t levers_reached(const struct levers *levers,
			const struct ruleset *ruleset)
{
	struct gathering gathering = {
		.levers = levers,
		.ruleset = ruleset,
		.set = reached_by(levers, ruleset, PROCESS_NONE),
	};

	for (size_t i = 0; i < levers->count; i++)
		gathering.rights |= levers->items[i].rights;
	if (gathering.rights)
		ruleset_each_bound(ruleset, gather_bound, &gathering);
	return gathering.set;
}

/* A port is the lever whatever the address: a machine has many names. */
static bool is_lever(const struct lever *lever, const struct object *object)
{
	if (object->type == OBJECT_PORT && lever->object.type == OBJECT_PORT)
		return object->any || object->port == lever->object.port;
	return object_equal(object, &lever->object);
}

uint64_t levers_asked(const struct levers *levers,
		      const struct request *request)
{
	uint64_t set = 0;

	for (size_t i = 0; i < levers->count; i++)
		for (size_t j = 0; j < request->accesses_count; j++) {
			const struct access *access = &request->accesses[j];

			if ((access->missing & levers->items[i].rights) &&
			    is_lever(&levers->items[i], &access->object))
				set |= UINT64_C(1) << i;
		}
	return set;
}

char *levers_format(const struct levers *levers, uint64_t set)
{
	const char *separator = "";
	char *text = NULL;
	size_t size = 0;
	FILE *const out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	for (size_t i = 0; i < levers->count; i++) {
		_cleanup_free_ char *name = NULL, *quoted = NULL;

		if (!(set & (UINT64_C(1) << i)))
			continue;
		name = object_format(&levers->items[i].object);
		quoted = name ? quote_word(name) : NULL;
		fprintf(out, "%s%s", separator, quoted ? quoted : "?");
		separator = " and ";
	}
	return text_finish(out, &text);
}
