/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The recorder: a decider around a decider, which writes what passes.
 *
 *	recorder_new(&recorder, &header);
 *	recorder_add(recorder, writer);
 *	recorder_listen(recorder, events, engine);
 *	... make the decider, with recorder_events and the recorder ...
 *	decider = recorder_wrap(recorder, decider);
 *
 * It sees every call of the seam (core/decider.h) in both directions, so a
 * trace is complete by construction, whoever decides. It changes none of them,
 * and a trace that cannot be written changes no decision.
 */
#pragma once

#include "core/decider.h"
#include "trace/writer.h"

#define RECORDER_WRITERS_MAX 2

struct clock;
struct recorder;

/*
 * @header: what is known of the run; copied. Its digest is filled in. Where
 *          @all is true, the engine is told to tell what rules allow.
 * @session: number of the book of a ruleset whose rules end with the run
 * @clock: by which lines are dated; must outlive the recorder
 * Returns: 0 or -ENOMEM.
 */
int recorder_new(struct recorder **ret, const struct trace_header *header,
		 unsigned int session, const struct clock *clock);

/* Adds a writer, which is owned from then on. */
void recorder_add(struct recorder *recorder, struct trace_writer *writer);

/* What the decider's events are handed on to. */
void recorder_listen(struct recorder *recorder,
		     const struct decider_events *events, void *engine);

/* What the decider is made with; the recorder is their first argument. */
extern const struct decider_events recorder_events;

/*
 * Takes the decider; what the engine calls instead is returned. It is freed as
 * a decider, and then writes the last line.
 */
struct decider *recorder_wrap(struct recorder *recorder,
			      struct decider *decider);

/*
 * The same without an end of the decider, which is returned: what goes on is no
 * longer recorded.
 */
struct decider *recorder_unwrap(struct decider *decider);

/*
 * For a recording that begins in the middle of a run, after recorder_wrap():
 * what is in force, and on its way into force (either may be NULL); and each
 * request that waits for an answer.
 */
void recorder_join(struct recorder *recorder, struct ruleset *committed,
		   struct ruleset *inflight);
void recorder_join_request(struct recorder *recorder,
			   const struct request *request);

/* A commit that was -EINPROGRESS has ended. @error: 0, or a negative errno */
void recorder_committed(struct recorder *recorder, int error);

/* For a recorder that wraps nothing. Takes NULL; always returns NULL. */
struct recorder *recorder_free(struct recorder *recorder);

/* Who runs it; all of them may be NULL. */
struct recorder_host {
	/*
	 * A writer cannot write at once: recorder_flush() is to be called when
	 * the descriptor is writable.
	 */
	void (*pending)(void *userdata, int fd);

	/* A process was met; recorder_exited() is to be called at its end. */
	void (*met)(void *userdata, struct process_id process);

	void *userdata;
};

/* @host: copied */
void recorder_serve(struct recorder *recorder,
		    const struct recorder_host *host);

/* The program began. @command: NULL-terminated */
void recorder_spawned(struct recorder *recorder, struct process_id process,
		      const char *path, const char *const *command);

/* It ended. @status: as a shell has it; -1: not known */
void recorder_ended(struct recorder *recorder, struct process_id process,
		    int status);

/* The same of any process; one that was never met is none. */
void recorder_exited(struct recorder *recorder, struct process_id process,
		     int status);

/* Goes on with what could not be written. Returns: the descriptor that is to
 * be waited for, or -1. */
int recorder_flush(struct recorder *recorder);
