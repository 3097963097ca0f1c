/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The dialog's connection, in the loop of GLib.
 */
#include "desktop/dialog/bus_link.h"

#include <errno.h>
#include <glib-unix.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-bus.h>
#include <time.h>

#include "base/cleanup.h"
#include "control/peer_bus.h"
#include "control/wire_parts.h"
#include "desktop/child.h"

struct bus_link {
	sd_bus *bus;
	GSource *source;
	const struct bus_link_events *events;
	void *userdata;
};

/* --- The loop ---------------------------------------------------- */

struct bus_source {
	GSource base;
	struct bus_link *link;
	GPollFD poll;
};

static gboolean prepare(GSource *base, gint *timeout)
{
	struct bus_source *source = (struct bus_source *)base;
	sd_bus *bus = source->link->bus;
	const int events = sd_bus_get_events(bus);
	uint64_t until = UINT64_MAX;

	source->poll.events = (gushort)(events > 0 ? events : 0);
	*timeout = -1;
	if (events < 0)
		return TRUE;
	if (sd_bus_get_timeout(bus, &until) >= 0 && until != UINT64_MAX) {
		const int64_t left =
			(int64_t)until - g_get_monotonic_time() + 999;

		*timeout = left > 0 ? (gint)(left / 1000) : 0;
	}
	return *timeout == 0;
}

static gboolean check(GSource *base)
{
	struct bus_source *source = (struct bus_source *)base;
	gint timeout;

	return source->poll.revents || prepare(base, &timeout);
}

static gboolean dispatch(GSource *base, GSourceFunc callback, gpointer userdata)
{
	struct bus_link *link = ((struct bus_source *)base)->link;
	int result;

	(void)callback;
	(void)userdata;
	while ((result = sd_bus_process(link->bus, NULL)) > 0)
		;
	if (result >= 0 && sd_bus_is_open(link->bus) > 0)
		return G_SOURCE_CONTINUE;
	link->events->closed(link->userdata);
	return G_SOURCE_REMOVE;
}

static GSourceFuncs source_functions = {
	.prepare = prepare,
	.check = check,
	.dispatch = dispatch,
};

static void attach(struct bus_link *link)
{
	struct bus_source *source;

	link->source = g_source_new(&source_functions, sizeof(*source));
	source = (struct bus_source *)link->source;
	source->link = link;
	source->poll.fd = sd_bus_get_fd(link->bus);
	g_source_add_poll(link->source, &source->poll);
	g_source_attach(link->source, NULL);
}

/* --- Questions --------------------------------------------------- */

static int on_ask(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	struct bus_link *link = userdata;
	struct wire_question asked;
	int result = wire_read_question(m, &asked);

	(void)error;
	if (result < 0)
		return result;
	link->events->asked(link->userdata, &asked.question);
	wire_question_finish(&asked);
	return sd_bus_reply_method_return(m, "");
}

static int on_withdraw(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	struct bus_link *link = userdata;
	uint64_t id;
	int result = sd_bus_message_read(m, "t", &id);

	(void)error;
	if (result < 0)
		return result;
	link->events->withdrawn(link->userdata, id);
	return sd_bus_reply_method_return(m, "");
}

static int on_tell(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	struct bus_link *link = userdata;
	char *sentence;
	int result = wire_read_bytes(m, &sentence);

	(void)error;
	if (result < 0)
		return result;
	link->events->told(link->userdata, sentence);
	free(sentence);
	return sd_bus_reply_method_return(m, "");
}

static const sd_bus_vtable agent_vtable[] = {
	SD_BUS_VTABLE_START(0),
	SD_BUS_METHOD("Ask", "tayayux" BUS_REQUEST, "", on_ask,
		      SD_BUS_VTABLE_UNPRIVILEGED),
	SD_BUS_METHOD("Withdraw", "t", "", on_withdraw,
		      SD_BUS_VTABLE_UNPRIVILEGED),
	SD_BUS_METHOD("Tell", "ay", "", on_tell, SD_BUS_VTABLE_UNPRIVILEGED),
	SD_BUS_VTABLE_END,
};

/* --- Calls ------------------------------------------------------- */

/* A call about a question whose reply is waited for. */
struct pending_call {
	struct bus_link *link;
	uint64_t id;
};

static int new_call(struct bus_link *link, const char *method,
		    sd_bus_message **ret)
{
	return sd_bus_message_new_method_call(link->bus, ret, NULL,
					      BUS_SUPERVISOR_PATH,
					      BUS_SUPERVISOR, method);
}

/* Sends it; @m is released. */
static int send_call(struct bus_link *link, sd_bus_message *m, uint64_t id,
		     sd_bus_message_handler_t reply)
{
	struct pending_call *pending = calloc(1, sizeof(*pending));
	sd_bus_slot *slot = NULL;
	int result = pending ? 0 : -ENOMEM;

	if (result == 0) {
		*pending = (struct pending_call){link, id};
		result = sd_bus_call_async(link->bus, &slot, m, reply, pending,
					   0);
	}
	sd_bus_message_unref(m);
	if (result < 0) {
		free(pending);
		return result;
	}
	sd_bus_slot_set_destroy_callback(slot, free);
	sd_bus_slot_set_floating(slot, 1);
	sd_bus_slot_unref(slot);
	return 0;
}

static int on_decided(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	const struct pending_call *pending = userdata;
	const sd_bus_error *failure = sd_bus_message_get_error(m);
	struct bus_link *link = pending->link;

	(void)error;
	link->events->decided(link->userdata, pending->id,
			      failure ? failure->message : NULL);
	return 1;
}

int bus_link_decide(struct bus_link *link, uint64_t question_id,
		    const struct decision *decision)
{
	sd_bus_message *m = NULL;
	int result = new_call(link, "Decide", &m);

	if (result >= 0)
		result = sd_bus_message_append(m, "t", question_id);
	if (result >= 0)
		result = wire_append_decision(m, decision);
	if (result >= 0)
		return send_call(link, m, question_id, on_decided);
	sd_bus_message_unref(m);
	return result;
}

int bus_link_add_rules(struct bus_link *link, uint64_t question_id,
		       const char *app, const struct rules *rules, bool persist)
{
	sd_bus_message *m = NULL;
	int result = new_call(link, "AddRules", &m);

	if (result >= 0)
		result = wire_append_bytes(m, app);
	if (result >= 0)
		result = wire_append_rules(m, rules);
	if (result >= 0)
		result = sd_bus_message_append(m, "b", (int)persist);
	if (result >= 0)
		return send_call(link, m, question_id, on_decided);
	sd_bus_message_unref(m);
	return result;
}

static int call_about(struct bus_link *link, const char *method,
		      uint64_t question_id, sd_bus_message_handler_t reply)
{
	sd_bus_message *m = NULL;
	int result = new_call(link, method, &m);

	if (result >= 0)
		result = sd_bus_message_append(m, "t", question_id);
	if (result >= 0)
		return send_call(link, m, question_id, reply);
	sd_bus_message_unref(m);
	return result;
}

/* Where that fails the deadline comes, and says so. */
static int on_postponed(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	const struct pending_call *pending = userdata;
	struct bus_link *link = pending->link;
	int64_t deadline;

	(void)error;
	if (!sd_bus_message_get_error(m) &&
	    sd_bus_message_read(m, "x", &deadline) >= 0)
		link->events->postponed(link->userdata, pending->id, deadline);
	return 1;
}

int bus_link_postpone(struct bus_link *link, uint64_t question_id)
{
	return call_about(link, "Postpone", question_id, on_postponed);
}

/* The question then ends, and nothing is left to be told. */
static int on_stopped(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	return sd_bus_message_get_error(m) ? on_decided(m, userdata, error) : 1;
}

int bus_link_stop(struct bus_link *link, uint64_t question_id)
{
	return call_about(link, "Stop", question_id, on_stopped);
}

/* The names in an array, joined. */
static int read_names(sd_bus_message *m, GString *ret)
{
	TRY(wire_some(sd_bus_message_enter_container(m, 'a', "ay")));
	while (sd_bus_message_at_end(m, 0) == 0) {
		char *name;

		TRY(wire_read_bytes(m, &name));
		if (ret->len)
			g_string_append(ret, ", ");
		g_string_append(ret, name);
		free(name);
	}
	return sd_bus_message_exit_container(m);
}

static int on_judged(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	const struct pending_call *pending = userdata;
	struct bus_link *link = pending->link;
	GString *others = g_string_new(NULL);
	char *reached = NULL;
	int allowed = 0;

	(void)error;
	if (sd_bus_message_get_error(m) ||
	    sd_bus_message_read(m, "b", &allowed) < 0 ||
	    wire_read_bytes(m, &reached) < 0 || read_names(m, others) < 0)
		allowed = 0; /* in doubt it may not */
	link->events->judged(link->userdata, pending->id, allowed != 0,
			     reached ? reached : "", others->str);
	g_string_free(others, TRUE);
	free(reached);
	return 1;
}

int bus_link_judge(struct bus_link *link, uint64_t question_id)
{
	return call_about(link, "MayAllow", question_id, on_judged);
}

static int append_socket(sd_bus_message *m, const char *path)
{
	struct object object;
	int result;

	TRY(object_init_path(&object, path));
	result = sd_bus_message_open_container(m, 'a', BUS_ACCESS);
	if (result >= 0)
		result = sd_bus_message_open_container(m, 'r', BUS_OBJECT "t");
	if (result >= 0)
		result = wire_append_object(m, &object);
	object_finish(&object);
	TRY(result);
	TRY(sd_bus_message_append(m, "t", RIGHT_FS_RESOLVE_UNIX));
	TRY(sd_bus_message_close_container(m));
	return sd_bus_message_close_container(m);
}

int bus_link_hang_on(struct bus_link *link, const char *path)
{
	_cleanup_(sd_bus_message_unrefp) sd_bus_message *m = NULL;

	TRY(new_call(link, "HangOn", &m));
	TRY(append_socket(m, path));
	TRY(sd_bus_message_set_expect_reply(m, 0));
	TRY(sd_bus_send(link->bus, m, NULL));
	return 0;
}

int bus_link_show_past(struct bus_link *link, const char *app)
{
	_cleanup_(sd_bus_message_unrefp) sd_bus_message *m = NULL;

	TRY(sd_bus_message_new_method_call(link->bus, &m, NULL, DESKTOP_PATH,
					   DESKTOP, "ShowPast"));
	TRY(wire_append_bytes(m, app));
	TRY(sd_bus_message_set_expect_reply(m, 0));
	TRY(sd_bus_send(link->bus, m, NULL));
	return 0;
}

int bus_link_new(struct bus_link **ret, int fd,
		 const struct bus_link_events *events, void *userdata)
{
	struct bus_link *link = calloc(1, sizeof(*link));
	int result;

	if (!link)
		return -ENOMEM;
	link->events = events;
	link->userdata = userdata;
	result = peer_bus_new(&link->bus, fd);
	if (result >= 0)
		result = sd_bus_add_object_vtable(link->bus, NULL,
						  BUS_AGENT_PATH, BUS_AGENT,
						  agent_vtable, link);
	if (result >= 0)
		result = sd_bus_start(link->bus);
	if (result < 0) {
		bus_link_free(link);
		return result;
	}
	attach(link);
	*ret = link;
	return 0;
}

struct bus_link *bus_link_free(struct bus_link *link)
{
	if (!link)
		return NULL;
	if (link->source) {
		g_source_destroy(link->source);
		g_source_unref(link->source);
	}
	sd_bus_flush_close_unref(link->bus);
	free(link);
	return NULL;
}
