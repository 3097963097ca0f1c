/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/request.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "base/translate.h"

/* Copies what @subject owns; on failure the caller finishes *ret. */
static int subject_copy(struct subject *ret, const struct subject *subject)
{
	*ret = *subject;
	ret->exe = NULL;
	ret->comm = NULL;
	ret->ancestors_count = 0;
	if (text_copy(&ret->exe, subject->exe) < 0 ||
	    text_copy(&ret->comm, subject->comm) < 0)
		return -ENOMEM;
	for (size_t i = 0; i < subject->ancestors_count; i++) {
		if (text_copy(&ret->ancestors[i].exe,
			      subject->ancestors[i].exe) < 0)
			return -ENOMEM;
		ret->ancestors_count++;
	}
	return 0;
}

static void subject_finish(struct subject *subject)
{
	free(subject->exe);
	free(subject->comm);
	for (size_t i = 0; i < subject->ancestors_count; i++)
		free(subject->ancestors[i].exe);
}

static int copy_owned(struct request *ret, const struct request *request)
{
	if (subject_copy(&ret->subject, &request->subject) < 0 ||
	    text_copy(&ret->operation, request->operation) < 0 ||
	    text_copy(&ret->flags, request->flags) < 0)
		return -ENOMEM;
	for (size_t i = 0; i < request->accesses_count; i++) {
		const struct access *from = &request->accesses[i];
		struct access *to = &ret->accesses[i];

		*to = *from;
		to->given = NULL;
		if (object_copy(&to->object, &from->object) < 0)
			return -ENOMEM;
		ret->accesses_count++;
		if (text_copy(&to->given, from->given) < 0)
			return -ENOMEM;
	}
	return 0;
}

int request_copy(struct request *ret, const struct request *request)
{
	*ret = (struct request){
		.id = request->id,
		.generation = request->generation,
	};
	if (copy_owned(ret, request) < 0) {
		request_finish(ret);
		return -ENOMEM;
	}
	return 0;
}

void request_finish(struct request *request)
{
	subject_finish(&request->subject);
	free(request->operation);
	free(request->flags);
	for (size_t i = 0; i < request->accesses_count; i++) {
		object_finish(&request->accesses[i].object);
		free(request->accesses[i].given);
	}
	*request = (struct request){0};
}

static bool access_equal(const struct access *a, const struct access *b)
{
	return a->missing == b->missing && object_equal(&a->object, &b->object);
}

/* The order of the accesses says nothing; each is matched once. */
const char *request_purpose(const struct request *request)
{
	/* Parts of names. */
	static const struct {
		const char *part, *purpose;
	} purposes[] = {
		{"chmod", N_("change the mode")},
		{"chown", N_("change the owner")},
		{"utime", N_("change the times")},
		{"xattr", N_("change extended attributes")},
		{"setattr", N_("change the flags")},
		{"inotify_add_watch", N_("watch what happens")},
	};
	const char *name = request->operation ? request->operation : "";

	for (size_t i = 0; i < ARRAY_SIZE(purposes); i++)
		if (strstr(name, purposes[i].part))
			return purposes[i].purpose;
	return NULL;
}

bool request_same_question(const struct request *a, const struct request *b)
{
	unsigned int matched = 0;

	if (a->accesses_count != b->accesses_count)
		return false;
	for (size_t i = 0; i < a->accesses_count; i++) {
		size_t j = 0;

		while (j < b->accesses_count &&
		       (matched & 1u << j ||
			!access_equal(&a->accesses[i], &b->accesses[j])))
			j++;
		if (j == b->accesses_count)
			return false;
		matched |= 1u << j;
	}
	return true;
}
