/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The nested engine: see nested.h. */
#include "nested/nested.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/fd.h"
#include "engine/other_names.h"
#include "engine/pending.h"
#include "engine/question.h"
#include "landlock/layer.h"
#include "operation/nest_address.h"
#include "seccomp/listener.h"
#include "seccomp/nest_message.h"
#include "seccomp/recall/recall.h"
#include "seccomp/sandbox.h"
#include "seccomp/stray.h"
#include "task/tree.h"

/* A question of the outer supervisor that is not answered yet. */
struct outer_question {
	struct pending pending;
	struct nested *nested;
	struct nest_question question;
};

struct nested {
	struct engine engine;
	const struct engine_host *host;
	int channel;
	struct event *event;
	struct decider *decider;
	struct sandbox sandbox;
	struct static_layer *layer; /* of the sandbox, once it holds */
	struct recall *recall;	    /* of the marker */
	struct pending_list open;
};

/*
 * Looks for a supervisor of the tree that we are in.
 * Returns: a channel to it (O_CLOEXEC), negative when nobody supervises us.
 */
static int connect_outer(void)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	const size_t head = offsetof(struct sockaddr_un, sun_path);
	_cleanup_fd_ int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -1;
	memcpy(address.sun_path + 1, NEST_ADDRESS, strlen(NEST_ADDRESS));
	if (connect(fd, (const struct sockaddr *)&address,
		    (socklen_t)(head + 1 + strlen(NEST_ADDRESS))) < 0)
		return -1;
	return fd_take(&fd);
}

static void inquiry_free(struct outer_question *inquiry)
{
	nest_question_finish(&inquiry->question);
	free(inquiry);
}

static void reply(struct outer_question *inquiry, enum action action, int error)
{
	_cleanup_free_ char *text =
		nest_message_reply(inquiry->question.id, action, error);

	/* Without an answer the outer supervisor denies. */
	if (text)
		(void)send(inquiry->nested->channel, text, strlen(text),
			   MSG_NOSIGNAL);
	inquiry_free(inquiry);
}

/* What the outer one may do: more than the kernel allows, or as much. */
static enum action judge_inquiry(struct outer_question *inquiry,
				 struct judged_detail *detail)
{
	const struct nested *nested = inquiry->nested;
	struct nest_question *question = &inquiry->question;
	struct accesses *accesses = &question->accesses;

	other_names_find(static_layer_wards(nested->layer), accesses);
	switch (judge(nested->engine.ruleset, accesses,
		      tree_process(question->tid), detail)) {
	case JUDGED_DENIED:
		return ACTION_DENY;
	case JUDGED_ASKED:
		return ACTION_ASK;
	case JUDGED_ALLOWED:
		break;
	}
	return !accesses->aliases_count &&
			       (question->in_registers ||
				static_layer_allows(nested->layer, accesses))
		       ? ACTION_NATIVE
		       : ACTION_PERFORM;
}

static int ask(struct outer_question *inquiry,
	       const struct judged_detail *detail)
{
	struct nested *nested = inquiry->nested;
	const struct target target = {
		.tid = inquiry->question.tid,
		.monitor = getpid(),
		.operation = inquiry->question.operation,
	};
	struct request request;
	int error = question_make(&request, &target, nested->engine.ruleset,
				  detail);

	inquiry->pending.refusal = detail->error;
	if (!error)
		error = pending_ask(&nested->open, &inquiry->pending,
				    nested->decider, &request);
	request_finish(&request);
	return error;
}

static void decide(struct outer_question *inquiry)
{
	struct judged_detail detail;
	const enum action action = judge_inquiry(inquiry, &detail);

	if (action != ACTION_ASK)
		reply(inquiry, action, detail.error);
	else if (ask(inquiry, &detail))
		reply(inquiry, ACTION_DENY, detail.error);
}

static void on_message(evutil_socket_t fd, short what, void *userdata)
{
	static char buffer[NEST_MESSAGE_BYTES];
	struct nested *nested = userdata;
	const ssize_t length = recv(fd, buffer, sizeof(buffer), MSG_DONTWAIT);
	struct outer_question *inquiry;

	(void)what;
	if (length < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (length <= 0) {
		event_del(nested->event);
		nested->host->lost(nested->host->userdata);
		return;
	}
	inquiry = calloc(1, sizeof(*inquiry));
	if (!inquiry)
		return;
	inquiry->nested = nested;
	if (nest_message_parse_ask(buffer, (size_t)length, &inquiry->question))
		reply(inquiry, ACTION_DENY, -EACCES);
	else
		decide(inquiry);
}

static int on_commit(void *argument, struct ruleset *ruleset)
{
	struct nested *nested = argument;
	/* What only allows more takes nothing from the kernel's layer. */
	const bool less = !nested->engine.ruleset ||
			  !ruleset_only_adds(ruleset, nested->engine.ruleset);

	engine_keep(&nested->engine, ruleset);
	if (nested->layer && less)
		recall_check(nested->recall, nested->layer, ruleset);
	return 0;
}

static void on_answer(void *argument, uint64_t request_id, enum answer answer)
{
	struct nested *nested = argument;
	struct outer_question *inquiry = (struct outer_question *)pending_find(
		&nested->open, request_id);
	enum action action = ACTION_DENY;
	struct judged_detail detail;

	if (!inquiry)
		return;
	pending_remove(&nested->open, &inquiry->pending);
	if (answer == ANSWER_ALLOW_ONCE)
		action = ACTION_PERFORM;
	else if (answer == ANSWER_RETRY)
		action = judge_inquiry(inquiry, &detail);
	reply(inquiry, action == ACTION_ASK ? ACTION_DENY : action,
	      inquiry->pending.refusal);
}

static void nested_free(struct engine *engine);

static int nested_new(struct engine **ret, const struct engine_host *host)
{
	const int channel = connect_outer();
	struct nested *nested;
	int error = -ENOMEM;

	if (channel < 0)
		return -ENOENT;
	nested = calloc(1, sizeof(*nested));
	if (!nested) {
		fd_close(channel);
		return -ENOMEM;
	}
	pending_init(&nested->open, host->beside ? PENDING_EVEN : PENDING_ALL);
	nested->engine.ops = &engine_nested;
	nested->host = host;
	nested->channel = channel;
	nested->event = event_new(host->loop, channel, EV_READ | EV_PERSIST,
				  on_message, nested);
	if (nested->event)
		error = recall_new(&nested->recall, host->loop, getpid());
	/* What the outer supervisor has preloaded goes on. */
	if (!error)
		error = sandbox_init(&nested->sandbox, host->beside, true);
	if (error) {
		nested_free(&nested->engine);
		return error;
	}
	*ret = &nested->engine;
	return 0;
}

static const char *nested_library(const struct engine *engine)
{
	return ((const struct nested *)engine)->sandbox.library;
}

static int nested_prepare(struct engine *engine, const struct launch *launch)
{
	(void)launch;
	return sandbox_prepare(&((struct nested *)engine)->sandbox,
			       engine->ruleset);
}

/* A tree has one filter with a listener. */
static int nested_enter(struct engine *engine, int *ret_fd)
{
	const int error = sandbox_enter(&((struct nested *)engine)->sandbox);

	(void)ret_fd;
	return error ? error : listener_mark();
}

static int nested_start(struct engine *engine, struct decider *decider, int fd)
{
	struct nested *nested = (struct nested *)engine;

	(void)fd;
	nested->decider = decider;
	nested->layer = nested->sandbox.layer;
	recall_check(nested->recall, nested->layer, engine->ruleset);
	return event_add(nested->event, NULL) < 0 ? -ENOMEM : 0;
}

static bool nested_child(struct engine *engine, pid_t pid, int status)
{
	struct nested *nested = (struct nested *)engine;

	return recall_handle(nested->recall, pid, status) ||
	       stray_handle(pid, status);
}

/* Without an answer the outer supervisor denies. */
static void nested_free(struct engine *engine)
{
	struct nested *nested = (struct nested *)engine;
	struct pending *pending;

	while ((pending = pending_take(&nested->open)))
		inquiry_free((struct outer_question *)pending);
	if (nested->event)
		event_free(nested->event);
	recall_free(nested->recall);
	fd_close(nested->channel);
	sandbox_finish(&nested->sandbox);
	ruleset_unref(engine->ruleset);
	free(nested);
}

const struct engine_ops engine_nested = {
	.name = "nested",
	.nested = true,
	.new = nested_new,
	.events = {.commit = on_commit, .answer = on_answer},
	.library = nested_library,
	.prepare = nested_prepare,
	.enter = nested_enter,
	.start = nested_start,
	.child = nested_child,
	.free = nested_free,
};
