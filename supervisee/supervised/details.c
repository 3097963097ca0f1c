/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Details of a denial: see details.h. */
#include "supervised/details.h"

#include <limits.h>
#include <stdbool.h>
#include <string.h>

#include "base/landlock.h"
#include "base/text.h"

static const char *last_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/*
 * Whether a path of the call is the one that has led to an object. A call that
 * executes opens more than it names: the interpreter, and what that loads.
 */
static bool is_meant(const struct denial *denial, rights_t rights,
		     const char *given, const struct object *object)
{
	if (!*given)
		return false;
	return denial->operation != LANDLOCK_OPERATION_OPEN ||
	       !(rights & RIGHT_FS_EXECUTE) ||
	       strcmp(last_name(given), last_name(object->bytes)) == 0;
}

static int add_given(const struct denial *denial, const struct parked *parked,
		     unsigned int number, struct access *access)
{
	char given[PATH_MAX];

	if (number >= denial->count || !denial->objects[number].has_file)
		return 0;
	parked_path(parked, denial->tid, number, given, sizeof(given));
	return is_meant(denial, access->missing, given, &access->object)
		       ? text_copy(&access->given, given)
		       : 0;
}

/* Which of the denial's objects it is; they are needed in their order. */
static unsigned int number_of(const struct accesses *accesses,
			      const struct object *object)
{
	unsigned int number = 0;

	while (number < accesses->count &&
	       !object_equal(&accesses->needs[number].object, object))
		number++;
	return number;
}

int details_add(const struct denial *denial, const struct parked *parked,
		const struct accesses *accesses,
		const struct judged_detail *detail, struct request *ret)
{
	int error = parked_flags(parked, denial->tid, &ret->flags);

	for (size_t i = 0; !error && i < ret->accesses_count; i++) {
		struct access *access = &ret->accesses[i];

		access->device = detail->missing[i].device;
		access->inode = detail->missing[i].inode;
		if (access->object.type == OBJECT_PATH)
			error = add_given(denial, parked,
					  number_of(accesses, &access->object),
					  access);
	}
	return error;
}
