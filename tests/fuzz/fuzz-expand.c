/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A path of a policy file with any start: what comes of it is canonical, or
 * something is said that was expected.
 */
#include <errno.h>

#include "core/object.h"
#include "policy/expand.h"
#include "scratch.h"

static const char *const program[] = {"PWD=/pwd", "TMPDIR=/tmp/x", "PROJECT=/p",
				      NULL};

static void check(const char *text, enum expand_source source)
{
	struct object object;
	const char *expected = NULL;
	char *path = NULL;
	const int error = expand_path(text, source, program, &path, &expected);

	if (error == 0) {
		FUZZ_CHECK(object_init_path(&object, path) == 0);
		object_finish(&object);
	} else {
		FUZZ_CHECK(error == -ENOENT || (error == -EINVAL && expected));
	}
	free(path);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_string(data, size);

	scratch_enter();
	check(text, EXPAND_ENVIRONMENT);
	check(text, EXPAND_SYSTEM);
	free(text);
	return 0;
}
