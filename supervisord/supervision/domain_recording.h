/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The recording of a domain while it runs: a recorder (trace/recorder.h) between
 * its engine and it, from some moment on.
 *
 * An engine puts what it has to its domain by the functions of this header, so
 * that a recording sees it, too.
 */
#pragma once

#include "supervision/domain.h"
#include "trace/writer.h"

struct domain_recording;

struct domain_recording_options {
	struct trace_sink sink; /* for its lines; may be called at once */

	/* The domain has ended, and the recording is gone. */
	void (*ended)(void *userdata);
	void *userdata;
};

/*
 * Begins with what is in force, and what waits for an answer.
 * Returns: 0; -EBUSY: somebody else records it; or another negative errno.
 */
int domain_recording_new(struct domain_recording **ret, struct domain *domain,
			 const struct domain_recording_options *options);

/* Writes the last line. Takes NULL; always returns NULL. */
struct domain_recording *
domain_recording_free(struct domain_recording *recording);

/* The domain ends: whoever records it is told. */
void domain_recording_end(struct domain *domain);

/* As domain_ask() and so on, recorded where that is wanted. */
int domain_recorded_ask(struct domain *domain, const struct request *request);
void domain_recorded_withdraw(struct domain *domain, uint64_t request_id);
void domain_recorded_refused(struct domain *domain,
			     const struct request *request, const char *reason);
void domain_recorded_executes(struct domain *domain,
			      const struct request *request);

/* As domain_committed(): the engine says how a commit has ended. */
void domain_recorded_committed(struct domain *domain, int error);
