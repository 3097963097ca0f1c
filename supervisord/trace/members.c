/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "trace/members.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/escape.h"

#define TIME_MAX 1e11 /* seconds; beyond it a double loses microseconds */
#define RIGHTS_BYTES_MAX 1024

void members_fail(struct members *members, const char *key, int error)
{
	if (members->error)
		return;
	members->error = error;
	members->problem = key;
}

void members_join(struct members *members, const struct members *from)
{
	if (from->error)
		members_fail(members, from->problem, from->error);
}

/* Returns: NULL when there is none, which is wrong if it is required. */
static const json_t *find(struct members *members, const char *key,
			  enum presence presence)
{
	const json_t *value = json_object_get(members->object, key);

	if (!value && presence == REQUIRED)
		members_fail(members, key, -EINVAL);
	return value;
}

int64_t member_integer(struct members *members, const char *key, int64_t least,
		       int64_t most, enum presence presence)
{
	const json_t *value = find(members, key, presence);
	int64_t number;

	if (!value)
		return 0;
	number = json_integer_value(value);
	if (json_is_integer(value) && number >= least && number <= most)
		return number;
	members_fail(members, key, -EINVAL);
	return 0;
}

uint64_t member_unsigned(struct members *members, const char *key,
			 enum presence presence)
{
	const json_t *value = find(members, key, presence);
	const char *text = json_string_value(value);
	uint64_t number;
	char *end;

	if (!text)
		return (uint64_t)member_integer(members, key, 0, INT64_MAX,
						presence);
	errno = 0;
	number = strtoull(text, &end, 10);
	if (text[0] >= '0' && text[0] <= '9' && *end == '\0' && errno == 0)
		return number;
	members_fail(members, key, -EINVAL);
	return 0;
}

bool member_flag(struct members *members, const char *key)
{
	const json_t *value = find(members, key, OPTIONAL);

	if (value && !json_is_boolean(value))
		members_fail(members, key, -EINVAL);
	return json_is_true(value);
}

int64_t member_time(struct members *members, const char *key)
{
	const json_t *value = find(members, key, REQUIRED);
	const double seconds = json_number_value(value);

	if (json_is_number(value) && seconds >= 0 && seconds < TIME_MAX)
		/* A double would lose a microsecond from 2242 on. */
		return (int64_t)((long double)seconds * 1e6L + 0.5L);
	members_fail(members, key, -EINVAL);
	return 0;
}

const char *member_text(struct members *members, const char *key,
			enum presence presence)
{
	const json_t *value = find(members, key, presence);

	if (value && !json_is_string(value))
		members_fail(members, key, -EINVAL);
	return json_string_value(value);
}

char *member_bytes(struct members *members, const char *key,
		   enum presence presence)
{
	const char *text = member_text(members, key, presence);
	char *bytes = NULL;
	int error;

	if (!text)
		return NULL;
	error = unescape_string(text, &bytes, NULL);
	if (error)
		members_fail(members, key, error);
	return error ? NULL : bytes;
}

const json_t *member_array(struct members *members, const char *key,
			   size_t most, enum presence presence)
{
	const json_t *value = find(members, key, presence);

	if (!value)
		return NULL;
	if (json_is_array(value) && json_array_size(value) <= most)
		return value;
	members_fail(members, key, -EINVAL);
	return NULL;
}

/* Full names only: a group's meaning may grow. */
static int parse_right(const char *name, rights_t *ret)
{
	if (strcmp(name, "ptrace") != 0 && !strchr(name, '.'))
		return -EINVAL;
	return right_parse(name, ret);
}

rights_t member_rights(struct members *members, const char *key)
{
	const char *text = member_text(members, key, REQUIRED);
	char names[RIGHTS_BYTES_MAX], *rest = names, *name;
	rights_t rights = 0, right;

	if (!text || strlen(text) >= sizeof(names)) {
		members_fail(members, key, -EINVAL);
		return 0;
	}
	strcpy(names, text);
	while ((name = strsep(&rest, ","))) {
		if (parse_right(name, &right) < 0) {
			members_fail(members, key, -EINVAL);
			return 0;
		}
		rights |= right;
	}
	return rights;
}

/*
 * A path is taken as it is: "/etc/$" is a file of that name here. And a socket
 * may have the empty name, which no rule can be about.
 */
static int parse_object(const char *text, rights_t rights, struct object *ret)
{
	const char *expected;
	bool beneath;
	int error;

	if (text[0] == '/')
		error = object_init_path(ret, text);
	else if (strcmp(text, "@") == 0)
		error = object_init_abstract(ret, "", 0);
	else
		error = object_parse(text, rights, ret, &beneath, &expected);
	if (!error && rights & ~object_rights(ret->type)) {
		object_finish(ret);
		error = -EINVAL;
	}
	return error;
}

void member_access(struct members *members, rights_t *ret_rights,
		   struct object *ret_object)
{
	_cleanup_free_ char *text = member_bytes(members, "object", REQUIRED);
	int error;

	*ret_object = (struct object){0};
	*ret_rights = member_rights(members, "rights");
	if (!text || !*ret_rights)
		return;
	error = parse_object(text, *ret_rights, ret_object);
	if (error)
		members_fail(members, "object", error);
}
