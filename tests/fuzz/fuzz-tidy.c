/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A tidy policy file stays as it is, and means what the untidy one did. */
#include <stdio.h>

#include "fuzz.h"
#include "policy/file.h"
#include "policy/tidy.h"

struct read {
	struct rules rules;
	struct file_settings settings;
	struct file_errors errors;
	bool incomplete;
};

static struct read read_text(const char *text)
{
	struct read read = {.settings = FILE_SETTINGS_NONE};
	struct policy_file file = {
		.path = "fuzz.ini",
		.layer = LAYER_USER,
		.program = (const char *const[]){"PWD=/pwd", NULL},
		.rules = &read.rules,
		.settings = &read.settings,
		.errors = &read.errors,
	};
	FILE *stream = *text ? fmemopen((char *)text, strlen(text), "r") : NULL;

	if (stream) {
		FUZZ_CHECK(policy_file_parse(&file, stream) == 0);
		fclose(stream);
	}
	read.incomplete = file.incomplete;
	return read;
}

static void finish(struct read *read)
{
	rules_finish(&read->rules);
	file_errors_finish(&read->errors);
}

/* But for the numbers of the lines. */
static bool is_same_rule(const struct rule *a, const struct rule *b)
{
	return a->effect == b->effect && a->rights == b->rights &&
	       a->beneath == b->beneath && object_equal(&a->object, &b->object);
}

static bool is_same(const struct read *a, const struct read *b)
{
	if (a->rules.count != b->rules.count ||
	    a->errors.count != b->errors.count ||
	    a->incomplete != b->incomplete ||
	    memcmp(&a->settings, &b->settings, sizeof(a->settings)))
		return false;
	for (size_t i = 0; i < a->rules.count; i++)
		if (!is_same_rule(&a->rules.items[i], &b->rules.items[i]))
			return false;
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *const text = fuzz_string(data, size < 8000 ? size : 8000);
	char *tidy, *again;
	struct read before, after;

	FUZZ_CHECK(tidy_policy(text, &tidy) == 0);
	FUZZ_CHECK(tidy_policy(tidy, &again) == 0);
	FUZZ_CHECK(strcmp(tidy, again) == 0);
	before = read_text(text);
	after = read_text(tidy);
	FUZZ_CHECK(is_same(&before, &after));
	finish(&before);
	finish(&after);
	free(tidy);
	free(again);
	free(text);
	return 0;
}
