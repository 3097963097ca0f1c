/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The registration of a run: see run_registration.h. */
#include "run/run_registration.h"

#include <errno.h>
#include <limits.h>
#include <linux/major.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "agent/tty.h"
#include "base/cleanup.h"
#include "base/log.h"
#include "control/bus_decider.h"
#include "control/control_socket.h"
#include "policy/policy.h"
#include "policy/program_variables.h"
#include "run/learning.h"
#include "store/directory.h"
#include "supervision/embedded.h"
#include "supervision/strings.h"

#define AGAIN_MS 20 /* with a daemon that ends */

/* A refusal comes before whatever else is said. */
static int add_rule(struct rules *rules, enum effect effect, const char *path,
		    rights_t rights)
{
	struct rule rule = {
		.layer = effect == EFFECT_DENY ? LAYER_ADMIN : LAYER_USER,
		.effect = effect,
		.rights = rights,
	};
	int error = object_init_path(&rule.object, path);

	rule.origin = strdup("landlord run");
	if (!error)
		error = rule.origin ? rules_take(rules, &rule) : -ENOMEM;
	if (error)
		rule_finish(&rule);
	return error;
}

/* The program may use the terminal it is given, whatever its number. */
static int add_terminal_rule(struct rules *rules, int fd)
{
	char name[PATH_MAX];

	if (fd < 0 || ttyname_r(fd, name, sizeof(name)))
		return 0;
	return add_rule(rules, EFFECT_ALLOW, name,
			RIGHT_FS_READ_FILE | RIGHTS_WRITE | RIGHT_FS_IOCTL_DEV);
}

/*
 * Whether a name leads to the real terminal, not to the program's: in another
 * instance of devpts that may have the same number.
 */
static bool is_real(const char *name, const struct terminal *terminal)
{
	struct stat st, own;

	return !stat(name, &st) && st.st_rdev == terminal_device(terminal) &&
	       !fstat(terminal_slave(terminal), &own) &&
	       (st.st_dev != own.st_dev || st.st_ino != own.st_ino);
}

/*
 * Nobody decides for himself: who writes to the real terminal could put
 * questions of his own there, and who reads from it takes the answers. So
 * nobody may, whatever else is allowed of devices.
 */
static int refuse_real_terminal(const struct terminal *terminal,
				struct rules *rules)
{
	/* In a container this may be it; on a console it leads to it. */
	static const char *const consoles[] = {"/dev/console", "/dev/tty0"};
	const dev_t device = terminal_device(terminal);
	const bool console = major(device) == TTY_MAJOR;
	char name[PATH_MAX];
	int error = 0;

	if (!tty_device_name(device, name, sizeof(name)) &&
	    is_real(name, terminal))
		error = add_rule(rules, EFFECT_DENY, name, RIGHTS_FS);
	for (size_t i = 0; !error && i < ARRAY_SIZE(consoles); i++)
		if (console || is_real(consoles[i], terminal))
			error = add_rule(rules, EFFECT_DENY, consoles[i],
					 RIGHTS_FS);
	return error;
}

static int add_session_rules(const struct run_registration *of,
			     struct rules *rules)
{
	const struct terminal *terminal = of->agent->terminal;
	const char *library = engine_library(of->engine);
	int error = 0;

	error = rules_append(rules, &of->options->rules);
	if (!error && of->options->learn)
		error = learning_rules(rules);
	if (!error && library)
		error = add_rule(rules, EFFECT_ALLOW, library,
				 RIGHT_FS_READ_FILE | RIGHT_FS_EXECUTE);
	if (!error && terminal)
		error = refuse_real_terminal(terminal, rules);
	if (error)
		return error;
	if (terminal)
		return add_terminal_rule(rules, terminal_slave(terminal));
	for (int fd = 0; !error && fd < 3; fd++)
		error = add_terminal_rule(rules, fd);
	return error;
}

/* Whom the decider calls. */
static const struct decider_events *events(const struct run_registration *of)
{
	return of->recorder ? &recorder_events : &of->engine->ops->events;
}

static void *events_argument(const struct run_registration *of)
{
	return of->recorder ? of->recorder : (void *)of->engine;
}

static int embed(struct decider **ret, const struct run_registration *of,
		 const struct domain_info *info, char **error_text)
{
	const struct embedded_options options = {
		.agent = of->agent->agent,
		.timeout_seconds = of->options->timeout,
	};

	return embedded_decider_new(ret, of->loop, info, &options, events(of),
				    events_argument(of), error_text);
}

static bool was_cut_off(int error)
{
	return error == -ENOTCONN || error == -ECONNRESET || error == -EPIPE;
}

/*
 * Registers with the daemon; one that ends meanwhile may be back at once, or
 * refuse, and then we decide ourselves.
 */
static int register_with_daemon(struct decider **ret,
				const struct run_registration *of,
				const struct domain_info *info,
				char **error_text)
{
	struct policy_options places;
	struct bus_decider_options options = {
		.clock = of->clock,
		.agent = of->agent->agent,
		.timeout_seconds = of->options->timeout,
		.patience = of->patience,
		.stop = of->stop,
		.stop_userdata = of->userdata,
	};
	int error, waited;

	policy_options_default(&places);
	options.grants_dir = places.grants_dir;
	for (;;) {
		error = bus_decider_new(ret, of->loop, info, &options,
					events(of), events_argument(of),
					error_text);
		if (!was_cut_off(error))
			return error;
		waited = patience_wait(of->patience, -1, 0, AGAIN_MS);
		if (waited < 0)
			return waited;
		free(*error_text);
		*error_text = NULL;
	}
}

/*
 * Whether the directory of the socket is where every user may make one, and
 * another user has: no daemon of ours can be there, and that must keep nobody
 * from working.
 */
static bool is_taken_by_another(void)
{
	_cleanup_free_ char *directory = directory_runtime();
	struct stat status;

	if (!directory || strncmp(directory, "/tmp/", 5) != 0 ||
	    lstat(directory, &status) < 0 || status.st_uid == geteuid() ||
	    status.st_uid == 0)
		return false;
	log_warning("%s belongs to another user and is not used: decided here, "
		    "without a daemon",
		    directory);
	return true;
}

/*
 * A daemon that is there, but of no use at this moment, can be done without:
 * the rules of administrators and users, and what was granted, are the same
 * here. But what a plugin of its would refuse is not known here.
 */
static int dispense(const struct run_registration *of, int error,
		    char **error_text)
{
	_cleanup_free_ char *why = *error_text;

	*error_text = NULL;
	if (!why)
		return -ENOMEM;
	if (of->options->agent == AGENT_BUS) {
		*error_text = strdup(why);
		return error;
	}
	if (!control_socket_has_plugins()) {
		log_warning("%s; decided here, without it", why);
		return 0;
	}
	if (asprintf(error_text,
		     "%s; its plugins decide, too, so nothing starts without "
		     "it",
		     why) < 0)
		*error_text = NULL;
	return error;
}

/* Whether we may decide ourselves. Returns: 0, or the error. */
static int do_without(const struct run_registration *of, int error,
		      char **error_text)
{
	switch (error) {
	case -ENOENT:
	case -ECONNREFUSED:
		break;
	case -EPERM:
		if (!is_taken_by_another())
			return error;
		break;
	case -ETIMEDOUT:
	case -EUSERS:
		return dispense(of, error, error_text);
	default:
		return error;
	}
	free(*error_text);
	*error_text = NULL;
	if (of->options->agent != AGENT_BUS)
		return 0;
	*error_text = strdup("no daemon answers, and so no agent of its: start "
			     "landlordd");
	return -ENOENT;
}

static int register_anywhere(struct decider **ret,
			     const struct run_registration *of,
			     const struct domain_info *info, char **error_text)
{
	int error = -ENOENT;

	if (!of->options->no_daemon && !of->engine->ops->nested)
		error = register_with_daemon(ret, of, info, error_text);
	if (error)
		error = do_without(of, error, error_text);
	return error || *ret ? error : embed(ret, of, info, error_text);
}

/* The daemon has another working directory. Returns: NULL without memory. */
static char **absolute_paths(const char *const *paths)
{
	_cleanup_free_ char *directory = getcwd(NULL, 0);
	char **absolute = strings_copy(paths);

	for (char **path = absolute; path && *path; path++) {
		char *whole;

		if (**path == '/' || !directory)
			continue;
		if (asprintf(&whole, "%s/%s", directory, *path) < 0)
			return strings_free(absolute);
		free(*path);
		*path = whole;
	}
	return absolute;
}

int run_registration_new(struct decider **ret,
			 const struct run_registration *of)
{
	const struct run_options *options = of->options;
	char canonical[PATH_MAX];
	_cleanup_(rules_finish) struct rules session = {0};
	_cleanup_(strings_freep) char **policy_files =
		absolute_paths(options->policy_files);
	_cleanup_(strings_freep) char **variables = NULL;
	struct domain_info info = {
		.app = run_options_app(options),
		.command = (const char *const *)options->command,
		.command_path = realpath(of->path, canonical),
		.engine = of->engine->ops->name,
		.monitor_pid = getpid(),
		.policy_files = (const char *const *)policy_files,
		.session = &session,
	};
	_cleanup_free_ char *error_text = NULL;
	int error = policy_files ? add_session_rules(of, &session) : -ENOMEM;

	if (!error)
		error = program_variables_collect(&variables);
	info.variables = (const char *const *)variables;
	if (error) {
		log_error("cannot start: %s", strerror(-error));
		return error;
	}
	if (of->engine->ops->nested && options->agent == AGENT_BUS) {
		log_error("this program is supervised itself, and the agents "
			  "of the daemon answer for it: they cannot wait for "
			  "it too");
		return -EDEADLK;
	}
	if (of->recorder)
		recorder_listen(of->recorder, &of->engine->ops->events,
				(void *)of->engine);
	error = register_anywhere(ret, of, &info, &error_text);
	if (error && error != -ECANCELED)
		log_error("%s", error_text ? error_text : strerror(-error));
	else if (of->recorder)
		*ret = recorder_wrap(of->recorder, *ret);
	return error;
}
