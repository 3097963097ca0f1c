/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * landlord policy: looks after policy files.
 */
#include <stdio.h>
#include <string.h>

#include "cli/arguments.h"
#include "cli/policy_verbs.h"

static const struct verb *const policy_verbs[] = {
	&verb_policy_check, &verb_policy_show, &verb_policy_diff,
	&verb_policy_test,  &verb_policy_fmt,
};

static int help(void)
{
	printf("Usage: landlord policy %s\n%s.\n\n", verb_policy.arguments,
	       verb_policy.summary);
	for (size_t i = 0; i < sizeof(policy_verbs) / sizeof(policy_verbs[0]);
	     i++)
		printf("  %-6s %s\n", policy_verbs[i]->name + strlen("policy "),
		       policy_verbs[i]->summary);
	printf("\nlandlord policy VERB --help says more of each.\n");
	return 0;
}

static int run(int argc, char *argv[])
{
	if (argc < 2)
		return arguments_expected(&verb_policy,
					  "check, show, diff, test or fmt");
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)
		return help();
	for (size_t i = 0; i < sizeof(policy_verbs) / sizeof(policy_verbs[0]);
	     i++)
		if (strcmp(argv[1],
			   policy_verbs[i]->name + strlen("policy ")) == 0)
			return policy_verbs[i]->run(argc - 1, argv + 1);
	fprintf(stderr,
		"landlord policy: %s: unknown; expected check, show, diff, "
		"test or fmt\n",
		argv[1]);
	return ARGUMENTS_BAD;
}

const struct verb verb_policy = {
	.name = "policy",
	.arguments = "check|show|diff|test|fmt [OPTION]... [ARGUMENT]...",
	.summary = "Check, show, compare, test and tidy policy files",
	.run = run,
};
