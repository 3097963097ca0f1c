/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/grant_import.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/cleanup.h"
#include "cli/arguments.h"
#include "cli/policy_view.h"
#include "policy/file.h"

static int parse(const char *name, struct rules *rules)
{
	struct file_settings settings = FILE_SETTINGS_NONE;
	const struct file_settings none = FILE_SETTINGS_NONE;
	struct file_errors errors = {0};
	struct policy_file file = {
		.path = name,
		.layer = LAYER_USER,
		.rules = rules,
		.settings = &settings,
		.errors = &errors,
	};
	int error = policy_file_load(&file, NULL);

	if (error == -ENOENT)
		file_errors_add(&errors, name, 0, "does not exist");
	if (memcmp(&settings, &none, sizeof(none)) != 0)
		file_errors_add(&errors, name, 0,
				"has settings, which are no grants; expected "
				"[allow], [deny] and [ask] only");
	if (!error && errors.count)
		error = -EBADMSG;
	view_tell(&errors);
	return error;
}

int grant_import(const char *app, const char *file)
{
	_cleanup_(grants_closep) struct grants *grants = NULL;
	struct rules rules = {0};
	int error = parse(file, &rules);

	if (!error)
		error = view_grants(app, &grants);
	if (!error && rules.count)
		error = grants_add(grants, &rules, "import", time(NULL));
	if (!error)
		printf("%zu kept. Programs that run have them within a few "
		       "seconds.\n",
		       rules.count);
	rules_finish(&rules);
	return error ? cli_fail(&verb_import, error,
				error == -EBADMSG || error == -ENOENT
					? "nothing was kept"
					: NULL)
		     : 0;
}
