/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which grants are meant: all of which all is so that was said.
 */
#pragma once

#include <getopt.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/rule.h"
#include "store/usage.h"

struct grant_filter {
	int64_t older;	    /* decided more than so many seconds ago; 0: any */
	int64_t unused;	    /* and no program of the app started since */
	const char *by;	    /* a glob of who decided; NULL: anybody */
	const char *object; /* a glob of the object as text; NULL: any */
	const char *effect; /* "allow", "deny"; NULL: any */
	/* Set by grant_filter_begin(). */
	int64_t now;
	struct usage usage;
};

enum {
	OPTION_OLDER = 512,
	OPTION_UNUSED,
	OPTION_BY,
	OPTION_OBJECT,
	OPTION_EFFECT,
};

#define GRANT_FILTER_OPTIONS                                        \
	{"older", required_argument, NULL, OPTION_OLDER},           \
		{"unused", required_argument, NULL, OPTION_UNUSED}, \
		{"by", required_argument, NULL, OPTION_BY},         \
		{"object", required_argument, NULL, OPTION_OBJECT}, \
	{                                                           \
		"effect", required_argument, NULL, OPTION_EFFECT    \
	}

#define DETAILS_FILTER                                                         \
	"  --older AGE      decided longer ago than, for example, 90d\n"       \
	"  --unused AGE     the same, and no program of the app was started "  \
	"since\n"                                                              \
	"  --by GLOB        who decided: terminal, script, 'command line', "   \
	"...\n"                                                                \
	"  --object GLOB    what it is about: * stands for anything, ? for a " \
	"byte\n"                                                               \
	"  --effect EFFECT  allow, deny or ask\n"

/* Takes one of the options. Returns: whether it is one, and understood. */
bool grant_filter_take(struct grant_filter *filter, int option);

/* Whether anything was said. */
bool grant_filter_is_set(const struct grant_filter *filter);

/* Looks at when programs of an app were started. Returns: 0 or -errno. */
int grant_filter_begin(struct grant_filter *filter, const char *app);

/* Whether a grant is meant. @userdata: struct grant_filter */
bool grant_filter_matches(void *userdata, const struct rule *rule);

/* Drops the rules that are not meant. */
void grant_filter_apply(struct grant_filter *filter, struct rules *rules);
