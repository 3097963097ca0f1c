/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * landlord agent: answers the questions of all supervised programs of the
 * daemon, on this terminal, from a script, or all in the same way.
 */
#include <errno.h>
#include <event2/event.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/answer.h"
#include "agent/console.h"
#include "agent/script.h"
#include "base/cleanup.h"
#include "base/fd.h"
#include "cli/arguments.h"
#include "control/agent_relay.h"
#include "control/bus_loop.h"
#include "control/client.h"
#include "control/errors.h"
#include "control/greeting.h"

#define RETRY_SECONDS 1

struct session {
	struct event_base *base;
	struct agent *agent;
	struct agent_relay *relay;
	sd_bus *bus;
	struct greeting *greeting;
	struct bus_loop *loop;
	sd_bus_slot *subscribing;
	struct event *retry, *failed;
	int failure; /* for on_failed(), as is its sentence */
	char *sentence;
	bool subscribed; /* at least once */
	bool lost;	 /* the daemon; it has been told */
	int status;
};

static void kick(void *userdata)
{
	struct session *session = userdata;

	if (session->loop)
		bus_loop_update(session->loop);
}

static void disconnect(struct session *session)
{
	session->subscribing = sd_bus_slot_unref(session->subscribing);
	session->loop = bus_loop_free(session->loop);
	session->greeting = greeting_free(session->greeting);
	agent_relay_detach(session->relay);
	session->bus = sd_bus_close_unref(session->bus);
}

/* From the loop, outside of any message handler. */
static void retry_later(struct session *session)
{
	const struct timeval delay = {.tv_sec = RETRY_SECONDS};

	disconnect(session);
	evtimer_add(session->retry, &delay);
}

/* Who has never been an agent says why and ends; who has been tries again. */
static void fail(struct session *session, int error, const char *sentence)
{
	if (session->subscribed && error != -EDEADLK) {
		retry_later(session);
		return;
	}
	session->status = cli_fail(&verb_agent, error,
				   sentence ? sentence : client_why(error));
	event_base_loopbreak(session->base);
}

static void on_closed(void *userdata, int error)
{
	struct session *session = userdata;

	if (!session->subscribed) {
		fail(session, error, NULL);
		return;
	}
	if (!session->lost)
		fprintf(stderr, "landlord agent: the daemon has gone; waiting "
				"for it\n");
	session->lost = true;
	retry_later(session);
}

static int on_subscribed(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	const sd_bus_error *failure = sd_bus_message_get_error(m);
	struct session *session = userdata;

	(void)error;
	session->subscribing = sd_bus_slot_unref(session->subscribing);
	if (failure) {
		session->failure = bus_errno(failure);
		free(session->sentence);
		session->sentence =
			failure->message ? strdup(failure->message) : NULL;
		/* Not from within a handler. */
		event_active(session->failed, EV_TIMEOUT, 0);
		return 1;
	}
	if (session->lost)
		fprintf(stderr, "landlord agent: the daemon is back\n");
	session->subscribed = true;
	session->lost = false;
	return 1;
}

static void on_failed(evutil_socket_t fd, short events, void *userdata)
{
	struct session *session = userdata;

	(void)fd;
	(void)events;
	fail(session, session->failure, session->sentence);
}

/* The daemon has greeted, or not. */
static void on_greeted(void *userdata, int error)
{
	_cleanup_(sd_bus_message_unrefp) sd_bus_message *call = NULL;
	struct session *session = userdata;
	int result = error;

	if (result >= 0)
		result = agent_relay_attach(session->relay, session->bus, kick);
	if (result >= 0)
		result = client_call_new(session->bus, "Subscribe", &call);
	if (result >= 0)
		result = sd_bus_call_async(session->bus, &session->subscribing,
					   call, on_subscribed, session,
					   (uint64_t)CLIENT_TIMEOUT_MS * 1000);
	if (result >= 0)
		result = bus_loop_new(&session->loop, session->base,
				      session->bus, on_closed, session);
	if (result < 0)
		fail(session, result, NULL);
}

static void on_retry(evutil_socket_t fd, short events, void *userdata)
{
	struct session *session = userdata;
	int result;

	(void)fd;
	(void)events;
	disconnect(session);
	result = client_begin(&session->bus);
	if (result < 0)
		session->bus = NULL;
	else
		result = greeting_new(&session->greeting, session->base,
				      session->bus, on_greeted, session);
	if (result < 0)
		fail(session, result, NULL);
}

static void on_gone(void *userdata)
{
	struct session *session = userdata;

	event_base_loopexit(session->base, NULL);
}

static void on_signal(evutil_socket_t number, short events, void *userdata)
{
	struct session *session = userdata;

	(void)number;
	(void)events;
	event_base_loopbreak(session->base);
}

/* @expected: set when the answer that was given is none */
static int open_agent(struct session *session,
		      const struct arguments *arguments, char **sentence,
		      const char **expected)
{
	_cleanup_fd_ int tty = -1;

	if (arguments->script)
		return script_agent_new(&session->agent, arguments->script,
					&clock_real, sentence);
	if (arguments->answer)
		return answer_agent_new(&session->agent, arguments->answer,
					&clock_real, expected);
	tty = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
	if (tty < 0) {
		*sentence = strdup("there is no terminal to ask on");
		return -errno;
	}
	return console_agent_new(&session->agent, session->base, tty);
}

static int add_signal(struct session *session, struct event **ret, int number)
{
	struct sigaction now;

	/* What the caller ignores, as nohup(1) does, stays ignored. */
	if (sigaction(number, NULL, &now) == 0 && now.sa_handler == SIG_IGN)
		return 0;
	*ret = evsignal_new(session->base, number, on_signal, session);
	return *ret && event_add(*ret, NULL) == 0 ? 0 : -ENOMEM;
}

static void free_event(struct event *event)
{
	if (event)
		event_free(event);
}

/* Returns: 0 when it has ended as it should, or a negative errno. */
static int serve(struct session *session)
{
	static const int numbers[] = {SIGTERM, SIGINT, SIGHUP};
	struct event *signals[ARRAY_SIZE(numbers)] = {0};
	int error = 0;

	session->retry = evtimer_new(session->base, on_retry, session);
	session->failed = evtimer_new(session->base, on_failed, session);
	if (!session->retry || !session->failed)
		error = -ENOMEM;
	for (size_t i = 0; !error && i < ARRAY_SIZE(numbers); i++)
		error = add_signal(session, &signals[i], numbers[i]);
	if (!error) {
		event_active(session->retry, EV_TIMEOUT, 0);
		event_base_dispatch(session->base);
	}
	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++)
		free_event(signals[i]);
	disconnect(session);
	free_event(session->retry);
	free_event(session->failed);
	return error;
}

static int run(int argc, char *argv[])
{
	const char *expected = NULL;
	struct session session = {0};
	_cleanup_free_ char *sentence = NULL;
	struct arguments arguments;
	int error, status;

	if (!arguments_parse(&verb_agent, argc, argv, ACCEPT_AGENT, 0, 0,
			     &arguments, &status))
		return status;
	signal(SIGPIPE, SIG_IGN);
	session.base = event_base_new();
	error = session.base
			? open_agent(&session, &arguments, &sentence, &expected)
			: -ENOMEM;
	if (!error)
		error = agent_relay_new(&session.relay, session.agent, on_gone,
					&session);
	if (!error)
		error = serve(&session);
	if (expected)
		session.status = arguments_expected(&verb_agent, expected);
	else if (error)
		session.status =
			cli_fail(&verb_agent, error,
				 sentence ? sentence : strerror(-error));
	agent_relay_free(session.relay);
	agent_free(session.agent);
	if (session.base)
		event_base_free(session.base);
	free(session.sentence);
	return session.status;
}

const struct verb verb_agent = {
	.name = "agent",
	.arguments = "[--script FILE | --answer ANSWER]",
	.summary = "Answer the questions of the daemon's programs",
	.details = "Without an option a person answers, on this terminal.\n\n"
		   "  --script FILE    as the lines of a file say, see "
		   "landlord-script(5)\n"
		   "  --answer ANSWER  always the same: allow or deny, and for "
		   "how long,\n"
		   "                   such as allow:session\n",
	.run = run,
};
