/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Command lines of the verbs.
 */
#include "cli/arguments.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/escape.h"

static const struct option long_options[] = {
	{"json", no_argument, NULL, 'j'},
	{"help", no_argument, NULL, 'h'},
	{"lifetime", required_argument, NULL, 'l'},
	{"script", required_argument, NULL, 's'},
	{"answer", required_argument, NULL, 'a'},
	{},
};

int arguments_expected(const struct verb *verb, const char *what)
{
	fprintf(stderr, "landlord %s: expected %s\n", verb->name, what);
	return ARGUMENTS_BAD;
}

static int usage(const struct verb *verb)
{
	char text[256];

	snprintf(text, sizeof(text), "landlord %s %s", verb->name,
		 verb->arguments);
	return arguments_expected(verb, text);
}

/* Says which word was not understood, and what would be. */
static int unknown(const struct verb *verb, const char *word)
{
	_cleanup_free_ char *safe = escape_string(word);

	fprintf(stderr,
		"landlord %s: %s: unknown, or without its argument; "
		"expected landlord %s %s\n",
		verb->name, safe ? safe : "", verb->name, verb->arguments);
	return ARGUMENTS_BAD;
}

/* What --help prints. */
static void help(const struct verb *verb)
{
	printf("Usage: landlord %s %s\n%s.\n", verb->name, verb->arguments,
	       verb->summary);
	if (verb->details)
		printf("\n%s", verb->details);
}

bool arguments_take(const struct verb *verb, int argc, char *argv[],
		    const struct arguments_options *options, void *userdata,
		    int *ret_status)
{
	int option;

	opterr = 0;
	/* 0 also makes getopt_long(3) forget the command line before. */
	optind = 0;
	while ((option = getopt_long(argc, argv, options->letters,
				     options->words, NULL)) != -1) {
		if (option == 'h') {
			help(verb);
			*ret_status = 0;
			return false;
		}
		if (!options->take(userdata, option)) {
			*ret_status = unknown(verb, argv[optind - 1]);
			return false;
		}
	}
	return true;
}

/* What is parsed for a verb without options of its own. */
struct parsing {
	unsigned int accepts;
	struct arguments *ret;
};

/* Returns: whether the verb takes the option. */
static bool take(void *userdata, int option)
{
	const struct parsing *parsing = userdata;
	struct arguments *ret = parsing->ret;

	switch (option) {
	case 'j':
		ret->json = true;
		return true;
	case 'l':
		ret->lifetime = optarg;
		return parsing->accepts & ACCEPT_LIFETIME;
	case 's':
		ret->script = optarg;
		return parsing->accepts & ACCEPT_AGENT;
	case 'a':
		ret->answer = optarg;
		return parsing->accepts & ACCEPT_AGENT;
	default:
		return false;
	}
}

bool arguments_parse(const struct verb *verb, int argc, char *argv[],
		     unsigned int accepts, int min, int max,
		     struct arguments *ret, int *ret_status)
{
	static const struct arguments_options options = {":jh", long_options,
							 take};
	struct parsing parsing = {accepts, ret};

	*ret = (struct arguments){0};
	if (!arguments_take(verb, argc, argv, &options, &parsing, ret_status))
		return false;
	ret->operands = argv + optind;
	ret->count = argc - optind;
	if (ret->count < min || ret->count > max) {
		*ret_status = usage(verb);
		return false;
	}
	return true;
}

static int parse_rights(const char *text, rights_t *ret)
{
	_cleanup_free_ char *copy = strdup(text);
	char *rest = copy, *name;
	rights_t rights = 0, one;

	while (copy && (name = strsep(&rest, ","))) {
		if (right_parse(name, &one) < 0)
			return -1;
		rights |= one;
	}
	*ret = rights;
	return rights ? 0 : -1;
}

/* Whether a text that is not an absolute path names a file all the same. */
static bool is_relative(const char *text, rights_t rights)
{
	if (text[0] == '/' || !(rights & RIGHTS_FS))
		return false;
	/* To connect is about ports, too. */
	return !(rights & ~RIGHTS_FS) || strchr(text, '/');
}

/* A path from here to something that need not exist, or NULL. */
static char *resolve_missing(const char *text)
{
	_cleanup_free_ char *copy = strdup(text), *directory = NULL;
	const char *slash = strrchr(text, '/');
	char *path;

	if (!copy || !*text)
		return NULL;
	if (slash)
		copy[slash - text] = '\0';
	directory = realpath(slash ? copy : ".", NULL);
	if (!directory ||
	    asprintf(&path, "%s/%s", strcmp(directory, "/") ? directory : "",
		     slash ? slash + 1 : text) < 0)
		return NULL;
	return path;
}

/* Follows the names of a path that exists, also from here. */
static char *resolve(const char *text, rights_t rights, bool *ret_beneath)
{
	const bool relative = is_relative(text, rights);
	char *path = relative || text[0] == '/' ? realpath(text, NULL) : NULL;
	struct stat st;

	*ret_beneath = true;
	if (path && stat(path, &st) == 0 && !S_ISDIR(st.st_mode))
		*ret_beneath = false;
	if (!path && relative)
		path = resolve_missing(text);
	/* "/etc/$" is the directory itself, in the policy's own form. */
	return path ? path : strdup(text);
}

int arguments_access(const struct verb *verb, const char *right,
		     const char *text, rights_t *ret_rights,
		     struct object *ret_object, bool *ret_beneath)
{
	_cleanup_free_ char *resolved = NULL;
	const char *expected = "an object";
	struct object object = {0};
	bool may_be_beneath, beneath;
	rights_t rights;

	if (parse_rights(right, &rights) < 0)
		return arguments_expected(
			verb, "a right such as fs.read_file, read, write, "
			      "create, remove, execute, connect or bind");
	resolved = resolve(text, rights, &may_be_beneath);
	if (!resolved)
		return cli_fail(verb, 0, "out of memory");
	if (object_parse(resolved, rights, &object, &beneath, &expected) < 0)
		return arguments_expected(verb, expected);
	rights &= object_rights(object.type);
	if (!rights) {
		object_finish(&object);
		return arguments_expected(verb,
					  "a right that suits the object");
	}
	*ret_rights = rights;
	*ret_object = object;
	*ret_beneath = beneath && may_be_beneath;
	return 0;
}

void cli_note(const char *sentence)
{
	fprintf(stderr, "%s\n", sentence);
}

int cli_fail(const struct verb *verb, int error, const char *sentence)
{
	_cleanup_free_ char *escaped = NULL;

	if (!sentence)
		sentence = strerror(-error);
	escaped = escape_string(sentence);
	fprintf(stderr, "landlord %s: %s\n", verb->name,
		escaped ? escaped : "out of memory");
	return 1;
}
