/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * landlord record: what programs that run already ask for, as a trace.
 */
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/fd.h"
#include "base/text.h"
#include "cli/arguments.h"
#include "control/client.h"
#include "control/try.h"
#include "control/wire.h"
#include "trace/writer.h"

#define SECONDS_MAX (1000 * 1000 * 1000)

struct record_command {
	const char *app, *output;
	long seconds; /* 0: until it is interrupted */
	sd_bus *bus;
	struct trace_writer *writer; /* NULL: standard output */
	sd_bus_slot *call;	     /* waits for lines */
	bool ended;		     /* there is no more */
	int error;
	uint64_t lines;
};

static const struct option long_options[] = {
	{"output", required_argument, NULL, 'o'},
	{"seconds", required_argument, NULL, 's'},
	{"help", no_argument, NULL, 'h'},
	{},
};

/* --- Lines ------------------------------------------------------- */

static void put_line(struct record_command *command, char *line)
{
	command->lines++;
	if (command->writer)
		trace_writer_put_text(command->writer, line);
	else
		puts(line);
}

/* Returns: 0 or a negative errno. */
static int put_lines(struct record_command *command, const char *bytes,
		     size_t length)
{
	_cleanup_free_ char *lines = strndup(bytes, length);
	char *rest = lines, *line;

	if (!lines)
		return -ENOMEM;
	while ((line = strsep(&rest, "\n")))
		if (*line)
			put_line(command, line);
	if (!command->writer && fflush(stdout) != 0)
		return -errno;
	return 0;
}

static int on_lines(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	struct record_command *command = userdata;
	const sd_bus_error *failure = sd_bus_message_get_error(m);
	const void *bytes = NULL;
	size_t length = 0;
	int more = 0, result;

	(void)error;
	command->call = sd_bus_slot_unref(command->call);
	if (failure) {
		command->error = -ECONNRESET;
		return 1;
	}
	result = sd_bus_message_read_array(m, 'y', &bytes, &length);
	if (result >= 0)
		result = sd_bus_message_read(m, "b", &more);
	if (result >= 0)
		result = put_lines(command, bytes, length);
	command->error = result < 0 ? result : 0;
	command->ended = !more;
	return 1;
}

/* Asks for lines, unless that has been done. */
static int fetch(struct record_command *command)
{
	_cleanup_(sd_bus_message_unrefp) sd_bus_message *call = NULL;

	if (command->call)
		return 0;
	TRY(client_call_new(command->bus, "ReadRecord", &call));
	TRY(sd_bus_call_async(command->bus, &command->call, call, on_lines,
			      command, UINT64_MAX));
	return 0;
}

/* What is recorded already is still to come. */
static int stop(struct record_command *command)
{
	_cleanup_(sd_bus_message_unrefp) sd_bus_message *call = NULL;

	TRY(client_call_new(command->bus, "StopRecord", &call));
	TRY(sd_bus_message_set_expect_reply(call, 0));
	TRY(sd_bus_send(command->bus, call, NULL));
	return 0;
}

/* --- Waiting ----------------------------------------------------- */

enum waited_for { FOR_BUS, FOR_SIGNAL, FOR_TIME, FOR_COUNT };

static int wait_more(struct record_command *command,
		     struct pollfd fds[FOR_COUNT])
{
	const int events = sd_bus_get_events(command->bus);

	if (events < 0)
		return events;
	fds[FOR_BUS].events = (short)events;
	if (poll(fds, FOR_COUNT, -1) < 0)
		return errno == EINTR ? 0 : -errno;
	if (!fds[FOR_SIGNAL].revents && !fds[FOR_TIME].revents)
		return 0;
	fds[FOR_SIGNAL].fd = fds[FOR_TIME].fd = -1;
	return stop(command);
}

static int record_all(struct record_command *command,
		      struct pollfd fds[FOR_COUNT])
{
	int result = 0;

	while (result >= 0 && !command->ended) {
		result = fetch(command);
		while (result >= 0 &&
		       (result = sd_bus_process(command->bus, NULL)) > 0)
			;
		if (result >= 0)
			result = command->error;
		if (result >= 0 && !command->ended && command->call)
			result = wait_more(command, fds);
	}
	return result;
}

static int open_timer(long seconds)
{
	const struct itimerspec when = {.it_value = {.tv_sec = seconds}};
	const int fd = timerfd_create(CLOCK_BOOTTIME, TFD_CLOEXEC);

	if (fd >= 0 && timerfd_settime(fd, 0, &when, NULL) == 0)
		return fd;
	fd_close(fd);
	return -1;
}

static int wait_all(struct record_command *command)
{
	_cleanup_fd_ int signals = -1, timer = -1;
	struct pollfd fds[FOR_COUNT] = {
		[FOR_BUS] = {.fd = sd_bus_get_fd(command->bus)},
		[FOR_SIGNAL] = {.events = POLLIN},
		[FOR_TIME] = {.events = POLLIN},
	};
	sigset_t ending;

	sigemptyset(&ending);
	sigaddset(&ending, SIGINT);
	sigaddset(&ending, SIGTERM);
	sigaddset(&ending, SIGHUP);
	sigprocmask(SIG_BLOCK, &ending, NULL);
	signals = signalfd(-1, &ending, SFD_CLOEXEC);
	timer = command->seconds ? open_timer(command->seconds) : -1;
	if (signals < 0 || (command->seconds && timer < 0))
		return -errno;
	fds[FOR_SIGNAL].fd = signals;
	fds[FOR_TIME].fd = timer;
	return record_all(command, fds);
}

/* --- Its beginning and end --------------------------------------- */

/* The name of the file that standard output is. Returns: "" if it is none. */
static int name_stdout(char **ret)
{
	char name[PATH_MAX];
	const ssize_t length =
		readlink("/proc/self/fd/1", name, sizeof(name) - 1);
	struct stat status, named;

	name[length > 0 ? length : 0] = '\0';
	/* One that has been removed is by no name. */
	if (fstat(STDOUT_FILENO, &status) < 0 || !S_ISREG(status.st_mode) ||
	    stat(name, &named) < 0 || named.st_ino != status.st_ino ||
	    named.st_dev != status.st_dev)
		name[0] = '\0';
	return text_copy(ret, name);
}

/* The daemon has another working directory. Returns: 0 or a negative errno. */
static int name_output(const struct record_command *command, char **ret)
{
	_cleanup_free_ char *directory = NULL;

	if (!command->output)
		return name_stdout(ret);
	if (command->output[0] == '/')
		return text_copy(ret, command->output);
	directory = getcwd(NULL, 0);
	if (!directory)
		return -errno;
	if (asprintf(ret, "%s/%s", directory, command->output) >= 0)
		return 0;
	*ret = NULL;
	return -ENOMEM;
}

/* The programs are kept from the file before it is there. */
static int begin(const struct record_command *command, uint32_t *ret_count,
		 char **ret_sentence)
{
	_cleanup_(sd_bus_message_unrefp) sd_bus_message *call = NULL,
							*reply = NULL;
	_cleanup_free_ char *file = NULL;

	TRY(name_output(command, &file));
	TRY(client_call_new(command->bus, "Record", &call));
	TRY(wire_append_bytes(call, command->app));
	TRY(wire_append_bytes(call, file));
	TRY(client_call(command->bus, call, &reply, ret_sentence));
	TRY(sd_bus_message_read(reply, "u", ret_count));
	return 0;
}

static int open_output(struct record_command *command)
{
	const int error = command->output
				  ? trace_writer_open(&command->writer,
						      command->output, 0)
				  : 0;

	if (!error)
		return 0;
	fprintf(stderr, "landlord record: cannot write to %s: %s\n",
		command->output,
		error == -EBUSY	   ? "somebody else does"
		: error == -EINVAL ? "it is no regular file"
				   : strerror(-error));
	return error;
}

/* What there is to say at the end. Returns: the exit status. */
static int conclude(const struct record_command *command, int result)
{
	const uint64_t lost =
		command->writer ? trace_writer_lost(command->writer) : 0;

	if (command->output)
		fprintf(stderr, "%" PRIu64 " lines in %s\n",
			command->lines - lost, command->output);
	if (lost > 0)
		fprintf(stderr,
			"landlord record: %" PRIu64 " lines could not be "
			"written\n",
			lost);
	if (result == -ECONNRESET || result == -ENOTCONN)
		return cli_fail(&verb_record, result,
				"the daemon has gone: what came after this is "
				"not recorded");
	if (result < 0)
		return cli_fail(&verb_record, result, NULL);
	return lost > 0;
}

static int record(struct record_command *command)
{
	_cleanup_free_ char *sentence = NULL;
	uint32_t count = 0;
	int result = client_open(&command->bus);

	if (result < 0)
		return cli_fail(&verb_record, result, client_why(result));
	result = begin(command, &count, &sentence);
	if (result < 0) {
		cli_fail(&verb_record, result, sentence);
		sd_bus_close_unref(command->bus);
		return 1;
	}
	if (open_output(command) < 0) {
		sd_bus_close_unref(command->bus);
		return 1;
	}
	fprintf(stderr, "recording %" PRIu32 " program%s\n", count,
		count == 1 ? "" : "s");
	result = conclude(command, wait_all(command));
	sd_bus_slot_unref(command->call);
	trace_writer_close(command->writer);
	sd_bus_close_unref(command->bus);
	return result;
}

static bool take(void *userdata, int option)
{
	struct record_command *command = userdata;
	char *end;

	switch (option) {
	case 'o':
		command->output = optarg;
		return true;
	case 's':
		errno = 0;
		command->seconds = strtol(optarg, &end, 10);
		return *optarg && !*end && errno == 0 && command->seconds > 0 &&
		       command->seconds <= SECONDS_MAX;
	default:
		return false;
	}
}

static int run(int argc, char *argv[])
{
	static const struct arguments_options options = {":ho:", long_options,
							 take};
	struct record_command command = {0};
	int status;

	if (!arguments_take(&verb_record, argc, argv, &options, &command,
			    &status))
		return status;
	if (optind + 1 != argc)
		return arguments_expected(&verb_record,
					  "landlord record [OPTION]... APP");
	command.app = argv[optind];
	return record(&command);
}

const struct verb verb_record = {
	.name = "record",
	.arguments = "[OPTION]... APP",
	.summary = "Record what programs that run already ask for",
	.details = "  APP            those that `landlord ps` lists by this "
		   "name\n"
		   "  -o FILE        append to a file (default: standard "
		   "output)\n"
		   "  --seconds N    so long (default: until it is "
		   "interrupted,\n"
		   "                 or all have ended)\n"
		   "\n"
		   "See landlord-record(1).\n",
	.run = run,
};
