/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A review: suggestions that a person goes through one by one, at a terminal.
 *
 * Nothing is written here: what was accepted is asked for at the end.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "trace/suggest_each.h"

enum review_verdict {
	VERDICT_OPEN,
	VERDICT_ACCEPTED,
	VERDICT_REJECTED,
};

struct review_item {
	struct suggestion suggestion;
	enum review_verdict verdict;
};

struct review {
	struct suggest *suggest; /* borrowed */
	const char *app;	 /* the same */
	struct review_item *items;
	size_t count, allocated;
	size_t unwritable;  /* suggestions that no policy file can have */
	size_t at;	    /* count: the end, where it is written */
	const char *notice; /* of the last key, for the next page; or NULL */
};

/* @suggest: prepared. Returns: 0 or -ENOMEM. */
int review_begin(struct review *review, struct suggest *suggest,
		 const char *app);
void review_finish(struct review *review);

enum review_step {
	REVIEW_ON,    /* the next page */
	REVIEW_WRITE, /* what was accepted */
	REVIEW_QUIT,  /* nothing */
};

/* What a key does. Returns: an enum review_step or -ENOMEM. */
int review_key(struct review *review, char key);

/* How many have this verdict. */
size_t review_count(const struct review *review, enum review_verdict verdict);

/*
 * What is shown: lines that fit into a window (free(3)), NULL without memory.
 */
char *review_page(const struct review *review, size_t rows, size_t columns);

/* Writes the rules that were accepted. Returns: 0 or -ENOMEM. */
int review_write(const struct review *review, FILE *out);
