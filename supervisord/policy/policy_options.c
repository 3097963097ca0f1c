/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where the files of a policy are: see policy_options.h. */
#include "policy/policy_options.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "policy/expand.h"
#include "store/directory.h"
#include "store/grants.h"

#ifndef LANDLORD_VENDOR_DIR
#define LANDLORD_VENDOR_DIR "/usr/share/landlord"
#endif
#ifndef LANDLORD_ADMIN_DIR
#define LANDLORD_ADMIN_DIR "/etc/landlord"
#endif

/* Computed once: borrowed for as long as the process lives. */
static const char *user_dir(void)
{
	static char *directory;
	_cleanup_free_ char *config = NULL;

	if (directory || expand_variable("XDG_CONFIG_HOME", EXPAND_ENVIRONMENT,
					 NULL, &config) < 0)
		return directory;
	if (asprintf(&directory, "%s/landlord", config) < 0)
		directory = NULL;
	return directory;
}

static const char *default_grants_dir(void)
{
	static char *directory;

	if (!directory && grants_directory(&directory) < 0)
		directory = NULL;
	return directory;
}

static const char *default_runtime_dir(void)
{
	static char *directory;

	if (!directory)
		directory = directory_runtime();
	return directory;
}

void policy_options_default(struct policy_options *ret)
{
	const char *const vendor = getenv("LANDLORD_VENDOR_DIR");

	*ret = (struct policy_options){
		.vendor_dir = vendor && vendor[0] == '/' ? vendor
							 : LANDLORD_VENDOR_DIR,
		.admin_dir = LANDLORD_ADMIN_DIR,
		.user_dir = user_dir(),
		.grants_dir = default_grants_dir(),
		.runtime_dir = default_runtime_dir(),
		.admin_uid = 0,
	};
}
