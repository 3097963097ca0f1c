/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * landlord-desktop: the part of the desktop agent that is always there.
 *
 * It subscribes with the daemon, and starts the dialog, which is large, when
 * the first question comes. It decides nothing: what the dialog calls goes to
 * the daemon, whose answers go back, and questions go to the dialog.
 */
#include <errno.h>
#include <event2/event.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "bus/names.h"
#include "control/bus_loop.h"
#include "control/client.h"
#include "control/tell.h"
#include "control/wire.h"
#include "desktop/child.h"
#include "desktop/desktop_session.h"
#include "desktop/forward.h"
#include "desktop/questions.h"

#define RETRY_SECONDS 1
/* A dialog that cannot be shown is tried again that often. */
#define RESTART_SECONDS 5

struct side {
	sd_bus *bus;
	struct bus_loop *loop;
};

struct resident {
	struct event_base *base;
	char *program, *manager; /* paths: of the dialog; of the manager */
	struct side daemon, dialog, session;
	struct questions questions;
	struct event *retry, *restart;
	pid_t child; /* 0: none */
	bool lost;
	int status;
};

static void kick(const struct side *side)
{
	if (side->loop)
		bus_loop_update(side->loop);
}

static void side_end(struct side *side)
{
	side->loop = bus_loop_free(side->loop);
	side->bus = sd_bus_close_unref(side->bus);
}

/* --- The dialog -------------------------------------------------- */

static void on_decided(void *userdata, sd_bus_message *call)
{
	struct resident *resident = userdata;
	uint64_t id;

	if (sd_bus_message_rewind(call, 1) >= 0 &&
	    sd_bus_message_read(call, "t", &id) >= 0)
		questions_end(&resident->questions, id);
}

/* The person wants to see what a program may do, and did. */
static int show_past(struct resident *resident, sd_bus_message *m)
{
	_cleanup_free_ char *app = NULL;
	int result = wire_read_bytes(m, &app);

	if (result >= 0)
		result = child_start_manager(resident->manager, app);
	if (result < 0)
		log_warning("the manager cannot be started: %s",
			    strerror(-result));
	return sd_bus_reply_method_return(m, "");
}

static int on_dialog_message(sd_bus_message *m, void *userdata,
			     sd_bus_error *error)
{
	struct resident *resident = userdata;
	const bool decides =
		sd_bus_message_is_method_call(m, BUS_SUPERVISOR, "Decide");

	(void)error;
	if (sd_bus_message_is_method_call(m, DESKTOP, "ShowPast"))
		return show_past(resident, m);
	if (!sd_bus_message_is_method_call(m, BUS_SUPERVISOR, NULL))
		return 0;
	forward_call(m, resident->daemon.bus, decides ? on_decided : NULL,
		     resident);
	kick(&resident->daemon);
	return 1;
}

static void on_dialog_closed(void *userdata, int error)
{
	struct resident *resident = userdata;

	(void)error;
	side_end(&resident->dialog);
}

static int open_dialog(struct resident *resident)
{
	struct side *dialog = &resident->dialog;
	sd_id128_t id;
	int result =
		child_start(resident->program, &resident->child, &dialog->bus);

	if (result < 0)
		return result;
	result = sd_id128_randomize(&id);
	if (result >= 0)
		result = sd_bus_set_server(dialog->bus, 1, id);
	if (result >= 0)
		result = sd_bus_add_filter(dialog->bus, NULL, on_dialog_message,
					   resident);
	if (result >= 0)
		result = sd_bus_start(dialog->bus);
	if (result >= 0)
		result = bus_loop_new(&dialog->loop, resident->base,
				      dialog->bus, on_dialog_closed, resident);
	if (result < 0)
		side_end(dialog);
	return result;
}

static void start_dialog(struct resident *resident)
{
	const struct timeval delay = {.tv_sec = RESTART_SECONDS};
	struct open_question *question;
	int result;

	if (resident->child || TAILQ_EMPTY(&resident->questions))
		return;
	result = open_dialog(resident);
	if (result < 0) {
		log_error("the dialog cannot be started: %s",
			  strerror(-result));
		evtimer_add(resident->restart, &delay);
		return;
	}
	TAILQ_FOREACH (question, &resident->questions, link)
		forward_notice(question->ask, resident->dialog.bus);
	kick(&resident->dialog);
}

static void on_restart(evutil_socket_t fd, short events, void *userdata)
{
	(void)fd;
	(void)events;
	start_dialog(userdata);
}

static void dialog_ended(struct resident *resident, int status)
{
	struct timeval delay = {0};

	resident->child = 0;
	side_end(&resident->dialog);
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
		log_warning("the dialog has ended: %s %d",
			    WIFEXITED(status) ? "status" : "signal",
			    WIFEXITED(status) ? WEXITSTATUS(status)
					      : WTERMSIG(status));
		delay.tv_sec = RESTART_SECONDS;
	}
	evtimer_add(resident->restart, &delay);
}

/* Managers end as the person wishes. */
static void on_child(evutil_socket_t number, short events, void *userdata)
{
	struct resident *resident = userdata;
	int status;
	pid_t pid;

	(void)number;
	(void)events;
	while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
		if (pid == resident->child)
			dialog_ended(resident, status);
}

/* --- The daemon -------------------------------------------------- */

static int on_ask(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	struct resident *resident = userdata;
	int result = questions_add(&resident->questions, m);

	(void)error;
	if (result < 0)
		return result;
	if (resident->dialog.bus) {
		forward_notice(m, resident->dialog.bus);
		kick(&resident->dialog);
	} else if (!evtimer_pending(resident->restart, NULL)) {
		start_dialog(resident);
	}
	return sd_bus_reply_method_return(m, "");
}

static int on_withdraw(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	struct resident *resident = userdata;
	uint64_t id;
	int result = sd_bus_message_read(m, "t", &id);

	(void)error;
	if (result < 0)
		return result;
	questions_end(&resident->questions, id);
	if (resident->dialog.bus) {
		forward_notice(m, resident->dialog.bus);
		kick(&resident->dialog);
	}
	return sd_bus_reply_method_return(m, "");
}

/* Whoever answered in the dialog sees it; the journal has it, too. */
static int on_tell(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	struct resident *resident = userdata;
	int result;

	if (resident->dialog.bus) {
		forward_notice(m, resident->dialog.bus);
		kick(&resident->dialog);
	}
	result = sd_bus_message_rewind(m, 1);
	return result < 0 ? result : tell(m, NULL, error);
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

/* What the dialog shows nobody waits for any more: it starts afresh. */
static void on_daemon_closed(void *userdata, int error)
{
	const struct timeval delay = {.tv_sec = RETRY_SECONDS};
	struct resident *resident = userdata;

	(void)error;
	if (!resident->lost)
		log_notice("the daemon has gone; waiting for it");
	resident->lost = true;
	questions_finish(&resident->questions);
	if (resident->child)
		kill(resident->child, SIGTERM);
	side_end(&resident->daemon);
	evtimer_add(resident->retry, &delay);
}

static void on_session_closed(void *userdata, int error)
{
	struct resident *resident = userdata;

	(void)error;
	side_end(&resident->session);
}

static int subscribe(struct resident *resident, char **sentence)
{
	_cleanup_(sd_bus_message_unrefp) sd_bus_message *call = NULL;
	struct side *daemon = &resident->daemon;
	int result = client_open(&daemon->bus);

	if (result < 0) {
		daemon->bus = NULL;
		*sentence = strdup(client_why(result));
		return result;
	}
	result = sd_bus_add_object_vtable(daemon->bus, NULL, BUS_AGENT_PATH,
					  BUS_AGENT, agent_vtable, resident);
	if (result >= 0)
		result = desktop_session_tell(daemon->bus, NULL, sentence);
	if (result >= 0)
		result = client_call_new(daemon->bus, "Subscribe", &call);
	if (result >= 0)
		result = client_call(daemon->bus, call, NULL, sentence);
	if (result >= 0)
		result = bus_loop_new(&daemon->loop, resident->base,
				      daemon->bus, on_daemon_closed, resident);
	if (result < 0)
		side_end(daemon);
	return result;
}

static void on_retry(evutil_socket_t fd, short events, void *userdata)
{
	const struct timeval delay = {.tv_sec = RETRY_SECONDS};
	struct resident *resident = userdata;
	_cleanup_free_ char *sentence = NULL;
	int result;

	(void)fd;
	(void)events;
	result = subscribe(resident, &sentence);
	if (result == 0) {
		log_notice("ready");
		resident->lost = false;
		return;
	}
	if (result == -EDEADLK || result == -EKEYREJECTED ||
	    result == -EINVAL) {
		log_error("%s", sentence ? sentence : strerror(-result));
		resident->status = EXIT_FAILURE;
		event_base_loopbreak(resident->base);
		return;
	}
	if (!resident->lost)
		log_notice("%s; waiting for it",
			   sentence ? sentence : strerror(-result));
	resident->lost = true;
	evtimer_add(resident->retry, &delay);
}

/*
 * The name by which the session bus starts this program. Nothing is to be called
 * there; whoever has the name already keeps it, and that changes nothing.
 */
static void take_name(struct resident *resident)
{
	sd_bus *bus;
	int result = sd_bus_default_user(&bus);

	if (result < 0)
		return;
	resident->session.bus = bus;
	result = sd_bus_request_name(bus, BUS_DESKTOP_NAME, 0);
	if (result >= 0)
		result = bus_loop_new(&resident->session.loop, resident->base,
				      bus, on_session_closed, resident);
	if (result < 0)
		side_end(&resident->session);
}

static void on_signal(evutil_socket_t number, short events, void *userdata)
{
	(void)number;
	(void)events;
	event_base_loopbreak(userdata);
}

static int serve(struct resident *resident)
{
	struct event_base *base = resident->base;
	struct event *const signals[] = {
		evsignal_new(base, SIGTERM, on_signal, base),
		evsignal_new(base, SIGINT, on_signal, base),
		evsignal_new(base, SIGCHLD, on_child, resident),
	};
	int error = 0;

	resident->retry = evtimer_new(base, on_retry, resident);
	resident->restart = evtimer_new(base, on_restart, resident);
	for (size_t i = 0; i < ARRAY_SIZE(signals); i++)
		if (!signals[i] || event_add(signals[i], NULL) < 0)
			error = -ENOMEM;
	if (!error && resident->retry && resident->restart) {
		on_retry(-1, 0, resident);
		take_name(resident);
		event_base_dispatch(base);
	}
	for (size_t i = 0; i < ARRAY_SIZE(signals); i++)
		if (signals[i])
			event_free(signals[i]);
	return error;
}

static void finish(struct resident *resident)
{
	if (resident->child)
		kill(resident->child, SIGTERM);
	side_end(&resident->dialog);
	side_end(&resident->daemon);
	side_end(&resident->session);
	questions_finish(&resident->questions);
	if (resident->retry)
		event_free(resident->retry);
	if (resident->restart)
		event_free(resident->restart);
	event_base_free(resident->base);
	free(resident->program);
	free(resident->manager);
}

/* A program that lies beside this one. Returns: its path (free(3)), or NULL. */
static char *find_program(const char *name)
{
	char path[PATH_MAX], *program;
	const ssize_t length = readlink("/proc/self/exe", path, sizeof(path));

	if (length <= 0 || length == (ssize_t)sizeof(path))
		return NULL;
	path[length] = '\0';
	*strrchr(path, '/') = '\0';
	return asprintf(&program, "%s/%s", path, name) < 0 ? NULL : program;
}

int main(int argc, char *argv[])
{
	struct resident resident = {0};
	int error;

	(void)argv;
	if (argc > 1) {
		fprintf(stderr, "usage: landlord-desktop\n");
		return 2;
	}
	log_open("landlord-desktop", LOG_NOTICE);
	if (!getenv("DISPLAY") && !getenv("WAYLAND_DISPLAY")) {
		log_error("there is no display to ask on");
		return EXIT_FAILURE;
	}
	resident.program = find_program("landlord-dialog");
	resident.manager = find_program("landlord-manager");
	signal(SIGPIPE, SIG_IGN);
	TAILQ_INIT(&resident.questions);
	resident.base = event_base_new();
	if (!resident.base || !resident.program || !resident.manager)
		return EXIT_FAILURE;
	error = serve(&resident);
	finish(&resident);
	return error ? EXIT_FAILURE : resident.status;
}
