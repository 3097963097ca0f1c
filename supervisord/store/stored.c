/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a file of grants says: see stored.h. */
#include "store/stored.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/escape.h"
#include "base/text.h"
#include "store/merge.h"

/* So few lines are written anew whenever one of them says nothing. */
#define FEW_LINES 64

void stored_finish(struct stored *stored)
{
	stored->book = rulebook_unref(stored->book);
	stored->known = false;
}

/* Copies what lines say into a new book. */
static int make_book(const struct lines *lines, struct rulebook **ret)
{
	struct rulebook *book;
	int error = rulebook_new(&book);

	if (error)
		return error;
	for (size_t i = 0; !error && i < lines->count; i++) {
		struct rule copy;

		if (!lines->items[i].understood)
			continue;
		error = rule_copy(&copy, &lines->items[i].grant.rule);
		if (!error)
			error = rulebook_take(book, &copy);
		rule_finish(&copy);
	}
	if (error) {
		rulebook_unref(book);
		return error;
	}
	*ret = book;
	return 0;
}

static int take_text(struct stored *stored, const char *text, size_t length,
		     const char *path, struct file_errors *errors)
{
	struct lines lines = {0};
	struct rulebook *book = NULL;
	int error = lines_parse(&lines, text, length, path, errors);

	if (!error)
		error = make_book(&lines, &book);
	if (!error) {
		rulebook_unref(stored->book);
		stored->book = book;
		stored->lines = lines.understood;
		stored->end = length - lines.torn;
		stored->feed = stored->end > 0 && text[stored->end - 1] != '\n';
		/* What is wrong is told every time. */
		stored->known = lines.bad == 0;
	}
	lines_finish(&lines);
	return error;
}

int stored_refresh(struct stored *stored, const struct grants_file *file,
		   struct file_errors *errors)
{
	_cleanup_free_ char *text = NULL;
	struct grants_stamp stamp;
	size_t length;
	int error;

	error = grants_file_stamp(file, &stamp);
	if (!error && stored->known && stored->book &&
	    grants_stamp_equal(&stamp, &stored->stamp))
		return 0;
	stored->known = false;
	error = grants_file_read(file, &text, &length, &stamp);
	if (!error)
		error = take_text(stored, text ? text : "", length, file->path,
				  errors);
	if (error)
		return error;
	stored->stamp = stamp;
	stored->known &= grants_stamp_tells(&stamp);
	return 0;
}

bool stored_is_untidy(const struct stored *stored, int64_t now)
{
	size_t alive, dead;

	rulebook_expire(stored->book, now);
	alive = rulebook_count(stored->book);
	dead = stored->lines > alive ? stored->lines - alive : 0;
	return dead > 0 && (stored->lines <= FEW_LINES || dead > alive / 2);
}

static void addition_finish(struct addition *addition)
{
	grant_finish(&addition->grant);
	free(addition->line);
	addition->line = NULL;
}

void additions_finish(struct additions *additions)
{
	while (additions->count > 0)
		addition_finish(&additions->items[--additions->count]);
}

/*
 * Makes the line of a grant and takes both; on failure the grant is finished.
 * @joins: the one with that id is replaced
 */
static int take(struct additions *additions, struct grant *grant, bool joins)
{
	struct addition addition = {.grant = *grant, .joins = joins};
	int error = -EEXIST;

	if (additions->count < ADDITIONS_MAX)
		error = grant_set_origin(&addition.grant);
	if (!error)
		error = grant_encode(&addition.grant, &addition.line);
	if (error)
		addition_finish(&addition);
	else
		additions->items[additions->count++] = addition;
	return error;
}

int stored_prepare_revocation(const struct rule *rule, const char *agent,
			      int64_t now, struct additions *additions)
{
	struct grant grant = {.time = now, .revoked = true};
	int error = rule_copy(&grant.rule, rule);

	if (error)
		return error;
	grant.agent = escape_string(agent);
	if (!grant.agent) {
		grant_finish(&grant);
		return -ENOMEM;
	}
	return take(additions, &grant, true);
}

/* What there is about the object of a new rule. */
struct comparison {
	const struct rule *new;
	const struct rule *same; /* that it joins */
	const char *agent;
	int64_t now;
	struct additions *additions; /* that revoke what it supersedes */
};

static int compare(void *userdata, const struct rule *old)
{
	struct comparison *const comparison = userdata;
	const struct rule *const new = comparison->new;

	if (merge_joins(new, old))
		comparison->same = old;
	if (!merge_supersedes(new, old) || !(old->rights & new->rights))
		return 0;
	if (old->rights & ~new->rights)
		return -EEXIST;
	return stored_prepare_revocation(
		old, comparison->agent, comparison->now, comparison->additions);
}

static int choose_id(const struct stored *stored, const struct rule *same,
		     char **ret)
{
	int error;

	if (same)
		return text_copy(ret, same->id);
	for (;;) {
		error = merge_random_id(ret);
		if (error || !rulebook_find(stored->book, *ret))
			return error;
		free(*ret);
	}
}

/* @same: the rule that the new one joins, NULL if there is none */
static int prepare(const struct stored *stored, const struct rule *rule,
		   const struct rule *same, const char *agent, int64_t now,
		   struct additions *additions)
{
	struct grant grant = {.time = now};
	struct rule *const new = &grant.rule;
	int error = rule_copy(new, rule);

	if (error)
		return error;
	new->layer = LAYER_USER;
	if (same)
		new->rights |= same->rights;
	free(new->id);
	new->id = NULL;
	grant.agent = escape_string(agent);
	error = grant.agent ? choose_id(stored, same, &new->id) : -ENOMEM;
	if (error) {
		grant_finish(&grant);
		return error;
	}
	return take(additions, &grant, same != NULL);
}

/* Moves what was prepared behind what is to be written before it. */
static int move(struct additions *from, struct additions *to)
{
	if (from->count > ADDITIONS_MAX - to->count)
		return -EEXIST;
	memcpy(&to->items[to->count], from->items,
	       from->count * sizeof(*from->items));
	to->count += from->count;
	from->count = 0;
	return 0;
}

/*
 * What a kill leaves of it is read: so the new rule comes before the end of the
 * old ones. Of the two the refusal counts.
 */
int stored_prepare(const struct stored *stored, const struct rule *rule,
		   const char *agent, int64_t now, struct additions *additions)
{
	struct additions ends = {0};
	struct comparison comparison = {
		.new = rule,
		.agent = agent,
		.now = now,
		.additions = &ends,
	};
	int error;

	if (!merge_is_persistent(rule, now))
		return -EINVAL;
	error = rulebook_about(stored->book, &rule->object, compare,
			       &comparison);
	if (!error)
		error = prepare(stored, rule, comparison.same, agent, now,
				additions);
	if (!error)
		error = move(&ends, additions);
	additions_finish(&ends);
	return error;
}

/* All lines, each with its feed, and before them one that was missing. */
static char *join(const struct stored *stored,
		  const struct additions *additions, size_t *ret_length)
{
	size_t length = stored->feed, at = 0;
	char *text;

	for (size_t i = 0; i < additions->count; i++)
		length += strlen(additions->items[i].line) + 1;
	text = malloc(length + 1);
	if (!text)
		return NULL;
	if (stored->feed)
		text[at++] = '\n';
	for (size_t i = 0; i < additions->count; i++) {
		const size_t part = strlen(additions->items[i].line);

		memcpy(text + at, additions->items[i].line, part);
		at += part;
		text[at++] = '\n';
	}
	*ret_length = length;
	return text;
}

/* Returns: 0, or a negative errno: the book does not say what the file does. */
static int take_addition(struct rulebook *book, const struct addition *addition)
{
	struct rule copy;
	int error;

	if (addition->grant.revoked) {
		rulebook_remove(book, addition->grant.rule.id);
		return 0;
	}
	error = rule_copy(&copy, &addition->grant.rule);
	if (!error && addition->joins)
		rulebook_remove(book, copy.id);
	if (!error)
		error = rulebook_take(book, &copy);
	rule_finish(&copy);
	return error;
}

/* They are on the disk. Without memory for them the file is read again. */
static void take_additions(struct stored *stored,
			   const struct additions *additions)
{
	for (size_t i = 0; i < additions->count; i++)
		if (take_addition(stored->book, &additions->items[i]) < 0)
			stored->known = false;
	stored->lines += additions->count;
	stored->feed = false;
	rulebook_tidy(&stored->book);
}

int stored_append(struct stored *stored, const struct grants_file *file,
		  const struct additions *additions)
{
	_cleanup_free_ char *text = NULL;
	struct grants_stamp stamp;
	size_t length;
	int error;

	text = join(stored, additions, &length);
	if (!text)
		return -ENOMEM;
	error = grants_file_append(file, &stored->stamp, stored->end, text,
				   length, &stamp);
	if (error) {
		stored->known = false;
		return error;
	}
	stored->stamp = stamp;
	stored->end += length;
	take_additions(stored, additions);
	return 0;
}
