/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Requests: one access that no rule allows, waiting for a decision.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "core/object.h"
#include "core/process_id.h"
#include "core/right.h"

#define REQUEST_ACCESSES_MAX 4
#define REQUEST_ANCESTORS_MAX 8

/* A process above the one that asks, nearest first. */
struct ancestor {
	pid_t pid;
	char *exe; /* "" when unknown; owned */
};

/* Who asks. Strings are bytes chosen by an attacker; all owned. */
struct subject {
	pid_t pid, tid;
	uint64_t pid_start; /* as in struct rule */
	uid_t uid;
	char *exe;  /* path of the executable, "" when unknown */
	char *comm; /* name of the thread */
	struct ancestor ancestors[REQUEST_ANCESTORS_MAX];
	size_t ancestors_count;
};

static inline struct process_id subject_process(const struct subject *subject)
{
	return (struct process_id){subject->pid, subject->pid_start};
}

/* One object and the rights on it that are missing (Landlock's blockers). */
struct access {
	struct object object; /* owned */
	rights_t missing;
	/* For the record; where nothing is known NULL, and both 0. */
	char *given; /* the path as the program had it; owned */
	uint64_t device, inode;
};

struct request {
	uint64_t id;	     /* unique within its domain, never reused */
	uint64_t generation; /* of the ruleset that did not allow it */
	struct subject subject;
	char *operation; /* name of the system call; owned */
	/* Its flags, as "O_RDWR|O_CREAT"; owned; NULL: none or not known. */
	char *flags;
	struct access accesses[REQUEST_ACCESSES_MAX];
	size_t accesses_count;
};

int request_copy(struct request *ret, const struct request *request);
void request_finish(struct request *request);

/*
 * What a system call would do with the object, where that is not what the right
 * says: "change the mode". Returns: NULL where it is; static storage.
 */
const char *request_purpose(const struct request *request);

/*
 * Whether two requests are the same question, so that it is put once: the same
 * objects and missing rights, whoever asks and by whatever system call.
 */
bool request_same_question(const struct request *a, const struct request *b);
