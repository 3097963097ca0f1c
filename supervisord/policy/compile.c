/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "policy/policy.h"

#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "store/grants.h"

/*
 * Appends the persisted grants. They may hold refusals, so a file that cannot
 * be read fails the whole.
 */
static int append_grants(const char *app, const struct policy_options *options,
			 int64_t now, struct rules *rules,
			 struct file_errors *errors)
{
	_cleanup_(grants_closep) struct grants *grants = NULL;
	struct rules persisted = {0};
	size_t before;
	int error;

	if (!options->grants_dir)
		return 0;
	error = grants_open(&grants, options->grants_dir, app);
	if (error) {
		file_errors_add(errors, options->grants_dir, 0,
				"the grants cannot be read: %s",
				strerror(-error));
		return error;
	}
	before = errors ? errors->count : 0;
	error = grants_load(grants, now, &persisted, errors);
	if (!error && errors && errors->count > before)
		error = -EBADMSG;
	if (error) {
		rules_finish(&persisted);
		return error;
	}
	error = rules_append(rules, &persisted);
	rules_finish(&persisted);
	return error;
}

int policy_compile(const char *app, const struct policy_options *options,
		   const struct rules *more, uint64_t generation, int64_t now,
		   struct ruleset **ret, struct policy_settings *ret_settings,
		   struct file_errors *errors)
{
	struct policy policy;
	int error;

	error = policy_load(app, options, &policy, errors);
	if (error)
		return error;
	error = append_grants(app, options, now, &policy.rules, errors);
	if (!error && more)
		error = rules_append(&policy.rules, more);
	if (!error)
		error = ruleset_new(ret, &policy.rules, generation, now);
	if (!error && ret_settings)
		*ret_settings = policy.settings;
	policy_finish(&policy);
	return error;
}
