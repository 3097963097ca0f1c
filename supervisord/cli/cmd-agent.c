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

#define RETRY_SECONDS 1

struct session {
	struct event_base *base;
	struct agent *agent;
	struct agent_relay *relay;
	sd_bus *bus;
	struct bus_loop *loop;
	struct event *retry;
	bool lost;
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
	session->loop = bus_loop_free(session->loop);
	agent_relay_detach(session->relay);
	session->bus = sd_bus_close_unref(session->bus);
}

static void on_closed(void *userdata, int error)
{
	const struct timeval delay = {.tv_sec = RETRY_SECONDS};
	struct session *session = userdata;

	(void)error;
	if (!session->lost)
		fprintf(stderr, "landlord agent: the daemon has gone; waiting "
				"for it\n");
	session->lost = true;
	disconnect(session);
	evtimer_add(session->retry, &delay);
}

/* Connects and subscribes. Returns: 0 or a negative errno. */
static int subscribe(struct session *session, char **sentence)
{
	_cleanup_(sd_bus_message_unrefp) sd_bus_message *call = NULL;
	int r = client_open(&session->bus);

	if (r < 0) {
		session->bus = NULL;
		return r;
	}
	r = agent_relay_attach(session->relay, session->bus, kick);
	if (r >= 0)
		r = client_call_new(session->bus, "Subscribe", &call);
	if (r >= 0)
		r = client_call(session->bus, call, NULL, sentence);
	if (r >= 0)
		r = bus_loop_new(&session->loop, session->base, session->bus,
				 on_closed, session);
	if (r < 0)
		disconnect(session);
	return r;
}

static void on_retry(evutil_socket_t fd, short events, void *userdata)
{
	const struct timeval delay = {.tv_sec = RETRY_SECONDS};
	struct session *session = userdata;
	_cleanup_free_ char *sentence = NULL;
	int r;

	(void)fd;
	(void)events;
	r = subscribe(session, &sentence);
	if (r == -EDEADLK) {
		session->status = cli_fail(&verb_agent, r, sentence);
		event_base_loopbreak(session->base);
		return;
	}
	if (r < 0) {
		evtimer_add(session->retry, &delay);
		return;
	}
	session->lost = false;
	fprintf(stderr, "landlord agent: the daemon is back\n");
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
					sentence);
	if (arguments->answer)
		return answer_agent_new(&session->agent, arguments->answer,
					expected);
	tty = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
	if (tty < 0) {
		*sentence = strdup("there is no terminal to ask on");
		return -errno;
	}
	return console_agent_new(&session->agent, session->base, tty);
}

static void serve(struct session *session)
{
	struct event *term =
		evsignal_new(session->base, SIGTERM, on_signal, session);
	struct event *interrupt =
		evsignal_new(session->base, SIGINT, on_signal, session);

	session->retry = evtimer_new(session->base, on_retry, session);
	if (term && interrupt && session->retry && event_add(term, NULL) == 0 &&
	    event_add(interrupt, NULL) == 0)
		event_base_dispatch(session->base);
	if (term)
		event_free(term);
	if (interrupt)
		event_free(interrupt);
	if (session->retry)
		event_free(session->retry);
}

/* Says why it did not become an agent. Returns: the exit status. */
static int fail(int error, const char *sentence, const char *expected)
{
	if (expected)
		return arguments_expected(&verb_agent, expected);
	return cli_fail(&verb_agent, error,
			sentence ? sentence : client_why(error));
}

static int run(int argc, char *argv[])
{
	const char *expected = NULL;
	struct session session = {};
	_cleanup_free_ char *sentence = NULL;
	struct arguments arguments;
	int r, status;

	if (!arguments_parse(&verb_agent, argc, argv, ACCEPT_AGENT, 0, 0,
			     &arguments, &status))
		return status;
	signal(SIGPIPE, SIG_IGN);
	session.base = event_base_new();
	r = session.base
		    ? open_agent(&session, &arguments, &sentence, &expected)
		    : -ENOMEM;
	if (r == 0)
		r = agent_relay_new(&session.relay, session.agent, on_gone,
				    &session);
	if (r == 0)
		r = subscribe(&session, &sentence);
	if (r == 0)
		serve(&session);
	if (r < 0)
		session.status = fail(r, sentence, expected);
	if (session.bus)
		disconnect(&session);
	agent_relay_free(session.relay);
	agent_free(session.agent);
	if (session.base)
		event_base_free(session.base);
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
