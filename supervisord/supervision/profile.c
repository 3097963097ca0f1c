/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Profiles: what the policy files and the persisted grants say of an app.
 */
#include "supervision/profile.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/log.h"
#include "supervision/strings.h"
#include "supervision/supervisor.h"

static struct policy_options options_of(const struct profile *profile)
{
	struct policy_options options;

	policy_options_default(&options);
	options.files = (const char *const *)profile->policy_files;
	return options;
}

/* Tells every error; the first one is handed out as well. */
static void tell_errors(struct file_errors *errors, char **first_ret)
{
	for (size_t i = 0; i < errors->count; i++) {
		char *sentence = file_error_format(&errors->items[i]);

		if (!sentence)
			continue;
		log_warning("%s", sentence);
		if (first_ret && !*first_ret)
			*first_ret = sentence;
		else
			free(sentence);
	}
	file_errors_finish(errors);
}

int profile_reload_grants(struct profile *profile)
{
	struct file_errors errors = {};
	struct rules grants = {};
	int r = 0;

	if (profile->store)
		r = grants_load(profile->store, time(NULL), &grants, &errors);
	tell_errors(&errors, NULL);
	if (r < 0)
		return r;
	rules_finish(&profile->grants);
	profile->grants = grants;
	return 0;
}

int profile_reload(struct profile *profile, char **error_ret)
{
	const struct policy_options options = options_of(profile);
	struct file_errors errors = {};
	struct policy policy;
	char *first = NULL;
	int r = policy_load(profile->app, &options, &policy, &errors);

	tell_errors(&errors, &first);
	if (r < 0 && error_ret)
		*error_ret = first;
	else
		free(first);
	if (r < 0)
		return r;
	policy_finish(&profile->policy);
	profile->policy = policy;
	return profile_reload_grants(profile);
}

static void on_files_changed(void *userdata)
{
	struct profile *profile = userdata;
	struct domain *domain;

	log_info("the policy of %s has changed", profile->app);
	if (profile_reload(profile, NULL) < 0) {
		log_error("the policy of %s was not reloaded: what holds stays",
			  profile->app);
		return;
	}
	TAILQ_FOREACH (domain, &profile->supervisor->domains, link)
		if (domain->profile == profile)
			domain_refresh(domain);
}

/* Opens the store; without one, nothing can be persisted. */
static void open_store(struct profile *profile)
{
	struct policy_options options;
	int r = -ENOENT;

	policy_options_default(&options);
	if (options.grants_dir)
		r = grants_open(&profile->store, options.grants_dir,
				profile->app);
	if (r < 0)
		log_warning("grants of %s cannot be kept: %s", profile->app,
			    strerror(-r));
}

static void watch_files(struct profile *profile)
{
	const struct policy_options options = options_of(profile);
	const int r = policy_watch_new(&profile->watch,
				       profile->supervisor->loop, profile->app,
				       &options, on_files_changed, profile);

	if (r < 0)
		log_warning("changes of the policy of %s are not followed: %s",
			    profile->app, strerror(-r));
}

static int profile_new(struct supervisor *supervisor, const char *app,
		       const char *const *policy_files, struct profile **ret,
		       char **error_ret)
{
	struct profile *profile = calloc(1, sizeof(*profile));
	int r;

	if (!profile)
		return -ENOMEM;
	profile->references = 1;
	profile->supervisor = supervisor;
	TAILQ_INSERT_TAIL(&supervisor->profiles, profile, link);
	profile->app = strdup(app);
	profile->policy_files = strings_copy(policy_files);
	r = profile->app && profile->policy_files ? 0 : -ENOMEM;
	if (r == 0) {
		open_store(profile);
		r = profile_reload(profile, error_ret);
	}
	if (r < 0) {
		profile_put(profile);
		return r;
	}
	if (!supervisor->no_watch)
		watch_files(profile);
	*ret = profile;
	return 0;
}

int profile_get(struct supervisor *supervisor, const char *app,
		const char *const *policy_files, struct profile **ret,
		char **error_ret)
{
	struct profile *profile;

	TAILQ_FOREACH (profile, &supervisor->profiles, link)
		if (strcmp(profile->app, app) == 0 &&
		    strings_equal((const char *const *)profile->policy_files,
				  policy_files)) {
			profile->references++;
			*ret = profile;
			return 0;
		}
	return profile_new(supervisor, app, policy_files, ret, error_ret);
}

struct profile *profile_put(struct profile *profile)
{
	if (!profile || --profile->references > 0)
		return NULL;
	TAILQ_REMOVE(&profile->supervisor->profiles, profile, link);
	policy_watch_free(profile->watch);
	grants_close(profile->store);
	policy_finish(&profile->policy);
	rules_finish(&profile->grants);
	strings_free(profile->policy_files);
	free(profile->app);
	free(profile);
	return NULL;
}
