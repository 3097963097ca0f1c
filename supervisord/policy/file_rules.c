/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rules in policy files.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "core/pattern.h"
#include "policy/expand.h"
#include "policy/parser.h"
#include "policy/resolve.h"
#include "policy/seen.h"

static const enum effect section_effects[] = {
	[SECTION_ALLOW] = EFFECT_ALLOW,
	[SECTION_DENY] = EFFECT_DENY,
	[SECTION_ASK] = EFFECT_ASK,
};

static int take_rule(struct parser *parser, struct rule *rule)
{
	struct rules *const rules = parser->file->rules;

	if (rules->count >= POLICY_RULES_MAX) {
		parser_complain(parser, NULL, "too many rules",
				"at most 65536");
		rule_finish(rule);
		return 0;
	}
	if (asprintf(&rule->origin, "%s:%u", parser->file->path, parser->line) <
	    0)
		rule->origin = NULL;
	if (!rule->origin || rules_take(rules, rule) < 0) {
		rule_finish(rule);
		return -ENOMEM;
	}
	return 0;
}

/* What a line says about a path, or about a pattern in a directory. */
struct path_rule {
	rights_t rights;
	const struct parser_value *value;
};

/*
 * What a rule is about.
 * @path: the whole, or the directory of a pattern
 */
static int make_object(const struct parser_value *value, const char *path,
		       struct object *ret)
{
	_cleanup_free_ char *directory = NULL, *pattern = NULL;

	if (!value->open)
		return object_init_path(ret, path);
	directory = pattern_escape(path);
	if (!directory || asprintf(&pattern, "%s/%s", path[1] ? directory : "",
				   value->open) < 0) {
		pattern = NULL;
		return -ENOMEM;
	}
	return object_init_pattern(ret, pattern);
}

static int add_path(struct parser *parser, const struct path_rule *about,
		    const char *path)
{
	struct rule rule = {
		.layer = parser->file->layer,
		.effect = section_effects[parser->section],
		.rights = about->rights,
		.beneath = !about->value->here,
	};
	const int error = make_object(about->value, path, &rule.object);

	if (error != -EINVAL)
		return error ? error : take_rule(parser, &rule);
	parser_complain(parser, path, "with its pattern, too long is",
			"a shorter one");
	return 0;
}

/*
 * Adds the rule for a path and, where symbolic links lead elsewhere, for what
 * the kernel will see.
 */
static int add_resolved(struct parser *parser, const struct path_rule *about,
			const char *path)
{
	const bool allow = parser->section == SECTION_ALLOW;
	_cleanup_free_ char *resolved = NULL;
	int error;

	error = resolve_path(parser->file->memo, path,
			     allow ? RESOLVE_ROOTS : RESOLVE_ALL, &resolved);
	if (error == -ENOMEM)
		return error;
	if (error == -EPERM)
		parser_complain(parser, path,
				"a symbolic link that its owner can "
				"point elsewhere leads on from",
				"the path that is meant in the end");
	else if (error)
		parser_complain(parser, path, "cannot follow",
				"a path that exists");
	else if (resolve_is_of_process(allow ? path : resolved)) {
		parser_complain(parser, path,
				"a link in /proc, which leads each process "
				"elsewhere, is in",
				"a path without one, or /proc");
		return 0;
	}
	if (!error && strcmp(resolved, path) != 0)
		error = add_path(parser, about, resolved);
	else
		error = 0;
	if (!error)
		error = add_path(parser, about, path);
	return error;
}

/*
 * Expands and adds a path. An administrator's refusals hold for the places of
 * the system's records and for those that the environment names.
 */
static int add_expanded(struct parser *parser, const struct path_rule *about)
{
	const bool admin = parser->file->layer == LAYER_ADMIN;
	enum expand_source source = admin ? EXPAND_SYSTEM : EXPAND_ENVIRONMENT;
	const char *const text = about->value->text;
	_cleanup_free_ char *path = NULL, *other = NULL;
	const char *expected;
	int error;

	error = expand_path(text, source, parser->file->program, &path,
			    &expected);
	if (error == -ENOMEM)
		return error;
	if (error == -ENOENT && expand_is_optional(text))
		return 0;
	if (error) {
		parser_complain(parser, text, "cannot expand", expected);
		return 0;
	}
	error = add_resolved(parser, about, path);
	if (error || !admin || parser->section == SECTION_ALLOW)
		return error;
	error = expand_path(text, EXPAND_ENVIRONMENT, parser->file->program,
			    &other, &expected);
	if (!error && strcmp(other, path) != 0)
		return add_resolved(parser, about, other);
	return error == -ENOMEM ? error : 0;
}

static const char *const effect_sections[EFFECTS_] = {
	[EFFECT_DENY] = "[deny]",
	[EFFECT_ALLOW] = "[allow]",
	[EFFECT_ASK] = "[ask]",
};

/*
 * Whether a line says something new. Returns: 0; -EINVAL after a complaint;
 * -ENOMEM.
 */
static int check_new(struct parser *parser, rights_t rights, const char *object,
		     const char *value)
{
	const enum effect effect = section_effects[parser->section];
	_cleanup_free_ char *problem = NULL;
	struct seen_before before;

	if (seen_add(&parser->seen, object, effect, rights, parser->line,
		     &before) < 0)
		return -ENOMEM;
	if (!before.line)
		return 0;
	if (asprintf(&problem, "line %u says the %s, in %s, of", before.line,
		     before.effect == effect ? "same" : "contrary",
		     effect_sections[before.effect]) < 0) {
		problem = NULL;
		return -ENOMEM;
	}
	parser_complain(parser, value, problem, "one rule for it in a file");
	return -EINVAL;
}

/* Whether it is among Landlord's own files, which nobody can give away. */
static bool is_own(const struct parser *parser, rights_t rights,
		   const char *path)
{
	const struct rules *const rules = parser->file->rules;

	for (size_t i = 0; i < parser->file->own; i++) {
		const struct rule *const rule = &rules->items[i];

		if (rule->effect == EFFECT_DENY && rule->beneath &&
		    !(rights & ~rule->rights) &&
		    path_is_beneath(path, rule->object.bytes))
			return true;
	}
	return false;
}

/* What a line is about, for others of the file that are about the same. */
static int make_key(const struct parser_value *value, const char *path,
		    char **ret)
{
	/* A pattern looks like a path that really has such a name. */
	if (asprintf(ret, "%s%s%s%s", path, value->open ? " " : "",
		     value->open ? value->open : "",
		     value->here ? "/$" : "") < 0) {
		*ret = NULL;
		return -ENOMEM;
	}
	return 0;
}

static int add_path_value(struct parser *parser, rights_t rights,
			  const struct parser_value *value)
{
	_cleanup_free_ char *path = NULL, *key = NULL;
	const char *expected;
	int error;

	/* What it is called by somebody else is the same to this file. */
	error = expand_path(value->text, EXPAND_ENVIRONMENT,
			    parser->file->program, &path, &expected);
	if (!error && make_key(value, path, &key) < 0)
		return -ENOMEM;
	if (!error)
		error = check_new(parser, rights, key, value->text);
	/* What a pattern allows takes nothing from what is denied. */
	if (!error && parser->section == SECTION_ALLOW && !value->open &&
	    is_own(parser, rights, path)) {
		parser_complain(parser, value->text,
				"no supervised program may change Landlord's "
				"own files, as",
				"something else");
		return 0;
	}
	if (error == -ENOMEM || (error == -EINVAL && path))
		return error == -ENOMEM ? error : 0;
	return add_expanded(parser, &(struct path_rule){rights, value});
}

/*
 * Parses the comma list of a key.
 * @suit: rights that suit the object; each right or group must have one
 * Returns: 0, or -EINVAL after a complaint.
 */
static int parse_rights(struct parser *parser, const char *key, rights_t suit,
			rights_t *ret)
{
	char copy[POLICY_LINE_MAX], *rest = copy, *item;
	const char *names[64];
	size_t count = 0;
	rights_t rights = 0;

	snprintf(copy, sizeof(copy), "%s", key);
	while ((item = strsep(&rest, ","))) {
		rights_t some;

		item = parser_trim(item);
		if (right_parse(item, &some) < 0) {
			parser_complain(
				parser, item, "unknown right",
				"a right as fs.read_file or net.connect_tcp, "
				"or one of read, write, create, remove, "
				"execute, connect, bind");
			return -EINVAL;
		}
		if (!(some & suit)) {
			parser_complain(parser, item,
					"the object does not suit",
					"a path for fs, a port for net");
			return -EINVAL;
		}
		for (size_t i = 0; i < count; i++)
			if (strcmp(names[i], item) == 0) {
				parser_complain(parser, item,
						"named twice in one line:",
						"each right once");
				return -EINVAL;
			}
		if (count < ARRAY_SIZE(names))
			names[count++] = item;
		rights |= some;
	}
	*ret = rights;
	return 0;
}

static int add_other_value(struct parser *parser, const char *key,
			   rights_t rights, const char *value)
{
	struct rule rule = {
		.layer = parser->file->layer,
		.effect = section_effects[parser->section],
	};
	_cleanup_free_ char *text = NULL;
	const char *expected;
	int error = object_parse(value, rights, &rule.object, &rule.beneath,
				 &expected);

	if (error == -EINVAL) {
		parser_complain(parser, value, "bad object", expected);
		return 0;
	}
	if (error)
		return error;
	text = object_format(&rule.object);
	error = text ? parse_rights(parser, key,
				    object_rights(rule.object.type), &rights)
		     : -ENOMEM;
	rule.rights = rights & object_rights(rule.object.type);
	if (!error)
		error = check_new(parser, rule.rights, text, value);
	if (error) {
		rule_finish(&rule);
		return error == -ENOMEM ? error : 0;
	}
	return take_rule(parser, &rule);
}

int file_rules_add(struct parser *parser, const char *key,
		   const struct parser_value *value)
{
	const rights_t path_rights = object_rights(OBJECT_PATH);
	const bool path = parser_is_path(value->text);
	rights_t rights;

	if (parse_rights(parser, key, path ? path_rights : ~UINT64_C(0),
			 &rights) < 0)
		return 0;
	if (path)
		return add_path_value(parser, rights & path_rights, value);
	return add_other_value(parser, key, rights, value->text);
}
