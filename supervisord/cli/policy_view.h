/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What holds for an app, as the command line sees it: the files and grants on
 * the disk, and the session rules of what runs if there is a daemon.
 */
#pragma once

#include <jansson.h>
#include <limits.h>
#include <stdbool.h>

#include "core/ruleset.h"
#include "store/grants.h"

/* Tells what is wrong on standard error, and finishes it. */
void view_tell(struct file_errors *errors);

/* What the files say, appended. Returns: 0 or a negative errno. */
int view_files(const char *app, struct rules *ret);

/* Opens the grants of an app. Returns: 0 or a negative errno. */
int view_grants(const char *app, struct grants **ret);

/*
 * Appends the rules of programs that run and are kept nowhere, which the daemon
 * knows. Returns: 0 (also without one) or a negative errno.
 */
int view_session(const char *app, struct rules *ret);

/*
 * What is kept for an app, appended. What is wrong is told on standard error.
 * Returns: 0, or a negative errno: not all of it was understood.
 */
int view_kept(const char *app, struct rules *ret);

/*
 * All rules: files, grants, session. Errors of files are told on standard
 * error. Returns: 0 or a negative errno.
 */
int view_rules(const char *app, struct rules *ret);

/* view_rules(), compiled. */
int view_ruleset(const char *app, struct ruleset **ret);

/*
 * Calls back for every app that has grants, until it returns non-zero.
 * Returns: what the callback returned, or 0.
 */
int view_apps(int (*callback)(void *userdata, const char *app), void *userdata);

/*
 * The app whose grants a file of that name holds.
 * Returns: false when it is none that app_file_name() would give.
 */
bool view_app_of_file(const char *file, char ret[NAME_MAX + 1]);

/*
 * Calls back for every app that has policy files, in any layer, likewise.
 * @errors: gets the files there that are never read
 */
int view_policy_apps(int (*callback)(void *userdata, const char *app),
		     void *userdata, struct file_errors *errors);

/* A rule as JSON. */
json_t *view_rule_json(const struct rule *rule);

/* Prints JSON on one line, or indented on a terminal; takes the reference. */
void view_json_print(json_t *json);
