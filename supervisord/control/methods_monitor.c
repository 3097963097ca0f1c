/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Methods of monitors, and the connection to one as the engine of its domain.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "control/connection.h"
#include "control/delta.h"
#include "control/errors.h"
#include "control/methods.h"
#include "control/try.h"
#include "control/wire.h"
#include "supervision/domain_recording.h"
#include "supervision/process.h"
#include "supervision/registration.h"
#include "supervision/strings.h"

#define APP_MAX 255

/* Whether a monitor has gone, and its domain with it: that is no failure. */
static bool has_gone(const struct connection *connection)
{
	return sd_bus_is_open(connection->caller.bus) <= 0;
}

/* The monitor has acknowledged a commit, or not in time. */
static int on_commit_reply(sd_bus_message *m, void *userdata,
			   sd_bus_error *error)
{
	struct connection *connection = userdata;
	const sd_bus_error *failure = sd_bus_message_get_error(m);
	int result = 0;

	(void)error;
	connection->commit = sd_bus_slot_unref(connection->commit);
	if (failure) {
		result = bus_errno(failure);
		connection->told = ruleset_unref(connection->told);
	}
	/* In doubt about what it enforces, it has to register anew. */
	if (failure && has_gone(connection))
		result = -ECANCELED;
	else if (failure &&
		 sd_bus_error_has_name(failure, SD_BUS_ERROR_NO_REPLY))
		connection_close(connection, "it acknowledges no commit");
	if (connection->caller.domain)
		domain_recorded_committed(connection->caller.domain, result);
	return 1;
}

/* How long a commit may take. */
static uint64_t commit_usec(const struct connection *connection,
			    const struct ruleset *ruleset)
{
	uint64_t version, usec = CONNECTION_COMMIT_USEC;

	for (unsigned int i = 0; !connection->told && i < DOMAIN_BOOKS; i++)
		usec += rulebook_count(ruleset_book(ruleset, i, &version)) *
			CONNECTION_RULE_USEC;
	return usec;
}

static int send_commit(struct connection *connection,
		       const struct ruleset *ruleset)
{
	_cleanup_(sd_bus_message_unrefp) sd_bus_message *m = NULL;

	TRY(delta_send(connection->caller.bus, connection->told, ruleset));
	TRY(sd_bus_message_new_method_call(connection->caller.bus, &m, NULL,
					   BUS_MONITOR_PATH, BUS_MONITOR,
					   "Commit"));
	TRY(sd_bus_message_append(m, "t", ruleset_generation(ruleset)));
	return sd_bus_call_async(connection->caller.bus, &connection->commit, m,
				 on_commit_reply, connection,
				 commit_usec(connection, ruleset));
}

static int connection_commit(void *userdata, struct ruleset *ruleset)
{
	struct connection *connection = userdata;
	const int result = send_commit(connection, ruleset);

	ruleset_unref(connection->told);
	connection->told = result < 0 ? NULL : ruleset_ref(ruleset);
	bus_loop_update(connection->loop);
	if (result < 0)
		return has_gone(connection) ? -ECANCELED : result;
	return -EINPROGRESS;
}

/* Starts a call of the monitor that it does not reply to. */
static int new_notice(struct connection *connection, const char *method,
		      sd_bus_message **ret)
{
	const int result = sd_bus_message_new_method_call(
		connection->caller.bus, ret, NULL, BUS_MONITOR_PATH,
		BUS_MONITOR, method);

	return result < 0 ? result : sd_bus_message_set_expect_reply(*ret, 0);
}

static void connection_tell(void *userdata, const char *sentence)
{
	struct connection *connection = userdata;
	_cleanup_(sd_bus_message_unrefp) sd_bus_message *m = NULL;

	if (new_notice(connection, "Tell", &m) >= 0 &&
	    wire_append_bytes(m, sentence) >= 0)
		connection->caller.send(&connection->caller, m);
}

static void connection_answer(void *userdata, uint64_t request_id,
			      enum answer answer)
{
	struct connection *connection = userdata;
	_cleanup_(sd_bus_message_unrefp) sd_bus_message *m = NULL;

	if (new_notice(connection, "Answer", &m) >= 0 &&
	    sd_bus_message_append(m, "ty", request_id, (uint8_t)answer) >= 0)
		connection->caller.send(&connection->caller, m);
}

static void connection_follow(void *userdata, bool executions)
{
	struct connection *connection = userdata;
	_cleanup_(sd_bus_message_unrefp) sd_bus_message *m = NULL;

	if (new_notice(connection, "Follow", &m) >= 0 &&
	    sd_bus_message_append(m, "b", (int)executions) >= 0)
		connection->caller.send(&connection->caller, m);
}

static void connection_postponed(void *userdata, uint64_t request_id,
				 int64_t deadline)
{
	struct connection *connection = userdata;
	_cleanup_(sd_bus_message_unrefp) sd_bus_message *m = NULL;

	if (new_notice(connection, "Postpone", &m) >= 0 &&
	    sd_bus_message_append(m, "tx", request_id, deadline) >= 0)
		connection->caller.send(&connection->caller, m);
}

static void connection_stop(void *userdata)
{
	struct connection *connection = userdata;
	_cleanup_(sd_bus_message_unrefp) sd_bus_message *m = NULL;

	if (new_notice(connection, "Stop", &m) >= 0)
		connection->caller.send(&connection->caller, m);
}

static const struct decider_events connection_events = {
	.commit = connection_commit,
	.answer = connection_answer,
	.tell = connection_tell,
	.follow = connection_follow,
	.postponed = connection_postponed,
	.stop = connection_stop,
};

/* What a monitor says of its domain. */
struct register_call {
	char *app;
	char **command, **policy_files;
	const char *engine; /* borrowed from the message */
	int64_t root_pid;
	int own_agent;
	uint32_t timeout;
	uint64_t generation;
	struct rules session;
};

static void registration_finish(struct register_call *registration)
{
	free(registration->app);
	strings_free(registration->command);
	strings_free(registration->policy_files);
	rules_finish(&registration->session);
}

static int read_registration(sd_bus_message *m, struct register_call *ret)
{
	TRY(wire_read_bytes(m, &ret->app));
	TRY(wire_read_strings(m, &ret->command));
	TRY(sd_bus_message_read(m, "sx", &ret->engine, &ret->root_pid));
	TRY(wire_read_strings(m, &ret->policy_files));
	TRY(sd_bus_message_read(m, "but", &ret->own_agent, &ret->timeout,
				&ret->generation));
	TRY(wire_read_rules(m, &ret->session));
	if (ret->app[0] == '\0' || strlen(ret->app) > APP_MAX ||
	    ret->timeout > INT32_MAX || ret->generation > INT64_MAX)
		return -EINVAL;
	return 0;
}

/*
 * Handed over after a restart of the daemon. They bind this domain only, and
 * its monitor could as well not enforce them; but only what they refuse may
 * outrank what the administrator says.
 */
static int take_handed(struct connection *connection,
		       struct register_call *registration)
{
	struct rules *session = &registration->session;
	int error = connection->handed_error;

	for (size_t i = 0; !error && i < connection->handed.count; i++)
		error = rules_take(session, &connection->handed.items[i]);
	rules_finish(&connection->handed);
	connection->handed_error = 0;
	for (size_t i = 0; i < session->count; i++)
		if (session->items[i].effect != EFFECT_DENY)
			session->items[i].layer = LAYER_USER;
	return error;
}

static bool match_pid(void *userdata, pid_t pid)
{
	return pid == *(const pid_t *)userdata;
}

/* The tree that a monitor claims must be its own. */
static pid_t claimed_root(struct connection *connection, int64_t pid)
{
	if (pid <= 0 || pid > INT32_MAX || pid == connection->caller.pid)
		return 0;
	return process_walk((pid_t)pid, match_pid, &connection->caller.pid) == 1
		       ? (pid_t)pid
		       : 0;
}

static int register_domain(struct connection *connection,
			   struct register_call *registration,
			   char **ret_sentence)
{
	const struct domain_info info = {
		.app = registration->app,
		.command = (const char *const *)registration->command,
		.engine = registration->engine,
		.monitor_pid = connection->caller.pid,
		.root_pid = claimed_root(connection, registration->root_pid),
		.policy_files = (const char *const *)registration->policy_files,
		.variables = (const char *const *)connection->variables,
	};
	struct domain_options options = {
		.info = &info,
		.events = &connection_events,
		.engine = connection,
		.timeout_seconds = (int)registration->timeout,
		.generation = registration->generation,
		.session = &registration->session,
	};
	int error;

	if (registration->own_agent) {
		connection->caller.own_agent =
			caller_agent_new(&connection->caller);
		if (!connection->caller.own_agent)
			return -ENOMEM;
		options.own_agent =
			bus_agent_agent(connection->caller.own_agent);
	}
	error = domain_register(&connection->caller.supervisor->registry,
				&options, &connection->caller.domain,
				ret_sentence);
	if (error && connection->caller.own_agent) {
		agent_free(bus_agent_agent(connection->caller.own_agent));
		connection->caller.own_agent = NULL;
	}
	return error;
}

/*
 * A monitor may itself be inside a supervised tree (a nested run): its domain
 * then waits for the one around it, and nothing it decides is persisted. But
 * files are not read for it with rights that it may not have, nor are names
 * looked up that it has chosen: its variables have no value.
 */
static int check_nested(struct connection *connection,
			const struct register_call *registration,
			sd_bus_error *error)
{
	struct domain *enclosing = NULL;
	int result = domain_enclosing(&connection->caller.supervisor->registry,
				      connection->caller.pid, &enclosing);

	if (result < 0)
		return bus_fail(error, -EDEADLK,
				"it is unknown in whose tree this process is");
	if (enclosing && registration->policy_files[0])
		return bus_fail(error, -EDEADLK,
				"policy files cannot be named from inside a "
				"supervised tree");
	for (char **variable = connection->variables;
	     enclosing && variable && *variable; variable++)
		**variable = '\0';
	return 0;
}

static int append_handed(sd_bus_message *m, struct connection *connection)
{
	struct rules rules = {0};
	int result = wire_read_rules(m, &rules);

	if (result >= 0 &&
	    connection->handed.count + rules.count > DOMAIN_SESSION_MAX)
		result = -E2BIG;
	for (size_t i = 0; result >= 0 && i < rules.count; i++)
		result = rules_take(&connection->handed, &rules.items[i]);
	rules_finish(&rules);
	return result < 0 ? result : 0;
}

/* What is wrong with it the registration is told, which comes after it. */
METHOD(method_hand_over)
{
	struct connection *connection = userdata;
	int result;

	if (connection->caller.domain)
		return bus_fail(error, -EBUSY,
				"this connection has registered already");
	result = append_handed(m, connection);
	if (result < 0 && connection->handed_error == 0)
		connection->handed_error = result;
	return sd_bus_reply_method_return(m, "");
}

METHOD(method_variables)
{
	struct connection *connection = userdata;
	char **variables;
	int result;

	if (connection->caller.domain)
		return bus_fail(error, -EBUSY,
				"this connection has registered already");
	result = wire_read_strings(m, &variables);
	if (result < 0)
		return bus_fail(error, result, NULL);
	strings_free(connection->variables);
	connection->variables = variables;
	return sd_bus_reply_method_return(m, "");
}

METHOD(method_register)
{
	struct connection *connection = userdata;
	struct register_call registration = {0};
	_cleanup_free_ char *sentence = NULL;
	int result;

	if (connection->caller.domain || connection->caller.subscribed)
		return bus_fail(error, -EBUSY,
				"this connection has registered already");
	result = read_registration(m, &registration);
	if (result == 0)
		result = take_handed(connection, &registration);
	if (result < 0)
		result = bus_fail(error, result, NULL);
	if (result == 0)
		result = check_nested(connection, &registration, error);
	if (result == 0) {
		result = register_domain(connection, &registration, &sentence);
		if (result < 0)
			result = bus_fail(error, result, sentence);
	}
	registration_finish(&registration);
	if (result < 0)
		return result;
	return sd_bus_reply_method_return(
		m, "tu", connection->caller.domain->id,
		(uint32_t)connection->caller.domain->timeout_seconds);
}

static int need_domain(struct connection *connection, sd_bus_error *error)
{
	return connection->caller.domain
		       ? 0
		       : bus_fail(error, -EBUSY, "register a domain first");
}

/* Reads one request; the domain's pid and id of it are the monitor's word. */
static int read_request(sd_bus_message *m, struct connection *connection,
			struct request *ret, sd_bus_error *error)
{
	int result = need_domain(connection, error);

	if (result < 0)
		return result;
	result = wire_read_request(m, ret);
	return result < 0 ? bus_fail(error, result, NULL) : 0;
}

METHOD(method_ask)
{
	struct connection *connection = userdata;
	struct request request;
	int result = read_request(m, connection, &request, error);

	if (result < 0)
		return result;
	/* An answer is owed, whether or not a reply is. */
	if (domain_recorded_ask(connection->caller.domain, &request) < 0)
		connection_answer(connection, request.id, ANSWER_DENY);
	request_finish(&request);
	return sd_bus_reply_method_return(m, "");
}

METHOD(method_withdraw)
{
	struct connection *connection = userdata;
	uint64_t id;
	int result = need_domain(connection, error);

	if (result >= 0)
		result = sd_bus_message_read(m, "t", &id);
	if (result < 0)
		return result;
	domain_recorded_withdraw(connection->caller.domain, id);
	return sd_bus_reply_method_return(m, "");
}

METHOD(method_refused)
{
	struct connection *connection = userdata;
	_cleanup_free_ char *reason = NULL;
	struct request request;
	int result = read_request(m, connection, &request, error);

	if (result < 0)
		return result;
	result = wire_read_bytes(m, &reason);
	if (result >= 0)
		domain_recorded_refused(connection->caller.domain, &request,
					*reason ? reason : NULL);
	request_finish(&request);
	return result < 0 ? result : sd_bus_reply_method_return(m, "");
}

METHOD(method_executes)
{
	struct connection *connection = userdata;
	struct request request;
	int result = read_request(m, connection, &request, error);

	if (result < 0)
		return result;
	domain_recorded_executes(connection->caller.domain, &request);
	request_finish(&request);
	return sd_bus_reply_method_return(m, "");
}
