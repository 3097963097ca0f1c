/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/grant.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/escape.h"
#include "base/text.h"
#include "base/timestamp.h"

#define VERSION 1
#define REVOKED "revoked"

/* What is read of a line before it means anything; borrowed from the JSON. */
struct grant_members {
	int version;
	const char *id, *effect, *object, *agent, *time;
	json_t *rights, *expires;
	int beneath, pattern;
};

void grant_finish(struct grant *grant)
{
	rule_finish(&grant->rule);
	free(grant->agent);
	grant->agent = NULL;
}

int grant_set_origin(struct grant *grant)
{
	_cleanup_free_ char *time = time_format(grant->time);
	char *origin;

	if (!time || asprintf(&origin, "%s, %s", grant->agent, time) < 0)
		return -ENOMEM;
	free(grant->rule.origin);
	grant->rule.origin = origin;
	return 0;
}

int grant_parse_origin(const char *origin, size_t *ret_agent, int64_t *ret_time)
{
	const char *const comma = strrchr(origin, ',');

	if (!comma || comma[1] != ' ' || time_parse(comma + 2, ret_time) < 0)
		return -EINVAL;
	*ret_agent = (size_t)(comma - origin);
	return 0;
}

static int decode_rights(const json_t *array, rights_t *ret)
{
	rights_t rights = 0;
	const json_t *item;
	size_t i;

	if (!json_is_array(array) || json_array_size(array) == 0)
		return -EINVAL;
	json_array_foreach (array, i, item) {
		const char *const name = json_string_value(item);
		rights_t right;

		/* Full names only: a group's meaning may grow. */
		if (!name || !strchr(name, '.') ||
		    right_parse(name, &right) < 0) {
			if (!name || strcmp(name, "ptrace") != 0)
				return -EINVAL;
			right = RIGHT_PTRACE;
		}
		rights |= right;
	}
	*ret = rights;
	return 0;
}

/* A path is taken as it is: "/etc/$" is a file of that name here. */
static int decode_object(const char *escaped, rights_t rights,
			 struct object *ret)
{
	_cleanup_free_ char *text = NULL;
	const char *expected;
	bool beneath;
	int error;

	error = unescape_string(escaped, &text, NULL);
	if (error)
		return error;
	if (text[0] == '/')
		error = object_init_path(ret, text);
	else
		error = object_parse(text, rights, ret, &beneath, &expected);
	if (!error && rights & ~object_rights(ret->type)) {
		object_finish(ret);
		error = -EINVAL;
	}
	return error;
}

static int decode_expiry(const json_t *expires, int64_t *ret)
{
	if (json_is_null(expires)) {
		*ret = 0;
		return 0;
	}
	if (!json_is_string(expires) ||
	    time_parse(json_string_value(expires), ret) < 0 || *ret == 0)
		return -EINVAL;
	return 0;
}

static int bad(const char **ret_problem, const char *problem)
{
	*ret_problem = problem;
	return -EINVAL;
}

/* Gives the members their meaning; on failure the caller finishes @grant. */
static int interpret(const struct grant_members *members, struct grant *grant,
		     const char **ret_problem)
{
	struct rule *const rule = &grant->rule;
	int error;

	if (members->version != VERSION)
		return bad(ret_problem, "unknown version; expected 1");
	if (members->id[0] == '\0')
		return bad(ret_problem, "empty id");
	grant->revoked = strcmp(members->effect, REVOKED) == 0;
	if (!grant->revoked && effect_parse(members->effect, &rule->effect) < 0)
		return bad(ret_problem, "bad effect; expected allow, deny, ask "
					"or revoked");
	if (decode_rights(members->rights, &rule->rights) < 0)
		return bad(ret_problem,
			   "bad rights; expected full names of rights");
	error = decode_object(members->object, rule->rights, &rule->object);
	if (error == -EINVAL)
		return bad(ret_problem, "bad object for these rights");
	if (error)
		return error;
	if (members->pattern && !object_be_pattern(&rule->object))
		return bad(ret_problem, "the object is no pattern");
	if (members->beneath && rule->object.type != OBJECT_PATH &&
	    rule->object.type != OBJECT_PATTERN)
		return bad(ret_problem, "only a path has something beneath");
	if (time_parse(members->time, &grant->time) < 0)
		return bad(ret_problem,
			   "bad time; expected 2025-01-31T12:00:00Z");
	if (decode_expiry(members->expires, &rule->expires) < 0)
		return bad(ret_problem, "bad expires; expected null or a time");
	rule->layer = LAYER_USER;
	rule->beneath = members->beneath;
	if (text_copy(&rule->id, members->id) < 0 ||
	    text_copy(&grant->agent, members->agent) < 0)
		return -ENOMEM;
	return grant_set_origin(grant);
}

int grant_decode(const char *line, size_t length, struct grant *ret,
		 const char **ret_problem)
{
	struct grant grant = {0};
	struct grant_members members;
	json_t *object;
	int error;

	if (length > GRANT_LINE_MAX)
		return bad(ret_problem, "the line is too long");
	object = json_loadb(line, length, JSON_REJECT_DUPLICATES, NULL);
	if (!object)
		return bad(ret_problem, "no JSON object");
	members.pattern = 0;
	if (json_unpack(object, "{s:i,s:s,s:s,s:o,s:s,s:b,s?b,s:s,s:s,s:o!}",
			"version", &members.version, "id", &members.id,
			"effect", &members.effect, "rights", &members.rights,
			"object", &members.object, "beneath", &members.beneath,
			"pattern", &members.pattern, "agent", &members.agent,
			"time", &members.time, "expires", &members.expires) < 0)
		error = bad(ret_problem,
			    "expected version, id, effect, rights, object, "
			    "beneath, agent, time and expires");
	else
		error = interpret(&members, &grant, ret_problem);
	json_decref(object);
	if (error) {
		grant_finish(&grant);
		return error;
	}
	*ret = grant;
	return 0;
}

static json_t *encode_rights(rights_t rights)
{
	json_t *const array = json_array();
	rights_t right;

	RIGHTS_FOREACH (right, rights) {
		const char *const name = right_name(right);

		if (name)
			json_array_append_new(array, json_string(name));
	}
	return array;
}

static char *encode_object(const struct object *object)
{
	_cleanup_free_ char *text = object_format(object);

	return text ? escape_string(text) : NULL;
}

int grant_encode(const struct grant *grant, char **ret)
{
	const struct rule *const rule = &grant->rule;
	_cleanup_free_ char *object = encode_object(&rule->object);
	_cleanup_free_ char *time = time_format(grant->time);
	_cleanup_free_ char *expires =
		rule->expires ? time_format(rule->expires) : NULL;
	json_t *json;
	char *line;

	if (!object || !time || (rule->expires && !expires))
		return -ENOMEM;
	json = json_pack("{s:i,s:s,s:s,s:o,s:s,s:b,s:s,s:s,s:s?}", "version",
			 VERSION, "id", rule->id, "effect",
			 grant->revoked ? REVOKED : effect_name(rule->effect),
			 "rights", encode_rights(rule->rights), "object",
			 object, "beneath", (int)rule->beneath, "agent",
			 grant->agent, "time", time, "expires", expires);
	if (json && rule->object.type == OBJECT_PATTERN)
		json_object_set_new(json, "pattern", json_true());
	line = json ? json_dumps(json, JSON_COMPACT) : NULL;
	json_decref(json);
	if (!line)
		return -ENOMEM;
	if (strlen(line) > GRANT_LINE_MAX) {
		free(line);
		return -EMSGSIZE;
	}
	*ret = line;
	return 0;
}
