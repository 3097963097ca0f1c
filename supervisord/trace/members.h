/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The members of one JSON object, each read with its type and bounds. The first
 * that is wrong is remembered, and the reader asks for that once, at the end.
 * What is missing, or wrong, reads as 0, false or NULL.
 */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/object.h"
#include "core/right.h"

enum presence {
	OPTIONAL,
	REQUIRED,
};

struct members {
	const json_t *object; /* borrowed */
	int error;	      /* of the first: -EINVAL or -ENOMEM */
	const char *problem;  /* its name */
};

/* Remembers a problem. */
void members_fail(struct members *members, const char *key, int error);

/* Lets @from's problem be one of @members. */
void members_join(struct members *members, const struct members *from);

int64_t member_integer(struct members *members, const char *key, int64_t least,
		       int64_t most, enum presence presence);

/* A number up to 2^64 - 1; what JSON readers may round is a string. */
uint64_t member_unsigned(struct members *members, const char *key,
			 enum presence presence);

bool member_flag(struct members *members, const char *key);

/* Seconds with a fraction, as microseconds. */
int64_t member_time(struct members *members, const char *key);

/* A string as it is, borrowed. */
const char *member_text(struct members *members, const char *key,
			enum presence presence);

/* The bytes of an escaped string; owned by the caller. */
char *member_bytes(struct members *members, const char *key,
		   enum presence presence);

/* An array of up to @most; borrowed. */
const json_t *member_array(struct members *members, const char *key,
			   size_t most, enum presence presence);

/* "rights" and "object" that suit each other; the caller finishes the object.
 */
void member_access(struct members *members, rights_t *ret_rights,
		   struct object *ret_object);

/* Full names of rights, joined with commas; there is at least one. */
rights_t member_rights(struct members *members, const char *key);
