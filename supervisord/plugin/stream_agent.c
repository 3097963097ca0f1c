/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An agent at the other end of a stream: see stream_agent.h. */
#include "plugin/stream_agent.h"

#include <errno.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "plugin/json_lines.h"
#include "plugin/plugin_exec_answer.h"
#include "plugin/request_json.h"

struct stream {
	struct agent agent;
	struct bufferevent *events; /* NULL: it has ended */
	const struct clock *clock;
};

/* What it has open is denied by whoever listens. */
static void end(struct stream *stream, const char *why)
{
	if (!stream->events)
		return;
	bufferevent_free(stream->events);
	stream->events = NULL;
	log_warning("nobody answers any more: %s", why);
	/* Before anybody listens: whoever asks it then is told. */
	if (stream->agent.events)
		stream->agent.events->gone(stream->agent.userdata,
					   &stream->agent);
}

/* Returns: whether the line was understood. */
static bool read_line(struct stream *stream, const char *line, size_t length)
{
	const struct decision deny = {.outcome = OUTCOME_DENY,
				      .agent = (char *)"questions-fd"};
	struct exec_answer answer;

	if (exec_answer_parse(line, length, clock_wall(stream->clock), &answer))
		return false;
	if (answer.verdict == PLUGIN_DECIDED) {
		free(answer.decision.agent);
		answer.decision.agent = strdup(deny.agent);
		agent_decide(&stream->agent, answer.id, &answer.decision);
	} else {
		agent_decide(&stream->agent, answer.id, &deny);
	}
	exec_answer_finish(&answer);
	return true;
}

static void on_read(struct bufferevent *events, void *userdata)
{
	struct stream *stream = userdata;
	struct evbuffer *input = bufferevent_get_input(events);
	size_t length;
	char *line;

	while (stream->events &&
	       (line = evbuffer_readln(input, &length, EVBUFFER_EOL_LF))) {
		const bool understood = read_line(stream, line, length);

		if (!understood)
			log_warning("not an answer: %.200s; expected "
				    "{\"id\":1,\"answer\":\"deny\"}",
				    line);
		free(line);
		if (!understood)
			end(stream, "what came is not understood");
	}
	if (stream->events && evbuffer_get_length(input) > JSON_LINE_MAX)
		end(stream, "a line is too long");
}

static void on_event(struct bufferevent *events, short what, void *userdata)
{
	(void)events;
	(void)what;
	end(userdata, "the stream has ended");
}

static int stream_ask(struct agent *agent, const struct question *question)
{
	return json_lines_send(((struct stream *)agent)->events,
			       json_lines_question(question));
}

static void stream_withdraw(struct agent *agent, uint64_t question_id)
{
	json_lines_send(((struct stream *)agent)->events,
			json_pack("{s:I}", "cancel", (json_int_t)question_id));
}

static void stream_tell(struct agent *agent, const char *sentence)
{
	json_lines_send(((struct stream *)agent)->events,
			json_pack("{s:o}", "tell", json_bytes(sentence)));
}

static struct agent *stream_free(struct agent *agent)
{
	struct stream *stream = (struct stream *)agent;

	if (stream->events)
		bufferevent_free(stream->events);
	free(stream);
	return NULL;
}

static const struct agent_ops stream_ops = {
	.name = "questions-fd",
	.ask = stream_ask,
	.withdraw = stream_withdraw,
	.tell = stream_tell,
	.free = stream_free,
};

int stream_agent_new(struct agent **ret, struct event_base *loop, int fd,
		     const struct clock *clock)
{
	struct stream *stream = calloc(1, sizeof(*stream));

	if (stream)
		stream->events =
			bufferevent_socket_new(loop, fd, BEV_OPT_CLOSE_ON_FREE);
	if (!stream || !stream->events) {
		free(stream);
		return -ENOMEM;
	}
	stream->agent.ops = &stream_ops;
	stream->clock = clock;
	bufferevent_setcb(stream->events, on_read, NULL, on_event, stream);
	bufferevent_enable(stream->events, EV_READ | EV_WRITE);
	*ret = &stream->agent;
	return 0;
}
