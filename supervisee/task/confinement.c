/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Confinements: see confinement.h. */
#include "task/confinement.h"

#include <errno.h>
#include <limits.h>
#include <linux/kcmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/landlock.h"
#include "task/descriptor.h"
#include "task/resource_limit.h"
#include "task/memory.h"
#include "task/tree.h"

/*
 * Marks are limits below this one; nobody else has so odd ones. Each is lower
 * than those before: an ordinary user's limits cannot be raised again.
 */
#define MARKS_END UINT64_C(0x4c616e6400000000)
#define MARKS_MAX UINT64_C(0x100000000)
#define RECALLED UINT64_C(0x4c616e6200000001) /* below all marks */
#define PRUNE_AT 64 /* confinements, from which on the unused ones go */
#define RECORDS_MAX 1024

struct confinement {
	TAILQ_ENTRY(confinement) link;
	uint64_t mark;
	struct confinement *outer; /* what the process had before */
	int ruleset;		   /* a copy */
	bool used;		   /* while pruning */
};

struct confinements {
	TAILQ_HEAD(, confinement) records; /* an outer one comes first */
	unsigned int count;
	uint64_t last_mark;
	pid_t monitor;
};

int confinements_new(struct confinements **ret, pid_t monitor)
{
	struct confinements *confinements = calloc(1, sizeof(*confinements));

	if (!confinements)
		return -ENOMEM;
	TAILQ_INIT(&confinements->records);
	confinements->last_mark = MARKS_END;
	confinements->monitor = monitor;
	*ret = confinements;
	return 0;
}

static void drop(struct confinements *confinements, struct confinement *record)
{
	TAILQ_REMOVE(&confinements->records, record, link);
	confinements->count--;
	fd_close(record->ruleset);
	free(record);
}

struct confinements *confinements_free(struct confinements *confinements)
{
	if (!confinements)
		return NULL;
	while (!TAILQ_EMPTY(&confinements->records))
		drop(confinements, TAILQ_FIRST(&confinements->records));
	free(confinements);
	return NULL;
}

/* The mark of a thread's process; 0: none. */
static int read_mark(pid_t tid, uint64_t *ret)
{
	struct rlimit limit;
	const int error = resource_limit(tid, RLIMIT_LOCKS, &limit);

	if (error)
		return error;
	*ret = limit.rlim_max < MARKS_END &&
			       limit.rlim_max >= MARKS_END - MARKS_MAX
		       ? limit.rlim_max
		       : 0;
	return 0;
}

/* Returns: 0 and what confines a thread (NULL: nothing), or -errno. */
static int find(const struct confinements *confinements, pid_t tid,
		struct confinement **ret)
{
	struct confinement *record = NULL;
	uint64_t mark = 0;
	int error = read_mark(tid, &mark);

	if (!error && mark) {
		TAILQ_FOREACH (record, &confinements->records, link)
			if (record->mark == mark)
				break;
		error = record ? 0 : -EACCES;
	}
	*ret = record;
	return error;
}

static void note_used(pid_t pid, void *userdata)
{
	struct confinement *record = NULL;

	if (find(userdata, pid, &record))
		return;
	for (; record; record = record->outer)
		record->used = true;
}

/* Forgets what confines nobody any more. */
static void prune(struct confinements *confinements)
{
	struct confinement *record, *next;

	TAILQ_FOREACH (record, &confinements->records, link)
		record->used = false;
	tree_each(confinements->monitor, note_used, confinements);
	for (record = TAILQ_FIRST(&confinements->records); record;
	     record = next) {
		next = TAILQ_NEXT(record, link);
		if (!record->used)
			drop(confinements, record);
	}
}

static bool is_of_landlock(int fd, const char *name)
{
	char link[64], target[64];
	ssize_t length;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	length = readlink(link, target, sizeof(target) - 1);
	target[length < 0 ? 0 : length] = '\0';
	return strcmp(target, name) == 0;
}

static bool is_ruleset(int fd)
{
	return is_of_landlock(fd, "anon_inode:[landlock-ruleset]");
}

bool confinements_supervise(pid_t tid, int fd)
{
	_cleanup_fd_ int copy = descriptor_copy(tid, fd);

	return copy >= 0 &&
	       is_of_landlock(copy, "anon_inode:[landlock-supervisor]");
}

static int set_mark(pid_t tid, uint64_t mark)
{
	const struct rlimit limit = {
		.rlim_cur = confinement_is_recalled(tid) ? RECALLED : mark,
		.rlim_max = mark,
	};

	return prlimit(tid, RLIMIT_LOCKS, &limit, NULL) < 0 ? -errno : 0;
}

int confinement_set_recalled(pid_t pid)
{
	struct rlimit limit;

	if (prlimit(pid, RLIMIT_LOCKS, NULL, &limit) < 0)
		return -errno;
	limit.rlim_cur = RECALLED;
	return prlimit(pid, RLIMIT_LOCKS, &limit, NULL) < 0 ? -errno : 0;
}

bool confinement_is_recalled(pid_t pid)
{
	struct rlimit limit;

	return !resource_limit(pid, RLIMIT_LOCKS, &limit) &&
	       limit.rlim_cur == RECALLED;
}

/* A process that is marked twice keeps what the first mark stands for. */
static int remember(struct confinements *confinements, pid_t tid, int ruleset)
{
	struct confinement *outer, *record;
	int error;

	error = find(confinements, tid, &outer);
	if (error)
		return error;
	record = calloc(1, sizeof(*record));
	if (!record)
		return -ENOMEM;
	record->mark = confinements->last_mark - 1;
	record->outer = outer;
	error = set_mark(tid, record->mark);
	if (error) {
		free(record);
		return error;
	}
	confinements->last_mark--;
	record->ruleset = ruleset;
	TAILQ_INSERT_TAIL(&confinements->records, record, link);
	confinements->count++;
	return 0;
}

int confinements_add(struct confinements *confinements, pid_t tid, int fd)
{
	_cleanup_fd_ int copy = descriptor_copy(tid, fd);
	int error;

	/* No number: a call that only sets flags, or fails itself. */
	if (fd < 0)
		return 0;
	/* Not left to the kernel, which might find one by then. */
	if (copy < 0)
		return copy;
	if (!is_ruleset(copy))
		return -EBADFD;
	if (confinements->count >= PRUNE_AT)
		prune(confinements);
	if (confinements->count >= RECORDS_MAX ||
	    confinements->last_mark == MARKS_END - MARKS_MAX)
		return -E2BIG;
	error = remember(confinements, tid, copy);
	if (!error)
		fd_take(&copy);
	return error;
}

static bool is_used(const struct confinements *confinements, int ruleset)
{
	const pid_t self = getpid();
	const struct confinement *record;

	TAILQ_FOREACH (record, &confinements->records, link)
		if (syscall(SYS_kcmp, self, self, KCMP_FILE, record->ruleset,
			    ruleset) == 0)
			return true;
	return false;
}

static int add_path_rule(pid_t tid, int ruleset, uint64_t address,
			 uint32_t flags)
{
	_cleanup_fd_ int parent = -1;
	union landlock_rule rule;
	const int error =
		memory_read(tid, address, &rule.path, sizeof(rule.path));

	if (error)
		return error;
	/* Where it is none, the kernel says in which order it complains. */
	parent = descriptor_copy(tid, rule.path.parent_fd);
	rule.path.parent_fd = parent < 0 ? -1 : parent;
	return landlock_rule_add(ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule,
				 flags);
}

static int add_other_rule(pid_t tid, int ruleset, uint32_t type,
			  uint64_t address, uint32_t flags)
{
	union landlock_rule rule;
	/* One that is not known is refused before it is read. */
	const int error =
		type == LANDLOCK_RULE_NET_PORT
			? memory_read(tid, address, &rule, sizeof(rule))
			: 0;

	if (error)
		return error;
	return landlock_rule_add(ruleset, type,
				 type == LANDLOCK_RULE_NET_PORT ? &rule : NULL,
				 flags);
}

int confinements_add_rule(const struct confinements *confinements, pid_t tid,
			  const struct seccomp_data *data)
{
	const uint32_t type = (uint32_t)data->args[1];
	const uint32_t flags = (uint32_t)data->args[3];
	_cleanup_fd_ int ruleset = descriptor_copy(tid, (int)data->args[0]);

	if (ruleset < 0)
		return flags ? -EINVAL : ruleset;
	if (is_used(confinements, ruleset))
		return -EPERM;
	if (type == LANDLOCK_RULE_PATH_BENEATH)
		return add_path_rule(tid, ruleset, data->args[2], flags);
	return add_other_rule(tid, ruleset, type, data->args[2], flags);
}

int confinements_of(const struct confinements *confinements, pid_t tid,
		    int ret[CONFINEMENT_LAYERS_MAX])
{
	struct confinement *record;
	int count = 0, error;

	if (!confinements->count)
		return 0;
	error = find(confinements, tid, &record);
	if (error)
		return error;
	for (const struct confinement *at = record; at; at = at->outer)
		count++;
	if (count > CONFINEMENT_LAYERS_MAX)
		return -E2BIG;
	for (int i = count; record; record = record->outer)
		ret[--i] = record->ruleset;
	return count;
}
