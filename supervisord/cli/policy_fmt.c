/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * landlord policy fmt: policy files in one form.
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/fd.h"
#include "base/text.h"
#include "cli/arguments.h"
#include "cli/policy_verbs.h"
#include "policy/tidy.h"

struct policy_fmt {
	bool write, check;
	bool different, failed;
};

static const struct option long_options[] = {
	{"write", no_argument, NULL, 'w'},
	{"check", no_argument, NULL, 'c'},
	{"help", no_argument, NULL, 'h'},
	{},
};

static bool take(void *userdata, int option)
{
	struct policy_fmt *const fmt = userdata;

	fmt->write |= option == 'w';
	fmt->check |= option == 'c';
	return option == 'w' || option == 'c';
}

static int read_all(const char *file, char **ret)
{
	FILE *const stream = fopen(file, "re");
	size_t size = 0;
	ssize_t length;
	char *text = NULL;
	int error = 0;

	if (!stream)
		return -errno;
	errno = 0;
	length = getdelim(&text, &size, '\0', stream);
	if (length < 0 && !feof(stream))
		error = errno ? -errno : -EIO;
	else if (length > 0 && text[length - 1] == '\0')
		error = -EILSEQ; /* no text */
	fclose(stream);
	if (!error && length < 0)
		error = text_copy(&text, "");
	if (error)
		free(text);
	else
		*ret = text;
	return error;
}

static int write_out(int fd, const char *text)
{
	size_t left = strlen(text);

	while (left > 0) {
		const ssize_t written = write(fd, text, left);

		if (written < 0 && errno != EINTR)
			return -errno;
		if (written > 0) {
			text += written;
			left -= (size_t)written;
		}
	}
	return fsync(fd) < 0 ? -errno : 0;
}

/* Whole or not at all, since it may be in force. */
static int replace(const char *file, const char *text)
{
	_cleanup_free_ char *real = realpath(file, NULL);
	_cleanup_free_ char *temporary = NULL;
	_cleanup_fd_ int fd = -1;
	struct stat status;
	int error = 0;

	if (!real || stat(real, &status) < 0)
		return -errno;
	if (asprintf(&temporary, "%s.XXXXXX", real) < 0) {
		temporary = NULL;
		return -ENOMEM;
	}
	fd = mkostemp(temporary, O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (fchown(fd, status.st_uid, status.st_gid) < 0 ||
	    fchmod(fd, status.st_mode & 07777) < 0)
		error = -errno;
	if (!error)
		error = write_out(fd, text);
	if (!error && rename(temporary, real) < 0)
		error = -errno;
	if (error)
		unlink(temporary);
	return error;
}

static int tidy_file(struct policy_fmt *fmt, const char *file)
{
	_cleanup_free_ char *text = NULL, *tidied = NULL;
	int error = read_all(file, &text);

	if (!error)
		error = tidy_policy(text, &tidied);
	if (error)
		return error;
	if (!fmt->write && !fmt->check) {
		fputs(tidied, stdout);
		return 0;
	}
	if (strcmp(text, tidied) == 0)
		return 0;
	fmt->different = true;
	printf("%s\n", file);
	return fmt->write ? replace(file, tidied) : 0;
}

static int run(int argc, char *argv[])
{
	static const struct arguments_options options = {":h", long_options,
							 take};
	struct policy_fmt fmt = {0};
	int status, error;

	if (!arguments_take(&verb_policy_fmt, argc, argv, &options, &fmt,
			    &status))
		return status;
	if (optind == argc || (fmt.write && fmt.check))
		return arguments_expected(&verb_policy_fmt,
					  "[--write | --check] FILE...");
	for (int i = optind; i < argc; i++) {
		error = tidy_file(&fmt, argv[i]);
		if (!error)
			continue;
		fmt.failed = true;
		fprintf(stderr, "landlord policy fmt: %s: %s\n", argv[i],
			error == -EILSEQ ? "is no text: it has a NUL byte"
					 : strerror(-error));
	}
	if (fmt.failed)
		return POLICY_FAILED;
	return fmt.check && fmt.different ? 1 : 0;
}

const struct verb verb_policy_fmt = {
	.name = "policy fmt",
	.arguments = "[--write | --check] FILE...",
	.summary = "Bring policy files into one form",
	.details =
		"  --write  change the files, and print the names of those "
		"that were changed\n"
		"  --check  print the names of those that are not in that "
		"form\n"
		"\n"
		"Without either the result is printed. Only blanks and blank "
		"lines change: what\n"
		"a file means, and its mistakes, stay. The exit status is 1 "
		"when --check finds\n"
		"something, 2 for an error.\n",
	.run = run,
};
