/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The record: JSON Lines for people and for `landlord log`.
 */
#include "supervision/record.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/fd.h"
#include "base/log.h"
#include "store/directory.h"

struct record {
	char *path;
	int fd;
	record_listener_fn listener;
	void *userdata;
};

char *record_path(void)
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

static int open_log(const char *path)
{
	const int fd = open(path,
			    O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC |
				    O_NOFOLLOW | O_NONBLOCK,
			    0600);

	return fd < 0 ? -errno : fd;
}

int record_new(struct record **ret, const char *path)
{
	struct record *record = calloc(1, sizeof(*record));
	int r = -ENOMEM;

	if (!record)
		return -ENOMEM;
	record->fd = -1;
	record->path = path ? strdup(path) : record_path();
	if (record->path)
		r = directory_make_parents(record->path);
	if (r == 0)
		r = open_log(record->path);
	if (r < 0) {
		record_free(record);
		return r;
	}
	record->fd = r;
	*ret = record;
	return 0;
}

struct record *record_free(struct record *record)
{
	if (!record)
		return NULL;
	fd_close(record->fd);
	free(record->path);
	free(record);
	return NULL;
}

/*
 * Keeps the file bounded, and notices that another process has renamed it. The
 * lock makes two processes that find it too long rename it once.
 */
static void rotate(struct record *record)
{
	_cleanup_free_ char *old = NULL;
	struct stat ours, named;

	if (fstat(record->fd, &ours) < 0)
		return;
	if (ours.st_size > RECORD_BYTES &&
	    flock(record->fd, LOCK_EX | LOCK_NB) == 0) {
		if (stat(record->path, &named) == 0 &&
		    named.st_ino == ours.st_ino &&
		    asprintf(&old, "%s.1", record->path) >= 0 &&
		    rename(record->path, old) < 0)
			log_warning("cannot rename %s: %m", record->path);
		flock(record->fd, LOCK_UN);
	}
	if (stat(record->path, &named) < 0 || named.st_ino != ours.st_ino ||
	    named.st_dev != ours.st_dev) {
		const int fd = open_log(record->path);

		if (fd < 0)
			return;
		fd_close(record->fd);
		record->fd = fd;
	}
}

void record_event(struct record *record, const char *event,
		  const struct record_domain *domain, json_t *fields)
{
	_cleanup_free_ char *line = NULL;
	struct timespec now;
	json_t *object;
	size_t length;

	if (!record) {
		json_decref(fields);
		return;
	}
	clock_gettime(CLOCK_REALTIME, &now);
	object = json_pack("{s:f, s:s}", "time",
			   (double)now.tv_sec + (double)now.tv_nsec / 1e9,
			   "event", event);
	if (object && domain) {
		json_object_set_new(object, "app", json_bytes(domain->app));
		json_object_set_new(object, "domain",
				    json_integer(domain->monitor_pid));
	}
	if (object && fields)
		json_object_update_missing(object, fields);
	json_decref(fields);
	if (object && record->listener)
		record->listener(record->userdata, event, domain, object);
	if (object)
		line = json_dumps(object,
				  JSON_COMPACT | JSON_REAL_PRECISION(15));
	json_decref(object);
	if (!line)
		return;
	rotate(record);
	length = strlen(line);
	/* The terminating NUL makes room for the newline. */
	line[length] = '\n';
	if (write(record->fd, line, length + 1) < 0)
		log_debug("cannot write %s: %m", record->path);
}

void record_listen(struct record *record, record_listener_fn listener,
		   void *userdata)
{
	record->listener = listener;
	record->userdata = userdata;
}

void record_decision(json_t *fields, const struct decision *decision)
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
	if (decision->agent)
		json_object_set_new(fields, "agent",
				    json_bytes(decision->agent));
}
