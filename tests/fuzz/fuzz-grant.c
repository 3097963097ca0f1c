/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A line that is understood means the same after it was written again. */
#include "fuzz.h"
#include "store/grant.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct grant grant, again;
	const char *problem = NULL;
	char *line;

	if (grant_decode((const char *)data, size, &grant, &problem) < 0) {
		FUZZ_CHECK(problem);
		return 0;
	}
	FUZZ_CHECK(grant_encode(&grant, &line) == 0);
	FUZZ_CHECK(!strchr(line, '\n'));
	FUZZ_CHECK(grant_decode(line, strlen(line), &again, &problem) == 0);
	FUZZ_CHECK(object_equal(&grant.rule.object, &again.rule.object));
	FUZZ_CHECK(grant.rule.rights == again.rule.rights);
	FUZZ_CHECK(grant.rule.effect == again.rule.effect);
	FUZZ_CHECK(grant.rule.beneath == again.rule.beneath);
	FUZZ_CHECK(grant.rule.expires == again.rule.expires);
	FUZZ_CHECK(strcmp(grant.rule.id, again.rule.id) == 0);
	FUZZ_CHECK(strcmp(grant.rule.origin, again.rule.origin) == 0);
	free(line);
	grant_finish(&grant);
	grant_finish(&again);
	return 0;
}
