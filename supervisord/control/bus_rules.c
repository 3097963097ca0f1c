/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rules of a domain as its monitor has them: see bus_rules.h. */
#include "control/bus_rules.h"

#include "policy/path_chain.h"

int bus_rules_init(struct bus_rules *rules)
{
	return followed_init(&rules->followed);
}

void bus_rules_finish(struct bus_rules *rules)
{
	ruleset_unref(rules->committed);
	followed_finish(&rules->followed);
	rulebook_unref(rules->own_book);
	rules_finish(&rules->own);
}

static int protect_own(struct bus_rules *rules)
{
	struct rulebook *book;
	struct rules own = {0};
	int error = path_chain_protect_own(&own, NULL);

	if (!error && rules->own_book && rules_equal(&own, &rules->own)) {
		rules_finish(&own);
		return 0;
	}
	if (!error)
		error = rulebook_new(&book);
	if (error) {
		rules_finish(&own);
		return error;
	}
	rulebook_unref(rules->own_book);
	rules->own_book = book;
	rules_finish(&rules->own);
	rules->own = own;
	return rulebook_append(book, &own);
}

int bus_rules_generation(struct bus_rules *rules, uint64_t generation,
			 int64_t now, struct ruleset **ret)
{
	struct rulebook *books[DOMAIN_BOOKS + 1];
	int error = rules->followed.error;

	rules->followed.error = 0;
	if (!error)
		error = protect_own(rules);
	if (error)
		return error;
	for (unsigned int i = 0; i < DOMAIN_BOOKS; i++)
		books[i] = rules->followed.books[i];
	books[DOMAIN_BOOKS] = rules->own_book;
	return ruleset_of_books(ret, books, DOMAIN_BOOKS + 1, generation, now);
}

void bus_rules_take(struct bus_rules *rules, struct ruleset *ruleset)
{
	ruleset_unref(rules->committed);
	rules->committed = ruleset_ref(ruleset);
}
