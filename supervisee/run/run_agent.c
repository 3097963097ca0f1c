/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The agent of a run: see run_agent.h. */
#include "run/run_agent.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "agent/answer.h"
#include "agent/none.h"
#include "agent/script.h"
#include "base/cleanup.h"
#include "base/fd.h"
#include "base/log.h"
#include "plugin/stream_agent.h"
#include "policy/path_chain.h"

static bool on_terminal(void)
{
	return isatty(STDIN_FILENO) || isatty(STDOUT_FILENO) ||
	       isatty(STDERR_FILENO);
}

static int init_terminal(struct run_agent *ret, struct event_base *loop)
{
	_cleanup_fd_ int tty = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
	int error;

	if (tty < 0)
		return -errno;
	error = terminal_new(&ret->terminal, loop, tty);
	if (!error)
		ret->agent = terminal_agent(ret->terminal);
	return error;
}

static int init_script(struct run_agent *ret, const char *path)
{
	_cleanup_free_ char *error_text = NULL;
	const int error =
		script_agent_new(&ret->agent, path, &clock_real, &error_text);

	if (error) {
		log_error("%s", error_text ? error_text : strerror(-error));
		return error;
	}
	/* Who is answered must not write the answers of the next time. */
	return path_chain_add_own(path);
}

int run_agent_init(struct run_agent *ret, struct event_base *loop,
		   const struct run_options *options)
{
	const char *expected;
	int error;

	*ret = (struct run_agent){0};
	switch (options->agent) {
	case AGENT_DEFAULT:
		/* Without one: the agents at the daemon, or nobody. */
		if (on_terminal())
			(void)init_terminal(ret, loop);
		return 0;
	case AGENT_TERMINAL:
		error = init_terminal(ret, loop);
		if (error)
			log_error("there is no terminal to ask on: %s",
				  strerror(-error));
		return error;
	case AGENT_BUS:
		return 0;
	case AGENT_NONE:
		return none_agent_new(&ret->agent);
	case AGENT_SCRIPT:
		return init_script(ret, options->script);
	case AGENT_PROGRAM:
		/* Who is answered must not write who answers next time. */
		error = path_chain_add_own(options->agent_program);
		if (error)
			return error;
		/* fallthrough */
	case AGENT_STREAM:
		evutil_make_socket_nonblocking(options->questions_fd);
		return stream_agent_new(&ret->agent, loop,
					options->questions_fd, &clock_real);
	case AGENT_ANSWER:
		return answer_agent_new(&ret->agent, options->answer,
					&clock_real, &expected);
	}
	return -EINVAL;
}

void run_agent_finish(struct run_agent *agent)
{
	if (agent->agent && !agent->terminal)
		agent->agent->ops->free(agent->agent);
	agent->agent = NULL;
	agent->terminal = terminal_free(agent->terminal);
}
