/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A load of policy files under way: one file, a file with its drop-ins, and what
 * else a directory of a layer has in it.
 */
#pragma once

#include "policy/file.h"
#include "policy/policy_options.h"
#include "policy/resolve.h"

struct load {
	const struct policy_options *options;
	const char *app_file; /* name of the app's files, without suffix */
	struct rules rules;
	size_t own;		  /* the first of them: of own.h */
	struct resolve_memo memo; /* what was seen for them */
	struct file_settings settings[LAYERS_];
	struct file_errors *errors;
	unsigned int depth; /* of files that include each other */
	size_t files_read, rules_read;
	bool each;   /* a file is looked at by itself, and its rules go again */
	bool failed; /* something is missing that must not be */
};

/*
 * Checks a directory of policy files: what is in one that others may write was
 * put there by anybody, and what was there may be gone.
 * Returns: whether there is one to be read.
 */
bool load_check_directory(struct load *load, enum layer layer,
			  const char *directory);

/*
 * Loads a file. Whatever is wrong with one that is there may have been a
 * refusal, and so is a failure.
 * @required: so is its absence
 * Returns: 0 or -ENOMEM, as all that follow; other failures are told and noted.
 */
int load_file(struct load *load, enum layer layer, const char *path,
	      bool required);

/* Loads a drop-in directory, in the order of the names. */
int load_drop_ins(struct load *load, enum layer layer, const char *directory);

/* Loads DIRECTORY/NAME.ini and DIRECTORY/NAME.d. */
int load_pair(struct load *load, enum layer layer, const char *directory,
	      const char *name);

/* A file beside base.ini is one that its author thinks is in force. */
int load_strays(struct load *load, const char *directory);
