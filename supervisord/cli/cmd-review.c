/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * landlord review: suggestions, or what has been granted, one by one; what is
 * accepted becomes a policy file.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/rawmode.h"
#include "agent/tty.h"
#include "base/cleanup.h"
#include "base/fd.h"
#include "base/quote.h"
#include "cli/arguments.h"
#include "cli/review.h"
#include "cli/review_file.h"
#include "cli/review_grants.h"
#include "cli/suggesting.h"

struct review_command {
	const char *output, *grants; /* NULL: not given */
	struct suggesting suggesting;
	struct review review;
	int tty;
};

enum {
	OPTION_APP = 256,
	OPTION_GRANTS,
};

static const struct option long_options[] = {
	{"output", required_argument, NULL, 'o'},
	{"app", required_argument, NULL, OPTION_APP},
	{"grants", required_argument, NULL, OPTION_GRANTS},
	{"help", no_argument, NULL, 'h'},
	{},
};

/* --- The terminal ------------------------------------------------ */

/*
 * One key that was pressed by itself; what comes in one piece was pasted, or is
 * a key without a letter.
 * Returns: it, 'q' where nobody is there any more.
 */
static char read_key(int tty)
{
	char bytes[64];
	ssize_t length;

	do {
		length = read(tty, bytes, sizeof(bytes));
	} while ((length < 0 && errno == EINTR) || length > 1);
	return length == 1 ? bytes[0] : 'q';
}

static int show(const struct review_command *command)
{
	_cleanup_free_ char *page = NULL;
	size_t rows, columns;

	tty_size(command->tty, &rows, &columns);
	page = review_page(&command->review, rows, columns);
	if (!page)
		return -ENOMEM;
	return dprintf(command->tty, "%s", page) < 0 ? -errno : 0;
}

/* Returns: REVIEW_WRITE, REVIEW_QUIT, or a negative errno. */
static int ask_all(struct review_command *command)
{
	int result = rawmode_enter(command->tty, RAWMODE_KEYS);

	if (result < 0)
		return result;
	do {
		result = show(command);
		if (!result)
			result = review_key(&command->review,
					    read_key(command->tty));
	} while (result == REVIEW_ON);
	rawmode_leave();
	return result;
}

/* --- What there is to go through --------------------------------- */

static const char *app_of(const struct review_command *command)
{
	if (command->grants)
		return command->grants;
	return command->suggesting.policies.app
		       ? command->suggesting.policies.app
		       : command->suggesting.app;
}

static int read_traces(struct review_command *command, char *const *files)
{
	struct suggesting *suggesting = &command->suggesting;
	const int error = suggesting_read(suggesting, files);

	if (error)
		return error;
	if (!suggesting->policies.app && suggesting->several) {
		fprintf(stderr, "landlord review: these are traces of several "
				"apps: say whose policy it is to be, with "
				"--app\n");
		return -EINVAL;
	}
	if (!app_of(command)) {
		fprintf(stderr, "landlord review: nothing there says of which "
				"app it is: say so, with --app\n");
		return -EINVAL;
	}
	return 0;
}

static int read_all(struct review_command *command, char *const *files)
{
	const int error = command->grants
				  ? review_grants_read(&command->suggesting,
						       command->grants)
				  : read_traces(command, files);

	return error ? error : suggest_prepare(command->suggesting.suggest);
}

static int write_all(struct review_command *command)
{
	const size_t count = review_count(&command->review, VERDICT_ACCEPTED);
	_cleanup_free_ char *path = NULL;
	_cleanup_free_ char *quoted = NULL;
	int error = review_file_write(&command->review, command->output, &path);

	quoted = path ? quote_word(path) : NULL;
	if (error) {
		fprintf(stderr, "landlord review: %s: %s\n",
			quoted ? quoted : "no place for a policy file",
			error == -EEXIST ? "it is there already, and stays as "
					   "it is"
					 : strerror(-error));
		return 1;
	}
	printf("%zu rule%s in %s\n", count, count == 1 ? "" : "s",
	       quoted ? quoted : "?");
	if (command->grants &&
	    review_grants_revoke(&command->review, command->grants) < 0)
		return 1;
	return 0;
}

static int review_all(struct review_command *command)
{
	int result = review_begin(&command->review, command->suggesting.suggest,
				  app_of(command));

	if (result < 0)
		return cli_fail(&verb_review, result, NULL);
	if (command->review.count == 0) {
		puts("There is nothing to review.");
		return 0;
	}
	result = ask_all(command);
	if (result < 0)
		return cli_fail(&verb_review, result, NULL);
	if (result == REVIEW_WRITE)
		return write_all(command);
	puts("Nothing was written.");
	return 0;
}

static int run_review(struct review_command *command, char *const *files)
{
	int error, status = 1;

	command->suggesting.verb = verb_review.name;
	command->tty = open("/dev/tty", O_RDWR | O_CLOEXEC);
	if (command->tty < 0)
		return cli_fail(&verb_review, -errno, "it needs a terminal");
	error = suggesting_begin(&command->suggesting);
	if (error)
		cli_fail(&verb_review, error, NULL);
	else if (read_all(command, files) == 0)
		status = review_all(command);
	review_finish(&command->review);
	suggesting_finish(&command->suggesting);
	fd_close(command->tty);
	return status;
}

static bool take(void *userdata, int option)
{
	struct review_command *command = userdata;

	switch (option) {
	case 'o':
		command->output = optarg;
		return true;
	case OPTION_APP:
		command->suggesting.policies.app = optarg;
		return *optarg;
	case OPTION_GRANTS:
		command->grants = optarg;
		return *optarg;
	default:
		return false;
	}
}

static int run(int argc, char *argv[])
{
	static const struct arguments_options options = {":ho:", long_options,
							 take};
	struct review_command command = {0};
	int status;

	if (!arguments_take(&verb_review, argc, argv, &options, &command,
			    &status))
		return status;
	if (command.grants && optind != argc)
		return arguments_expected(&verb_review,
					  "either traces or --grants APP");
	return run_review(&command, argv + optind);
}

const struct verb verb_review = {
	.name = "review",
	.arguments = "[OPTION]... [TRACE]... | --grants APP",
	.summary = "Go through suggestions, or grants, one by one",
	.details =
		"  --grants APP    what answers have granted to APP, instead "
		"of traces\n"
		"  --app NAME      beside the policy of NAME, and for it\n"
		"                  (default: as the trace says)\n"
		"  -o FILE         write a new policy file (default: one more "
		"of the\n"
		"                  user's for that app)\n"
		"\n"
		"See landlord-review(1).\n",
	.run = run,
};
