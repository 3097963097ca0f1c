/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The recording of a run: see recording.h. */
#include "run/recording.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/landlock.h"
#include "base/log.h"
#include "policy/path_chain.h"
#include "supervision/domain.h"
#include "supervision/exits.h"
#include "task/tree.h"

struct recording {
	struct event_base *loop;
	struct recorder *recorder; /* the decider's, once there is one */
	struct process_id program;
	struct exits *exits;
	struct event *writable; /* what a writer waits for; NULL: nothing */
};

/* --- Writers that have to wait ----------------------------------- */

static void wait_for(void *userdata, int fd);

static void on_writable(evutil_socket_t fd, short what, void *userdata)
{
	struct recording *recording = userdata;
	int pending;

	(void)fd;
	(void)what;
	event_free(recording->writable);
	recording->writable = NULL;
	pending = recorder_flush(recording->recorder);
	if (pending >= 0)
		wait_for(recording, pending);
}

static void wait_for(void *userdata, int fd)
{
	struct recording *recording = userdata;

	if (recording->writable)
		return;
	recording->writable = event_new(recording->loop, fd, EV_WRITE,
					on_writable, recording);
	if (!recording->writable || event_add(recording->writable, NULL) == 0)
		return;
	event_free(recording->writable);
	recording->writable = NULL;
}

/* --- Processes --------------------------------------------------- */

static void on_met(void *userdata, struct process_id process)
{
	exits_watch(((struct recording *)userdata)->exits, process);
}

static void on_exit_of(void *userdata, struct process_id process, int status)
{
	recorder_exited(((struct recording *)userdata)->recorder, process,
			status);
}

void recording_started(struct recording *recording, pid_t pid, const char *path,
		       const char *const *command)
{
	if (!recording)
		return;
	recording->program = tree_process(pid);
	recorder_spawned(recording->recorder, recording->program, path,
			 command);
}

void recording_ended(struct recording *recording, int status)
{
	if (recording)
		recorder_ended(recording->recorder, recording->program, status);
}

/* --- Where it goes ----------------------------------------------- */

/* What it asked for is not for the program to say. */
static int protect(const char *path, uint64_t limit)
{
	_cleanup_free_ char *older = NULL;
	int error = path_chain_add_own(path);

	if (error || !limit)
		return error;
	if (asprintf(&older, "%s.1", path) < 0) {
		older = NULL;
		return -ENOMEM;
	}
	return path_chain_add_own(older);
}

static int open_file(struct recorder *recorder, const char *path,
		     uint64_t limit)
{
	struct trace_writer *writer;
	int error = trace_writer_open(&writer, path, limit);

	if (error) {
		log_error("cannot record to %s: %s", path,
			  error == -EBUSY    ? "another run records to it"
			  : error == -EINVAL ? "it is not a regular file"
					     : strerror(-error));
		return error;
	}
	recorder_add(recorder, writer);
	error = protect(path, limit);
	if (error)
		log_error("cannot protect %s: %s", path, strerror(-error));
	return error;
}

static int open_stream(struct recorder *recorder, int fd)
{
	struct trace_writer *writer;
	const int error = trace_writer_stream(&writer, fd);

	if (error) {
		log_error("--events-fd: cannot be written: %s",
			  strerror(-error));
		return error;
	}
	recorder_add(recorder, writer);
	return 0;
}

static int make_recorder(struct recorder **ret, const char *app,
			 const char *engine, bool all)
{
	struct utsname names;
	const struct trace_header header = {
		.kernel = uname(&names) == 0 ? names.release : NULL,
		.engine = (char *)(uintptr_t)engine,
		.abi = landlock_abi(),
		.app = (char *)(uintptr_t)app,
		.home = getenv("HOME"),
		.uid = getuid(),
		.all = all,
	};

	return recorder_new(ret, &header, DOMAIN_SESSION, &clock_real);
}

static int open_writers(struct recorder *recorder,
			const struct run_options *options)
{
	int error = 0;

	if (options->record)
		error = open_file(recorder, options->record,
				  options->record_limit);
	if (!error && options->events_fd >= 0)
		error = open_stream(recorder, options->events_fd);
	return error;
}

static void serve(struct recording *recording)
{
	const struct recorder_host host = {
		.pending = wait_for,
		.met = on_met,
		.userdata = recording,
	};

	recorder_serve(recording->recorder, &host);
}

int recording_new(struct recording **ret, struct event_base *loop,
		  const struct run_options *options, const char *engine)
{
	struct recording *recording;
	int error;

	*ret = NULL;
	if (!options->record && options->events_fd < 0)
		return 0;
	recording = calloc(1, sizeof(*recording));
	error = recording ? make_recorder(&recording->recorder,
					  run_options_app(options), engine,
					  options->record_all)
			  : -ENOMEM;
	if (!error)
		error = exits_new(&recording->exits, loop, on_exit_of,
				  recording);
	if (error)
		log_error("cannot record: %s", strerror(-error));
	else
		error = open_writers(recording->recorder, options);
	if (error) {
		if (recording)
			recorder_free(recording->recorder);
		recording_free(recording);
		return error;
	}
	recording->loop = loop;
	serve(recording);
	*ret = recording;
	return 0;
}

struct recorder *recording_recorder(const struct recording *recording)
{
	return recording ? recording->recorder : NULL;
}

void recording_settle(struct recording *recording)
{
	if (recording)
		recording->exits = exits_free(recording->exits);
}

struct recording *recording_free(struct recording *recording)
{
	if (!recording)
		return NULL;
	if (recording->writable)
		event_free(recording->writable);
	exits_free(recording->exits);
	free(recording);
	return NULL;
}
