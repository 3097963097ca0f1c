/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Suggestions as a policy file. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/quote.h"
#include "base/timestamp.h"
#include "trace/suggest_parts.h"
#include "trace/suggest_plan.h"

#define PROGRAMS_NAMED 3
#define DATE_BYTES 10
#define LEFT_MAX 100 /* objects that no rule is suggested for */

struct output {
	FILE *out;
	const struct evidence_tree *tree;
	bool comments; /* no rules: what is left */
	size_t rules, left;
	int error;
};

/* --- Words ------------------------------------------------------- */

static void put_date(struct output *output, const char *before, int64_t time)
{
	_cleanup_free_ char *text = time_format(time / 1000000);

	if (!text)
		output->error = -ENOMEM;
	else
		fprintf(output->out, "%s%.*s", before, DATE_BYTES, text);
}

static void put_programs(struct output *output, uint64_t programs)
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
		name = quote_word(evidence_program(output->tree, bit));
		fprintf(output->out, "%s%s", before, name ? name : "?");
		before = ", ";
	}
	if (more > 0)
		fprintf(output->out, " and %d more", more);
}

/* @names: how many objects it speaks for; 0: the one in the rule */
static void put_evidence(struct output *output, const struct evidence *evidence,
			 uint64_t names)
{
	fprintf(output->out, "# %" PRIu64 " time%s", evidence->count,
		evidence->count == 1 ? "" : "s");
	if (names > 0)
		fprintf(output->out, ", %" PRIu64 " names", names);
	put_programs(output, evidence->programs);
	put_date(output, ", ", evidence->first);
	if (evidence->last / 86400000000 != evidence->first / 86400000000)
		put_date(output, " to ", evidence->last);
	fputc('\n', output->out);
}

static void put_rights(struct output *output, rights_t rights,
		       rights_t possible)
{
	_cleanup_free_ char *text = rights_format_groups(rights, possible);

	if (!text)
		output->error = -ENOMEM;
	for (const char *c = text; c && *c; c++)
		fprintf(output->out, *c == ',' ? ", " : "%c", *c);
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

/* Counts what is beneath, and joins what speaks for it. */
static uint64_t collect(const struct evidence_node *node, int class,
			struct evidence *ret)
{
	uint64_t names = node->of[class].count > 0;
	const struct evidence_node *child;

	evidence_join(ret, &node->of[class]);
	evidence_join(ret, &node->beneath[class]);
	for (child = node->child; child; child = child->next)
		names += collect(child, class, ret);
	return names;
}

/* Whether an object is a directory, by what was done with it. */
static bool is_directory(const struct evidence_node *node)
{
	rights_t rights = 0;

	for (int class = 0; class < EVIDENCE_CLASSES_; class ++)
		rights |= node->of[class].rights;
	return node->child || rights & (RIGHT_FS_READ_DIR | RIGHT_FS_MAKE_DIR |
					RIGHT_FS_REMOVE_DIR);
}

static bool is_restless(const struct evidence_node *node)
{
	for (; node->parent; node = node->parent)
		if (node->kind == NAME_TEMPORARY)
			return true;
	return false;
}

static void put_hint(struct output *output, const struct evidence_node *node)
{
	for (; node->parent; node = node->parent)
		if (node->kind == NAME_VERSIONED)
			break;
	if (node->parent)
		fputs("# (a version in the name: asked again after an "
		      "update)\n",
		      output->out);
}

/* A line that is a rule, or, where it must not be one, says why not. */
static void put_rule(struct output *output, const struct evidence_node *node,
		     const char *path, const struct evidence *evidence,
		     bool whole)
{
	const char *why = NULL;

	if (!whole && is_restless(node))
		why = "a name that is new each time";
	else if (!can_be_written(path))
		why = "a name that no policy file can have";
	if (why) {
		_cleanup_free_ char *quoted = quote_text(path);

		fprintf(output->out, "# (%s) %s\n", why, quoted ? quoted : "?");
		return;
	}
	if (output->comments)
		fputs("# ", output->out);
	else
		put_hint(output, node);
	put_rights(output, evidence->rights, object_rights(OBJECT_PATH));
	fputs(" = ", output->out);
	put_path(output->out, path, !whole && is_directory(node));
	fputc('\n', output->out);
	output->rules += !output->comments;
}

static void put_node(struct output *output, const struct evidence_node *node,
		     int class)
{
	const bool whole = node->plan[class].whole;
	struct evidence evidence = node->of[class];
	_cleanup_free_ char *path = NULL;
	uint64_t names = 0;

	if (whole) {
		evidence = (struct evidence){0};
		names = collect(node, class, &evidence);
	}
	if (evidence.count == 0)
		return;
	if (output->comments && output->left++ >= LEFT_MAX)
		return;
	path = evidence_path(node);
	if (!path) {
		output->error = -ENOMEM;
		return;
	}
	put_evidence(output, &evidence, names);
	put_rule(output, node, path, &evidence, whole);
}

/* @covered: classes that a directory above has as a whole */
static void put_tree(struct output *output, const struct evidence_node *node,
		     unsigned int covered)
{
	const struct evidence_node *child;

	for (int class = 0; class < EVIDENCE_CLASSES_; class ++) {
		if (covered >> class & 1)
			continue;
		put_node(output, node, class);
		covered |= (unsigned int)node->plan[class].whole << class;
	}
	for (child = node->child; child; child = child->next)
		put_tree(output, child, covered);
}

static void put_objects(struct output *output)
{
	const struct evidence_object *objects;
	size_t count;

	objects = evidence_objects(output->tree, &count);
	for (size_t i = 0; i < count; i++) {
		const struct evidence_object *one = &objects[i];
		_cleanup_free_ char *text = object_format(&one->object);

		if (!text) {
			output->error = -ENOMEM;
			return;
		}
		if (output->comments && output->left++ >= LEFT_MAX)
			return;
		put_evidence(output, &one->evidence, 0);
		if (output->comments || strpbrk(text, " \\#;"))
			fputs("# ", output->out);
		else
			output->rules++;
		put_rights(output, one->evidence.rights,
			   object_rights(one->object.type));
		fprintf(output->out, " = %s\n", text);
	}
}

/* --- Order ------------------------------------------------------- */

static struct evidence_node *merge(struct evidence_node *a,
				   struct evidence_node *b)
{
	struct evidence_node *first = NULL, **end = &first;

	while (a && b) {
		struct evidence_node **less =
			strcmp(a->name, b->name) < 0 ? &a : &b;

		*end = *less;
		end = &(*end)->next;
		*less = *end;
	}
	*end = a ? a : b;
	return first;
}

static struct evidence_node *sort(struct evidence_node *list)
{
	struct evidence_node *slow = list, *fast, *half;

	if (!list || !list->next)
		return list;
	for (fast = list->next; fast && fast->next; fast = fast->next->next)
		slow = slow->next;
	half = slow->next;
	slow->next = NULL;
	return merge(sort(list), sort(half));
}

static void sort_all(struct evidence_node *node)
{
	node->child = sort(node->child);
	for (node = node->child; node; node = node->next)
		sort_all(node);
}

/* --- The file ---------------------------------------------------- */

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

/* Returns: how much there was, or a negative errno. */
static int put_left(struct suggest *suggest, FILE *out)
{
	struct output output = {
		.out = out, .tree = suggest->left, .comments = true};
	const struct evidence_node *root = evidence_root(suggest->left);
	size_t objects;

	evidence_objects(suggest->left, &objects);
	if (!root->child && objects == 0)
		return 0;
	fputs("\n# Not suggested: denied by somebody, protected by a rule, "
	      "another's home,\n# or gone with its process.\n",
	      out);
	put_tree(&output, root, 0);
	put_objects(&output);
	if (output.left > LEFT_MAX)
		fprintf(out, "# and %zu more\n", output.left - LEFT_MAX);
	return output.error;
}

int suggest_write(struct suggest *suggest, FILE *out, size_t *ret_rules)
{
	struct output output = {.out = out, .tree = suggest->wanted};
	int error = suggest_plan(suggest->wanted, suggest->options);

	if (error)
		return error;
	sort_all(evidence_root(suggest->wanted));
	sort_all(evidence_root(suggest->left));
	put_head(suggest, out);
	fputs("\n[allow]\n", out);
	put_tree(&output, evidence_root(suggest->wanted), 0);
	put_objects(&output);
	error = output.error;
	if (!error)
		error = put_left(suggest, out);
	if (ret_rules)
		*ret_rules = output.rules;
	return error;
}
