/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The audit_log: JSON Lines for people and for `landlord log`.
 */
#include "supervision/audit_log.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/fd.h"
#include "base/lock.h"
#include "base/log.h"
#include "store/directory.h"

struct audit_log {
	char *path;
	const struct clock *clock;
	int fd;
	uint64_t lost; /* events that are not in the file, since it was told */
	audit_log_listener_fn listener;
	void *userdata;
};

char *audit_log_path(void)
{
	const char *state = getenv("XDG_STATE_HOME");
	const char *home = getenv("HOME");
	char *path = NULL;

	if (state && state[0] == '/')
		return asprintf(&path, "%s/landlord/log.jsonl", state) < 0
			       ? NULL
			       : path;
	if (!home || home[0] != '/')
		return NULL;
	return asprintf(&path, "%s/.local/state/landlord/log.jsonl", home) < 0
		       ? NULL
		       : path;
}

/* Readable, too: see is_torn(). */
static int open_log(const char *path)
{
	const int fd = open(path,
			    O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC |
				    O_NOFOLLOW | O_NONBLOCK,
			    0600);
	struct stat status;

	if (fd < 0)
		return -errno;
	/* A FIFO would take the lines to whoever reads it, or nowhere. */
	if (fstat(fd, &status) == 0 && S_ISREG(status.st_mode))
		return fd;
	close(fd);
	return -EINVAL;
}

int audit_log_new(struct audit_log **ret, const char *path,
		  const struct clock *clock)
{
	struct audit_log *audit_log = calloc(1, sizeof(*audit_log));
	int result = -ENOMEM;

	if (!audit_log)
		return -ENOMEM;
	audit_log->fd = -1;
	audit_log->clock = clock;
	audit_log->path = path ? strdup(path) : audit_log_path();
	if (audit_log->path)
		result = directory_make_parents(audit_log->path);
	else if (!path)
		result = -ENXIO; /* nowhere to have it */
	if (result == 0)
		result = open_log(audit_log->path);
	if (result < 0) {
		audit_log_free(audit_log);
		return result;
	}
	audit_log->fd = result;
	*ret = audit_log;
	return 0;
}

struct audit_log *audit_log_free(struct audit_log *audit_log)
{
	if (!audit_log)
		return NULL;
	if (audit_log->lost > 0)
		log_warning("%" PRIu64 " event%s missing in the log %s",
			    audit_log->lost,
			    audit_log->lost == 1 ? " is" : "s are",
			    audit_log->path);
	fd_close(audit_log->fd);
	free(audit_log->path);
	free(audit_log);
	return NULL;
}

/*
 * The lock makes two processes that find the file too long rename it once. It
 * is not one of the file itself, which programs may have a rule to read.
 */
static void move_away(const struct audit_log *audit_log,
		      const struct stat *ours)
{
	_cleanup_free_ char *old = NULL, *name = NULL;
	_cleanup_fd_ int lock = -1;
	struct stat named;

	if (asprintf(&old, "%s.1", audit_log->path) < 0) {
		old = NULL;
		return;
	}
	if (asprintf(&name, "%s.lock", audit_log->path) < 0) {
		name = NULL;
		return;
	}
	lock = lock_take(AT_FDCWD, name);
	if (lock >= 0 && stat(audit_log->path, &named) == 0 &&
	    named.st_ino == ours->st_ino && rename(audit_log->path, old) < 0)
		log_warning("cannot rename %s: %m", audit_log->path);
}

/* Keeps the file bounded, and notices that another process has renamed it. */
static void rotate(struct audit_log *audit_log)
{
	struct stat ours, named;

	if (fstat(audit_log->fd, &ours) < 0)
		return;
	if (ours.st_size > AUDIT_LOG_BYTES)
		move_away(audit_log, &ours);
	if (stat(audit_log->path, &named) < 0 || named.st_ino != ours.st_ino ||
	    named.st_dev != ours.st_dev) {
		const int fd = open_log(audit_log->path);

		if (fd < 0)
			return;
		fd_close(audit_log->fd);
		audit_log->fd = fd;
	}
}

/* Somebody was cut off in the middle of the last line. */
static bool is_torn(int fd)
{
	struct stat status;
	char last;

	return fstat(fd, &status) == 0 && status.st_size > 0 &&
	       pread(fd, &last, 1, status.st_size - 1) == 1 && last != '\n';
}

/* Appends a line; one that is torn before it ends there. */
static int append(struct audit_log *audit_log, const char *line)
{
	_cleanup_free_ char *text = NULL;
	ssize_t written;
	int length;

	rotate(audit_log);
	length = asprintf(&text, "%s%s\n", is_torn(audit_log->fd) ? "\n" : "",
			  line);
	if (length < 0)
		return -ENOMEM;
	written = write(audit_log->fd, text, (size_t)length);
	if (written < 0)
		return -errno;
	return written == length ? 0 : -ENOSPC;
}

static json_t *new_line(const struct audit_log *audit_log, const char *event)
{
	const int64_t now = audit_log->clock->wall(audit_log->clock);

	return json_pack("{s:f, s:s}", "time", (double)now / 1e9, "event",
			 event);
}

static int append_json(struct audit_log *audit_log, const json_t *object)
{
	_cleanup_free_ char *line =
		json_dumps(object, JSON_COMPACT | JSON_REAL_PRECISION(15));

	return line ? append(audit_log, line) : -ENOMEM;
}

/* Who reads the log learns that there are gaps, and how large. */
static int append_lost(struct audit_log *audit_log)
{
	json_t *object = new_line(audit_log, "lost");
	int error;

	if (!object)
		return -ENOMEM;
	json_object_set_new(object, "count",
			    json_integer((json_int_t)audit_log->lost));
	error = append_json(audit_log, object);
	json_decref(object);
	if (error)
		return error;
	log_warning("%" PRIu64 " event%s could not be logged; logging works "
		    "again",
		    audit_log->lost, audit_log->lost == 1 ? "" : "s");
	audit_log->lost = 0;
	return 0;
}

static void write_event(struct audit_log *audit_log, const json_t *object)
{
	int error = audit_log->lost > 0 ? append_lost(audit_log) : 0;

	if (!error)
		error = append_json(audit_log, object);
	if (!error)
		return;
	if (audit_log->lost++ == 0)
		log_warning("cannot write to the log %s: %s; events are not "
			    "logged until that works again",
			    audit_log->path, strerror(-error));
}

void audit_log_event(struct audit_log *audit_log, const char *event,
		     const struct audit_log_domain *domain, json_t *fields)
{
	json_t *object = audit_log ? new_line(audit_log, event) : NULL;

	if (object && domain) {
		json_object_set_new(object, "app", json_bytes(domain->app));
		json_object_set_new(object, "domain",
				    json_integer(domain->monitor_pid));
	}
	if (object && fields)
		json_object_update_missing(object, fields);
	json_decref(fields);
	if (!object)
		return;
	if (audit_log->listener)
		audit_log->listener(audit_log->userdata, event, domain, object);
	write_event(audit_log, object);
	json_decref(object);
}

void audit_log_listen(struct audit_log *audit_log,
		      audit_log_listener_fn listener, void *userdata)
{
	audit_log->listener = listener;
	audit_log->userdata = userdata;
}

void audit_log_decision(json_t *fields, const struct decision *decision)
{
	if (!fields)
		return;
	json_object_set_new(fields, "outcome",
			    json_string(outcome_name(decision->outcome)));
	json_object_set_new(fields, "lifetime",
			    json_string(lifetime_name(decision->lifetime)));
	if (decision->lifetime == LIFETIME_UNTIL)
		json_object_set_new(fields, "until",
				    json_integer(decision->until));
	if (decision->beneath)
		json_object_set_new(fields, "beneath",
				    json_bytes(decision->beneath));
	if (decision->port_alone)
		json_object_set_new(fields, "port_alone", json_true());
	if (decision->agent)
		json_object_set_new(fields, "agent",
				    json_bytes(decision->agent));
}
