// SPDX-License-Identifier: GPL-2.0-or-later
/* What enforces the rules: see enforcer.h. */
#include "run/enforcer.h"

#include <stdlib.h>

#include "base/cleanup.h"
#include "control/socket.h"

int enforcer_init(struct enforcer *ret, struct event_base *loop,
		  void (*ended)(void *userdata), void (*lost)(void *userdata),
		  void *userdata)
{
	_cleanup_free_ char *path = NULL;
	const int outer = nested_connect();
	int error;

	if (outer >= 0)
		return nested_new(&ret->nested, loop, outer, lost, userdata);
	error = seccomp_new(&ret->engine, loop, ended, userdata);
	if (!error)
		error = control_socket_path(&path);
	return error ? error : seccomp_protect(ret->engine, path);
}

const struct decider_events *enforcer_events(const struct enforcer *enforcer)
{
	return enforcer->nested ? &nested_events : &seccomp_events;
}

void *enforcer_argument(const struct enforcer *enforcer)
{
	return enforcer->nested ? (void *)enforcer->nested
				: (void *)enforcer->engine;
}

const struct ruleset *enforcer_ruleset(const struct enforcer *enforcer)
{
	return enforcer->nested ? nested_ruleset(enforcer->nested)
				: seccomp_ruleset(enforcer->engine);
}

int enforcer_bound(struct enforcer *enforcer, uint64_t taken, uint64_t kept)
{
	return enforcer->engine ? seccomp_bound(enforcer->engine, taken, kept)
				: 0;
}

int enforcer_start(struct enforcer *enforcer, struct decider *decider,
		   struct static_layer *layer, int listener)
{
	return enforcer->nested ? nested_start(enforcer->nested, decider, layer)
				: seccomp_start(enforcer->engine, decider,
						layer, listener);
}

bool enforcer_handle_child(struct enforcer *enforcer, pid_t pid, int status)
{
	return enforcer->nested
		       ? nested_handle_child(enforcer->nested, pid, status)
		       : seccomp_handle_child(enforcer->engine, pid, status);
}

void enforcer_finish(struct enforcer *enforcer)
{
	enforcer->engine = seccomp_free(enforcer->engine);
	nested_free(enforcer->nested);
	enforcer->nested = NULL;
}
