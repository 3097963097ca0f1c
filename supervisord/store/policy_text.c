/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/policy_text.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/quote.h"

/* Whether a policy file can have the name: what is shown of it is it. */
static bool is_plain(const char *name)
{
	_cleanup_free_ char *shown = quote_text(name);

	return shown && !strstr(shown, "\\x") && !strstr(shown, "\\u") &&
	       !strstr(shown, "\\n") && !strstr(shown, "\\t");
}

/* Returns: why it cannot be said, or NULL. */
static const char *problem_of(const struct rule *rule, const char *object)
{
	if (rule->expires)
		return "ends by itself";
	if (rule->pid)
		return "is for one process";
	if (rule->object.type == OBJECT_PATH ||
	    rule->object.type == OBJECT_PATTERN)
		return is_plain(object) ? NULL : "its name cannot be written";
	return strpbrk(object, " \\#;") || !is_plain(object)
		       ? "its name cannot be written"
		       : NULL;
}

/* @kept: of those bytes that have a backslash before them already */
static void put_path(FILE *out, const char *path, const char *kept,
		     bool beneath)
{
	for (const char *at = path; *at; at++)
		fprintf(out,
			strchr("\\*?[{#;,:$ ", *at) && !strchr(kept, *at)
				? "\\%c"
				: "%c",
			*at);
	if (!beneath)
		fputs(path[1] ? "/$" : "$", out);
}

static void put_rights(FILE *out, const char *rights)
{
	for (const char *c = rights; *c; c++)
		fprintf(out, *c == ',' ? ", " : "%c", *c);
	fputs(" = ", out);
}

static int put_rule(FILE *out, const struct rule *rule, size_t *count)
{
	_cleanup_free_ char *object = object_format(&rule->object);
	_cleanup_free_ char *rights = rights_format_groups(
		rule->rights, object_rights(rule->object.type));
	_cleanup_free_ char *origin =
		quote_text(rule->origin ? rule->origin : "?");
	_cleanup_free_ char *shown = object ? quote_text(object) : NULL;
	const char *problem;

	if (!shown || !rights || !origin)
		return -ENOMEM;
	problem = problem_of(rule, object);
	fprintf(out, "# %s\n", origin);
	if (problem) {
		(*count)++;
		fprintf(out, "# (%s) ", problem);
		put_rights(out, rights);
		fprintf(out, "%s\n", shown);
		return 0;
	}
	put_rights(out, rights);
	if (rule->object.type == OBJECT_PATH)
		put_path(out, object, "", rule->beneath);
	else if (rule->object.type == OBJECT_PATTERN)
		put_path(out, object, "\\*?[", rule->beneath);
	else
		fputs(object, out);
	fputc('\n', out);
	return 0;
}

static int put_section(FILE *out, const struct rules *rules, enum effect effect,
		       size_t *count)
{
	bool begun = false;
	int error = 0;

	for (size_t i = 0; i < rules->count && !error; i++) {
		if (rules->items[i].effect != effect)
			continue;
		if (!begun)
			fprintf(out, "\n[%s]\n", effect_name(effect));
		begun = true;
		error = put_rule(out, &rules->items[i], count);
	}
	return error;
}

int policy_text_write(FILE *out, const char *app, const struct rules *rules,
		      size_t *count)
{
	_cleanup_free_ char *safe = quote_text(app);
	int error = 0;

	if (!safe)
		return -ENOMEM;
	fprintf(out, "# What was decided for %s.\n", safe);
	for (int effect = 0; effect < EFFECT_GUARD && !error; effect++)
		error = put_section(out, rules, (enum effect)effect, count);
	if (!error && ferror(out))
		error = -EIO;
	return error;
}
