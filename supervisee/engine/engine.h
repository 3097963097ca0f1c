/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Engines: each makes requests of the accesses of a supervised tree, and puts
 * decisions into force. A run has one, which the rest knows by this table
 * alone; core/decider.h is what it and the decider say to each other.
 *
 *	engine_open(&engine, "auto", &host)	commits may come from now on
 *	engine->ops->prepare(engine, &launch)	after the first of them
 *	fork(2)
 *		engine->ops->enter(engine, &fd)	in the program, before it
 *						executes
 *	engine->ops->start(engine, decider, fd)	serves the tree
 *	... host.ended() or host.lost() ...
 *	engine_free(engine)
 *
 * Everything runs in the loop of the host, and nothing in it waits.
 */
#pragma once

#include <event2/event.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/clock.h"
#include "core/decider.h"

struct doctor_call;
struct doctor_row;
struct engine;

/*
 * What an engine that works beside another one leaves to it: the kernel itself
 * asks about some rights, and the other engine answers.
 */
struct engine_beside {
	rights_t asked; /* by the kernel */
	rights_t held;	/* refused by it unless they are allowed, these too */
	int domain;	/* the Landlock ruleset that a program enters; borrowed
			 */
};

/* Where an engine runs; borrowed, and outlives it. */
struct engine_host {
	struct event_base *loop;
	const struct clock *clock;
	const struct engine_beside *beside; /* NULL: it is alone */
	/* Of whoever decides; the tree must not reach it. */
	const char *control_socket;

	/* No process of the tree is left; see engine_ops.sees_end. */
	void (*ended)(void *userdata);

	/* Nothing is enforced any more, and every access is refused. */
	void (*lost)(void *userdata);

	void *userdata;
};

/* What an engine has to know of a program that is about to be started. */
struct launch {
	/* Descriptors that it is handed beside the standard ones; borrowed. */
	const int *fds;
	size_t fds_count;
	bool more_fds; /* and there may be others */
	/* Nothing is left to the kernel alone: all is to be recorded. */
	bool every;
};

struct engine_ops {
	const char *name; /* "seccomp" */

	/* The supervisor of a tree around us decides as well: see nested.h. */
	bool nested;

	/* host->ended() will be called; else whoever runs the program looks. */
	bool sees_end;

	/*
	 * Whether this kernel can; changes nothing.
	 * @ret_why: a sentence without its full stop, also when it can
	 * Returns: 0 or a negative errno.
	 */
	int (*probe)(const char **ret_why);

	/*
	 * Makes an engine without a tree; it takes commits from now on.
	 * Returns: 0; -ENOENT where there is no place for it, and another is to
	 * be tried; another negative errno.
	 */
	int (*new)(struct engine **ret, const struct engine_host *host);

	/* What the decider calls; the engine is the argument. */
	struct decider_events events;

	/*
	 * A file that it has every program load: this has to be allowed, and
	 * kept from being written (NULL: never any). Returns: its canonical
	 * path, borrowed, or NULL.
	 */
	const char *(*library)(const struct engine *engine);

	/*
	 * Makes ready what a program is confined by, of the ruleset in force.
	 * Returns: 0, or a negative errno after one line that says what is
	 * wrong.
	 */
	int (*prepare)(struct engine *engine, const struct launch *launch);

	/*
	 * Confines the calling process, which then executes the program. What
	 * this makes of the engine's memory is lost to the parent.
	 * @ret_fd: one that the parent is to fetch for start(); stays -1
	 * Returns: 0 or a negative errno.
	 */
	int (*enter)(struct engine *engine, int *ret_fd);

	/* What an error of enter() means (NULL: strerror(3) says it). Returns:
	 * a sentence without its full stop, or NULL. */
	const char *(*explain)(int error);

	/*
	 * Starts to serve the tree of a program that is still held.
	 * @decider: borrowed
	 * @fd: what enter() has left, or -1; taken over
	 * Returns: 0 or a negative errno.
	 */
	int (*start)(struct engine *engine, struct decider *decider, int fd);

	/*
	 * Tells of a state change that waitpid(2) reported (NULL: none is of
	 * interest). Returns: whether it was about something of the engine's.
	 */
	bool (*child)(struct engine *engine, pid_t pid, int status);

	/*
	 * What is asked, held by the kernel alone, or refused, for `landlord
	 * doctor` (NULL: nothing is said). Returns: static storage.
	 */
	const struct doctor_row *(*coverage)(size_t *ret_count);

	/* The same for every system call, with callbacks (NULL: no call). */
	void (*calls)(void (*callback)(const struct doctor_call *call,
				       void *userdata),
		      void *userdata);

	/* Denies everything that waits. */
	void (*free)(struct engine *engine);
};

/* Embedded as the first member of each implementation. */
struct engine {
	const struct engine_ops *ops;
	struct ruleset *ruleset; /* in force; NULL before the first commit */
};

/* Keeps a ruleset that comes into force. */
void engine_keep(struct engine *engine, struct ruleset *ruleset);

/* See engine_ops.library. */
const char *engine_library(const struct engine *engine);

/* Denies everything that waits. Takes NULL; always returns NULL. */
struct engine *engine_free(struct engine *engine);
