/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What all engines have: see engine.h. */
#include "engine/engine.h"

void engine_keep(struct engine *engine, struct ruleset *ruleset)
{
	ruleset_ref(ruleset);
	ruleset_unref(engine->ruleset);
	engine->ruleset = ruleset;
}

const char *engine_library(const struct engine *engine)
{
	return engine->ops->library ? engine->ops->library(engine) : NULL;
}

struct engine *engine_free(struct engine *engine)
{
	if (engine)
		engine->ops->free(engine);
	return NULL;
}
