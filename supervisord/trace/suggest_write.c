/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Suggestions as a policy file. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/quote.h"
#include "base/timestamp.h"
#include "trace/suggest_each.h"
#include "trace/suggest_parts.h"
#include "trace/suggest_patterns.h"
#include "trace/suggest_plan.h"

#define PROGRAMS_NAMED 3
#define DATE_BYTES 10
#define LEFT_MAX 100 /* objects that no rule is suggested for */

struct output {
	FILE *out;
	struct suggest *suggest;
	bool comments; /* no rules: what is left */
	size_t rules, left;
	struct suggest_patterns patterns; /* of names that do not stay */
};

/* --- Words ------------------------------------------------------- */

static void put_date(FILE *out, const char *before, int64_t time)
{
	_cleanup_free_ char *text = time_format(time / 1000000);

	fprintf(out, "%s%.*s", before, DATE_BYTES, text ? text : "?");
}

static void put_programs(FILE *out, const struct evidence_tree *tree,
			 uint64_t programs)
{
	const char *before = " by ";
	int named = 0, more = 0;

	for (int bit = 0; bit <= EVIDENCE_PROGRAMS_MAX; bit++) {
		_cleanup_free_ char *name = NULL;

		if (!(programs >> bit & 1))
			continue;
		if (named++ >= PROGRAMS_NAMED) {
			more++;
			continue;
		}
		name = quote_word(evidence_program(tree, bit));
		fprintf(out, "%s%s", before, name ? name : "?");
		before = ", ";
	}
	if (more > 0)
		fprintf(out, " and %d more", more);
}

/* @names: how many objects it is for; 0: the one itself */
static void put_evidence(FILE *out, const struct evidence_tree *tree,
			 const struct evidence *evidence, uint64_t names)
{
	fprintf(out, "%" PRIu64 " time%s", evidence->count,
		evidence->count == 1 ? "" : "s");
	if (names > 0)
		fprintf(out, ", %" PRIu64 " name%s", names,
			names == 1 ? "" : "s");
	put_programs(out, tree, evidence->programs);
	put_date(out, ", ", evidence->first);
	if (evidence->last / 86400000000 != evidence->first / 86400000000)
		put_date(out, " to ", evidence->last);
}

static int put_rights(FILE *out, rights_t rights, rights_t possible)
{
	_cleanup_free_ char *text = rights_format_groups(rights, possible);

	for (const char *c = text; c && *c; c++)
		fprintf(out, *c == ',' ? ", " : "%c", *c);
	return text ? 0 : -ENOMEM;
}

/* What a policy file cannot have in a name; see file_values.c. */
static bool can_be_written(const char *path)
{
	_cleanup_free_ char *quoted = quote_text(path);

	/* Also what a person would not see. */
	return quoted && !strstr(quoted, "\\x") && !strstr(quoted, "\\u") &&
	       !strstr(quoted, "\\n") && !strstr(quoted, "\\t");
}

static void put_path(FILE *out, const char *path, bool directory)
{
	if (path_is_beneath(path, SUGGEST_HOME)) {
		fputc('~', out);
		path += strlen(SUGGEST_HOME);
	}
	for (; *path; path++)
		fprintf(out, strchr("\\*?[{#;,:$ ", *path) ? "\\%c" : "%c",
			*path);
	if (directory)
		fputs("/$", out);
}

/* --- Rules ------------------------------------------------------- */

/* Whether an object is a directory, by what was done with it. */
static bool is_directory(const struct evidence_node *node)
{
	rights_t rights = 0;

	for (int class = 0; class < EVIDENCE_CLASSES_; class ++)
		rights |= node->of[class].rights;
	return node->child || rights & (RIGHT_FS_READ_DIR | RIGHT_FS_MAKE_DIR |
					RIGHT_FS_REMOVE_DIR);
}

static bool has_version(const struct evidence_node *node)
{
	for (; node->parent; node = node->parent)
		if (node->kind == NAME_VERSIONED)
			return true;
	return false;
}

const char *suggestion_problem(const struct suggestion *suggestion)
{
	_cleanup_free_ char *path = NULL;

	if (!suggestion->node) {
		path = object_format(&suggestion->object->object);
		return path && strpbrk(path, " \\#;")
			       ? "a name that no policy file can have"
			       : NULL;
	}
	if (suggest_is_pattern(suggestion))
		return "a name that is new each time";
	path = evidence_path(suggestion->node);
	return path && !can_be_written(path)
		       ? "a name that no policy file can have"
		       : NULL;
}

/* Returns: 0 or -ENOMEM. */
static int put_words(FILE *out, const struct suggestion *suggestion)
{
	const bool is_path = suggestion->node != NULL;
	const rights_t possible = object_rights(
		is_path ? OBJECT_PATH : suggestion->object->object.type);
	_cleanup_free_ char *text =
		is_path ? evidence_path(suggestion->node)
			: object_format(&suggestion->object->object);

	if (!text || put_rights(out, suggestion->evidence.rights, possible) < 0)
		return -ENOMEM;
	fputs(" = ", out);
	if (is_path)
		put_path(out, text,
			 !suggestion->whole && is_directory(suggestion->node));
	else
		fputs(text, out);
	return 0;
}

static void put_problem(FILE *out, const struct suggestion *suggestion,
			const char *problem)
{
	_cleanup_free_ char *name =
		suggestion->node ? evidence_path(suggestion->node)
				 : object_format(&suggestion->object->object);
	_cleanup_free_ char *quoted = name ? quote_text(name) : NULL;

	fprintf(out, "# (%s) %s\n", problem, quoted ? quoted : "?");
}

static int write_one(const struct output *output,
		     const struct suggestion *suggestion)
{
	const struct suggest *suggest = output->suggest;
	const char *problem = suggestion_problem(suggestion);
	FILE *out = output->out;
	int error;

	fputs("# ", out);
	put_evidence(out, output->comments ? suggest->left : suggest->wanted,
		     &suggestion->evidence, suggestion->names);
	fputc('\n', out);
	if (problem) {
		put_problem(out, suggestion, problem);
		return 0;
	}
	if (output->comments)
		fputs("# ", out);
	else if (suggestion->node && has_version(suggestion->node))
		fputs("# (a version in the name: asked again after an "
		      "update)\n",
		      out);
	error = put_words(out, suggestion);
	fputc('\n', out);
	return error ? error : !output->comments;
}

int suggestion_write(struct suggest *suggest, FILE *out,
		     const struct suggestion *suggestion)
{
	const struct output output = {.out = out, .suggest = suggest};

	return write_one(&output, suggestion);
}

/* Returns: a new string, NULL without memory. */
static char *close_text(FILE *out, char **text, int error)
{
	if (fclose(out) == 0 && !error)
		return *text;
	free(*text);
	return NULL;
}

char *suggestion_rule(const struct suggestion *suggestion)
{
	char *text = NULL;
	size_t length;
	FILE *out = open_memstream(&text, &length);

	return out ? close_text(out, &text, put_words(out, suggestion)) : NULL;
}

char *suggestion_evidence(struct suggest *suggest,
			  const struct suggestion *suggestion)
{
	char *text = NULL;
	size_t length;
	FILE *out = open_memstream(&text, &length);

	if (!out)
		return NULL;
	put_evidence(out, suggest->wanted, &suggestion->evidence,
		     suggestion->names);
	return close_text(out, &text, 0);
}

/* --- The file ---------------------------------------------------- */

static int on_suggestion(void *userdata, const struct suggestion *suggestion)
{
	struct output *output = userdata;
	int result;

	if (output->comments && output->left++ >= LEFT_MAX)
		return 0;
	if (!output->comments && suggest_is_pattern(suggestion))
		return suggest_patterns_add(&output->patterns, suggestion);
	result = write_one(output, suggestion);
	output->rules += result > 0;
	return result < 0 ? result : 0;
}

static void put_head(const struct suggest *suggest, FILE *out)
{
	fprintf(out,
		"# Suggested by what programs asked for: %" PRIu64
		" requests, of which rules that there are\n"
		"# answer %" PRIu64 ". Read it before it is used.\n",
		suggest->judged, suggest->answered);
	if (evidence_folded(suggest->wanted) > 0)
		fprintf(out,
			"# %" PRIu64 " had too many names; the directory "
			"stands for them.\n",
			evidence_folded(suggest->wanted));
}

/* No rules, but what a person can do about it. */
static void put_patterns(const struct output *output)
{
	const struct suggest_patterns *patterns = &output->patterns;
	FILE *out = output->out;

	if (patterns->count == 0)
		return;
	fputs("\n# Not suggested, as these names are new each time, and what "
	      "they are in is for\n# others, too. A program that heeds TMPDIR "
	      "can "
	      "have a directory of its own: with\n# landlord run "
	      "--private-tmp none of these is asked for.\n",
	      out);
	for (size_t i = 0; i < patterns->count; i++) {
		const struct suggest_pattern *pattern = &patterns->items[i];
		_cleanup_free_ char *quoted = quote_text(pattern->path);

		fputs("# ", out);
		put_evidence(out, output->suggest->wanted, &pattern->evidence,
			     pattern->names);
		fputs("\n# (", out);
		put_rights(out, pattern->evidence.rights,
			   object_rights(OBJECT_PATH));
		fprintf(out, ") %s\n", quoted ? quoted : "?");
	}
	if (patterns->more > 0)
		fprintf(out, "# and %" PRIu64 " more\n", patterns->more);
}

static int put_left(struct suggest *suggest, FILE *out)
{
	struct output output = {
		.out = out, .suggest = suggest, .comments = true};
	size_t objects;
	int error;

	evidence_objects(suggest->left, &objects);
	if (!evidence_root(suggest->left)->child && objects == 0)
		return 0;
	fputs("\n# Not suggested: denied by somebody, protected by a rule, "
	      "another's home,\n# or gone with its process.\n",
	      out);
	error = suggest_each_left(suggest, on_suggestion, &output);
	if (output.left > LEFT_MAX)
		fprintf(out, "# and %zu more\n", output.left - LEFT_MAX);
	return error;
}

int suggest_write(struct suggest *suggest, FILE *out, size_t *ret_rules)
{
	struct output output = {.out = out, .suggest = suggest};
	int error = suggest_prepare(suggest);

	if (error)
		return error;
	put_head(suggest, out);
	fputs("\n[allow]\n", out);
	error = suggest_each(suggest, on_suggestion, &output);
	if (!error)
		put_patterns(&output);
	suggest_patterns_finish(&output.patterns);
	if (!error)
		error = put_left(suggest, out);
	if (ret_rules)
		*ret_rules = output.rules;
	return error;
}
