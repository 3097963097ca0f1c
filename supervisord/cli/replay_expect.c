/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/replay_expect.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"

int replay_expect_open(struct replay_expect *ret, const char *name)
{
	FILE *file = fopen(name, "re");

	if (!file)
		return -errno;
	*ret = (struct replay_expect){.file = file, .name = name};
	return 0;
}

static int parse_outcome(const char *name, enum replay_outcome *ret)
{
	for (int i = REPLAY_ALLOW; i <= REPLAY_ASK; i++) {
		if (strcmp(replay_outcome_name((enum replay_outcome)i), name) ==
		    0) {
			*ret = (enum replay_outcome)i;
			return 0;
		}
	}
	return -EINVAL;
}

static int parse(struct replay_expect *expect, struct replay_verdict *ret)
{
	json_t *object = json_loads(expect->text, JSON_REJECT_DUPLICATES, NULL);
	const char *outcome, *by, *who = NULL;
	int error = -EINVAL;

	free(expect->who);
	expect->who = NULL;
	if (json_unpack(object, "{s:{s:s, s:s, s?s}}", "new", "outcome",
			&outcome, "by", &by, "who", &who) == 0) {
		error = parse_outcome(outcome, &ret->outcome);
		if (!error)
			error = trace_by_parse(by, &ret->by);
		if (!error && who)
			error = unescape_string(who, &expect->who, NULL);
	}
	json_decref(object);
	ret->who = expect->who;
	return error;
}

int replay_expect_next(struct replay_expect *expect, struct replay_verdict *ret)
{
	int error;

	if (getline(&expect->text, &expect->allocated, expect->file) < 0)
		return ferror(expect->file) ? -EIO : 0;
	expect->line++;
	error = parse(expect, ret);
	return error ? error : 1;
}

void replay_expect_close(struct replay_expect *expect)
{
	if (expect->file)
		fclose(expect->file);
	free(expect->text);
	free(expect->who);
}
