/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "trace/recorder_judge.h"

/* Where the rule is from that decides the first of some rights. */
static const char *find_rule(const struct ruleset *ruleset,
			     const struct subject *subject,
			     const struct access *access, rights_t rights)
{
	const struct rule *rule =
		rights && ruleset ? ruleset_why(ruleset, &access->object,
						rights & -rights,
						subject_process(subject))
				  : NULL;

	return rule ? rule->origin : NULL;
}

enum outcome recorder_judge(const struct ruleset *ruleset,
			    const struct request *request,
			    const char **ret_rule)
{
	const struct subject *subject = &request->subject;

	*ret_rule = NULL;
	for (size_t i = 0; i < request->accesses_count; i++) {
		const struct access *access = &request->accesses[i];
		struct judgement judgement = {.asked = access->missing};

		if (ruleset)
			judgement = ruleset_judge(ruleset, &access->object,
						  access->missing,
						  subject_process(subject));
		*ret_rule = find_rule(ruleset, subject, access,
				      judgement.denied ? judgement.denied
						       : judgement.allowed);
		if (judgement.denied || judgement.asked)
			return OUTCOME_DENY;
	}
	return OUTCOME_ALLOW;
}
