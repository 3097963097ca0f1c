/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Grants while there is no daemon: see grants_watch.h. The books of the daemon
 * stay as they are, since it is told of none of this; what becomes of them is
 * in books of their own, which end with the next daemon's first commit.
 */
#include "control/grants_watch.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "policy/policy.h"
#include "policy/policy_watch.h"
#include "store/grants.h"
#include "store/remains.h"
#include "supervision/domain.h"

struct grants_watch {
	char *app;
	const char *grants_dir;
	struct policy_watcher *watcher;
	struct policy_watch *watch;
	struct rulebook *before; /* at the last look; NULL: there was none */
};

struct grants_watch *grants_watch_free(struct grants_watch *watch)
{
	if (!watch)
		return NULL;
	policy_watch_free(watch->watch);
	policy_watcher_free(watch->watcher);
	rulebook_unref(watch->before);
	free(watch->app);
	free(watch);
	return NULL;
}

int grants_watch_new(struct grants_watch **ret, struct event_base *loop,
		     const struct clock *clock, const char *grants_dir,
		     const char *app, void (*changed)(void *userdata),
		     void *userdata)
{
	const struct policy_options options = {.grants_dir = grants_dir};
	struct grants_watch *watch;
	int error;

	watch = calloc(1, sizeof(*watch));
	if (!watch)
		return -ENOMEM;
	watch->app = strdup(app);
	watch->grants_dir = grants_dir;
	error = watch->app ? policy_watcher_new(&watch->watcher, loop, clock)
			   : -ENOMEM;
	if (!error)
		error = policy_watch_new(&watch->watch, watch->watcher, app,
					 &options, changed, userdata);
	if (error) {
		grants_watch_free(watch);
		return error;
	}
	*ret = watch;
	return 0;
}

/* Returns: 0, or a negative errno; @ret: owned. */
static int read_grants(const struct grants_watch *watch, struct rulebook **ret)
{
	_cleanup_(grants_closep) struct grants *grants = NULL;
	struct file_errors errors = {0};
	struct rulebook *book;
	int error = grants_open(&grants, watch->grants_dir, watch->app);

	if (!error)
		error = grants_refresh(grants, &book, &errors);
	if (!error && errors.count > 0)
		error = -EBADMSG;
	if (!error)
		*ret = rulebook_ref(book);
	file_errors_finish(&errors);
	return error;
}

/*
 * Where no directory is nothing is allowed, but nothing has been taken back
 * either: it may have been moved away.
 */
static int look(struct grants_watch *watch, struct rulebook **ret)
{
	int error;

	if (!grants_are_absent(watch->grants_dir))
		return read_grants(watch, ret);
	error = rulebook_new(ret);
	watch->before = rulebook_unref(watch->before);
	return error;
}

static int copy_to(void *userdata, const struct rule *rule)
{
	struct rule copy;
	int error = rule_copy(&copy, rule);

	if (!error)
		error = rulebook_take(userdata, &copy);
	rule_finish(&copy);
	return error;
}

/* A book as a ruleset sees it: more may have been staged since. */
static int take_book(const struct ruleset *ruleset, unsigned int part,
		     struct rulebook **ret)
{
	uint64_t version;
	struct rulebook *const book = ruleset_book(ruleset, part, &version);
	struct rulebook *copy;
	int error;

	if (rulebook_version(book) == version) {
		*ret = rulebook_ref(book);
		return 0;
	}
	error = rulebook_new(&copy);
	if (error)
		return error;
	error = rulebook_each(book, version, copy_to, copy);
	if (!error)
		*ret = copy;
	else
		rulebook_unref(copy);
	return error;
}

/* Returns: 1 when less remains of a book, 0 or a negative errno. */
static int reduce(const struct remains *store, const struct ruleset *ruleset,
		  unsigned int part, struct rulebook **ret)
{
	uint64_t version;
	const struct rulebook *book = ruleset_book(ruleset, part, &version);
	int error = remains_of(store, book, version, ret);

	if (error)
		return error;
	return *ret ? 1 : take_book(ruleset, part, ret);
}

/* As grants_watch_look(), of what is there. */
static int compare(const struct remains *store, const struct ruleset *ruleset,
		   struct rulebook **books, unsigned int count)
{
	/* About to be kept, as far as it is: who answered knows no more. */
	const struct remains promises = {.now = store->now};
	int result =
		reduce(store, ruleset, DOMAIN_GRANTS, &books[DOMAIN_GRANTS]);
	int changed = result;

	if (result >= 0)
		result = reduce(&promises, ruleset, DOMAIN_PROVISIONAL,
				&books[DOMAIN_PROVISIONAL]);
	changed |= result;
	for (unsigned int i = 0; result >= 0 && i < count; i++)
		if (!books[i])
			result = take_book(ruleset, i, &books[i]);
	return result < 0 ? result : changed;
}

int grants_watch_look(struct grants_watch *watch, const struct ruleset *ruleset,
		      int64_t now, struct ruleset **ret)
{
	struct rulebook *books[RULESET_BOOKS_MAX] = {NULL}, *stored;
	const unsigned int count = ruleset_books(ruleset);
	int result = look(watch, &stored);

	if (result < 0)
		return result;
	result = compare(&(struct remains){.now = stored,
					   .before = watch->before,
					   .refuses = true},
			 ruleset, books, count);
	if (result > 0 &&
	    ruleset_of_books(ret, books, count, ruleset_generation(ruleset) + 1,
			     now) < 0)
		result = -ENOMEM;
	for (unsigned int i = 0; i < count; i++)
		rulebook_unref(books[i]);
	rulebook_unref(watch->before);
	watch->before = stored;
	return result;
}
