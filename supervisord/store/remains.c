/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What remains of grants: see remains.h. */
#include "store/remains.h"

#include "store/merge.h"

/* The rights that a store gives a rule. */
struct backing {
	const struct rule *rule;
	rights_t rights;
};

static int back(void *userdata, const struct rule *stored)
{
	struct backing *const backing = userdata;

	if (merge_joins(backing->rule, stored))
		backing->rights |= stored->rights;
	return 0;
}

/* Returns: the rights of a rule that a book has under whatever name. */
static rights_t backed(const struct rulebook *book, const struct rule *rule)
{
	struct backing backing = {.rule = rule};

	rulebook_about(book, &rule->object, back, &backing);
	return backing.rights & rule->rights;
}

static rights_t remaining(const struct remains *store, const struct rule *rule)
{
	const rights_t now = backed(store->now, rule);

	if (rule->effect == EFFECT_ALLOW)
		return now;
	return store->before
		       ? rule->rights & ~(backed(store->before, rule) & ~now)
		       : rule->rights;
}

/* A book on its way. */
struct remnant {
	const struct remains *store;
	struct rulebook *book;
	bool changed;
};

static int copy_to(struct rulebook *book, const struct rule *rule,
		   rights_t rights)
{
	struct rule copy;
	int error = rule_copy(&copy, rule);

	if (error)
		return error;
	copy.rights = rights;
	error = rulebook_take(book, &copy);
	rule_finish(&copy);
	return error;
}

static int keep(void *userdata, const struct rule *rule)
{
	struct remnant *const remnant = userdata;
	const rights_t rights = remaining(remnant->store, rule);

	remnant->changed |= rights != rule->rights;
	return rights ? copy_to(remnant->book, rule, rights) : 0;
}

static int refuse(void *userdata, const struct rule *rule)
{
	struct remnant *const remnant = userdata;

	if (rule->effect == EFFECT_ALLOW ||
	    backed(remnant->book, rule) == rule->rights)
		return 0;
	remnant->changed = true;
	return copy_to(remnant->book, rule, rule->rights);
}

int remains_of(const struct remains *store, const struct rulebook *held,
	       uint64_t version, struct rulebook **ret)
{
	struct remnant remnant = {.store = store};
	int error = rulebook_new(&remnant.book);

	if (error)
		return error;
	error = rulebook_each(held, version, keep, &remnant);
	if (!error && store->refuses)
		error = rulebook_each(store->now, rulebook_version(store->now),
				      refuse, &remnant);
	if (error || !remnant.changed)
		remnant.book = rulebook_unref(remnant.book);
	if (error)
		return error;
	*ret = remnant.book;
	return 0;
}
