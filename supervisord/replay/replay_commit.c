/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "replay/replay_commit.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "supervision/commit.h"
#include "supervision/decide.h"

static void on_changed(void *userdata, struct domain *domain,
		       const struct rules *rules, int error)
{
	(void)userdata;
	(void)domain;
	(void)rules;
	(void)error; /* this engine puts everything into force */
}

/* @rules: finished */
static int put_into_force(struct replay_run *run, struct rules *rules)
{
	int error = 0;

	if (rules->count > 0)
		error = domain_change(run->engine.domain, rules, false,
				      on_changed, NULL);
	rules_finish(rules);
	/* What makes no sense, or is too much, cannot have been in force. */
	if (error == -EINVAL || error == -ENOSPC) {
		run->world->counts.stray++;
		error = 0;
	}
	return error;
}

/* --- The first --------------------------------------------------- */

/* The rules that end with the run; of a policy alone, none to learn by. */
static int append_session(const struct replay_run *run, struct rules *ret,
			  const struct rules *session)
{
	for (size_t i = 0; i < session->count; i++) {
		const struct rule *rule = &session->items[i];
		struct rule copy;

		if (run->world->options->policy_only && rule->origin &&
		    strcmp(rule->origin, TRACE_LEARNING) == 0)
			continue;
		if (rule_copy(&copy, rule) < 0)
			return -ENOMEM;
		if (rules_take(ret, &copy) < 0) {
			rule_finish(&copy);
			return -ENOMEM;
		}
	}
	return 0;
}

/* Of the files as they were only if they are those of the trace. */
static int take_first(struct replay_run *run, const struct trace_commit *commit)
{
	struct rules rules = {0};
	int error = 0;

	if (!run->world->options->load)
		error = rules_append(&rules, &commit->added);
	if (!error)
		error = append_session(run, &rules, &commit->session);
	if (!error)
		return put_into_force(run, &rules);
	rules_finish(&rules);
	return error;
}

/* --- What goes --------------------------------------------------- */

/* Rules that are to go, in the order of their objects. */
struct leaving {
	const struct rule **items;
	size_t count;
	char **ids; /* of those that say the same */
	size_t ids_count;
};

static int compare(const void *a, const void *b)
{
	const uint64_t x =
		object_hash(&(*(const struct rule *const *)a)->object);
	const uint64_t y =
		object_hash(&(*(const struct rule *const *)b)->object);

	return x < y ? -1 : x > y;
}

static bool say_the_same(const struct rule *a, const struct rule *b)
{
	return a->layer == b->layer && a->effect == b->effect &&
	       a->rights == b->rights && a->beneath == b->beneath &&
	       a->pid == b->pid && a->pid_start == b->pid_start &&
	       a->expires == b->expires && object_equal(&a->object, &b->object);
}

/* Whether a rule is among them. */
static bool leaves(const struct leaving *leaving, const struct rule *rule)
{
	const struct rule **items = leaving->items;
	size_t low = 0, high = leaving->count;

	while (low < high) {
		const size_t middle = low + (high - low) / 2;

		if (compare(&items[middle], &rule) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < leaving->count && compare(&items[low], &rule) == 0; low++)
		if (say_the_same(items[low], rule))
			return true;
	return false;
}

static int note_leaving(void *userdata, const struct rule *rule)
{
	struct leaving *leaving = userdata;
	char **ids;

	if (!leaves(leaving, rule))
		return 0;
	ids = reallocarray(leaving->ids, leaving->ids_count + 1, sizeof(*ids));
	if (!ids)
		return -ENOMEM;
	leaving->ids = ids;
	ids[leaving->ids_count] = strdup(rule->id);
	return ids[leaving->ids_count] ? (leaving->ids_count++, 0) : -ENOMEM;
}

static int find_leaving(const struct replay_run *run,
			const struct rules *removed, struct leaving *leaving)
{
	struct rulebook *book = run->engine.domain->session;

	leaving->items = calloc(removed->count, sizeof(struct rule *));
	if (!leaving->items)
		return -ENOMEM;
	for (size_t i = 0; i < removed->count; i++)
		leaving->items[leaving->count++] = &removed->items[i];
	qsort(leaving->items, leaving->count, sizeof(struct rule *), compare);
	return rulebook_each(book, rulebook_version(book), note_leaving,
			     leaving);
}

/* Takes away what says the same as these. */
static int take_away(struct replay_run *run, const struct rules *removed)
{
	struct leaving leaving = {0};
	int error = 0;

	if (removed->count > 0)
		error = find_leaving(run, removed, &leaving);
	for (size_t i = 0; i < leaving.ids_count; i++) {
		if (!error)
			domain_forget(run->engine.domain, leaving.ids[i]);
		free(leaving.ids[i]);
	}
	if (!error && leaving.ids_count > 0)
		domain_refresh(run->engine.domain);
	free(leaving.ids);
	free(leaving.items);
	return error;
}

/* --- The others -------------------------------------------------- */

int replay_commit_take(struct replay_run *run,
		       const struct trace_commit *commit)
{
	const struct replay_options *options = run->world->options;
	const bool first = !run->committed;
	int error;

	if (commit->error)
		return 0;
	run->committed = !commit->more || run->committed;
	if (first)
		return take_first(run, commit);
	error = take_away(run, &commit->removed);
	if (!error)
		error = rules_append(&run->later, &commit->session);
	if (!error && !options->load)
		error = rules_append(&run->later, &commit->added);
	return error;
}

static bool is_made_by(const struct rule *rule, const struct rules *made)
{
	for (size_t i = 0; i < made->count; i++)
		if (made->items[i].effect == rule->effect &&
		    made->items[i].beneath == rule->beneath &&
		    object_equal(&made->items[i].object, &rule->object))
			return true;
	return false;
}

int replay_commit_claim(struct replay_run *run,
			const struct trace_decision *decision,
			const struct request *request)
{
	struct rules made = {0}, *later = &run->later;
	int error;

	if (later->count == 0)
		return 0;
	error = decide_rules(&decision->decision, request, 0, &made);
	for (size_t i = later->count; !error && i-- > 0;) {
		if (!is_made_by(&later->items[i], &made))
			continue;
		rule_finish(&later->items[i]);
		later->items[i] = later->items[--later->count];
	}
	rules_finish(&made);
	return error;
}

int replay_commit_apply(struct replay_run *run)
{
	const struct replay_options *options = run->world->options;

	if (run->later.count == 0)
		return 0;
	if (!options->agent && !options->policy_only)
		return put_into_force(run, &run->later);
	rules_finish(&run->later);
	return 0;
}
