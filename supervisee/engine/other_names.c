/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names: see other_names.h. */
#include "engine/other_names.h"

struct alias_search {
	struct accesses *accesses;
	unsigned int need;
};

static int add_name(void *userdata, const char *rest, const char *path)
{
	const struct alias_search *naming = userdata;

	return accesses_alias(naming->accesses, naming->need, rest, path);
}

bool other_names_suspected(const struct wards *wards,
			   const struct accesses *accesses)
{
	for (size_t i = 0; i < accesses->count; i++)
		if (accesses->needs[i].object.type == OBJECT_PATH &&
		    accesses->needs[i].inode &&
		    wards_suspect(wards, accesses->needs[i].inode))
			return true;
	return false;
}

static int find(struct wards *wards, struct accesses *accesses, unsigned int i)
{
	const struct need *need = &accesses->needs[i];
	const struct wards_object object = {
		.path = need->object.bytes,
		.device = need->device,
		.inode = need->inode,
		.place = need->place,
		.mount = need->mount,
		.moves = accesses->reparents && i < 2 &&
			 accesses->directories[i],
	};
	struct alias_search naming = {accesses, i};

	return wards_names(wards, &object, add_name, &naming);
}

bool other_names_find(struct wards *wards, struct accesses *accesses)
{
	int error = 0;

	if (accesses->named || accesses->impossible)
		return false;
	for (unsigned int i = 0; !error && i < accesses->count; i++)
		if (accesses->needs[i].object.type == OBJECT_PATH)
			error = find(wards, accesses, i);
	accesses->named = true;
	if (error) {
		accesses->impossible = true;
		accesses->reason =
			"it lies where its path is not its own, so "
			"that nothing tells which rules are about it";
	}
	return accesses->impossible || accesses->aliases_count;
}
