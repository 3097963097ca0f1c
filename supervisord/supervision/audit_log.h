/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The audit log: what was asked, decided and committed, as JSON Lines in
 * $XDG_STATE_HOME/landlord/log.jsonl. The daemon and embedded cores of the same
 * user append to the same file, one write(2) a line; beyond AUDIT_LOG_BYTES it
 * is renamed to log.jsonl.1. It is a convenience for people: an audit log that
 * cannot be written never changes a decision. What could not be written is
 * counted, and told by an event "lost" with its "count" before the next one
 * that can be; a line that was cut off is ended before the next one begins.
 *
 * Every line has "time" (seconds since the epoch, a real), "event", "app" and
 * "domain" (pid of the monitor). Bytes from outside (paths, names) are escaped
 * as base/escape.h says, which unescape_string() reverses.
 */
#pragma once

#include <jansson.h>
#include <stdint.h>

#include "base/clock.h"
#include "core/decision.h"
#include "plugin/request_json.h"

#define AUDIT_LOG_BYTES (4 * 1024 * 1024)

struct audit_log;

struct audit_log_domain {
	const char *app;
	pid_t monitor_pid;
};

/*
 * Opens the log, making its directory (0700) and file (0600).
 * @path: the file, NULL for the one named above; copied
 * @clock: what tells the time of each event; borrowed
 * Returns: 0; -ENXIO: there is no directory for it, neither HOME nor
 *          XDG_STATE_HOME being set; -EINVAL: it is no regular file; or another
 *          negative errno.
 */
int audit_log_new(struct audit_log **ret, const char *path,
		  const struct clock *clock);

/* Takes NULL; always returns NULL. */
struct audit_log *audit_log_free(struct audit_log *audit_log);

/*
 * The path of the log as audit_log_new() chooses it.
 * Returns: a new string (free(3)), NULL when there is no home or no memory.
 */
char *audit_log_path(void);

/*
 * Also hands every event to a listener (the daemon's journal).
 * @line: the object that is written; valid during the call
 */
typedef void (*audit_log_listener_fn)(void *userdata, const char *event,
				      const struct audit_log_domain *domain,
				      const json_t *line);
void audit_log_listen(struct audit_log *audit_log,
		      audit_log_listener_fn listener, void *userdata);

/*
 * Appends an event. @audit_log may be NULL: nothing happens.
 * @fields: more keys of the line; the reference is taken; may be NULL
 */
void audit_log_event(struct audit_log *audit_log, const char *event,
		     const struct audit_log_domain *domain, json_t *fields);

/* Adds the keys of a decision to those of its request. */
void audit_log_decision(json_t *fields, const struct decision *decision);
