/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names: see other_names.h. */
#include "engine/other_names.h"

#include <errno.h>

struct alias_search {
	struct accesses *accesses;
	unsigned int need;
};

static int add_name(void *userdata, const char *rest, const char *path)
{
	const struct alias_search *naming = userdata;

	return accesses_alias(naming->accesses, naming->need, rest, path);
}

static bool moves_directories(const struct accesses *accesses)
{
	return accesses->directories[0] || accesses->directories[1];
}

bool other_names_suspected(const struct wards *wards,
			   const struct accesses *accesses)
{
	if (accesses->reparents && moves_directories(accesses) &&
	    wards_have_patterns(wards, RIGHTS_REMOVE))
		return true;
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

/* Of either that is moved and is a directory. */
static void find_kept(struct wards *wards, struct accesses *accesses)
{
	for (unsigned int i = 0; i < 2 && i < accesses->count; i++) {
		const struct need *need = &accesses->needs[i];

		if (accesses->directories[i] && need->inode)
			accesses->kept[i] =
				wards_contents(wards, need->object.bytes,
					       need->place, RIGHTS_REMOVE);
	}
}

bool other_names_find(struct wards *wards, struct accesses *accesses)
{
	int error = 0;

	if (accesses->named || accesses->impossible)
		return false;
	for (unsigned int i = 0; !error && i < accesses->count; i++)
		if (accesses->needs[i].object.type == OBJECT_PATH)
			error = find(wards, accesses, i);
	if (!error && accesses->reparents)
		find_kept(wards, accesses);
	accesses->named = true;
	if (error) {
		accesses->impossible = true;
		accesses->reason =
			error == -EAGAIN
				? "it has other names, and a pattern may be "
				  "about one that has not been found yet"
				: "it lies where its path is not its own, so "
				  "that nothing tells which rules are about it";
	}
	return accesses->impossible || accesses->aliases_count;
}
