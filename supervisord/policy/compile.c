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
	int result;

	if (!options->grants_dir)
		return 0;
	result = grants_open(&grants, options->grants_dir, app);
	if (result < 0) {
		file_errors_add(errors, options->grants_dir, 0,
				"the grants cannot be read: %s",
				strerror(-result));
		return result;
	}
	before = errors ? errors->count : 0;
	result = grants_load(grants, now, &persisted, errors);
	if (result == 0 && errors && errors->count > before)
		result = -EBADMSG;
	if (result < 0) {
		rules_finish(&persisted);
		return result;
	}
	result = rules_append(rules, &persisted);
	rules_finish(&persisted);
	return result;
}

int policy_compile(const char *app, const struct policy_options *options,
		   const struct rules *more, uint64_t generation, int64_t now,
		   struct ruleset **ret, struct policy_settings *settings_ret,
		   struct file_errors *errors)
{
	struct policy policy;
	int result;

	result = policy_load(app, options, &policy, errors);
	if (result < 0)
		return result;
	result = append_grants(app, options, now, &policy.rules, errors);
	if (result == 0 && more)
		result = rules_append(&policy.rules, more);
	if (result == 0)
		result = ruleset_new(ret, &policy.rules, generation, now);
	if (result == 0 && settings_ret)
		*settings_ret = policy.settings;
	policy_finish(&policy);
	return result;
}
