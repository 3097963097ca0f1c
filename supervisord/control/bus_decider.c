/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A decider behind the control socket.
 *
 * Every request that the engine put stays in a list until it is answered. While
 * there is no daemon the list waits, each entry until its own deadline; when
 * there is one again, the domain is registered anew and the list is put again.
 * What the last generation allowed stays in force meanwhile: it was decided.
 * But what is taken from the store is so at once, as nobody else would see to it.
 */
#include "control/bus_decider.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <systemd/sd-bus.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "control/agent_relay.h"
#include "control/bus_domain.h"
#include "control/bus_loop.h"
#include "control/bus_registration.h"
#include "control/client.h"
#include "control/greeting.h"
#include "control/probe.h"
#include "control/wire.h"

#define RETRY_FIRST_MS 50
#define RETRY_LAST_MS 3000
#define TIMEOUT_DEFAULT_SECONDS 120
/* To take a program back. */
#define REGISTER_USEC (15 * 1000000)

struct bus_decider {
	struct decider decider;
	struct event_base *base;
	struct bus_domain domain;
	struct bus_registration registration;
	int timeout_seconds; /* as the daemon says */

	sd_bus *bus; /* NULL while there is no daemon */
	struct bus_loop *loop;
	struct greeting *greeting; /* until it is known to be the daemon */
	sd_bus_slot *registering;
	bool registered;
	struct agent_relay *relay;
	struct event *retry;
	int64_t retry_ms;
	bool lost_told;
	int refused_told; /* why it did not take us back, at last; 0: nothing */
	struct probe *probe;
};

static void kick(void *userdata)
{
	struct bus_decider *decider = userdata;

	if (decider->loop)
		bus_loop_update(decider->loop);
}

static void send_id(struct bus_decider *decider, const char *method,
		    uint64_t id)
{
	_cleanup_(sd_bus_message_unrefp) sd_bus_message *m = NULL;

	if (!decider->registered ||
	    client_call_new(decider->bus, method, &m) < 0 ||
	    sd_bus_message_set_expect_reply(m, 0) < 0 ||
	    sd_bus_message_append(m, "t", id) < 0)
		return;
	sd_bus_send(decider->bus, m, NULL);
	kick(decider);
}

/* @reason: an argument more; NULL: none */
static int send_request(struct bus_decider *decider, const char *method,
			const struct request *request, const char *reason)
{
	_cleanup_(sd_bus_message_unrefp) sd_bus_message *m = NULL;
	int result = client_call_new(decider->bus, method, &m);

	if (result >= 0)
		result = sd_bus_message_set_expect_reply(m, 0);
	if (result >= 0)
		result = wire_append_request(m, request);
	if (result >= 0 && reason)
		result = wire_append_bytes(m, reason);
	if (result >= 0)
		result = sd_bus_send(decider->bus, m, NULL);
	kick(decider);
	return result < 0 ? result : 0;
}

/* The daemon denies in time; this is for when it does not. */
static void on_late(void *userdata, uint64_t request_id)
{
	struct bus_decider *decider = userdata;

	send_id(decider, "Withdraw", request_id);
	decider->domain.events->answer(decider->domain.engine, request_id,
				       ANSWER_DENY);
}

/* The call that registers, now. */
static int new_registration(struct bus_decider *decider, sd_bus_message **ret)
{
	return bus_registration_call(&decider->registration, decider->bus,
				     decider->domain.rules.committed, ret);
}

static int read_registered(struct bus_decider *decider, sd_bus_message *reply)
{
	uint64_t domain;
	uint32_t timeout;
	int result = sd_bus_message_read(reply, "tu", &domain, &timeout);

	if (result < 0)
		return result;
	decider->timeout_seconds = timeout > 0 && timeout < INT32_MAX / 2
					   ? (int)timeout
					   : TIMEOUT_DEFAULT_SECONDS;
	decider->registered = true;
	return 0;
}

/* Offers what the daemon calls. */
static int serve_bus(struct bus_decider *decider)
{
	int result = bus_domain_serve(&decider->domain, decider->bus);

	if (result == 0 && decider->relay)
		result = agent_relay_attach(decider->relay, decider->bus, kick);
	return result < 0 ? result : 0;
}

/* Connects; the daemon is not believed yet. */
static int open_bus(struct bus_decider *decider)
{
	const int result = client_begin(&decider->bus);

	if (result < 0) {
		decider->bus = NULL;
		return result;
	}
	return serve_bus(decider);
}

static void close_bus(struct bus_decider *decider)
{
	decider->registered = false;
	decider->domain.tells_executions = false;
	probe_end(decider->probe);
	decider->registering = sd_bus_slot_unref(decider->registering);
	decider->loop = bus_loop_free(decider->loop);
	decider->greeting = greeting_free(decider->greeting);
	if (decider->relay)
		agent_relay_detach(decider->relay);
	decider->bus = sd_bus_close_unref(decider->bus);
}

/* Tries again later: twice as late each time, and not all at once. */
static void schedule_retry(struct bus_decider *decider)
{
	struct timeval delay;
	int64_t ms = decider->retry_ms ? decider->retry_ms * 2 : RETRY_FIRST_MS;

	if (ms > RETRY_LAST_MS)
		ms = RETRY_LAST_MS;
	decider->retry_ms = ms;
	ms += (int64_t)arc4random_uniform((uint32_t)ms / 2 + 1) - ms / 4;
	delay.tv_sec = ms / 1000;
	delay.tv_usec = ms % 1000 * 1000;
	evtimer_add(decider->retry, &delay);
}

/*
 * From the loop, outside of any message handler: the connection is given up
 * and made anew.
 */
static void lose(struct bus_decider *decider, const char *how)
{
	if (!decider->lost_told)
		log_warning("the daemon %s: what is asked waits for it, until "
			    "its deadline",
			    how);
	decider->lost_told = true;
	close_bus(decider);
	schedule_retry(decider);
	bus_domain_follow_grants(&decider->domain);
}

static void on_closed(void *userdata, int error)
{
	_cleanup_free_ char *how = NULL;

	if (asprintf(&how, "has gone (%s)", strerror(-error)) < 0)
		how = NULL;
	lose(userdata, how ? how : "has gone");
}

static bool is_waiting(void *userdata)
{
	const struct bus_decider *decider = userdata;

	return decider->registered && decider->domain.open.count > 0;
}

/* It may be stopped, or hang in a disk's answer. */
static void on_silent(void *userdata)
{
	lose(userdata, "does not answer");
}

static void put(struct bus_decider *decider, const struct request *request)
{
	send_request(decider, "Ask", request, NULL);
	probe_begin(decider->probe, decider->bus, decider->loop);
}

static int on_registered(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	struct bus_decider *decider = userdata;
	const sd_bus_error *failure = sd_bus_message_get_error(m);
	struct open_request *open;

	(void)error;
	decider->registering = sd_bus_slot_unref(decider->registering);
	if (failure || read_registered(decider, m) < 0) {
		log_warning("the daemon does not take this program back: %s",
			    failure && failure->message ? failure->message
							: "bad reply");
		/* The retry closes it: not from within a handler. */
		schedule_retry(decider);
		bus_domain_follow_grants(&decider->domain);
		return 1;
	}
	log_notice("the daemon is back");
	decider->lost_told = false;
	decider->refused_told = 0;
	decider->retry_ms = 0;
	TAILQ_FOREACH (open, &decider->domain.open.list, link)
		put(decider, &open->request);
	return 1;
}

/* Registers anew, with who is known to be the daemon. */
static int register_again(struct bus_decider *decider)
{
	_cleanup_(sd_bus_message_unrefp) sd_bus_message *m = NULL;
	int result = new_registration(decider, &m);

	if (result == 0)
		result = sd_bus_call_async(decider->bus, &decider->registering,
					   m, on_registered, decider,
					   REGISTER_USEC);
	if (result >= 0)
		result = bus_loop_new(&decider->loop, decider->base,
				      decider->bus, on_closed, decider);
	return result < 0 ? result : 0;
}

static void give_up(struct bus_decider *decider, int error)
{
	/* That there is none has been told. */
	if (error != -ENOENT && error != -ECONNREFUSED &&
	    error != decider->refused_told) {
		log_warning("%s", client_why(error));
		decider->refused_told = error;
	}
	close_bus(decider);
	schedule_retry(decider);
}

static void on_greeted(void *userdata, int error)
{
	struct bus_decider *decider = userdata;

	if (!error)
		error = register_again(decider);
	if (error)
		give_up(decider, error);
}

static void on_retry(evutil_socket_t fd, short events, void *userdata)
{
	struct bus_decider *decider = userdata;
	int result;

	(void)fd;
	(void)events;
	close_bus(decider);
	result = open_bus(decider);
	if (result == 0)
		result = greeting_new(&decider->greeting, decider->base,
				      decider->bus, on_greeted, decider);
	if (result < 0)
		give_up(decider, result);
}

static int bus_ask(struct decider *base, const struct request *request)
{
	struct bus_decider *decider = (struct bus_decider *)base;
	const int error = open_requests_add(&decider->domain.open, request,
					    decider->timeout_seconds +
						    BUS_DOMAIN_SLACK_SECONDS);

	if (error)
		return error;
	/* A connection that fails now is made anew, and the request put. */
	if (decider->registered)
		put(decider, request);
	return 0;
}

static void bus_withdraw(struct decider *base, uint64_t request_id)
{
	struct bus_decider *decider = (struct bus_decider *)base;

	if (open_requests_end(&decider->domain.open, request_id))
		send_id(decider, "Withdraw", request_id);
}

static void bus_refused(struct decider *base, const struct request *request,
			const char *reason)
{
	struct bus_decider *decider = (struct bus_decider *)base;

	if (decider->registered)
		send_request(decider, "Refused", request, reason ? reason : "");
}

static void bus_executes(struct decider *base, const struct request *request)
{
	struct bus_decider *decider = (struct bus_decider *)base;

	if (decider->registered && decider->domain.tells_executions)
		send_request(decider, "Executes", request, NULL);
}

static struct decider *bus_free(struct decider *base)
{
	struct bus_decider *decider = (struct bus_decider *)base;

	if (!decider)
		return NULL;
	if (decider->bus)
		close_bus(decider);
	probe_free(decider->probe);
	agent_relay_free(decider->relay);
	if (decider->retry)
		event_free(decider->retry);
	bus_domain_finish(&decider->domain);
	bus_registration_finish(&decider->registration);
	free(decider);
	return NULL;
}

static const struct decider_ops bus_ops = {
	.ask = bus_ask,
	.withdraw = bus_withdraw,
	.refused = bus_refused,
	.executes = bus_executes,
	.free = bus_free,
};

/*
 * Registers for the first time, synchronously, and waits for the first commit,
 * so that the program starts under its policy.
 */
static int start(struct bus_decider *decider, struct patience *patience,
		 char **ret_sentence)
{
	_cleanup_(sd_bus_message_unrefp) sd_bus_message *m = NULL,
							*reply = NULL;
	int result = client_open_with(&decider->bus, patience);

	if (result < 0) {
		decider->bus = NULL;
		return result;
	}
	result = serve_bus(decider);
	if (result == 0)
		result = new_registration(decider, &m);
	if (result == 0)
		result = client_call_with(decider->bus, m, patience, &reply,
					  ret_sentence);
	if (result == 0)
		result = read_registered(decider, reply);
	while (result >= 0 && !decider->domain.rules.committed)
		result = client_process(decider->bus, patience);
	if (result >= 0)
		result = bus_loop_new(&decider->loop, decider->base,
				      decider->bus, on_closed, decider);
	return result;
}

int bus_decider_new(struct decider **ret, struct event_base *loop,
		    const struct domain_info *info,
		    const struct bus_decider_options *options,
		    const struct decider_events *events, void *engine,
		    char **ret_sentence)
{
	struct bus_decider *decider = calloc(1, sizeof(*decider));
	struct patience usual =
		patience_of(options->clock, BUS_DECIDER_START_MS);
	int result;

	if (ret_sentence)
		*ret_sentence = NULL;
	if (!decider)
		return -ENOMEM;
	decider->decider.ops = &bus_ops;
	decider->base = loop;
	decider->domain.base = loop;
	decider->domain.clock = options->clock;
	decider->domain.grants_dir = options->grants_dir;
	decider->domain.events = events;
	decider->domain.engine = engine;
	decider->domain.stop = options->stop;
	decider->domain.stop_userdata = options->stop_userdata;
	result = bus_domain_init(&decider->domain, on_late, decider);
	if (result == 0)
		result = bus_registration_init(&decider->registration, info);
	decider->domain.app = decider->registration.app;
	decider->registration.timeout_seconds = options->timeout_seconds;
	decider->registration.own_agent = options->agent != NULL;
	decider->retry = evtimer_new(loop, on_retry, decider);
	if (result == 0 && !decider->retry)
		result = -ENOMEM;
	if (result == 0 && options->agent)
		result = agent_relay_new(&decider->relay, options->agent, NULL,
					 decider);
	if (result == 0)
		result = probe_new(&decider->probe, loop, is_waiting, on_silent,
				   decider);
	if (result == 0)
		result = start(decider,
			       options->patience ? options->patience : &usual,
			       ret_sentence);
	if (result < 0) {
		if (ret_sentence && !*ret_sentence &&
		    asprintf(ret_sentence, "cannot use the daemon: %s",
			     client_why(result)) < 0)
			*ret_sentence = NULL;
		bus_free(&decider->decider);
		return result;
	}
	*ret = &decider->decider;
	return 0;
}
