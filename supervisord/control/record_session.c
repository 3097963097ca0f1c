/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a caller records: see record_session.h. */
#include "control/record_session.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "base/text.h"
#include "control/errors.h"
#include "supervision/arrivals.h"
#include "supervision/domain.h"
#include "supervision/domain_recording.h"
#include "supervision/record_guard.h"

/* One message; the rest is in the next. */
#define REPLY_MAX (1024 * 1024)
/* What is kept for the last lines, which say how much is lost. */
#define END_BYTES 4096

struct recorded {
	TAILQ_ENTRY(recorded) link;
	struct record_session *session;
	struct domain_recording *recording;
	bool ending; /* its last lines come now */
};

struct record_session {
	struct caller *caller;
	TAILQ_HEAD(, recorded) recorded; /* until they end */
	size_t count;			 /* of them */
	size_t all;			 /* that there ever were */
	char *app;
	struct arrival_watch arrivals;
	char *lines; /* whole ones */
	size_t length, allocated;
	sd_bus_message *call;	    /* waits for lines; NULL: none does */
	struct record_guard *guard; /* of the file; NULL: there is none */
	sd_bus_message *beginning;  /* waits for the guard; NULL: none does */
	bool stopping;
};

/* --- Lines ------------------------------------------------------- */

static bool has_ended(const struct record_session *session)
{
	return session->count == 0;
}

/* How much of what waits goes into one message: lines, at least one. */
static size_t measure_reply(const struct record_session *session)
{
	const char *end;

	if (session->length <= REPLY_MAX)
		return session->length;
	end = memrchr(session->lines, '\n', REPLY_MAX);
	if (!end)
		end = memchr(session->lines, '\n', session->length);
	return (size_t)(end - session->lines) + 1;
}

static int append_lines(const struct record_session *session, size_t length,
			sd_bus_message *reply)
{
	const bool more = length < session->length || !has_ended(session);
	int result =
		sd_bus_message_append_array(reply, 'y', session->lines, length);

	return result < 0 ? result
			  : sd_bus_message_append(reply, "b", (int)more);
}

static void drop_lines(struct record_session *session, size_t length)
{
	session->length -= length;
	if (session->length > 0)
		memmove(session->lines, session->lines + length,
			session->length);
}

/* Replies to the call that waits. */
static void reply(struct record_session *session)
{
	_cleanup_(sd_bus_message_unrefp) sd_bus_message *call = session->call,
							*message = NULL;
	const size_t length = measure_reply(session);
	int result;

	session->call = NULL;
	result = sd_bus_message_new_method_return(call, &message);
	if (result >= 0)
		result = append_lines(session, length, message);
	if (result < 0)
		return;
	drop_lines(session, length);
	session->caller->send(session->caller, message);
}

static void reply_if_any(struct record_session *session)
{
	if (session->call && (session->length > 0 || has_ended(session)))
		reply(session);
}

static int make_room(struct record_session *session, size_t needed)
{
	size_t allocated = session->allocated * 2 + END_BYTES;
	char *lines;

	if (needed <= session->allocated)
		return 0;
	if (allocated < needed)
		allocated = needed;
	lines = realloc(session->lines, allocated);
	if (!lines)
		return -ENOMEM;
	session->lines = lines;
	session->allocated = allocated;
	return 0;
}

static int put(void *userdata, const char *line, size_t length)
{
	struct recorded *recorded = userdata;
	struct record_session *session = recorded->session;
	const size_t needed = session->length + length + 1;
	size_t most = RECORD_WAITING_MAX;

	if (recorded->ending)
		most += session->all * END_BYTES;
	if (needed > most)
		return -ENOBUFS;
	if (make_room(session, needed) < 0)
		return -ENOMEM;
	memcpy(session->lines + session->length, line, length);
	session->lines[needed - 1] = '\n';
	session->length = needed;
	if (!session->stopping)
		reply_if_any(session);
	return 0;
}

/* --- Its life ---------------------------------------------------- */

/* With the last one the recording is over. */
static void drop(struct recorded *recorded)
{
	struct record_session *session = recorded->session;

	TAILQ_REMOVE(&session->recorded, recorded, link);
	free(recorded);
	if (--session->count == 0)
		arrivals_forget(&session->caller->supervisor->registry,
				&session->arrivals);
}

static void on_ended(void *userdata)
{
	struct recorded *recorded = userdata;
	struct record_session *session = recorded->session;

	drop(recorded);
	reply_if_any(session);
}

static void end_recording(struct recorded *recorded)
{
	recorded->ending = true;
	domain_recording_free(recorded->recording);
	drop(recorded);
}

static int record_domain(struct record_session *session, struct domain *domain)
{
	struct recorded *recorded = calloc(1, sizeof(*recorded));
	const struct domain_recording_options options = {
		.sink = {.put = put, .userdata = recorded},
		.ended = on_ended,
		.userdata = recorded,
	};
	int error;

	if (!recorded)
		return -ENOMEM;
	recorded->session = session;
	/* Its first lines come already, and are the session's. */
	TAILQ_INSERT_TAIL(&session->recorded, recorded, link);
	session->count++;
	session->all++;
	error = domain_recording_new(&recorded->recording, domain, &options);
	if (error)
		drop(recorded);
	return error;
}

/* One more of the app is started. */
static void on_registered(void *userdata, struct domain *domain)
{
	const int error = record_domain(userdata, domain);

	if (error)
		log_warning("%s, which was started meanwhile, is not recorded: "
			    "%s",
			    domain->app, strerror(-error));
}

static int record_app(struct record_session *session, const char *app)
{
	struct registry *registry = &session->caller->supervisor->registry;
	struct domain *domain;
	int error = 0;

	TAILQ_FOREACH (domain, &registry->domains, link)
		if (!error && strcmp(domain->app, app) == 0)
			error = record_domain(session, domain);
	if (!error && session->count == 0)
		error = -ENOENT;
	if (!error)
		error = text_copy(&session->app, app);
	if (error)
		return error;
	session->arrivals = (struct arrival_watch){.app = session->app,
						   .registered = on_registered,
						   .userdata = session};
	arrivals_watch(registry, &session->arrivals);
	return 0;
}

int record_session_new(struct record_session **ret, struct caller *caller,
		       const char *app, unsigned int *ret_count)
{
	struct record_session *session = calloc(1, sizeof(*session));
	int error;

	if (!session)
		return -ENOMEM;
	session->caller = caller;
	TAILQ_INIT(&session->recorded);
	error = record_app(session, app);
	if (error) {
		record_session_free(session);
		return error;
	}
	*ret_count = (unsigned int)session->count;
	*ret = session;
	return 0;
}

static int new_reply(struct record_session *session, int error,
		     sd_bus_message **ret)
{
	_cleanup_(sd_bus_message_unrefp) sd_bus_message *call =
		session->beginning;
	_cleanup_(sd_bus_error_free) sd_bus_error said = SD_BUS_ERROR_NULL;
	int result;

	session->beginning = NULL;
	if (error) {
		bus_fail(&said, error, CANNOT_GUARD);
		return sd_bus_message_new_method_error(call, ret, &said);
	}
	result = sd_bus_message_new_method_return(call, ret);
	return result < 0 ? result
			  : sd_bus_message_append(*ret, "u",
						  (uint32_t)session->count);
}

static void on_guarded(void *userdata, int error)
{
	struct record_session *session = userdata;
	_cleanup_(sd_bus_message_unrefp) sd_bus_message *message = NULL;

	if (new_reply(session, error, &message) >= 0)
		session->caller->send(session->caller, message);
	if (error)
		record_session_stop(session);
}

int record_session_guard(struct record_session *session, const char *app,
			 const char *file, sd_bus_message *call)
{
	struct registry *registry = &session->caller->supervisor->registry;

	session->beginning = sd_bus_message_ref(call);
	return record_guard_new(&session->guard, registry, app, file,
				on_guarded, session);
}

int record_session_fetch(struct record_session *session, sd_bus_message *call)
{
	if (session->call)
		reply(session);
	session->call = sd_bus_message_ref(call);
	reply_if_any(session);
	return 1;
}

void record_session_stop(struct record_session *session)
{
	session->stopping = true;
	while (!TAILQ_EMPTY(&session->recorded))
		end_recording(TAILQ_FIRST(&session->recorded));
	session->stopping = false;
	reply_if_any(session);
}

struct record_session *record_session_free(struct record_session *session)
{
	if (!session)
		return NULL;
	/* Nobody is there to fetch anything. */
	session->call = sd_bus_message_unref(session->call);
	session->beginning = sd_bus_message_unref(session->beginning);
	record_session_stop(session);
	record_guard_free(session->guard);
	free(session->app);
	free(session->lines);
	free(session);
	return NULL;
}
