/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Learning: see learning.h. */
#include "run/learning.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "base/quote.h"
#include "core/app.h"
#include "store/directory.h"
#include "trace/trace_entry.h"
#include "trace/suggest_plan.h"

/* --- The trace --------------------------------------------------- */

static int name_trace(const char *app, char **ret)
{
	const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
	_cleanup_free_ char *name = NULL;
	const time_t now = time(NULL);
	char suffix[40];
	struct tm tm;
	int error, length;

	if (!gmtime_r(&now, &tm) ||
	    !strftime(suffix, sizeof(suffix), "-%Y%m%d-%H%M%S.jsonl", &tm))
		return -EINVAL;
	error = app_file_name(app, suffix, &name);
	if (error)
		return error;
	if (state && state[0] == '/')
		length = asprintf(ret, "%s/landlord/traces/%s", state, name);
	else if (home && home[0] == '/')
		length = asprintf(ret, "%s/.local/state/landlord/traces/%s",
				  home, name);
	else
		return -ENXIO;
	return length < 0 ? -ENOMEM : 0;
}

int learning_begin(struct run_options *options)
{
	char *trace; /* for as long as this process runs */
	int error = 0;

	if (!options->learn)
		return 0;
	if (!options->record) {
		error = name_trace(run_options_app(options), &trace);
		if (!error) {
			options->record = trace;
			error = directory_make_parents(trace);
		}
	}
	if (error)
		log_error("--learn: no place for a trace: %s",
			  error == -ENXIO ? "neither HOME nor XDG_STATE_HOME "
					    "is set"
					  : strerror(-error));
	return error;
}

/* --- Rules ------------------------------------------------------- */

static int add(struct rules *rules, struct rule *rule)
{
	int error;

	rule->origin = strdup(TRACE_LEARNING);
	error = rule->origin ? rules_take(rules, rule) : -ENOMEM;
	if (error)
		rule_finish(rule);
	return error;
}

/* Behind all other rules. */
static int allow_rest(struct rules *rules)
{
	static const enum object_type types[] = {
		OBJECT_PATH, OBJECT_PORT, OBJECT_ABSTRACT, OBJECT_SOCKET};
	int error = 0;

	for (size_t i = 0; !error && i < ARRAY_SIZE(types); i++) {
		struct rule rule = {
			.layer = LAYER_VENDOR,
			.effect = EFFECT_ALLOW,
			.rights = object_rights(types[i]),
			.object = {.type = types[i], .any = true},
		};

		if (types[i] == OBJECT_PATH) {
			rule.beneath = true;
			error = object_init_path(&rule.object, "/");
		} else if (types[i] == OBJECT_SOCKET) {
			rule.object.any = false;
			rule.object.family = rule.object.socket_type =
				rule.object.protocol = -1;
		} else if (types[i] == OBJECT_ABSTRACT) {
			error = object_init_abstract(&rule.object, "", 0);
			rule.object.any = true;
		}
		if (!error)
			error = add(rules, &rule);
	}
	return error;
}

static int ask_for(struct rules *rules, const char *path)
{
	struct rule rule = {
		.layer = LAYER_USER,
		.effect = EFFECT_ASK,
		.rights = RIGHTS_FS,
		.beneath = true,
	};
	const int error = object_init_path(&rule.object, path);

	/* A home that is not canonical has no name a rule could be about. */
	if (error)
		return error == -EINVAL ? 0 : error;
	return add(rules, &rule);
}

static int ask_for_secrets(struct rules *rules, const char *home)
{
	const char *secret;
	int error = 0;

	for (size_t i = 0; !error && (secret = suggest_secret(i)); i++) {
		_cleanup_free_ char *path = NULL;

		if (asprintf(&path, "%s%s", home, secret) < 0) {
			path = NULL;
			return -ENOMEM;
		}
		error = ask_for(rules, path);
	}
	return error;
}

/* The homes that there are, but one's own. */
static int ask_for_homes(struct rules *rules, const char *home)
{
	DIR *homes = opendir("/home");
	struct dirent *entry;
	int error = strcmp(home, "/root") != 0 ? ask_for(rules, "/root") : 0;

	while (homes && !error && (entry = readdir(homes))) {
		char path[PATH_MAX];

		snprintf(path, sizeof(path), "/home/%s", entry->d_name);
		if (entry->d_name[0] != '.' && !path_is_beneath(home, path))
			error = ask_for(rules, path);
	}
	if (homes)
		closedir(homes);
	return error;
}

int learning_rules(struct rules *rules)
{
	const char *named = getenv("HOME");
	char home[PATH_MAX];
	int error = allow_rest(rules);

	if (error || !named || !realpath(named, home))
		return error;
	error = ask_for_secrets(rules, home);
	return error ? error : ask_for_homes(rules, home);
}

/* --- The end ----------------------------------------------------- */

/* As the verb does it, which says what is wrong. */
static void suggest(const struct run_options *options, const char *file)
{
	char *const arguments[] = {
		(char *)(uintptr_t) "landlord",
		(char *)(uintptr_t) "suggest",
		(char *)(uintptr_t) "--app",
		(char *)(uintptr_t)run_options_app(options),
		(char *)(uintptr_t) "-o",
		(char *)(uintptr_t)file,
		(char *)(uintptr_t) "--",
		(char *)(uintptr_t)options->record,
		NULL,
	};
	const pid_t pid = fork();

	if (pid == 0) {
		/* What the program prints is not ours to add to. */
		dup2(STDERR_FILENO, STDOUT_FILENO);
		execv("/proc/self/exe", arguments);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, NULL, 0) < 0)
		log_error("cannot write rules: %s", strerror(errno));
}

/* Asks where to. Returns: whether there is an answer. */
static bool ask_where(char *file, size_t size)
{
	size_t length;

	/* What was typed for the program is no answer. */
	tcflush(STDIN_FILENO, TCIFLUSH);
	fputs("Write rules for it to (a new file; nothing: do not): ", stderr);
	if (!fgets(file, (int)size, stdin))
		return false;
	length = strcspn(file, "\n");
	file[length] = '\0';
	return length > 0;
}

/* @trace: as a shell takes it */
static void offer(const struct run_options *options, const char *trace)
{
	char file[PATH_MAX];

	log_notice("what it did is in %s", trace);
	if (isatty(STDIN_FILENO) && isatty(STDERR_FILENO)) {
		if (ask_where(file, sizeof(file)))
			suggest(options, file);
		return;
	}
	log_notice("for rules: landlord suggest -o FILE %s", trace);
}

void learning_end(const struct run_options *options)
{
	_cleanup_free_ char *trace = NULL;

	if (!options->learn)
		return;
	if (options->learn_file) {
		suggest(options, options->learn_file);
		return;
	}
	trace = quote_word(options->record);
	offer(options, trace ? trace : "?");
}
