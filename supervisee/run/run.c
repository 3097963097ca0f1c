/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `landlord run`: see run.h. */
#include "run/run.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/log.h"
#include "run/agent_program.h"
#include "run/front.h"
#include "run/inherited.h"
#include "run/learning.h"
#include "run/monitor.h"
#include "run/named_policy.h"
#include "run/private_tmp.h"
#include "run/run_options.h"
#include "supervision/process.h"

/* The program does not get it: what it wrote there would be believed. */
static int take_fd(int *fd)
{
	const int given = *fd;

	if (given < 0)
		return 0;
	*fd = fcntl(given, F_DUPFD_CLOEXEC, 3);
	if (*fd < 0) {
		log_error("cannot start: %s", strerror(errno));
		return -errno;
	}
	fd_close(given);
	return 0;
}

/* Before anything of ours is below anybody that is supervised. */
static int start_agent(struct run_options *options)
{
	char *path;
	const int error = agent_program_start(options->agent_program, &path,
					      &options->questions_fd);

	if (!error)
		options->agent_program = path; /* until the end */
	return error;
}

/*
 * As a fork ends: what is the parent's to do at its end is not done twice. Only
 * a sanitizer looks for what was not freed, and does so in exit(3).
 */
static _Noreturn void end_monitor(int status)
{
#ifdef __SANITIZE_ADDRESS__
	exit(status);
#else
	_exit(status);
#endif
}

/* Whether a person is going to be asked, here, who has named no policy. */
static bool may_choose_policy(const struct run_options *options)
{
	return !options->policy_files[0] && !options->learn &&
	       (options->agent == AGENT_DEFAULT ||
		options->agent == AGENT_TERMINAL) &&
	       isatty(STDIN_FILENO) && isatty(STDERR_FILENO);
}

int run_main(int argc, char **argv)
{
	struct run_options options;
	struct private_tmp tmp = {.directory = -1};
	int channel[2], status, killed_by;
	pid_t pid;

	if (run_options_parse(&options, argc, argv))
		return 2;
	if (options.help) {
		run_options_usage();
		return 0;
	}
	if (!process_is_visible()) {
		log_error("/proc is not there, or belongs to another PID "
			  "namespace: nothing can be supervised without it");
		return FRONT_FAILURE;
	}
	if (learning_begin(&options))
		return FRONT_FAILURE;
	if (may_choose_policy(&options))
		named_policy_offer(run_options_app(&options));
	if (options.private_tmp && private_tmp_make(&tmp, &options.rules))
		return FRONT_FAILURE;
	inherited_fill(options.missing);
	if (take_fd(&options.events_fd) || take_fd(&options.questions_fd))
		return FRONT_FAILURE;
	if (options.agent == AGENT_PROGRAM && start_agent(&options))
		return FRONT_FAILURE;
	inherited_note(&options.inherited);
	signals_save(&options.signals);
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, channel) <
	    0) {
		log_error("cannot start: %s", strerror(errno));
		return FRONT_FAILURE;
	}
	pid = fork();
	if (pid < 0) {
		log_error("cannot start: %s", strerror(errno));
		return FRONT_FAILURE;
	}
	if (pid == 0) {
		fd_close(channel[0]);
		status = monitor_run(&options, channel[1]);
		private_tmp_remove(&tmp);
		end_monitor(status);
	}
	fd_close(channel[1]);
	inherited_close(&options.inherited);
	fd_close(options.events_fd);
	fd_close(options.questions_fd);
	status = front_run(channel[0], &killed_by);
	if (status != FRONT_FAILURE)
		learning_end(&options);
	if (killed_by)
		front_die(killed_by);
	return status;
}
