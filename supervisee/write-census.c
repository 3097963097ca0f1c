/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * write-census
 *
 * Writes the part of landlord-coverage(7) that says what `landlord doctor`
 * says, and lists every system call, from the tables that both are made of.
 * Part of the build; never installed.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "operation/census.h"
#include "seccomp/coverage.h"

#define COLUMNS 78

struct manual_page {
	const char *reason; /* of the last entry */
	enum census_class class;
	bool begun;
	int column;
};

static const char *introduction(enum census_class class)
{
	switch (class) {
	case CENSUS_JUDGED:
		return "By the rules, in at least one form.\n"
		       "Behind the right that decides, its calls.";
	case CENSUS_REFUSED:
		return "They fail, whatever the rules say.";
	case CENSUS_STATED:
		return "They reach further than rules can say, and are not "
		       "judged.";
	default:
		return "They reach nothing that rules are about.";
	}
}

static void begin_class(struct manual_page *page,
			const struct census_entry *entry)
{
	if (page->begun)
		printf("\n.El\n");
	printf(".Ss System calls that are %s\n%s\n"
	       ".Bl -tag -width Ds -compact\n",
	       census_class_name(entry->class), introduction(entry->class));
	page->begun = true;
	page->class = entry->class;
	page->reason = NULL;
}

static void begin_reason(struct manual_page *page,
			 const struct census_entry *entry)
{
	if (page->reason)
		printf("\n");
	printf(".It %s", entry->reason);
	if (entry->class == CENSUS_REFUSED)
		printf(" (%s)", strerrorname_np(entry->error));
	printf("\n");
	page->reason = entry->reason;
	page->column = 0;
}

static void print(const struct census_entry *entry, void *userdata)
{
	struct manual_page *page = userdata;
	const int length = (int)strlen(entry->name);

	if (!entry->reason)
		return; /* the test of the census fails */
	if (!page->begun || page->class != entry->class)
		begin_class(page, entry);
	if (page->reason != entry->reason &&
	    (!page->reason || strcmp(page->reason, entry->reason) != 0))
		begin_reason(page, entry);
	else
		page->column += printf(",");
	if (page->column + 1 + length + 1 > COLUMNS) {
		printf("\n");
		page->column = 0;
	}
	page->column += printf("%s%s", page->column ? " " : "", entry->name);
}

static void print_state(const char *state, const char *note)
{
	printf("%s", state);
	if (note)
		printf(": %s", note);
	printf(".\n");
}

static void print_subjects(void)
{
	const struct coverage_row *rows;
	size_t count;

	rows = coverage_all(&count);
	printf(".Ss What landlord doctor says\n"
	       "Of each subject, and of older kernels where that differs.\n"
	       ".Bl -tag -width Ds -compact\n");
	for (size_t i = 0; i < count; i++) {
		printf(".It %s\n", rows[i].subject);
		print_state(rows[i].state, rows[i].note);
		if (!rows[i].needs_abi)
			continue;
		printf("Before Landlock ABI %d ", rows[i].needs_abi);
		print_state(rows[i].older_state, rows[i].older_note);
	}
	printf(".El\n");
}

int main(void)
{
	struct manual_page page = {.begun = false};

	print_subjects();
	census_each(print, &page);
	printf("\n.El\n");
	return fflush(stdout) ? 1 : 0;
}
