/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Accesses: see accesses.h. */
#include "engine/accesses.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

void accesses_init(struct accesses *accesses)
{
	memset(accesses, 0, offsetof(struct accesses, needs));
}

struct need *accesses_need(struct accesses *accesses,
			   const struct object *object, rights_t rights)
{
	struct need *need;

	if (accesses->count == REQUEST_ACCESSES_MAX)
		abort(); /* no call has so many objects */
	need = &accesses->needs[accesses->count++];
	*need = (struct need){
		.object = *object,
		.rights = rights,
		.place = -1,
	};
	return need;
}

int accesses_alias(struct accesses *accesses, unsigned int need,
		   const char *rest, const char *path)
{
	struct alias alias = {.need = need};
	struct alias *aliases;

	for (size_t i = 0; i < accesses->aliases_count; i++)
		if (accesses->aliases[i].need == need &&
		    strcmp(accesses->aliases[i].rest, rest) == 0 &&
		    strcmp(accesses->aliases[i].path, path) == 0)
			return 0;
	aliases = reallocarray(accesses->aliases, accesses->aliases_count + 1,
			       sizeof(*aliases));
	if (!aliases)
		return -ENOMEM;
	accesses->aliases = aliases;
	alias.rest = strdup(rest);
	alias.path = strdup(path);
	if (!alias.rest || !alias.path) {
		free(alias.rest);
		free(alias.path);
		return -ENOMEM;
	}
	aliases[accesses->aliases_count++] = alias;
	return 0;
}

void accesses_forget(struct accesses *accesses)
{
	for (size_t i = 0; i < accesses->aliases_count; i++) {
		free(accesses->aliases[i].rest);
		free(accesses->aliases[i].path);
	}
	free(accesses->aliases);
	accesses_init(accesses);
}
