// SPDX-License-Identifier: GPL-2.0-or-later
/* The recording of a run: see recording.h. */
#include "run/recording.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/log.h"
#include "base/landlock.h"
#include "policy/chain.h"

static void wait_for(void *userdata, int fd);

/* A run has one recorder, which lives as long as the loop runs. */
static struct {
	struct event_base *loop;
	struct recorder *recorder;
	bool waiting;
} flushing;

static void on_writable(evutil_socket_t fd, short what, void *userdata)
{
	int pending;

	(void)fd;
	(void)what;
	(void)userdata;
	flushing.waiting = false;
	pending = recorder_flush(flushing.recorder);
	if (pending >= 0)
		wait_for(NULL, pending);
}

static void wait_for(void *userdata, int fd)
{
	(void)userdata;
	if (!flushing.waiting && event_base_once(flushing.loop, fd, EV_WRITE,
						 on_writable, NULL, NULL) == 0)
		flushing.waiting = true;
}

static int open_file(struct recorder *recorder, const char *path,
		     uint64_t limit)
{
	struct trace_writer *writer;
	int error = trace_writer_open(&writer, path, limit);

	if (error) {
		log_error("cannot record to %s: %s", path,
			  error == -EBUSY    ? "somebody else does"
			  : error == -EINVAL ? "it is no regular file"
					     : strerror(-error));
		return error;
	}
	recorder_add(recorder, writer);
	/* What it asked for is not for the program to say. */
	error = chain_add_own(path);
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

static int make_recorder(struct recorder **ret, const char *app)
{
	struct utsname names;
	const struct trace_header header = {
		.kernel = uname(&names) == 0 ? names.release : NULL,
		.engine = (char *)(uintptr_t) "seccomp",
		.abi = landlock_abi(),
		.app = (char *)(uintptr_t)app,
		.home = getenv("HOME"),
		.uid = getuid(),
	};

	return recorder_new(ret, &header);
}

int recording_new(struct recorder **ret, struct event_base *loop,
		  const struct run_options *options, const char *app)
{
	struct recorder *recorder;
	int error;

	*ret = NULL;
	if (!options->record && options->events_fd < 0)
		return 0;
	error = make_recorder(&recorder, app);
	if (error) {
		log_error("cannot record: %s", strerror(-error));
		return error;
	}
	if (options->record)
		error = open_file(recorder, options->record,
				  options->record_limit);
	if (!error && options->events_fd >= 0)
		error = open_stream(recorder, options->events_fd);
	if (error) {
		recorder_free(recorder);
		return error;
	}
	flushing.loop = loop;
	flushing.recorder = recorder;
	recorder_on_pending(recorder, wait_for, NULL);
	*ret = recorder;
	return 0;
}
