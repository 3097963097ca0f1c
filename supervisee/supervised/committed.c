/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Committed rules: see committed.h. */
#include "supervised/committed.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/fd.h"
#include "base/landlock_supervisor.h"
#include "landlock/rights.h"
#include "path/plain.h"

#define RULES_MAX 65536 /* more are asked about each time */

/* Rights that make sense on something that is not a directory. */
#define RIGHTS_ON_FILES                                                \
	(RIGHT_FS_EXECUTE | RIGHT_FS_WRITE_FILE | RIGHT_FS_READ_FILE | \
	 RIGHT_FS_TRUNCATE | RIGHT_FS_IOCTL_DEV | RIGHT_FS_RESOLVE_UNIX)

/* Rights by which names come and go. */
#define RIGHTS_ON_NAMES                                       \
	(RIGHTS_CREATE | RIGHTS_REMOVE | RIGHT_FS_MAKE_CHAR | \
	 RIGHT_FS_MAKE_BLOCK)

struct held_rule {
	char *path; /* NULL: a port; owned */
	size_t length;
	uint16_t port;
	rights_t rights;
};

struct committed {
	int supervisor;
	struct held_rule *items;
	size_t count, room;
};

int committed_new(struct committed **ret, int supervisor)
{
	*ret = calloc(1, sizeof(**ret));
	if (!*ret)
		return -ENOMEM;
	(*ret)->supervisor = supervisor;
	return 0;
}

struct committed *committed_free(struct committed *committed)
{
	if (!committed)
		return NULL;
	for (size_t i = 0; i < committed->count; i++)
		free(committed->items[i].path);
	free(committed->items);
	free(committed);
	return NULL;
}

static struct held_rule *find(const struct committed *committed,
			      const char *path, size_t length, uint16_t port)
{
	for (size_t i = 0; i < committed->count; i++) {
		struct held_rule *held = &committed->items[i];

		if (path ? held->path && held->length == length &&
				    memcmp(held->path, path, length) == 0
			 : !held->path && held->port == port)
			return held;
	}
	return NULL;
}

/* Room for one more, to be filled. */
static struct held_rule *add(struct committed *committed)
{
	const size_t room = committed->room ? 2 * committed->room : 16;
	struct held_rule *items;

	if (committed->count == RULES_MAX)
		return NULL;
	if (committed->count == committed->room) {
		items = reallocarray(committed->items, room, sizeof(*items));
		if (!items)
			return NULL;
		committed->items = items;
		committed->room = room;
	}
	committed->items[committed->count] = (struct held_rule){0};
	return &committed->items[committed->count];
}

/* What a policy allows at a path, for the kernel to be told. */
static rights_t rights_at(const struct ruleset *policy, const char *path,
			  size_t length, bool directory)
{
	rights_t here = 0;
	rights_t rights = ruleset_uniform_path(policy, path, length, &here);

	if (!directory)
		return (rights | here) & RIGHTS_ON_FILES;
	if (ruleset_names_beneath(policy, path, length))
		rights &= ~RIGHTS_ON_NAMES;
	return rights & RIGHTS_FS;
}

/*
 * Stages a rule for what has a path now.
 * @meant: what it must be (NULL: whatever it is)
 * Returns: its rights, or 0.
 */
static rights_t stage(const struct committed *committed,
		      const struct ruleset *policy, struct wards *wards,
		      const char *path, const struct need *meant)
{
	_cleanup_fd_ int fd = plain_open(path);
	struct wards_place at;
	rights_t rights;

	if (fd < 0 || wards_place_of(fd, &at) || S_ISLNK(at.mode))
		return 0;
	if (meant && (at.inode != meant->inode || at.device != meant->device))
		return 0;
	rights = rights_at(policy, path, strlen(path), S_ISDIR(at.mode));
	if (rights)
		rights &= ~wards_exposed(wards, policy, path, &at, rights);
	if (!rights ||
	    landlock_stage_beneath(committed->supervisor, fd, rights))
		return 0;
	return rights;
}

/* @path: has the rights that are needed, by name */
static bool hold_path(struct committed *committed, const struct ruleset *policy,
		      struct wards *wards, const char *path, rights_t needed,
		      const struct need *meant)
{
	const size_t length = strlen(path);
	struct held_rule *held = find(committed, path, length, 0);
	const bool is_new = !held;
	rights_t rights;

	/* The kernel asks all the same: it was reached in another way. */
	if (held && !(needed & ~held->rights))
		return false;
	if (!held)
		held = add(committed);
	if (!held || (is_new && !(held->path = strdup(path))))
		return false;
	rights = stage(committed, policy, wards, path, meant);
	if (!rights) {
		if (is_new)
			free(held->path);
		return false;
	}
	*held = (struct held_rule){
		.path = held->path,
		.length = length,
		.rights = rights,
	};
	committed->count += is_new;
	return !(needed & ~rights);
}

/*
 * The highest directory beneath which all that is needed is allowed; else the
 * object itself, where it is no directory entry that is needed.
 */
static bool hold_above(struct committed *committed,
		       const struct ruleset *policy, struct wards *wards,
		       const struct need *need, rights_t needed)
{
	const struct object *object = &need->object;
	char path[PATH_MAX];
	size_t end = 1;

	if (object->length >= sizeof(path))
		return false;
	memcpy(path, object->bytes, object->length);
	while (end < object->length) {
		const char last = path[end];

		path[end] = '\0';
		if (!(needed & ~rights_at(policy, path, end, true)) &&
		    hold_path(committed, policy, wards, path, needed, NULL))
			return true;
		path[end] = last;
		for (end++; end < object->length && path[end] != '/'; end++)
			;
	}
	path[object->length] = '\0';
	/* Names are the directory's above. */
	return need->inode && !(needed & RIGHTS_ON_NAMES) &&
	       hold_path(committed, policy, wards, path, needed, need);
}

static bool hold_port(struct committed *committed, const struct ruleset *policy,
		      const struct need *need)
{
	const uint16_t port = need->object.port;
	/* The kernel's rule is about every address. */
	const struct object everywhere = {.type = OBJECT_PORT, .port = port};
	struct held_rule *held = find(committed, NULL, 0, port);
	const bool is_new = !held;

	/* A rule that ends is not told from others here. */
	if (ruleset_next_expiry(policy) || need->object.any ||
	    ruleset_judge(policy, &everywhere, need->rights, PROCESS_NONE)
			    .allowed != need->rights)
		return false;
	if (!held)
		held = add(committed);
	if (!held || landlock_stage_port(committed->supervisor, port,
					 landlock_net_of_rights(need->rights)))
		return false;
	held->port = port;
	held->rights |= need->rights;
	committed->count += is_new;
	return true;
}

static bool hold(struct committed *committed, const struct ruleset *policy,
		 struct wards *wards, const struct need *need)
{
	/* What belongs to a path with its scope the kernel knows as one. */
	const rights_t needed =
		need->rights & ~RIGHT_SCOPE_PATHNAME_UNIX_SOCKET;

	if (!needed)
		return true;
	if (need->object.type == OBJECT_PORT)
		return hold_port(committed, policy, need);
	return need->object.type == OBJECT_PATH &&
	       hold_above(committed, policy, wards, need, needed);
}

bool committed_add(struct committed *committed, const struct ruleset *policy,
		   struct wards *wards, const struct accesses *accesses)
{
	const size_t before = committed->count;
	bool all = true;

	/* What moves is judged by both of its names, what has other names by
	 * all of them. */
	if (accesses->reparents || accesses->aliases_count)
		return false;
	for (size_t i = 0; i < accesses->count; i++)
		all = hold(committed, policy, wards, &accesses->needs[i]) &&
		      all;
	if (committed->count == before && !all)
		return false;
	return !landlock_rules_commit(committed->supervisor) && all;
}

/* Whether a rule still is one of the policy's; stages it again, if so. */
static bool stands(const struct committed *committed, struct held_rule *held,
		   const struct ruleset *policy, struct wards *wards)
{
	struct object port = {.type = OBJECT_PORT, .port = held->port};

	if (held->path) {
		held->rights =
			stage(committed, policy, wards, held->path, NULL);
		return held->rights;
	}
	held->rights &= ruleset_judge(policy, &port, held->rights, PROCESS_NONE)
				.allowed;
	return held->rights && !ruleset_next_expiry(policy) &&
	       !landlock_stage_port(committed->supervisor, held->port,
				    landlock_net_of_rights(held->rights));
}

int committed_check(struct committed *committed, const struct ruleset *policy,
		    struct wards *wards)
{
	int error = landlock_rules_clear(committed->supervisor);
	size_t kept = 0;

	for (size_t i = 0; !error && i < committed->count; i++) {
		struct held_rule *held = &committed->items[i];

		if (stands(committed, held, policy, wards))
			committed->items[kept++] = *held;
		else
			free(held->path);
	}
	if (!error)
		committed->count = kept;
	return error ? error : landlock_rules_commit(committed->supervisor);
}
