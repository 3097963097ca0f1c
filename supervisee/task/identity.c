/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Acting as a supervised thread: see identity.h. */
#include "task/identity.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/capability.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/landlock.h"
#include "task/status.h"
#include "task/thread_source.h"

#define STACK_BYTES (256 * 1024)

static int parse_ids(const char *field, unsigned int ids[4])
{
	if (!field || sscanf(field, "%u %u %u %u", &ids[0], &ids[1], &ids[2],
			     &ids[3]) != 4)
		return -EPROTO;
	return 0;
}

static int parse_set(const char *field, uint64_t *ret)
{
	return field && sscanf(field, "%" SCNx64, ret) == 1 ? 0 : -EPROTO;
}

static int add_group(struct identity *ret, size_t *room, gid_t group)
{
	gid_t *groups = ret->groups;

	if (ret->groups_count == IDENTITY_GROUPS_MAX)
		return -E2BIG;
	if (ret->groups_count == *room) {
		*room = *room ? *room * 2 : 32;
		groups = reallocarray(groups, *room, sizeof(*groups));
		if (!groups)
			return -ENOMEM;
		ret->groups = groups;
	}
	groups[ret->groups_count++] = group;
	return 0;
}

static int parse_groups(const char *field, struct identity *ret)
{
	size_t room = 0;
	int error = 0;
	char *end;

	if (!field)
		return -EPROTO;
	while (!error) {
		while (*field == ' ' || *field == '\t')
			field++;
		if (*field < '0' || *field > '9')
			return 0;
		error = add_group(ret, &room, (gid_t)strtoul(field, &end, 10));
		field = end;
	}
	return error;
}

static int read_user_namespace(pid_t tid, uint64_t *ret)
{
	char path[64];
	struct stat st;

	snprintf(path, sizeof(path), "/proc/%d/ns/user", (int)tid);
	if (stat(path, &st) < 0)
		return -errno;
	*ret = st.st_ino;
	return 0;
}

int identity_parse(struct identity *ret, const char *text)
{
	struct identity identity = {0};
	unsigned int uids[4], gids[4];
	int error;

	error = parse_ids(status_field(text, "Uid", NULL), uids);
	if (!error)
		error = parse_ids(status_field(text, "Gid", NULL), gids);
	if (!error)
		error = parse_set(status_field(text, "CapEff", NULL),
				  &identity.effective);
	if (!error)
		error = parse_set(status_field(text, "CapPrm", NULL),
				  &identity.permitted);
	if (!error)
		error = parse_groups(status_field(text, "Groups", NULL),
				     &identity);
	if (error) {
		identity_finish(&identity);
		return error;
	}
	identity.uid = uids[0];
	identity.euid = uids[1];
	identity.suid = uids[2];
	identity.fsuid = uids[3];
	identity.gid = gids[0];
	identity.egid = gids[1];
	identity.sgid = gids[2];
	identity.fsgid = gids[3];
	*ret = identity;
	return 0;
}

int identity_read(struct identity *ret, pid_t tid)
{
	_cleanup_status_ struct status status;
	uint64_t user_namespace = 0;
	int error = status_read(&status, tid);

	if (!error)
		error = read_user_namespace(tid, &user_namespace);
	if (!error)
		error = identity_parse(ret, status.text);
	if (!error)
		ret->user_namespace = user_namespace;
	return error;
}

void identity_finish(struct identity *identity)
{
	free(identity->groups);
	identity->groups = NULL;
	identity->groups_count = 0;
}

static bool same_ids(const struct identity *a, const struct identity *b)
{
	return a->uid == b->uid && a->euid == b->euid && a->suid == b->suid &&
	       a->fsuid == b->fsuid && a->gid == b->gid && a->egid == b->egid &&
	       a->sgid == b->sgid && a->fsgid == b->fsgid;
}

static bool same_groups(const struct identity *a, const struct identity *b)
{
	return a->groups_count == b->groups_count &&
	       (!a->groups_count ||
		memcmp(a->groups, b->groups,
		       a->groups_count * sizeof(a->groups[0])) == 0);
}

bool identity_equal(const struct identity *a, const struct identity *b)
{
	return same_ids(a, b) && same_groups(a, b) &&
	       a->effective == b->effective && a->permitted == b->permitted &&
	       a->user_namespace == b->user_namespace;
}

int identity_umask(struct thread_source *source, pid_t tid)
{
	_cleanup_status_ struct status status;
	unsigned int mask;
	int error = thread_source_status(source, tid, &status);
	const char *field;

	if (error)
		return error;
	field = status_field(status.text, "Umask", NULL);
	if (!field || sscanf(field, "%o", &mask) != 1)
		return -EPROTO;
	return (int)mask;
}

/* What the short-lived process is told, on the waiting caller's stack. */
struct disguise {
	const struct identity *self, *other;
	struct identity inside; /* in its user namespace, if that is another */
	pid_t tid;
	const struct identity_extra *extra;
	int (*step)(void *argument);
	void *argument;
	int result;
};

static int enter_user_namespace(pid_t tid)
{
	char path[64];
	_cleanup_fd_ int fd = -1;

	snprintf(path, sizeof(path), "/proc/%d/ns/user", (int)tid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || setns(fd, CLONE_NEWUSER) < 0)
		return -errno;
	return 0;
}

static int set_capabilities(uint64_t effective, uint64_t permitted)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	const struct __user_cap_data_struct data[2] = {
		{.effective = (uint32_t)effective,
		 .permitted = (uint32_t)permitted},
		{.effective = (uint32_t)(effective >> 32),
		 .permitted = (uint32_t)(permitted >> 32)},
	};

	return syscall(SYS_capset, &header, data) < 0 ? -errno : 0;
}

/*
 * Raw system calls throughout: the C library's wrappers would change the
 * credentials of every thread of the monitor.
 */
static int take_ids(const struct identity *to)
{
	if (syscall(SYS_setresgid, to->gid, to->egid, to->sgid) < 0 ||
	    syscall(SYS_setresuid, to->uid, to->euid, to->suid) < 0)
		return -errno;
	/* The previous value is returned, never an error: read back. */
	syscall(SYS_setfsgid, to->fsgid);
	syscall(SYS_setfsuid, to->fsuid);
	if ((gid_t)syscall(SYS_setfsgid, -1) != to->fsgid ||
	    (uid_t)syscall(SYS_setfsuid, -1) != to->fsuid)
		return -EPERM;
	return 0;
}

/*
 * @self, @other: as we see them, to tell what differs
 * @to: @other's numbers in the user namespace that we are in by now; those
 *      that are not mapped there cannot be set, and need not be if they are
 *      ours already
 */
static int take_credentials(const struct identity *self,
			    const struct identity *other,
			    const struct identity *to)
{
	int error = 0;

	if (prctl(PR_SET_KEEPCAPS, 1) < 0)
		return -errno;
	if (!same_groups(self, other) &&
	    syscall(SYS_setgroups, to->groups_count, to->groups) < 0)
		return -errno;
	if (!same_ids(self, other))
		error = take_ids(to);
	return error ? error : set_capabilities(to->effective, to->permitted);
}

static int take_rulesets(const struct identity_extra *extra)
{
	const bool another = extra->ruleset_fd >= 0;

	if ((extra->rulesets_count || another) &&
	    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return -errno;
	for (size_t i = 0; i < extra->rulesets_count; i++) {
		const int error = landlock_enter(extra->rulesets[i]);

		if (error)
			return error;
	}
	return another ? landlock_enter(extra->ruleset_fd) : 0;
}

static int take_extra(const struct identity_extra *extra)
{
	if (extra->file_size >= 0) {
		struct rlimit limit;

		if (getrlimit(RLIMIT_FSIZE, &limit) < 0)
			return -errno;
		limit.rlim_cur = (rlim_t)extra->file_size;
		if (setrlimit(RLIMIT_FSIZE, &limit) < 0)
			return -errno;
	}
	if (extra->cwd >= 0 && fchdir(extra->cwd) < 0)
		return -errno;
	return take_rulesets(extra);
}

static int disguised(void *argument)
{
	struct disguise *disguise = argument;
	const struct identity *self = disguise->self;
	const struct identity *other = disguise->other;
	const struct identity *to = other;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (other->user_namespace != self->user_namespace) {
		/* Inside, the same ids have other numbers: read them again. */
		disguise->result = enter_user_namespace(disguise->tid);
		if (!disguise->result)
			disguise->result =
				identity_read(&disguise->inside, disguise->tid);
		if (disguise->result)
			return 0;
		to = &disguise->inside;
	}
	if (!identity_equal(self, other)) {
		disguise->result = take_credentials(self, other, to);
		if (disguise->result)
			return 0;
	}
	/* A change of credentials forgets it. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (disguise->extra) {
		disguise->result = take_extra(disguise->extra);
		if (disguise->result)
			return 0;
	}
	disguise->result = disguise->step(disguise->argument);
	return 0;
}

int identity_run(const struct identity *self, const struct identity *other,
		 pid_t tid, const struct identity_extra *extra, pid_t *acting,
		 int (*step)(void *argument), void *argument)
{
	struct disguise disguise = {
		.self = self,
		.other = other,
		.tid = tid,
		.extra = extra,
		.step = step,
		.argument = argument,
		.result = -EAGAIN,
	};
	char *stack;
	pid_t pid;

	stack = mmap(NULL, STACK_BYTES, PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
	if (stack == MAP_FAILED)
		return -errno;
	/*
	 * No exit signal: the child is reaped here and must not be mistaken
	 * for one of the supervised tree.
	 */
	pid = clone(disguised, stack + STACK_BYTES,
		    CLONE_VM | CLONE_FILES | CLONE_VFORK | CLONE_PARENT_SETTID |
			    CLONE_CHILD_CLEARTID,
		    &disguise, acting, NULL, acting);
	if (pid < 0)
		disguise.result = -errno;
	else
		while (waitpid(pid, NULL, __WCLONE) < 0 && errno == EINTR)
			;
	/* A change of credentials there marks the shared memory as secret. */
	prctl(PR_SET_DUMPABLE, 1);
	munmap(stack, STACK_BYTES);
	identity_finish(&disguise.inside);
	return disguise.result;
}
