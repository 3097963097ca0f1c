/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An object that parses has a text that parses to the same object. */
#include "core/object.h"
#include "fuzz.h"

static void try_rights(const char *text, rights_t rights)
{
	struct object object, again;
	const char *expected = NULL;
	bool beneath;
	char *formatted;

	if (object_parse(text, rights, &object, &beneath, &expected) < 0) {
		FUZZ_CHECK(expected);
		return;
	}
	FUZZ_CHECK(object_rights(object.type) & rights);
	formatted = object_format(&object);
	FUZZ_CHECK(formatted);
	/* "/x/$" as a text is "/x"; a final slash keeps it a name. */
	if (object.type == OBJECT_PATH)
		FUZZ_CHECK(object_init_path(&again, formatted) == 0);
	else
		FUZZ_CHECK(object_parse(formatted, rights, &again, &beneath,
					&expected) == 0);
	FUZZ_CHECK(object_equal(&object, &again));
	FUZZ_CHECK(object_hash(&object) == object_hash(&again));
	free(formatted);
	object_finish(&object);
	object_finish(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *const text = fuzz_string(data, size);

	for (enum object_type type = 0; type < OBJECT_TYPES_; type++)
		try_rights(text, object_rights(type));
	try_rights(text, ~UINT64_C(0));
	free(text);
	return 0;
}
