/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of engines: see engines.h. */
#include "engines.h"

#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "nested/nested.h"
#include "seccomp/seccomp.h"
#include "supervised/supervised.h"

/* Who is supervised already has no other choice than the first two. */
static const struct engine_ops *const engines[] = {
	&engine_landlock_nested,
	&engine_nested,
	&engine_landlock,
	&engine_seccomp,
};

struct event_base *engines_loop(void)
{
	struct event_config *config = event_config_new();
	struct event_base *loop = NULL;

	if (config && !event_config_avoid_method(config, "epoll"))
		loop = event_base_new_with_config(config);
	if (config)
		event_config_free(config);
	return loop;
}

static bool is_meant(const struct engine_ops *ops, const char *name)
{
	return strcmp(name, "auto") == 0 || strcmp(name, ops->name) == 0;
}

bool engines_have(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(engines); i++)
		if (!engines[i]->nested && is_meant(engines[i], name))
			return true;
	return false;
}

const struct engine_ops *engines_find(const char *name, const char **ret_why)
{
	*ret_why = NULL;
	for (size_t i = 0; i < ARRAY_SIZE(engines); i++)
		if (!engines[i]->nested && is_meant(engines[i], name) &&
		    !engines[i]->probe(ret_why))
			return engines[i];
	return NULL;
}

const struct engine_ops *engines_usual(void)
{
	return &engine_seccomp;
}

int engine_open(struct engine **ret, const char *name,
		const struct engine_host *host)
{
	int error = -ENOENT;

	for (size_t i = 0; error == -ENOENT && i < ARRAY_SIZE(engines); i++)
		if (engines[i]->nested || is_meant(engines[i], name))
			error = engines[i]->new (ret, host);
	return error;
}
