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

	if (error < 0)
		return error;
	for (size_t i = 0; error == 0 && i < lines->count; i++) {
		struct rule copy;

		if (!lines->items[i].understood)
			continue;
		error = rule_copy(&copy, &lines->items[i].grant.rule);
		if (error == 0)
			error = rulebook_take(book, &copy);
		rule_finish(&copy);
	}
	if (error < 0) {
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

	if (error == 0)
		error = make_book(&lines, &book);
	if (error == 0) {
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
	if (error == 0 && stored->known && stored->book &&
	    grants_stamp_equal(&stamp, &stored->stamp))
		return 0;
	stored->known = false;
	error = grants_file_read(file, &text, &length, &stamp);
	if (error == 0)
		error = take_text(stored, text ? text : "", length, file->path,
				  errors);
	if (error < 0)
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

void addition_finish(struct addition *addition)
{
	grant_finish(&addition->grant);
	free(addition->line);
	addition->line = NULL;
}

/* What there is about the object of a new rule. */
struct comparison {
	const struct rule *new;
	const struct rule *same; /* that it joins */
	bool takes;		 /* rights from one of another effect */
};

static int compare(void *userdata, const struct rule *old)
{
	struct comparison *const comparison = userdata;

	if (merge_supersedes(comparison->new, old) &&
	    old->rights & comparison->new->rights)
		comparison->takes = true;
	if (merge_joins(comparison->new, old))
		comparison->same = old;
	return 0;
}

static int choose_id(const struct stored *stored, const struct rule *same,
		     char **ret)
{
	int error;

	if (same)
		return text_copy(ret, same->id);
	for (;;) {
		error = merge_random_id(ret);
		if (error < 0 || !rulebook_find(stored->book, *ret))
			return error;
		free(*ret);
	}
}

int stored_prepare(const struct stored *stored, const struct rule *rule,
		   const char *agent, int64_t now, struct addition *ret)
{
	struct comparison comparison = {.new = rule};
	struct addition addition = {.grant.time = now};
	struct rule *const new = &addition.grant.rule;
	int error;

	if (!merge_is_persistent(rule, now))
		return -EINVAL;
	rulebook_about(stored->book, &rule->object, compare, &comparison);
	if (comparison.takes)
		return -EEXIST;
	error = rule_copy(new, rule);
	if (error < 0)
		return error;
	new->layer = LAYER_USER;
	if (comparison.same)
		new->rights |= comparison.same->rights;
	addition.joins = comparison.same != NULL;
	free(new->id);
	new->id = NULL;
	addition.grant.agent = escape_string(agent);
	error = addition.grant.agent
			? choose_id(stored, comparison.same, &new->id)
			: -ENOMEM;
	if (error == 0)
		error = grant_set_origin(&addition.grant);
	if (error == 0)
		error = grant_encode(&addition.grant, &addition.line);
	if (error < 0) {
		addition_finish(&addition);
		return error;
	}
	*ret = addition;
	return 0;
}

/* All lines, each with its feed, and before them one that was missing. */
static char *join(const struct stored *stored, const struct addition *additions,
		  size_t count, size_t *ret_length)
{
	size_t length = stored->feed, at = 0;
	char *text;

	for (size_t i = 0; i < count; i++)
		length += strlen(additions[i].line) + 1;
	text = malloc(length + 1);
	if (!text)
		return NULL;
	if (stored->feed)
		text[at++] = '\n';
	for (size_t i = 0; i < count; i++) {
		const size_t part = strlen(additions[i].line);

		memcpy(text + at, additions[i].line, part);
		at += part;
		text[at++] = '\n';
	}
	*ret_length = length;
	return text;
}

/* They are on the disk. Without memory for them the file is read again. */
static void take_additions(struct stored *stored, struct addition *additions,
			   size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct rule copy;
		int error = rule_copy(&copy, &additions[i].grant.rule);

		if (error == 0 && additions[i].joins)
			rulebook_remove(stored->book, copy.id);
		if (error == 0)
			error = rulebook_take(stored->book, &copy);
		rule_finish(&copy);
		if (error < 0)
			stored->known = false;
	}
	stored->lines += count;
	stored->feed = false;
	rulebook_tidy(&stored->book);
}

int stored_append(struct stored *stored, const struct grants_file *file,
		  struct addition *additions, size_t count)
{
	_cleanup_free_ char *text = NULL;
	struct grants_stamp stamp;
	size_t length;
	int error;

	text = join(stored, additions, count, &length);
	if (!text)
		return -ENOMEM;
	error = grants_file_append(file, &stored->stamp, stored->end, text,
				   length, &stamp);
	if (error < 0) {
		stored->known = false;
		return error;
	}
	stored->stamp = stamp;
	stored->end += length;
	take_additions(stored, additions, count);
	return 0;
}
