/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Profiles: what the policy files and the persisted grants say of an app.
 */
#include "supervision/profile.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "policy/sources.h"
#include "supervision/past.h"
#include "supervision/strings.h"

#define COMPLAINTS_MAX 16 /* sentences about one profile */
#define IDLE_MAX 16	  /* profiles that are kept for the next program */
#define IDLE_MS 60000	  /* since they were loaded */

static struct policy_options options_of(const struct profile *profile)
{
	struct policy_options options = *profile->profiles->places;

	options.files = (const char *const *)profile->policy_files;
	options.program = (const char *const *)profile->variables;
	return options;
}

/* Keeps a sentence for who registers next; not more than anybody reads. */
static void keep_complaint(struct profile *profile, const char *sentence)
{
	char **complaints = profile->complaints;
	size_t count = 0;

	while (complaints && complaints[count])
		count++;
	if (count == COMPLAINTS_MAX)
		return;
	complaints = reallocarray(complaints, count + 2, sizeof(*complaints));
	if (!complaints)
		return;
	profile->complaints = complaints;
	complaints[count] = strdup(sentence);
	complaints[count + 1] = NULL;
}

/*
 * Tells every error, but for the first one where somebody else will tell it.
 * @ret_first: gets that one; may be NULL
 */
static void tell_errors(struct profile *profile, struct file_errors *errors,
			char **ret_first)
{
	for (size_t i = 0; i < errors->count; i++) {
		char *sentence = file_error_format(&errors->items[i]);

		if (!sentence)
			continue;
		if (ret_first && !*ret_first) {
			*ret_first = sentence;
			continue;
		}
		log_warning("%s", sentence);
		keep_complaint(profile, sentence);
		free(sentence);
	}
	file_errors_finish(errors);
}

static int copy_to(void *userdata, const struct rule *rule)
{
	struct rule copy;
	int error = rule_copy(&copy, rule);

	if (!error)
		error = rules_take(userdata, &copy);
	rule_finish(&copy);
	return error;
}

static int copy_rules(const struct rulebook *book, struct rules *ret)
{
	return rulebook_each(book, rulebook_version(book), copy_to, ret);
}

/* Whether less holds: what only got more rights is there under its id. */
static int find_lost(void *userdata, const struct rule *removed)
{
	const struct rule *const now = rulebook_find(userdata, removed->id);

	return !now || now->effect != removed->effect ||
	       removed->rights & ~now->rights;
}

static bool has_lost(const struct profile *profile)
{
	struct rulebook *const book = profile->grants;

	return rulebook_removed(book, profile->grants_version,
				rulebook_version(book), find_lost, book) != 0;
}

/*
 * Whether the grants of the store are what was known of them. What a book that
 * is the same has got was put there by this program, and is in force.
 */
static bool is_known(const struct profile *profile, const struct rules *added,
		     const struct rulebook *grants)
{
	struct rules known = {0}, now = {0};
	bool same;

	if (profile->grants == grants)
		return !has_lost(profile);
	if (!profile->grants)
		return false;
	same = copy_rules(profile->grants, &known) == 0 &&
	       (!added || rules_append(&known, added) == 0) &&
	       copy_rules(grants, &now) == 0 && rules_same_effect(&known, &now);
	rules_finish(&known);
	rules_finish(&now);
	return same;
}

/*
 * What cannot be read of them may have been refusals: then nothing is believed
 * of what is left.
 * @ret: owned
 * @ret_sentence: on failure a sentence (free(3)); may be NULL
 */
static int load_grants(struct profile *profile, struct rulebook **ret,
		       char **ret_sentence)
{
	struct file_errors errors = {0};
	int error;

	if (!profile->store)
		return rulebook_new(ret);
	error = grants_refresh(profile->store, ret, &errors);
	if (!error && errors.count > 0)
		error = -EBADMSG;
	if (!error)
		rulebook_ref(*ret);
	tell_errors(profile, &errors, error ? ret_sentence : NULL);
	return error;
}

static void take_grants(struct profile *profile, struct rulebook *grants)
{
	rulebook_unref(profile->grants);
	profile->grants = grants;
	profile->grants_version = rulebook_version(grants);
}

int profile_reload_grants(struct profile *profile, const struct rules *added)
{
	struct rulebook *grants;
	bool changed;
	int error = load_grants(profile, &grants, NULL);

	if (error)
		return error;
	changed = !is_known(profile, added, grants);
	take_grants(profile, grants);
	return changed;
}

static struct shared_policy *unshare(struct shared_policy *shared)
{
	if (!shared || --shared->references > 0)
		return NULL;
	policy_finish(&shared->policy);
	rulebook_unref(shared->book);
	free(shared);
	return NULL;
}

/* Takes the policy, or lets go of it when another profile has the same. */
static struct shared_policy *share(struct profiles *profiles,
				   struct policy *policy)
{
	struct shared_policy *shared;
	struct profile *other;

	TAILQ_FOREACH (other, &profiles->list, link)
		if (other->shared &&
		    policy_equal(&other->shared->policy, policy)) {
			policy_finish(policy);
			other->shared->references++;
			return other->shared;
		}
	shared = malloc(sizeof(*shared));
	if (!shared) {
		policy_finish(policy);
		return NULL;
	}
	*shared = (struct shared_policy){.references = 1, .policy = *policy};
	if (rulebook_new(&shared->book) < 0 ||
	    rulebook_append(shared->book, &shared->policy.rules) < 0)
		return unshare(shared);
	return shared;
}

static int read_files(struct profile *profile, struct policy *ret,
		      char **ret_sentence)
{
	const struct policy_options options = options_of(profile);
	struct file_errors errors = {0};
	const int error = policy_load(profile->app, &options, ret, &errors);

	tell_errors(profile, &errors, error ? ret_sentence : NULL);
	return error;
}

static int load_files(struct profile *profile, struct shared_policy **ret,
		      char **ret_sentence)
{
	const struct past *past = profile->profiles->past;
	struct policy policy = {.settings = POLICY_SETTINGS_DEFAULT};
	const int error =
		past ? past->load(past->userdata, profile->app, &policy.rules)
		     : read_files(profile, &policy, ret_sentence);

	if (error)
		return error;
	*ret = share(profile->profiles, &policy);
	return *ret ? 0 : -ENOMEM;
}

/* Of the files as they are; 0: not known. */
static uint64_t signature_of(const struct profile *profile)
{
	const struct policy_options options = options_of(profile);
	struct sources sources = {0};
	uint64_t signature = 0;

	if (profile->profiles->past)
		return 0;
	if (!sources_list(profile->app, &options, &sources))
		signature = sources_signature(&sources);
	sources_finish(&sources);
	return signature;
}

static int reload(struct profile *profile, char **ret_sentence)
{
	struct shared_policy *shared;
	struct rulebook *grants;
	bool changed;
	int error = load_files(profile, &shared, ret_sentence);

	if (error)
		return error;
	error = load_grants(profile, &grants, ret_sentence);
	if (error) {
		unshare(shared);
		return error;
	}
	changed = shared != profile->shared || !is_known(profile, NULL, grants);
	unshare(profile->shared);
	profile->shared = shared;
	take_grants(profile, grants);
	return changed;
}

int profile_reload(struct profile *profile, char **ret_sentence)
{
	/* Before: what changes meanwhile may be missed by the load. */
	const uint64_t signature = signature_of(profile);
	int result;

	profile->complaints = strings_free(profile->complaints);
	result = reload(profile, ret_sentence);

	profile->signature = result < 0 ? 0 : signature;
	profile->loaded = clock_boot(profile->profiles->clock);
	return result;
}

/*
 * Reads it again, and commits what has changed.
 * @ret_sentence: on failure a sentence (free(3)); may be NULL
 * Returns: 0, or a negative errno: what holds stays.
 */
static int follow_files(struct profile *profile, char **ret_sentence)
{
	char **former = profile->complaints;
	int result;

	profile->complaints = NULL;
	result = profile_reload(profile, ret_sentence);
	if (result < 0)
		log_error("the policy of %s was not reloaded: what holds stays",
			  profile->app);
	if (!strings_equal((const char *const *)former,
			   (const char *const *)profile->complaints))
		profile->profiles->complained(profile->profiles->userdata,
					      profile);
	strings_free(former);
	/* A grant of our own has been committed before it was written. */
	if (result <= 0)
		return result;
	log_info("the policy of %s has changed", profile->app);
	profile->profiles->changed(profile->profiles->userdata, profile);
	return 0;
}

static void on_files_changed(void *userdata)
{
	follow_files(userdata, NULL);
}

/*
 * Opens the store. Where none can be made nothing can be persisted, and nothing
 * has been; one that is there and cannot be opened may hold refusals.
 */
static int open_store(struct profile *profile, char **ret_sentence)
{
	const char *directory = profile->profiles->places->grants_dir;
	int error = -ENOENT;

	/* What was kept then is among the rules. */
	if (profile->profiles->past)
		return 0;
	if (directory)
		error = grants_open(&profile->store, directory, profile->app);
	if (!error || error == -ENOMEM)
		return error;
	if (!directory || grants_are_absent(directory)) {
		log_warning("grants of %s cannot be kept: %s", profile->app,
			    strerror(-error));
		return 0;
	}
	if (ret_sentence &&
	    asprintf(ret_sentence,
		     "%s: cannot be trusted or read (%s); expected a directory "
		     "of yours that nobody else can write, mode 0700",
		     directory, strerror(-error)) < 0)
		*ret_sentence = NULL;
	return error;
}

int profile_store(struct profile *profile, struct grants **ret)
{
	int error = 0;

	if (!profile->store || !grants_are_in_place(profile->store)) {
		profile->store = grants_close(profile->store);
		error = open_store(profile, NULL);
	}
	if (error)
		return error;
	if (!profile->store)
		return -ENOENT;
	grants_set_wait(profile->store, 0);
	*ret = profile->store;
	return 0;
}

static int watch_files(struct profile *profile)
{
	const struct policy_options options = options_of(profile);

	if (!profile->profiles->watcher)
		return 0;
	return policy_watch_new(&profile->watch, profile->profiles->watcher,
				profile->app, &options, on_files_changed,
				profile);
}

static void discard(struct profile *profile)
{
	TAILQ_REMOVE(&profile->profiles->list, profile, link);
	policy_watch_free(profile->watch);
	grants_close(profile->store);
	unshare(profile->shared);
	rulebook_unref(profile->grants);
	strings_free(profile->policy_files);
	strings_free(profile->variables);
	strings_free(profile->complaints);
	free(profile->app);
	free(profile);
}

static int profile_new(struct profiles *profiles, const char *app,
		       const char *const *policy_files,
		       const char *const *variables, struct profile **ret,
		       char **ret_sentence)
{
	struct profile *profile = calloc(1, sizeof(*profile));
	int result;

	if (!profile)
		return -ENOMEM;
	profile->references = 1;
	profile->profiles = profiles;
	TAILQ_INSERT_TAIL(&profiles->list, profile, link);
	profile->app = strdup(app);
	profile->policy_files = strings_copy(policy_files);
	if (variables)
		profile->variables = strings_copy(variables);
	result = profile->app && profile->policy_files &&
				 !profile->variables == !variables
			 ? 0
			 : -ENOMEM;
	if (result == 0)
		result = open_store(profile, ret_sentence);
	/* Watched first: of a change between the two nobody would tell. */
	if (result == 0)
		result = watch_files(profile);
	if (result == 0)
		result = profile_reload(profile, ret_sentence);
	if (result < 0) {
		discard(profile);
		return result;
	}
	*ret = profile;
	return 0;
}

/*
 * Whether what was loaded is what a load would give now. Links that policies
 * name are not looked at again, so that it does not count for long.
 */
static bool is_current(const struct profile *profile)
{
	if (profile->profiles->past)
		return true;
	return profile->signature &&
	       clock_boot(profile->profiles->clock) - profile->loaded <
		       IDLE_MS &&
	       signature_of(profile) == profile->signature;
}

/* Keeps only so many idle profiles: the list is in order of use. */
static void discard_oldest(struct profiles *profiles)
{
	struct profile *profile, *oldest = NULL;
	size_t idle = 0;

	TAILQ_FOREACH (profile, &profiles->list, link) {
		if (profile->references > 0)
			continue;
		if (!oldest)
			oldest = profile;
		idle++;
	}
	if (idle > IDLE_MAX)
		discard(oldest);
}

/* Those of programs that run in one place, with one display. */
static bool is_for(const struct profile *profile, const char *app,
		   const char *const *policy_files,
		   const char *const *variables)
{
	return strcmp(profile->app, app) == 0 &&
	       strings_equal((const char *const *)profile->policy_files,
			     policy_files) &&
	       !profile->variables == !variables &&
	       strings_equal((const char *const *)profile->variables,
			     variables);
}

int profile_get(struct profiles *profiles, const char *app,
		const char *const *policy_files, const char *const *variables,
		struct profile **ret, char **ret_sentence)
{
	struct profile *profile;
	int error;

	TAILQ_FOREACH (profile, &profiles->list, link)
		if (is_for(profile, app, policy_files, variables))
			break;
	/*
	 * Who begins gets the files of this moment; that they have changed may
	 * not have been told yet to those that run.
	 */
	if (profile && !is_current(profile)) {
		if (profile->references > 0) {
			error = follow_files(profile, ret_sentence);
			if (error)
				return error;
		} else {
			discard(profile);
			profile = NULL;
		}
	}
	if (profile) {
		profile->references++;
		*ret = profile;
		return 0;
	}
	return profile_new(profiles, app, policy_files, variables, ret,
			   ret_sentence);
}

struct profile *profile_put(struct profile *profile)
{
	struct profiles *profiles;

	if (!profile || --profile->references > 0)
		return NULL;
	profiles = profile->profiles;
	/* First: it is the newest now, not what gives way. */
	TAILQ_REMOVE(&profiles->list, profile, link);
	TAILQ_INSERT_TAIL(&profiles->list, profile, link);
	discard_oldest(profiles);
	return NULL;
}

void profiles_discard(struct profiles *profiles)
{
	while (!TAILQ_EMPTY(&profiles->list))
		discard(TAILQ_FIRST(&profiles->list));
}
