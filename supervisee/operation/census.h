/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The census: every system call of Linux 6.18 (x86-64), and what becomes of it.
 * Those that are notified are in the table of call.h; all others are here, each
 * with a reason. A number in neither is not known, and fails with ENOSYS: a program
 * then does what it did before there was such a call.
 *
 * landlord-coverage(7) and `landlord doctor --calls` are made of it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum census_class {
	CENSUS_HARMLESS, /* reaches nothing that rules are about */
	CENSUS_JUDGED,	 /* by the rules, in at least one form */
	CENSUS_REFUSED,	 /* whatever the rules say */
	CENSUS_STATED,	 /* reaches further, and is not judged */
};

struct census_entry {
	int number;
	const char *name;
	enum census_class class;
	int error;	    /* CENSUS_REFUSED: an errno */
	const char *reason; /* NULL: it is notified, see call.h */
};

/* No call that is known has a higher number. */
#define CENSUS_LAST 469

/* How a class is called. */
const char *census_class_name(enum census_class class);

/* Calls back for every call, those with the same reason together. */
void census_each(void (*callback)(const struct census_entry *entry,
				  void *userdata),
		 void *userdata);

/* Returns: whether a number is known; @ret may be NULL. */
bool census_find(int number, struct census_entry *ret);
