/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A whole file of grants that says anything: what is understood stays so when
 * another grant is added, and what is not stays as it was.
 */
#include "core/ruleset.h"
#include "scratch.h"
#include "store/grants.h"

static struct rules one_rule(void)
{
	struct rules rules = {0};
	struct rule rule = {.layer = LAYER_USER,
			    .effect = EFFECT_ALLOW,
			    .rights = RIGHT_FS_READ_FILE};

	FUZZ_CHECK(object_init_path(&rule.object, "/another/one") == 0);
	FUZZ_CHECK((rule.origin = strdup("fuzz")));
	FUZZ_CHECK(rules_take(&rules, &rule) == 0);
	return rules;
}

static struct rules load(struct grants *grants, size_t *ret_errors)
{
	struct file_errors errors = {0};
	struct rules rules = {0};

	FUZZ_CHECK(grants_load(grants, 1, &rules, &errors) == 0);
	*ret_errors = errors.count;
	file_errors_finish(&errors);
	return rules;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct rules before, after, added = one_rule();
	size_t bad_before, bad_after;
	struct grants *grants;
	struct ruleset *ruleset;

	scratch_enter();
	scratch_write("app.jsonl", data, size);
	FUZZ_CHECK(grants_open(&grants, scratch, "app") == 0);
	before = load(grants, &bad_before);
	FUZZ_CHECK(ruleset_new(&ruleset, &before, 1, 1) == 0);
	ruleset_unref(ruleset);
	if (grants_add(grants, &added, "fuzz", 1) == 0) {
		after = load(grants, &bad_after);
		FUZZ_CHECK(bad_after == bad_before);
		FUZZ_CHECK(after.count > 0);
		rules_finish(&after);
	}
	rules_finish(&before);
	rules_finish(&added);
	grants_close(grants);
	return 0;
}
