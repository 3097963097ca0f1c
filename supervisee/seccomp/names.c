// SPDX-License-Identifier: GPL-2.0-or-later
/* Names: see names.h. */
#include "seccomp/names.h"

#include <sys/stat.h>

struct naming {
	struct trap *trap;
	unsigned int need;
};

static int add_name(void *userdata, const char *rest, const char *path)
{
	const struct naming *naming = userdata;

	return trap_alias(naming->trap, naming->need, rest, path);
}

bool names_suspected(const struct wards *wards, const struct trap *trap)
{
	for (size_t i = 0; i < trap->needs_count; i++)
		if (trap->needs[i].object.type == OBJECT_PATH &&
		    trap->needs[i].inode &&
		    wards_suspect(wards, trap->needs[i].inode))
			return true;
	return false;
}

static int find(struct wards *wards, struct trap *trap, unsigned int i)
{
	const struct need *need = &trap->needs[i];
	const struct wards_object object = {
		.path = need->object.bytes,
		.device = need->device,
		.inode = need->inode,
		.place = need->place,
		.moves = trap->reparents && i < 2 &&
			 S_ISDIR(trap->pins[i].stat.st_mode),
	};
	struct naming naming = {trap, i};

	return wards_names(wards, &object, add_name, &naming);
}

bool names_find(struct wards *wards, struct trap *trap)
{
	int error = 0;

	if (trap->traced || trap->glanced || trap->impossible)
		return false;
	for (unsigned int i = 0; !error && i < trap->needs_count; i++)
		if (trap->needs[i].object.type == OBJECT_PATH)
			error = find(wards, trap, i);
	trap->traced = true;
	if (error) {
		trap->impossible = true;
		trap->reason = "it lies where its path is not its own, so "
			       "that nothing tells which rules are about it";
	}
	return trap->impossible || trap->aliases_count;
}
