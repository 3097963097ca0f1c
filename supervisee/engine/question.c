/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Questions: see question.h. */
#include "engine/question.h"

#include <errno.h>
#include <string.h>

#include "task/subject.h"

int question_make(struct request *ret, const struct target *target,
		  const struct ruleset *ruleset,
		  const struct judged_detail *detail)
{
	int error;

	*ret = (struct request){
		.generation = ruleset_generation(ruleset),
		.operation = strdup(target->operation),
	};
	error = subject_read(&ret->subject, target->tid, target->monitor);
	for (size_t i = 0; !error && i < detail->missing_count; i++) {
		struct access *access = &ret->accesses[ret->accesses_count++];

		error = object_copy(&access->object,
				    &detail->missing[i].object);
		access->missing = detail->missing[i].rights;
	}
	return ret->operation ? error : -ENOMEM;
}
