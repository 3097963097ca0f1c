/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "trace/suggest.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "trace/suggest_parts.h"
#include "trace/suggest_plan.h"

int suggest_new(struct suggest **ret, const struct suggest_options *options)
{
	struct suggest *suggest = calloc(1, sizeof(*suggest));
	int error = -ENOMEM;

	if (!suggest)
		return error;
	suggest->options = options;
	error = evidence_new(&suggest->wanted);
	if (!error)
		error = evidence_new(&suggest->left);
	if (error) {
		suggest_free(suggest);
		return error;
	}
	*ret = suggest;
	return 0;
}

struct suggest *suggest_free(struct suggest *suggest)
{
	if (!suggest)
		return NULL;
	suggest_moves_finish(&suggest->moves);
	evidence_free(suggest->wanted);
	evidence_free(suggest->left);
	free(suggest);
	return NULL;
}

/* Whether it was wanted, by somebody or for want of anybody. */
static bool is_wanted(const struct replay_result *result)
{
	if (result->new.by == TRACE_BY_RULE)
		return false;
	return result->old.outcome != REPLAY_DENY ||
	       result->old.by == TRACE_BY_LIMIT ||
	       result->old.by == TRACE_BY_COMMIT;
}

/*
 * What belongs to the one who ran it is so for everybody.
 * Returns: 0 or -ENOMEM; the caller finishes the object.
 */
static int generalize_home(const struct object *object, const char *home,
			   struct object *ret)
{
	_cleanup_free_ char *path = NULL;

	if (object->type != OBJECT_PATH || !home || home[0] != '/' ||
	    !home[1] || !path_is_beneath(object->bytes, home))
		return object_copy(ret, object);
	if (asprintf(&path, SUGGEST_HOME "%s", object->bytes + strlen(home)) <
	    0) {
		path = NULL;
		return -ENOMEM;
	}
	return object_init_path(ret, path);
}

/*
 * Whether it is nothing to be given by a file that a program has made.
 * @path: with the home that is everybody's
 * Returns: 1, 0, -ENOMEM.
 */
static int is_protected(const struct suggest *suggest, const char *path,
			rights_t rights)
{
	const struct suggest_options *options = suggest->options;
	_cleanup_free_ char *real = NULL;

	if (suggest_is_foreign(path) || suggest_is_secret(path))
		return 1;
	real = suggest_real_path(options, path);
	if (!real)
		return -ENOMEM;
	return options->look(options->userdata, real, rights) == SUGGEST_ITSELF;
}

/* Something that was used, or is to be. */
struct use {
	const struct object *object;
	rights_t rights;
	const char *home, *program;
	int64_t time;
	bool wanted, beneath;
};

static int take_use(struct suggest *suggest, const struct use *use)
{
	struct object object;
	int error = generalize_home(use->object, use->home, &object);
	int protected = 0;
	bool wanted;

	if (error)
		return error;
	if (object.type == OBJECT_PATH)
	protected = is_protected(suggest, object.bytes, use->rights);
	/* The number of a process is never the same again. */
	wanted = use->wanted && !protected && object.type != OBJECT_PROCESS;
	error = protected < 0
			? protected
			: evidence_add(wanted ? suggest->wanted : suggest->left,
				       &object, use->rights, use->program,
				       use->time);
	if (!error && wanted && use->beneath)
		evidence_mark_whole(suggest->wanted, &object, use->rights);
	object_finish(&object);
	return error;
}

static int take_access(struct suggest *suggest,
		       const struct replay_result *result,
		       const struct access *access, bool wanted)
{
	const struct use use = {
		.object = &access->object,
		.rights = rights_to_grant(access->missing),
		.home = result->home,
		.program = result->request->request.subject.exe,
		.time = result->time,
		.wanted = wanted,
	};

	return take_use(suggest, &use);
}

int suggest_take_rule(struct suggest *suggest, const struct rule *rule,
		      const char *home, int64_t time)
{
	const struct use use = {
		.object = &rule->object,
		.rights = rule->rights,
		.home = home,
		.program = rule->origin ? rule->origin : "",
		.time = time,
		.wanted = true,
		.beneath = rule->beneath,
	};

	suggest->judged++;
	return take_use(suggest, &use);
}

/*
 * Remembers what has another name from now on: a call that removes one thing and
 * makes another. That there are two moves in one (RENAME_EXCHANGE) is not told.
 */
static int take_move(struct suggest *suggest,
		     const struct replay_result *result)
{
	const struct request *request = &result->request->request;
	const struct object *from = NULL, *to = NULL;
	struct object old = {0}, new = {0};
	int error;

	for (size_t i = 0; i < request->accesses_count; i++) {
		const struct access *access = &request->accesses[i];

		if (access->missing & RIGHTS_CREATE)
			to = &access->object;
		else if (access->missing & RIGHTS_REMOVE)
			from = &access->object;
	}
	if (!from || !to)
		return 0;
	error = generalize_home(from, result->home, &old);
	if (!error)
		error = generalize_home(to, result->home, &new);
	if (!error)
		error = suggest_moves_add(&suggest->moves, &old, &new);
	object_finish(&old);
	object_finish(&new);
	return error;
}

int suggest_take(struct suggest *suggest, const struct replay_result *result)
{
	const struct request *request = &result->request->request;
	const bool wanted = is_wanted(result);
	int error = 0;

	suggest->judged++;
	if (result->new.by == TRACE_BY_RULE) {
		suggest->answered++;
		return 0;
	}
	for (size_t i = 0; !error && i < request->accesses_count; i++)
		error = take_access(suggest, result, &request->accesses[i],
				    wanted);
	if (!error && wanted)
		error = take_move(suggest, result);
	return error;
}
