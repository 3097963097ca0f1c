/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a helper program says: see plugin_exec_answer.h. */
#include "plugin/plugin_exec_answer.h"

#include <errno.h>
#include <jansson.h>
#include <string.h>

static int parse_object(json_t *object, int64_t now, struct exec_answer *ret)
{
	struct decision decision = {0};
	const char *answer, *expected;
	json_int_t id;

	if (json_unpack(object, "{s:I, s:s}", "id", &id, "answer", &answer) < 0)
		return -EINVAL;
	if (strcmp(answer, "pass") == 0)
		*ret = (struct exec_answer){.id = (uint64_t)id,
					    .verdict = PLUGIN_PASS};
	else if (decision_parse(answer, now, &decision, &expected) == 0)
		*ret = (struct exec_answer){.id = (uint64_t)id,
					    .verdict = PLUGIN_DECIDED,
					    .decision = decision};
	else
		return -EINVAL;
	return 0;
}

int exec_answer_parse(const char *line, size_t length, int64_t now,
		      struct exec_answer *ret)
{
	json_t *object = json_loadb(line, length, JSON_REJECT_DUPLICATES, NULL);
	const int error = parse_object(object, now, ret);

	json_decref(object);
	return error;
}

void exec_answer_finish(struct exec_answer *answer)
{
	decision_finish(&answer->decision);
}
