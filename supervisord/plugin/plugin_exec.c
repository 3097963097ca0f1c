/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Policy plugins that are programs.
 */
#include "plugin/plugin_exec.h"

#include <errno.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/fd.h"
#include "base/log.h"
#include "plugin/json_lines.h"
#include "plugin/plugin_exec_answer.h"

extern char **environ;

struct ticket {
	TAILQ_ENTRY(ticket) link;
	uint64_t id;
};

struct exec {
	struct plugin plugin;
	struct event_base *loop;
	char *program;
	pid_t pid;		    /* 0: not running */
	struct bufferevent *stream; /* to its standard input and output */
	int64_t started;	    /* in seconds since the epoch */
	TAILQ_HEAD(, ticket) tickets;
};

static bool take_ticket(struct exec *exec, uint64_t id)
{
	struct ticket *ticket;

	TAILQ_FOREACH (ticket, &exec->tickets, link)
		if (ticket->id == id) {
			TAILQ_REMOVE(&exec->tickets, ticket, link);
			free(ticket);
			return true;
		}
	return false;
}

static void complete(struct exec *exec, uint64_t id, enum plugin_reply verdict,
		     const struct decision *decision)
{
	if (take_ticket(exec, id))
		exec->plugin.events->complete(exec->plugin.userdata,
					      &exec->plugin, id, verdict,
					      decision);
}

/* It might have refused. */
static void refuse(struct exec *exec, uint64_t id)
{
	struct decision decision;
	const enum plugin_reply verdict =
		plugin_refuse(&decision, exec->program);

	complete(exec, id, verdict, &decision);
	decision_finish(&decision);
}

/* A helper that has been killed, and is not gone yet. */
struct dying {
	struct event *event;
	pid_t pid;
	int pidfd;
};

static void on_dead(evutil_socket_t fd, short events, void *userdata)
{
	struct dying *dying = userdata;

	(void)fd;
	(void)events;
	waitpid(dying->pid, NULL, WNOHANG);
	event_free(dying->event);
	close(dying->pidfd);
	free(dying);
}

/*
 * Waits for its end in the loop: a disk that does not answer, or who traces it,
 * may keep it for long. Should that fail, it stays a zombie of ours.
 */
static void bury(struct exec *exec, pid_t pid)
{
	struct dying *dying;

	if (waitpid(pid, NULL, WNOHANG) != 0)
		return;
	dying = calloc(1, sizeof(*dying));
	if (!dying)
		return;
	dying->pid = pid;
	dying->pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
	if (dying->pidfd >= 0)
		dying->event = event_new(exec->loop, dying->pidfd, EV_READ,
					 on_dead, dying);
	if (dying->event && event_add(dying->event, NULL) == 0)
		return;
	if (dying->event)
		event_free(dying->event);
	fd_close(dying->pidfd);
	free(dying);
}

/* Ends the helper; what it has open is refused. */
static void stop(struct exec *exec)
{
	if (exec->stream)
		bufferevent_free(exec->stream);
	exec->stream = NULL;
	if (exec->pid > 0) {
		kill(exec->pid, SIGKILL);
		bury(exec, exec->pid);
	}
	exec->pid = 0;
	while (!TAILQ_EMPTY(&exec->tickets))
		refuse(exec, TAILQ_FIRST(&exec->tickets)->id);
}

/* Returns: whether the line was understood. */
static bool read_line(struct exec *exec, const char *line, size_t length)
{
	struct exec_answer answer;

	if (exec_answer_parse(line, length, clock_wall(exec->plugin.clock),
			      &answer))
		return false;
	free(answer.decision.agent);
	answer.decision.agent = strdup(exec->program);
	complete(exec, answer.id, answer.verdict, &answer.decision);
	exec_answer_finish(&answer);
	return true;
}

static void on_read(struct bufferevent *stream, void *userdata)
{
	struct exec *exec = userdata;
	struct evbuffer *input = bufferevent_get_input(stream);
	size_t length;
	char *line;

	while (exec->stream == stream &&
	       (line = evbuffer_readln(input, &length, EVBUFFER_EOL_LF))) {
		const bool understood = read_line(exec, line, length);

		if (!understood)
			log_warning("%s: not an answer: %.200s", exec->program,
				    line);
		free(line);
		if (!understood) {
			stop(exec);
			return;
		}
	}
	if (exec->stream == stream &&
	    evbuffer_get_length(input) > JSON_LINE_MAX) {
		log_warning("%s: a line is too long", exec->program);
		stop(exec);
	}
}

static void on_event(struct bufferevent *stream, short what, void *userdata)
{
	struct exec *exec = userdata;

	(void)stream;
	(void)what;
	log_warning("%s has ended", exec->program);
	stop(exec);
}

static int spawn(struct exec *exec, int fd)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t signals;
	char *argv[] = {exec->program, NULL};
	int result;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, fd, STDIN_FILENO);
	posix_spawn_file_actions_adddup2(&actions, fd, STDOUT_FILENO);
	/* What we ignore and block is our own affair. */
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF |
						      POSIX_SPAWN_SETSIGMASK);
	sigfillset(&signals);
	posix_spawnattr_setsigdefault(&attributes, &signals);
	sigemptyset(&signals);
	posix_spawnattr_setsigmask(&attributes, &signals);
	result = posix_spawn(&exec->pid, exec->program, &actions, &attributes,
			     argv, environ);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	if (result != 0)
		exec->pid = 0;
	return -result;
}

static int start(struct exec *exec)
{
	const int64_t now = clock_wall(exec->plugin.clock);
	int pair[2], error;

	if (exec->stream)
		return 0;
	if (exec->started == now)
		return -EAGAIN;
	exec->started = now;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
		return -errno;
	error = spawn(exec, pair[1]);
	close(pair[1]);
	evutil_make_socket_nonblocking(pair[0]);
	if (!error)
		exec->stream = bufferevent_socket_new(exec->loop, pair[0],
						      BEV_OPT_CLOSE_ON_FREE);
	if (!exec->stream) {
		close(pair[0]);
		stop(exec);
		return error ? error : -ENOMEM;
	}
	bufferevent_setcb(exec->stream, on_read, NULL, on_event, exec);
	bufferevent_enable(exec->stream, EV_READ | EV_WRITE);
	return 0;
}

static enum plugin_reply exec_decide(struct plugin *plugin,
				     const struct plugin_query *query,
				     struct decision *ret)
{
	struct exec *exec = (struct exec *)plugin;
	const struct question *question = query->question;
	struct ticket *ticket;
	int error = start(exec);

	if (error) {
		if (error != -EAGAIN)
			log_warning("%s: %s", exec->program, strerror(-error));
		return plugin_refuse(ret, exec->program);
	}
	ticket = calloc(1, sizeof(*ticket));
	if (!ticket ||
	    json_lines_send(exec->stream, json_lines_question(question)) < 0) {
		free(ticket);
		return plugin_refuse(ret, exec->program);
	}
	ticket->id = question->id;
	TAILQ_INSERT_TAIL(&exec->tickets, ticket, link);
	return PLUGIN_PENDING;
}

static void exec_cancel(struct plugin *plugin, uint64_t question_id)
{
	struct exec *exec = (struct exec *)plugin;

	if (take_ticket(exec, question_id))
		json_lines_send(
			exec->stream,
			json_pack("{s:I}", "cancel", (json_int_t)question_id));
}

static struct plugin *exec_free(struct plugin *plugin)
{
	struct exec *exec = (struct exec *)plugin;
	struct ticket *ticket;

	if (!exec)
		return NULL;
	while ((ticket = TAILQ_FIRST(&exec->tickets)))
		take_ticket(exec, ticket->id);
	stop(exec);
	free(exec->program);
	free(exec);
	return NULL;
}

static const struct plugin_ops exec_ops = {
	.name = "exec",
	.decide = exec_decide,
	.cancel = exec_cancel,
	.free = exec_free,
};

int exec_plugin_new(struct plugin **ret, struct event_base *loop,
		    const char *program, char **ret_sentence)
{
	struct exec *exec;

	if (access(program, X_OK) < 0) {
		const int error = errno;

		if (ret_sentence)
			*ret_sentence = strdup(strerror(error));
		return -error;
	}
	exec = calloc(1, sizeof(*exec));
	if (!exec)
		return -ENOMEM;
	TAILQ_INIT(&exec->tickets);
	exec->plugin.ops = &exec_ops;
	exec->loop = loop;
	exec->program = strdup(program);
	if (!exec->program) {
		free(exec);
		return -ENOMEM;
	}
	*ret = &exec->plugin;
	return 0;
}
