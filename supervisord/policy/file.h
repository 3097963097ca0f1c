/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One policy file: INI lines to rules and settings.
 */
#pragma once

#include <stdbool.h>
#include <stdio.h>

#include "base/file_errors.h"
#include "core/rule.h"
#include "policy/trust.h"

/* A line, and the file as a whole, are bounded. */
#define POLICY_LINE_MAX 8192
#define POLICY_FILE_MAX (4 * 1024 * 1024)
#define POLICY_RULES_MAX 65536

/* Settings as files give them; -1 where they do not. */
struct file_settings {
	int timeout, no_agent, max_questions, max_rate, max_lifetime, answers,
		terse;
};

#define FILE_SETTINGS_NONE                 \
	{                                  \
		-1, -1, -1, -1, -1, -1, -1 \
	}

struct policy_file {
	const char *path; /* for errors and origins */
	enum layer layer;
	const char *const *program; /* see expand_path() */
	struct rules *rules;
	size_t own; /* so many rules, the first, are about our own files */
	struct resolve_memo *memo; /* of resolve.h; may be NULL */
	struct file_settings *settings;
	struct file_errors *errors;
	/*
	 * Reads what the file includes, as if it said so itself; NULL: it can
	 * include nothing.
	 * Returns: 0; -ENOENT: there is no set of that name; -ELOOP: it is too
	 *          deep; -ENOMEM.
	 */
	int (*include)(void *userdata, const char *name);
	void *userdata;
	/*
	 * Set when something was left out without which the policy would be
	 * laxer than its author meant.
	 */
	bool incomplete;
};

/*
 * Opens and parses file->path. Errors go to file->errors.
 * @trust: whose it must be; NULL: nothing is started by it
 * Returns: 0 (also with bad lines), -ENOENT when there is no such file (no
 *          error is added), or another negative errno: nothing was read.
 */
int policy_file_load(struct policy_file *file, const struct file_trust *trust);

/* Parses a stream. Returns: 0 or -ENOMEM. */
int policy_file_parse(struct policy_file *file, FILE *stream);
