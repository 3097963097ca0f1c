/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Directories above an object that mean something to a person. */
#include "agent/places.h"

#include <pwd.h>
#include <stdlib.h>
#include <unistd.h>

#include "policy/project.h"

/* The canonical home directory of whoever runs us, or NULL. */
static char *find_home(void)
{
	const char *home = getenv("HOME");

	if (!home || home[0] != '/') {
		const struct passwd *const user = getpwuid(getuid());

		home = user ? user->pw_dir : NULL;
	}
	return home ? realpath(home, NULL) : NULL;
}

void places_find(struct places *ret, const struct request *request)
{
	*ret = (struct places){0};
	if (request->accesses_count == 0 ||
	    request->accesses[0].object.type != OBJECT_PATH)
		return;
	ret->project = project_above(request->accesses[0].object.bytes);
	ret->home = find_home();
}

void places_finish(struct places *places)
{
	free(places->project);
	free(places->home);
	*places = (struct places){0};
}
